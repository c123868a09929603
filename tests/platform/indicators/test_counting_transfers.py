"""Protected moves in random order: counted as they come about, from nothing and by the oracles."""

from __future__ import annotations

import os
import re
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

import pytest

from hemvist.clock import today
from hemvist.errors import HemvistError
from hemvist.handovers import running as handovers
from hemvist.handovers.models import STATES as HANDOVER_STATES
from hemvist.handovers.models import Handover
from hemvist.indicators import running
from hemvist.transfers.models import OFFER_STATES, REQUEST_STATES, TransferRequest
from hemvist.transfers.proposal_models import PROPOSAL_STATES, SIDES
from hemvist_any_order import Draw
from hemvist_counted import Told, agree, counted, counted_on, of
from hemvist_country import Country, State, country
from hemvist_country_cases import CASES
from hemvist_country_moves import MOVES
from hemvist_thinning import rows
from hemvist_versions import on_day
from hemvist_world import as_owner

SEED = int(os.environ.get("HEMVIST_ANY_ORDER", "11"))
#: Acts that come about at least, and turns at most: the network draws lots of its own.
LEAST, MOST = 200, 900
BACK, TURNS_A_DAY = 230, 4
ACTS = MOVES | CASES
#: Only one side prepares and sends, the other expects, opens and takes in; both are moved or called off.
_BEGUN = {"sending": ("prepared", "sent"), "receiving": ("expected", "opened", "taken_in")}
#: Every state that there is, on either side.
POSSIBLE: set[State] = {
    *(("transfer_requests", "", state) for state in REQUEST_STATES),
    *(("transfer_offers", "", state) for state in OFFER_STATES),
    *(("transfer_proposals", side, state) for side in SIDES for state in PROPOSAL_STATES),
    *(
        ("handovers", side, state)
        for side in SIDES
        for state in (*_BEGUN[side], "moved", "cancelled")
    ),
}
assert {state for table, _, state in POSSIBLE if table == "handovers"} == set(HANDOVER_STATES)
#: What a fact of a move says: that there was one, on a day.
NOTHING_MORE = (None, "", "", "", (), None, None)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Moves that were counted: ``went`` or ``came``, the row that the fact stems from, the day.
Days = set[tuple[str, UUID, date]]


def one_of_few(land: Country, done: Counter[str]) -> str | None:
    """Some acts are tried, the one that came about least first, until one of them comes about."""
    few = [land.draw.of(*ACTS) for _ in range(6)]
    for act in sorted(few, key=lambda one: done[one.__name__] / ACTS[one]):
        land.touched = set()
        with suppress(HemvistError, LookupError):
            act(land)
            return act.__name__
    return None


def directions(land: Country, name: str, facts: set[Told]) -> Days:
    """The moves that a kommun counts: those who went by their request, those who came by the handover."""
    world = land.net[name]
    went = {one.id for one in world.rows(TransferRequest)}
    came = {one.id for one in world.rows(Handover, side="receiving")}
    found = of(facts, "transfers")
    assert all(one[4:] == NOTHING_MORE for one in found), found
    assert {one[2] for one in found} <= went | came
    return {("went" if one[2] in went else "came", one[2], one[3]) for one in found}


def nothing_from_elsewhere(land: Country, name: str) -> set[str]:
    """No fact has an id that stands in the network's rows or another kommun's; nor an area of theirs."""
    tenants = land.tenants()
    own = tenants.pop(name)
    elsewhere = {land.net.id, *tenants.values()}
    ids = {str(one) for one in elsewhere}
    ids |= {id_ for one in elsewhere for row in rows(one).values() for id_ in _ID.findall(row)}
    with as_owner(own) as database:
        facts = database.execute("SELECT f::text, area FROM indicator_facts f").fetchall()
    # The others know whom they have agreed with.
    assert not {id_ for row, _ in facts for id_ in _ID.findall(row)} & ids - {str(own)}
    areas = {area for _, area in facts} - {""}
    assert areas <= {land.area(name)}
    return areas


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_moves_are_counted_the_same_four_ways(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After every act, where it was done. Only what was registered since the last count is looked at."""
    monkeypatch.setattr(running, "LATE", timedelta(0))
    last = today()
    with on_day(last - timedelta(days=BACK)):
        land = country(Draw(SEED))
        for tenant_id in land.tenants().values():
            counted(tenant_id)
            agree(tenant_id, "the beginning")
    done: Counter[str] = Counter()
    seen: Days = set()
    met: set[State] = set()
    for number in range(MOST):
        if done.total() >= LEAST and met >= POSSIBLE and len(done) == len(ACTS):
            break
        land.draw = Draw(SEED * 7919 + number)
        with on_day(last - timedelta(days=BACK - number // TURNS_A_DAY)):
            name = one_of_few(land, done)
            if name is None:
                continue
            done[name] += 1
            met |= land.states()
            for where in sorted(land.touched):
                tenant_id = land.net[where].tenant_id
                counted_on(tenant_id)
                told = f"{name} in turn {number} of seed {SEED}, in {where}"
                seen |= directions(land, where, agree(tenant_id, told))
    # Whatever is on its way arrives.
    land.net.run()
    for tenant_id in land.tenants().values():
        handovers.run(tenant_id)
    areas: set[str] = set()
    for name, tenant_id in land.tenants().items():
        counted_on(tenant_id)
        seen |= directions(land, name, agree(tenant_id, "the end"))
        assert counted(tenant_id) == 0
        areas |= nothing_from_elsewhere(land, name)
    went, came = (Counter(day for one, _, day in seen if one == way) for way in ("went", "came"))
    print(number, sorted(done.items()), land.late, went, came)
    assert len(done) == len(ACTS), {act.__name__ for act in ACTS} - done.keys()
    assert met >= POSSIBLE, POSSIBLE - met
    # On the same day on either side, unless the origin's case was thinned before it was told.
    assert went and went <= came and (came - went).total() <= done["gone"]
    assert areas and land.late
