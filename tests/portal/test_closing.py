"""In the portal: a case is closed with a reason, and not while somebody waits for something in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.cases.models import CaseEvent
from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit
from hemvist_world import World, peopled


@pytest.fixture
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


def test_a_case_is_closed_with_a_reason(world: World, visit: Callable[..., Visit]) -> None:
    case = world.case()
    own = f"/helsingborg/cases/{global_id('Case', case.id)}"
    caseworker = visit("aida.lindqvist")
    assert "Avsluta ärendet" in caseworker.get(own)[1]
    fields = {"expectedVersion": str(case.version), "on": today().isoformat(), "reason": ""}
    status, page, _ = caseworker.post(f"{own}/close", **fields)
    assert status != 303 and "Varför ärendet avslutas" in page and "message-box" in page
    fields |= {"reason": "moved_away", "idempotencyKey": f"closing-{case.id}"}
    status, page, target = caseworker.post(f"{own}/close", **fields)
    assert (status, target) == (303, own), page
    _, after = caseworker.get(own)
    assert "Ärendet är avslutat." in after and "Avsluta ärendet" not in after
    [event] = world.rows(CaseEvent, case_id=case.id, kind="case_closed")
    assert event.data == {"reason": "moved_away"}


def test_not_over_what_somebody_waits_for(world: World, visit: Callable[..., Visit]) -> None:
    case = world.case()
    world.propose(case)
    own = f"/helsingborg/cases/{global_id('Case', case.id)}"
    fields = {
        "expectedVersion": str(world.again(case).version),
        "on": today().isoformat(),
        "reason": "no_longer_needed",
    }
    caseworker = visit("aida.lindqvist")
    status, page, _ = caseworker.post(f"{own}/close", **fields)
    assert status != 303 and "Ett förslag till beslut väntar." in page
    assert "Behovet finns inte längre" in page, "what was chosen is still there"
    assert world.again(case).state == "open"


def test_whoever_does_not_open_cases_does_not_close_them(
    world: World, visit: Callable[..., Visit]
) -> None:
    case = world.case()
    own = f"/helsingborg/cases/{global_id('Case', case.id)}"
    manager = visit("bengt.sandell")
    assert "Avsluta ärendet" not in manager.get(own)[1]
    status, *_ = manager.post(
        f"{own}/close", expectedVersion=str(case.version), on=today().isoformat(), reason="other"
    )
    assert status != 303 and world.again(case).state == "open"
