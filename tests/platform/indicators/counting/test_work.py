"""The kommun's own work, by lives made by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.appeals import service as appeals
from hemvist.appeals.models import Appeal
from hemvist.cases import journal
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import Obligation
from hemvist.decisions.execution import due_on
from hemvist.decisions.models import Decision
from hemvist.follow_ups import not_held
from hemvist.follow_ups import service as follow_ups
from hemvist.incidents.clock_models import ServiceClock
from hemvist.indicators.fact import Fact
from hemvist.unexecuted import service as unexecuted
from hemvist_goteborg import CASEWORKER as VISITOR
from hemvist_goteborg import housed, housing_first
from hemvist_indicators import counted
from hemvist_world import HOUSING, World, new_world

CASEWORKER, MANAGER = "caseworker SOF-VUX", "manager SOF-VUX"
#: Long enough for any three months to be over.
LONG_AGO = 150


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun of this file's own."""
    return new_world()


def day(offset: int) -> date:
    """A day so many days from today."""
    return today() + timedelta(days=offset)


# --- follow-ups ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def goteborg(database: str) -> World:
    """Where somebody visits every week."""
    return housing_first()


def follow_up(world: World, row: Obligation, on: date) -> None:
    """Somebody came to the home on a day."""
    world.act(
        VISITOR,
        follow_ups.record_follow_up,
        obligation_id=row.id,
        held_on=on,
        departments=["SF-SV"],
        resident_took_part=True,
        in_the_home=True,
        expected_version=world.again(row).version,
    )


def test_a_follow_up_counts_on_its_day_whether_it_was_made_or_not(goteborg: World) -> None:
    case = housed(goteborg, day(-35))[0]
    rows = goteborg.rows(Obligation, case_id=case.id)
    visits = sorted((one for one in rows if one.code == "home_visit"), key=lambda one: one.due_on)
    in_time, late, missed, impossible, still_open = visits[:5]
    follow_up(goteborg, in_time, in_time.due_on)
    follow_up(goteborg, late, late.due_on + timedelta(days=1))
    for one, outcome, reason in (
        (missed, "missed", "not_at_home"),
        (impossible, "impossible", "hospital"),
    ):
        goteborg.act(
            VISITOR,
            not_held.record_not_held,
            obligation_id=one.id,
            outcome=outcome,
            reason=reason,
            happened_on=one.due_on,
            expected_version=goteborg.again(one).version,
        )
    found = {one.of: one for one in counted(goteborg, case.id, "follow_ups_on_time")}
    told = {
        one.id: Fact(
            "follow_ups_on_time", one.id, one.due_on, programme=one.programme, met=one is in_time
        )
        for one in (in_time, late, missed, still_open)
    }
    assert {of: found[of] for of in told} == told
    assert impossible.id not in found
    # What an outcome ends is no follow-up.
    assert {one.code for one in rows if one.id in found} == {
        *("home_visit", "flat_review", "send_checklist"),
    }
    assert "watch_transfer" in {one.code for one in rows}


def test_what_is_cancelled_is_not_counted(world: World) -> None:
    case = world.case()
    world.housed(case)
    before = counted(world, case.id, "follow_ups_on_time")
    codes = {world.rows(Obligation, id=one.of)[0].code for one in before}
    assert codes == {"first_follow_up", "follow_up"}
    # As when the case is closed.
    with world.session() as session:
        deadlines.cancel_open(session, case.id)
    assert not counted(world, case.id, "follow_ups_on_time")


# --- clocks -------------------------------------------------------------------------------------


def test_a_clock_counts_unless_it_was_cancelled(world: World) -> None:
    case = world.case()
    at = now() - timedelta(days=9)
    due = at + timedelta(hours=48)
    of = {
        state: clock(world, case, at, due, state, stopped)
        for state, stopped in (
            *(("kept", due - timedelta(hours=1)), ("late", due + timedelta(hours=1))),
            *(("running", None), ("cancelled", at)),
        )
    }
    assert {(one.of, one.met) for one in counted(world, case.id, "service_levels_kept")} == {
        *((of["kept"], True), (of["late"], False), (of["running"], False)),
    }


def clock(world: World, case: Case, at: Any, due: Any, state: str, stopped: Any) -> Any:
    """A clock as the guideline's levels start them."""
    row = ServiceClock(
        case_id=case.id,
        subject_type="case",
        subject_id=case.id,
        event=f"test_{state}",
        code="call_out",
        source="test",
        source_version="1",
        label={"sv": "Utryckning", "en": "Call-out"},
        cite=["KSD-07"],
        by=["referring"],
        departments=[case.department],
        started_at=at,
        due_at=due,
        due_on=due.date(),
        state=state,
        stopped_at=stopped,
        reason="Prov" if state == "cancelled" else "",
    )
    with world.session(world[MANAGER]) as session:
        session.save(row)
        session.flush()
        return row.id


# --- decisions that wait -------------------------------------------------------------------------


def test_a_decision_waits_longer_than_the_law_allows_from_the_day_after(world: World) -> None:
    one = world.grant(world.case(), on=day(-LONG_AGO))
    late = due_on(day(-LONG_AGO)) + timedelta(days=1)
    assert counted(world, one.case_id, "unexecuted") == [Fact("unexecuted", one.id, late)]
    world.act(
        CASEWORKER,
        unexecuted.record_execution,
        decision_id=one.id,
        expected_version=world.again(one).version,
        executed_on=day(-7),
    )
    assert counted(world, one.case_id, "unexecuted") == [Fact("unexecuted", one.id, late, day(-7))]


