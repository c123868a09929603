"""In the portal: the kommun's own lease of several flats, chosen from the landlord's, never typed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.clock import today
from hemvist.contracts.chain import HeadLeaseUnit
from hemvist.identity import get_directory
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit
from hemvist_world import World, peopled

LogIn = Callable[..., Visit]
OTHERS = "5560160680"


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


def test_more_flats_are_ticked_among_the_landlords(world: World, visit: LogIn) -> None:
    officer = visit("ingrid.falk")
    mine, second, third, let = (world.unit() for _ in range(4))
    foreign = world.unit(landlord_organisation_number=OTHERS, landlord_name="Annan Värd AB")
    ids = {row.id: global_id("Unit", row.id) for row in (mine, second, third, let, foreign)}
    day = today().isoformat()
    lease = {"signedOn": day, "startsOn": day, "rentOre": "5 500"}
    assert officer.post(f"/helsingborg/units/{ids[let.id]}/head-lease", **lease)[0] == 303
    path = f"/helsingborg/units/{ids[mine.id]}/head-lease"
    offered = set(re.findall(r'name="moreUnitIds" value="([^"]+)"', officer.get(path)[1]))
    assert {ids[second.id], ids[third.id]} <= offered
    assert not offered & {ids[mine.id], ids[let.id], ids[foreign.id]}
    both = [ids[second.id], ids[third.id]]
    # Refused in kronor, and the ticks are still there.
    refused = {**lease, "rentOre": "11 000 000"}
    status, page, _ = officer.post(path, **refused, moreUnitIds=both)
    assert status == 422 and "Ange ett belopp från 0\xa0kr till" in page
    assert all(f'value="{one}" checked' in page for one in both)
    status, page, _ = officer.post(path, **lease, moreUnitIds=both, idempotencyKey="again")
    assert status == 303, page
    of_mine = world.rows(HeadLeaseUnit, unit_id=mine.id)[0].head_lease_id
    covered = {row.unit_id for row in world.rows(HeadLeaseUnit, head_lease_id=of_mine)}
    assert covered == {mine.id, second.id, third.id}
    assert "Blockuthyrning" in officer.get(f"/helsingborg/units/{ids[mine.id]}")[1]
