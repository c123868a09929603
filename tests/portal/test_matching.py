"""The matching page: the planned home of a household, and those that are as good for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.identity import get_directory
from hemvist.offers import needs
from hemvist.offers.matching import service as matching
from hemvist.offers.matching.models import MatchRank, MatchVacancy
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit
from hemvist_world import MUNICIPAL, World, peopled

Log = Callable[..., Visit]
OFFICER = "ingrid.falk"
#: A size that nobody else asks for.
ROOMS = 9


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


def test_a_household_may_be_shown_more_than_one_home(world: World, visit: Log) -> None:
    referral = world.registered(world.case())
    world.act(
        "caseworker SOF-VUX",
        needs.state_need,
        case_id=referral.case_id,
        rooms_min=ROOMS,
        rooms_max=ROOMS,
    )
    homes = {
        one.id: one
        for one in (world.unit(rooms=ROOMS, street_address=f"Niogatan {n}") for n in (1, 2))
    }
    run = world.act("property", matching.run, programme=MUNICIPAL)
    (rank,) = world.rows(MatchRank, run_id=run.id, referral_id=referral.id)
    at = {one.unit_id: one.position for one in world.rows(MatchVacancy, run_id=run.id)}
    assert rank.as_good[0] == at[rank.unit_id] and len(rank.as_good) == 2
    (other,) = (one for one in homes.values() if one.id != rank.unit_id)
    officer, address = visit(OFFICER), f"/helsingborg/matching/{global_id('MatchRun', run.id)}"
    planned = officer.get(f"{address}?home={at[rank.unit_id]}")[1]
    assert f"eller {other.street_address}" in planned
    assert "Visa hushållet flera sådana" in planned
    beside = officer.get(f"{address}?home={at[other.id]}")[1]
    assert "lika bra" in beside and homes[rank.unit_id].street_address in beside
    officer.headers["Accept-Language"] = "en"
    assert "as good" in officer.get(f"{address}?home={at[other.id]}")[1]
