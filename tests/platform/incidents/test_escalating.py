"""Clocks that run out are told of by the database, once each, on the right day in Sweden."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hemvist.audit import AuditEntry
from hemvist.cases import journal
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import SWEDISH_TIME
from hemvist.db import Audience
from hemvist.identity import Action, Actor
from hemvist.ids import new_id
from hemvist.incidents import escalating
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.clocks import LATE
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import tenant_session
from hemvist_world import World, adult, new_world

OWN = {"id", "mac", "recorded_at", "at", "occurred_at", "relayed_at"}


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own."""
    return new_world()


@pytest.fixture
def case(world: World) -> Case:
    """A case of two."""
    return world.case(adult(), adult("partner"))


def due(world: World, case: Case, instants: Iterable[datetime]) -> list[ServiceClock]:
    """A running clock for each instant."""
    with world.session() as session:
        return [
            session.save(
                ServiceClock(
                    case_id=case.id,
                    subject_type="case",
                    subject_id=new_id(),
                    event="problem_reported",
                    code="call_out",
                    source="x",
                    source_version="1",
                    label={"sv": "Svar", "en": "Answer"},
                    cite=["1"],
                    by=["property"],
                    departments=["FF"],
                    started_at=one - timedelta(hours=48),
                    due_at=one,
                    due_on=one.astimezone(SWEDISH_TIME).date(),
                    state="running",
                    reason="",
                )
            )
            for one in instants
        ]


def escalated(world: World, at: datetime, limit: int = 100) -> int:
    """One round of the sweep."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        return escalating.escalate(session, at, limit)


def told(world: World, model: Any, **values: Any) -> list[dict[str, Any]]:
    """The rows, without what is another in each."""
    return [
        {key: value for key, value in vars(row).items() if key[0] != "_" and key not in OWN}
        for row in world.rows(model, **values)
    ]


def test_the_line_has_the_day_in_sweden_through_both_changes_of_the_clock(
    world: World, case: Case
) -> None:
    """Every half hour of the nights on which Sweden goes to summer time and back."""
    instants = [
        start + timedelta(minutes=30 * step)
        for start in (datetime(2026, 3, 28, 21, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC))
        for step in range(12)
    ]
    clocks = due(world, case, instants)
    assert escalated(world, datetime(2026, 11, 1, tzinfo=UTC)) == len(clocks)
    days = {line.subject_id: line.occurred_on for line in world.rows(CaseEvent, kind=LATE)}
    assert days == {clock.id: clock.due_at.astimezone(SWEDISH_TIME).date() for clock in clocks}
    assert len(set(days.values())) == 4


def test_none_is_early_and_none_is_forgotten_when_an_hour_is_missing_or_comes_twice(
    world: World, case: Case
) -> None:
    """Beat goes round every five minutes of the night; each clock at the first round after it ran out."""
    for start in (datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)):
        clocks = due(world, case, (start + timedelta(minutes=7 * step) for step in range(20)))
        seen: dict[Any, datetime] = {}
        for step in range(32):
            at = start + timedelta(minutes=5 * step)
            escalated(world, at)
            for row in world.rows(ServiceClock, state="late", escalated_at=at):
                assert row.id not in seen
                seen[row.id] = at
        assert set(seen) >= {clock.id for clock in clocks}
        for clock in clocks:
            assert timedelta() <= seen[clock.id] - clock.due_at < timedelta(minutes=5)
    assert len(world.rows(CaseEvent, kind=LATE)) == 40
    assert len(world.rows(OutboxEvent, type=LATE)) == 40


def test_it_writes_what_an_act_would_have_written(world: World, case: Case) -> None:
    at = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    (clock,) = due(world, case, [at])
    assert escalated(world, at - timedelta(microseconds=1)) == 0
    assert escalated(world, at) == 1
    row = world.again(clock)
    assert (row.state, row.escalated_at, row.version) == ("late", at, clock.version + 1)
    kinds: list[tuple[Any, dict[str, Any]]] = [
        (CaseEvent, {"subject_id": clock.id}),
        (AuditEntry, {"subject_id": clock.id}),
        (OutboxEvent, {"type": LATE}),
    ]
    swept = [told(world, model, **values) for model, values in kinds]
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        journal.record(
            session,
            Actor.system(world.tenant_id),
            session.find(Case, case.id),
            LATE,
            at.astimezone(SWEDISH_TIME).date(),
            action=Action.INCIDENT_ACT,
            subject_type="service_clock",
            subject_id=clock.id,
            data={"code": clock.code, "event": clock.event, "state": "late"},
        )
    for (model, values), (by_sweep,) in zip(kinds, swept, strict=True):
        one, other = told(world, model, **values)
        assert one == other == by_sweep


def test_one_that_somebody_is_answering_is_left_alone(world: World, case: Case) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    answered, other = due(world, case, [at, at])
    with world.session() as busy:
        busy.lock(busy.find(ServiceClock, answered.id))
        assert escalated(world, at) == 1
        row = busy.find(ServiceClock, answered.id)
        row.state, row.stopped_at = "kept", at - timedelta(hours=1)
    assert escalated(world, at) == 0
    assert world.again(answered).state == "kept"
    assert world.again(other).state == "late"
