"""Decisions that nothing has carried out: the clock, the efforts, the quarterly report."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hemvist.cases import journal
from hemvist.cases.models import Case, CaseEvent
from hemvist.circles import service as circles
from hemvist.clock import today
from hemvist.decisions import execution
from hemvist.decisions.models import Decision
from hemvist.errors import Conflict, NotAllowed, ValidationFailed
from hemvist.policy import add_months
from hemvist.tenancy import Audience, tenant_session
from hemvist.unexecuted import report, service
from hemvist.unexecuted.models import ExecutionEffort, ExecutionReport
from hemvist_world import GUARANTEE, SUPPORT, World, new_world

CASEWORKER, MANAGER = "caseworker SOF-VUX", "manager SOF-VUX"
LONG_AGO = 150


@pytest.fixture
def world(database: str) -> World:
    """A kommun of each test's own: what waits is counted in the whole of it."""
    return new_world()


def waiting(world: World, on: date | None = None) -> set[Any]:
    """The decisions that wait, found by the query and held against the reckoning in Python."""
    day = on or today()
    with world.session() as session:
        found = set(session.scalars(select(Decision.id).where(execution.waits(day))))
        for one in session.scalars(select(Decision).where(Decision.kind.in_(execution.FAVOURABLE))):
            events: dict[str, list[date]] = {}
            for line in session.scalars(select(CaseEvent).where(CaseEvent.case_id == one.case_id)):
                events.setdefault(line.kind, []).append(line.occurred_on)
            reckoned = one.outcome == "granted" and (
                execution.waiting_since(one, events, day) is not None
            )
            assert (one.id in found) == reckoned
        return found


def late(world: World) -> set[Any]:
    with world.session() as session:
        chosen = select(Decision.id).where(execution.waits(today()), execution.late(today()))
        return set(session.scalars(chosen))


def granted(world: World, days: int = LONG_AGO, **more: Any) -> Decision:
    return world.grant(world.case(), on=today() - timedelta(days=days), **more)


def test_three_months_and_a_day(world: World) -> None:
    three_months_ago = add_months(today(), -3)
    just = granted(world, (today() - three_months_ago).days)
    over = granted(world, (today() - three_months_ago).days + 4)
    assert waiting(world) == {just.id, over.id}
    assert over.id in late(world)
    assert just.id not in late(world) or execution.due_on(three_months_ago) < today()


def test_a_refusal_gives_nobody_anything_to_wait_for(world: World) -> None:
    granted(world, outcome="refused", departure_reason="Nej.")
    assert waiting(world) == set()


def test_a_contract_carries_it_out_and_its_end_interrupts(world: World) -> None:
    case = world.case()
    world.contract(world.accepted(case, world.registered(case)))
    assert waiting(world) == set()
    support = world.rows(Decision, case_id=case.id)[0]
    row = world.rows(Case, id=case.id)[0]
    gone = today() - timedelta(days=10)
    with world.session(world[MANAGER]) as session:
        journal.record(
            session,
            world[MANAGER],
            session.find(Case, row.id),
            "contract_ended",
            gone,
            action="test",
            subject_type="decision",
            subject_id=support.id,
        )
    assert waiting(world) == {support.id}
    # The clock runs from the end of the home, not from the decision.
    assert late(world) == set()


def test_the_home_of_an_earlier_programme_carries_out_nothing_of_the_next(world: World) -> None:
    case = world.case()
    world.housed(case)
    assert waiting(world) == set()
    changed = today() - timedelta(days=60)
    following = world.grant(case, programme=GUARANTEE, on=changed)
    assert waiting(world) == {following.id}
    with world.session() as session:
        now = session.find(Case, case.id)
        assert execution.waiting_in(session, now, today()) == (True, changed)


def test_what_somebody_notes_as_carried_out(world: World) -> None:
    one = granted(world)
    done = world.act(
        CASEWORKER, service.record_execution, decision_id=one.id, expected_version=one.version
    )
    assert done.executed_on == today()
    assert waiting(world) == set()
    with pytest.raises(Conflict):
        world.act(
            CASEWORKER, service.record_execution, decision_id=one.id, expected_version=done.version
        )


def effort(world: World, decision: Decision, **changes: Any) -> ExecutionEffort:
    values = {"kind": "contacted_landlord", "obstacle": "no_suitable_home", "notes": "=1+1"}
    return world.act(  # type: ignore[no-any-return]
        CASEWORKER, service.record_effort, decision_id=decision.id, **(values | changes)
    )


