"""In the portal: a pause, a visit in between, a missed week, and the days of a contract set right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation, ObligationPause
from hemvist.follow_ups.models import FollowUp, MissedFollowUp
from hemvist.identity import get_directory
from hemvist_goteborg import housed, housing_first
from hemvist_graphql.ids import global_id
from hemvist_portal import visitor
from hemvist_tenants import known_tenants
from hemvist_tenants.switches import VISIT_DRAFTS, Choice
from hemvist_visits import Visit
from hemvist_world import World

LogIn = Callable[..., Visit]
OFFICER, SOCIAL = "jorge.lindh", "gerd.malm"
MOVED_IN = today() - timedelta(days=35)


@pytest.fixture
def world(portal: FastAPI) -> World:
    """Göteborg of the demo, where the portal's people work."""
    return housing_first(get_directory().tenant_id("goteborg"))


@pytest.fixture
def home(world: World) -> tuple[Case, Contract]:
    """In the flat for five weeks."""
    return housed(world, MOVED_IN)


def at(row: Any, kind: str) -> str:
    return f"/goteborg/{kind}/{global_id(type(row).__name__, row.id)}"


def test_a_kommun_may_keep_nothing_on_its_devices(
    visit: LogIn, home: tuple[Case, Contract], monkeypatch: pytest.MonkeyPatch
) -> None:
    social, path = visit(SOCIAL, "goteborg"), at(home[0], "cases")
    status, kept = social.get(f"{path}/home-visit")
    assert status == 200 and "data-draft-key=" in kept
    off = Choice(VISIT_DRAFTS.name, False, "Maria Engström", today(), "assessed first")
    tenants = dict(known_tenants())
    tenants["goteborg"] = replace(tenants["goteborg"], switches=(off,))
    monkeypatch.setattr(visitor, "known_tenants", lambda: tenants)
    status, plain = social.get(f"{path}/home-visit")
    assert status == 200 and 'class="visit"' in plain and "data-draft-key=" not in plain


def test_visits_rest_and_are_made(world: World, visit: LogIn, home: tuple[Case, Contract]) -> None:
    case, _ = home
    social, path = visit(SOCIAL, "goteborg"), at(home[0], "cases")
    assert "Hembesök minst en gång i veckan" in social.get(f"{path}/pause")[1]
    status, page, _ = social.post(
        f"{path}/pause",
        startsOn=str(today() - timedelta(days=2)),
        reason="",
        notes="Inlagd i fredags.",
        expectedVersion=str(world.again(case).version),
    )
    assert status == 422 and "Inlagd i fredags." in page
    status, _, there = social.post(
        f"{path}/pause",
        startsOn=str(today() - timedelta(days=2)),
        reason="hospital",
        expectedVersion=str(world.again(case).version),
    )
    assert status == 303 and there.endswith("/follow-ups")
    page = social.get(f"{path}/follow-ups")[1]
    assert "Återkommande besök vilar" in page and "Det som återkommer vilar." in page
    [pause] = world.rows(ObligationPause, case_id=case.id)
    status, _, _ = social.post(
        at(pause, "pauses") + "/end",
        endsOn=str(today()),
        case=global_id("Case", case.id),
        expectedVersion=str(pause.version),
    )
    assert status == 303 and world.again(pause).ends_on == today()

    status, _, _ = social.post(
        f"{path}/home-visit",
        heldOn=str(today()),
        departments="SF-SV",
        residentTookPart="true",
        notes="Lagade frukost tillsammans.",
    )
    assert status == 303
    [held] = world.rows(FollowUp, case_id=case.id)
    assert (held.purpose, held.obligation_id) == ("home_visit", None)
    assert "Lagade frukost tillsammans." in social.get(f"{path}/follow-ups")[1]


def test_the_landlords_side_sees_that_a_week_was_missed_and_no_reason(
    world: World, visit: LogIn, home: tuple[Case, Contract]
) -> None:
    case, _ = home
    row = world.rows(Obligation, case_id=case.id, code="home_visit", ordinal=1)[0]
    status, _, _ = visit(SOCIAL, "goteborg").post(
        at(row, "obligations") + "/follow-up",
        outcome="missed",
        missedReason="not_at_home",
        happenedOn=str(row.due_on),
        tried="Ringde på hos grannen.",
        expectedVersion=str(row.version),
    )
    assert status == 303 and world.rows(MissedFollowUp, case_id=case.id)
    follow_ups = at(case, "cases") + "/follow-ups"
    own = visit(SOCIAL, "goteborg").get(follow_ups)[1]
    assert "Den boende var inte hemma" in own and "Ringde på hos grannen." in own
    status, theirs = visit(OFFICER, "goteborg").get(follow_ups)
    assert status == 200
    assert "Uteblev" in theirs
    assert "Den boende var inte hemma" not in theirs and "grannen" not in theirs


def test_days_of_a_contract_are_set_right(
    world: World, visit: LogIn, home: tuple[Case, Contract]
) -> None:
    case, contract = home
    officer, path = visit(OFFICER, "goteborg"), at(contract, "contracts")
    assert "Rätta dagar" in officer.get(path)[1]
    assert str(MOVED_IN) in officer.get(f"{path}/act/days")[1]
    later = MOVED_IN + timedelta(days=3)
    fields = {"signedOn": str(contract.signed_on), "startsOn": str(later)}
    version = str(contract.version)
    status, page, _ = officer.post(f"{path}/act/days", expectedVersion=version, **fields)
    assert status == 422 and "Varför dagarna var fel" in page
    status, _, _ = officer.post(
        f"{path}/act/days", expectedVersion=version, reason="moved_in_other_day", **fields
    )
    assert status == 303
    rows = world.rows(Obligation, case_id=case.id, code="home_visit", state="open")
    assert {row.ordinal: row.due_on for row in rows}[6] == later + timedelta(days=42)