def test_one_carried_out_in_time_was_never_late(world: World) -> None:
    case = world.case()
    world.housed(case)
    assert not counted(world, case.id, "unexecuted")


def test_a_refusal_gives_nobody_anything_to_wait_for(world: World) -> None:
    one = world.grant(world.case(), outcome="refused", departure_reason="Nej.", on=day(-LONG_AGO))
    assert not counted(world, one.case_id, "unexecuted")


def test_a_home_ends_the_wait_and_its_end_begins_another(world: World) -> None:
    case = world.case(days_ago=290)
    one = world.grant(case, on=day(-280))
    first = due_on(day(-280)) + timedelta(days=1)
    for kind, on in (("contract_signed", day(-150)), ("contract_ended", day(-120))):
        with world.session(world[MANAGER]) as session:
            journal.record(
                session,
                world[MANAGER],
                session.find(Case, case.id),
                kind,
                on,
                action="test",
                subject_type="decision",
                subject_id=one.id,
            )
    assert counted(world, case.id, "unexecuted") == [
        Fact("unexecuted", one.id, first, day(-150)),
        Fact("unexecuted", one.id, due_on(day(-120)) + timedelta(days=1)),
    ]


def test_what_has_run_out_waits_no_more(world: World) -> None:
    one = world.grant(world.case(days_ago=290), on=day(-280), valid_until=day(-150))
    first = due_on(day(-280)) + timedelta(days=1)
    assert counted(world, one.case_id, "unexecuted") == [
        Fact("unexecuted", one.id, first, day(-149))
    ]


# --- appeals -------------------------------------------------------------------------------------


def refused(world: World) -> Decision:
    """A refusal that nobody was told of yet: an appeal of it is in time."""
    return world.grant(  # type: ignore[no-any-return]
        world.case(), outcome="refused", departure_reason="Nej.", on=day(-40)
    )


def act(world: World, verb: Callable[..., Any], appeal: Appeal, who: str, **more: Any) -> Appeal:
    values = {"appeal_id": appeal.id, "expected_version": world.again(appeal).version, **more}
    return world.act(who, verb, **values)  # type: ignore[no-any-return]


def appealed(world: World, decision: Decision) -> Appeal:
    """Received thirty days ago, and found to be in time."""
    row = world.act(
        CASEWORKER,
        appeals.receive,
        decision_id=decision.id,
        how="letter",
        asks="Vill ha.",
        received_on=day(-30),
    )
    return act(world, appeals.judge_timeliness, row, MANAGER, on=day(-28))


def unchanged(world: World, row: Appeal) -> None:
    act(
        world, appeals.reconsider, row, MANAGER,
        result="unchanged", reason="Inget nytt.", on=day(-25),
    )  # fmt: skip
    act(world, appeals.forward, row, CASEWORKER, court="Förvaltningsrätten i Malmö", on=day(-24))


@pytest.mark.parametrize(
    ("outcome", "changed"),
    [("rejected", False), ("granted", True), ("granted_in_part", True), ("remanded", True)],
)
def test_an_appeal_counts_when_the_court_has_tried_it(
    world: World, outcome: str, changed: bool
) -> None:
    row = appealed(world, refused(world))
    unchanged(world, row)
    assert not counted(world, row.case_id, "appeals_changed")
    act(
        world, appeals.settle, row, CASEWORKER,
        outcome=outcome, court_number="77-26", on=day(-3),
    )  # fmt: skip
    assert counted(world, row.case_id, "appeals_changed") == [
        Fact("appeals_changed", row.id, day(-3), met=changed)
    ]


@pytest.mark.parametrize("outcome", ["dismissed", "struck_out"])
def test_an_appeal_that_no_court_tries_does_not_count(world: World, outcome: str) -> None:
    row = appealed(world, refused(world))
    unchanged(world, row)
    act(world, appeals.settle, row, CASEWORKER, outcome=outcome, court_number="78-26")
    assert not counted(world, row.case_id, "appeals_changed")


def test_an_appeal_lapses_when_the_kommun_changes_its_decision(world: World) -> None:
    row = appealed(world, refused(world))
    case = world.rows(Case, id=row.case_id)[0]
    anew = world.grant(case, on=day(-20))
    act(
        world, appeals.reconsider, row, MANAGER,
        result="changed_as_asked", reason="Nya uppgifter.", new_decision_id=anew.id, on=day(-19),
    )  # fmt: skip
    assert counted(world, case.id, "appeals_changed") == [
        Fact("appeals_changed", row.id, day(-19), met=True)
    ]


# --- advice, and time ----------------------------------------------------------------------------


def test_a_decision_is_held_against_the_advice(world: World) -> None:
    case = world.case()
    followed = world.grant(case, on=day(-60))
    against = world.grant(case, outcome="refused", departure_reason="Nej.", on=day(-50))
    waits = world.propose(case, on=day(-40))
    measure = world.grant(case, "support_measure", on=day(-30))
    found = counted(world, case.id, "against_advice", "decision_time")
    assert found == [
        Fact("against_advice", followed.id, day(-60), met=False),
        Fact("against_advice", against.id, day(-50), met=True),
        # Opened two hundred days ago; a case has one first decision.
        Fact("decision_time", followed.id, day(-60), amount=140),
    ]
    assert {waits.id, measure.id}.isdisjoint(one.of for one in found)


def test_a_refusal_is_a_first_decision_too(world: World) -> None:
    case = world.case(days_ago=100)
    made = world.grant(case, HOUSING, outcome="refused", departure_reason="Nej.", on=day(-70))
    assert counted(world, case.id, "decision_time") == [
        Fact("decision_time", made.id, day(-70), amount=30)
    ]
