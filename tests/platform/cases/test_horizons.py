"""Laying out further: every night what comes within the horizon, and no case without need."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hemvist.audit import AuditEntry
from hemvist.cases import horizons, journal
from hemvist.cases.models import Case, CaseEvent
from hemvist.cases.packs import pack_of
from hemvist.clock import now, today
from hemvist.db import Audience
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import Obligation, ObligationHorizon
from hemvist.ids import new_id
from hemvist.policy import add_months
from hemvist.tenancy import tenant_session
from hemvist_workers import chores
from hemvist_world import World, as_owner, at_once, new_world


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own."""
    return new_world()


@pytest.fixture
def housed(world: World) -> Case:
    """A case with follow-ups laid out that has been looked at tonight."""
    case = world.case()
    world.housed(case)
    chores.lay_out_obligations(world.tenant_id)
    return case


def behind(world: World, day: date) -> list[Any]:
    """The cases that the night of ``day`` has to look at."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        return [one.case_id for one in horizons.behind(session, day, 100)]


def open_days(world: World, case: Case) -> set[tuple[str, int, date]]:
    """What is laid out."""
    rows = world.rows(Obligation, case_id=case.id)
    return {(row.code, row.ordinal, row.due_on) for row in rows}


def test_a_case_is_looked_at_when_something_comes_within_the_horizon(
    world: World, housed: Case
) -> None:
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        (kept,) = session.scalars(select(ObligationHorizon))
    assert kept.next_on > add_months(today(), journal.HORIZON_MONTHS)
    day = today()
    while add_months(day, journal.HORIZON_MONTHS) < kept.next_on:
        assert behind(world, day) == []
        day += timedelta(days=1)
    assert behind(world, day) == [housed.id]
    made, _ = chores.lay_out_obligations(world.tenant_id, day)
    assert made >= 1
    assert kept.next_on in {due_on for _, _, due_on in open_days(world, housed)}
    assert behind(world, day) == []


def test_a_case_in_which_something_happened_is_looked_at(world: World, housed: Case) -> None:
    assert behind(world, today()) == []
    with as_owner(world.tenant_id) as connection:
        # Of whatever kind: which lines duties count from is for the guideline to say.
        connection.execute(
            "INSERT INTO case_events (tenant_id, id, case_id, kind, occurred_on, recorded_at,"
            " actor_name, subject_type, subject_id, data)"
            " VALUES (%s, %s, %s, 'note', %s, %s, 'x', 'case', %s, '{}')",
            # Registered before the case was looked at, committed after it.
            [
                *(world.tenant_id, new_id(), housed.id, today()),
                *(now() - timedelta(days=1), housed.id),
            ],
        )
    assert behind(world, today()) == [housed.id]
    assert chores.lay_out_obligations(world.tenant_id) == (0, None)
    assert behind(world, today()) == []


def test_night_after_night_gives_what_one_look_at_everything_gives(
    world: World, housed: Case
) -> None:
    day, end, looked = today(), today() + timedelta(days=3 * 365), 0
    while day < end:
        day = min(day + timedelta(days=11), end)
        looked += len(behind(world, day))
        chores.lay_out_obligations(world.tenant_id, day)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        case = session.find(Case, housed.id)
        assert case.programme is not None
        made = deadlines.plan(
            session,
            case_id=case.id,
            programme=case.programme,
            pack=pack_of(case),
            anchors=journal.latest_events(session, case.id),
            until=add_months(end, journal.HORIZON_MONTHS),
            departments_of={},
            department=case.department,
        )
    assert made == []
    # Follow-ups every half year and every quarter, over three years: not every one of a hundred nights.
    assert 3 <= looked <= 20


def test_a_closed_case_is_not_looked_at(world: World, housed: Case) -> None:
    later = today() + timedelta(days=900)
    assert behind(world, later) == [housed.id]
    with as_owner(world.tenant_id) as connection:
        connection.execute("UPDATE cases SET state = 'closed'")
    assert behind(world, later) == []


def test_looking_leaves_no_trace_in_the_case(world: World, housed: Case) -> None:
    before = len(world.rows(CaseEvent)), len(world.rows(AuditEntry))
    chores.lay_out_obligations(world.tenant_id, today() + timedelta(days=400))
    assert (len(world.rows(CaseEvent)), len(world.rows(AuditEntry))) == before


def test_two_nights_work_at_once_lays_out_each_duty_once(world: World, housed: Case) -> None:
    """As when two beats run: both find the case behind, and both lay it out."""
    later = today() + timedelta(days=400)
    before = len(world.rows(Obligation, case_id=housed.id))
    outcomes = at_once(*[lambda: chores.lay_out_obligations(world.tenant_id, later)] * 2)
    rows = world.rows(Obligation, case_id=housed.id)
    assert sum(made for made, _ in outcomes) == len(rows) - before > 0
    assert len({(row.anchor_id, row.code, row.ordinal) for row in rows}) == len(rows)
    assert behind(world, later) == []