def test_an_effort_says_what_was_done_and_what_stood_in_the_way(world: World) -> None:
    one = granted(world)
    assert effort(world, one).made_by == world[CASEWORKER].principal_id
    with pytest.raises(ValidationFailed) as refused:
        effort(world, one, kind="x", obstacle="y", notes="")
    assert [p.field for p in refused.value.problems] == ["kind", "obstacle", "notes"]


def this_quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def made(world: World, quarter: str) -> ExecutionReport:
    asked = world.act(MANAGER, service.request_report, department="SOF-VUX", quarter=quarter)
    with world.session() as session:
        report.make(session, asked.id)
    return world.again(asked)  # type: ignore[no-any-return]


def cells(made_report: ExecutionReport) -> list[dict[str, str]]:
    return list(csv.DictReader(made_report.content.splitlines(), delimiter=";"))


def test_the_report_tells_what_the_law_asks_and_no_names(world: World) -> None:
    one = granted(world)
    granted(world, 5)
    effort(world, one)
    ready = made(world, this_quarter(today()))
    assert (ready.state, ready.row_count) == ("ready", 1)
    (line,) = cells(ready)
    assert line["insats"] == "Stöd att få en bostad"
    assert line["beslutsdatum"] == str(one.decided_on)
    assert line["kon"] in ("kvinna", "man")
    assert (line["laget"], line["hinder"]) == ("ej verkställt", "lämplig bostad saknas")
    assert line["insatser_for_att_verkstalla"] == "1"
    number = world.rows(Case, id=one.case_id)[0].number
    assert line["arende"] == number
    assert ready.figures is not None
    assert ready.figures["by_standing"] == {"waiting": 1}


def test_a_closed_case_is_reported_without_its_number(world: World) -> None:
    """The worker who makes the file sees every case; who reads it may be outside the circle."""
    one = granted(world)
    case = world.rows(Case, id=one.case_id)[0]
    world.act(
        MANAGER,
        circles.close,
        case_id=case.id,
        members=[world[CASEWORKER].principal_id],
        reason="Threats",
        expected_version=case.version,
    )
    asked = {"department": "SOF-VUX", "quarter": this_quarter(today())}
    requested = world.act(MANAGER, service.request_report, **asked)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        report.make(session, requested.id)
    ready = world.again(requested)
    (line,) = cells(ready)
    assert (line["arende"], line["beslut"]) == (report.CLOSED, "")
    assert line["beslutsdatum"] == str(one.decided_on)
    assert case.number not in ready.content and str(one.id)[-8:] not in ready.content


def test_what_was_carried_out_in_the_quarter_is_reported_as_such(world: World) -> None:
    quarter = this_quarter(today())
    first, _ = service.quarter_days(quarter)
    one = granted(world, (today() - first).days + 120)
    world.act(
        CASEWORKER, service.record_execution, decision_id=one.id, expected_version=one.version
    )
    (line,) = cells(made(world, quarter))
    assert (line["laget"], line["verkstallt"]) == ("verkställt", str(today()))


def test_what_was_sent_stays_as_it_was_sent(world: World) -> None:
    quarter = this_quarter(today())
    ready = made(world, quarter)
    arguments = {"report_id": ready.id, "expected_version": ready.version}
    sent = world.act(MANAGER, service.mark_sent, **arguments)
    assert (sent.state, sent.sent_by) == ("sent", world[MANAGER].principal_id)
    with pytest.raises(Conflict) as refused:
        made(world, quarter)
    assert refused.value.rule == "report_sent"
    with pytest.raises(Conflict):
        world.act(MANAGER, service.mark_sent, **arguments)


def test_who_reports(world: World) -> None:
    for who in (CASEWORKER, "manager AMF", "property"):
        with pytest.raises(NotAllowed):
            world.act(who, service.request_report, department="SOF-VUX", quarter="2026-Q1")


@pytest.mark.parametrize("quarter", ["2026-Q5", "2026", "2099-Q1", ""])
def test_a_quarter_that_is_none(world: World, quarter: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        world.act(MANAGER, service.request_report, department="SOF-VUX", quarter=quarter)
    assert refused.value.problems[0].field == "quarter"


def test_the_days_of_a_quarter() -> None:
    assert service.quarter_days("2026-Q4") == (date(2026, 10, 1), date(2026, 12, 31))
    assert service.quarter_days("2028-Q1") == (date(2028, 1, 1), date(2028, 3, 31))


def test_a_measure_begins_with_its_planning(world: World) -> None:
    case = world.case()
    measure = world.grant(case, "support_measure", on=today() - timedelta(days=LONG_AGO))
    assert measure.id in waiting(world)
    assert measure.kind != SUPPORT
