"""The days of a contract set right: what counts from them moves, what was done stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.journal import latest_events
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.contracts import correcting
from hemvist.contracts.models import Contract
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, NotAllowed, ValidationFailed
from hemvist.policy import add_months
from hemvist_goteborg import housed, housing_first
from hemvist_world import World

MOVED_IN = today() - timedelta(days=20)


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Göteborg, where visits count from moving in."""
    return housing_first()


@pytest.fixture
def home(world: World) -> tuple[Case, Contract]:
    """In the flat for twenty days."""
    return housed(world, MOVED_IN)


def correct(world: World, contract: Contract, who: str = "property", **changes: Any) -> Contract:
    values: dict[str, Any] = {
        "reason": "moved_in_other_day",
        "expected_version": world.again(contract).version,
    }
    return world.act(  # type: ignore[no-any-return]
        who, correcting.correct_contract_days, contract_id=contract.id, **(values | changes)
    )


def visits(world: World, case: Case, state: str = "open") -> dict[int, Any]:
    rows = world.rows(Obligation, case_id=case.id, code="home_visit", state=state)
    return {row.ordinal: row.due_on for row in rows}


def test_visits_move_with_the_day_of_moving_in(world: World, home: tuple[Case, Contract]) -> None:
    case, contract = home
    assert visits(world, case)[1] == MOVED_IN + timedelta(days=7)
    [first] = world.rows(Obligation, case_id=case.id, code="home_visit", ordinal=1)
    with world.session() as session:
        deadlines.mark_done(session, session.find(Obligation, first.id), today())
    later = MOVED_IN + timedelta(days=5)
    correct(world, contract, starts_on=later)
    assert world.again(contract).starts_on == later
    assert visits(world, case, "done") == {1: MOVED_IN + timedelta(days=7)}
    found = visits(world, case)
    assert found[4] == later + timedelta(days=28)
    assert all(day == later + timedelta(days=7 * number) for number, day in found.items())
    reviews = world.rows(Obligation, case_id=case.id, code="flat_review", state="open")
    assert min(row.due_on for row in reviews) == add_months(later, 1)


def test_the_line_that_was_wrong_stays(world: World, home: tuple[Case, Contract]) -> None:
    case, contract = home
    later = MOVED_IN + timedelta(days=3)
    correct(world, contract, starts_on=later)
    [line] = world.rows(CaseEvent, case_id=case.id, kind="moved_in")
    assert line.occurred_on == MOVED_IN
    [corrected] = world.rows(CaseEvent, case_id=case.id, kind="day_corrected")
    assert corrected.data == {
        "event": "moved_in",
        "from": str(MOVED_IN),
        "to": str(later),
        "reason": "moved_in_other_day",
    }
    with world.session() as session:
        assert latest_events(session, case.id)["moved_in"] == (contract.id, later)


def test_corrected_twice_the_last_counts(world: World, home: tuple[Case, Contract]) -> None:
    case, contract = home
    for days in (4, 2):
        correct(world, contract, starts_on=MOVED_IN + timedelta(days=days))
    with world.session() as session:
        assert latest_events(session, case.id)["moved_in"][1] == MOVED_IN + timedelta(days=2)
    assert visits(world, case)[5] == MOVED_IN + timedelta(days=2 + 35)


def test_what_is_refused(world: World, home: tuple[Case, Contract]) -> None:
    case, contract = home
    for wrong, problem in (
        ({"reason": "because"}, ("reason", "unknown_choice")),
        ({"signed_on": today() + timedelta(days=1)}, ("signedOn", "future")),
        ({"signed_on": case.opened_on - timedelta(days=1)}, ("signedOn", "too_early")),
        ({"starts_on": contract.signed_on - timedelta(days=1)}, ("startsOn", "too_early")),
    ):
        values = {"starts_on": MOVED_IN + timedelta(days=1), **wrong}
        with pytest.raises(ValidationFailed) as refused:
            correct(world, contract, **values)
        assert problem in [(one.field, one.rule) for one in refused.value.problems]
    with pytest.raises(ValidationFailed) as same:
        correct(world, contract, starts_on=MOVED_IN)
    assert [one.rule for one in same.value.problems] == ["unchanged"]
    with pytest.raises(Conflict):
        correct(world, contract, starts_on=MOVED_IN + timedelta(days=1), expected_version=0)
    with pytest.raises(NotAllowed):
        correct(world, contract, "caseworker SF-SV", starts_on=MOVED_IN + timedelta(days=1))
    assert visits(world, case)[1] == MOVED_IN + timedelta(days=7)
