"""Marking by the database leaves behind what an act leaves behind, once for each row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from hemvist.audit import AuditEntry
from hemvist.cases import journal, overdue
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import real_now, today
from hemvist.db import Audience
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import Obligation
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import TenantSession, tenant_session
from hemvist.tenancy.statements import NEW_ID
from hemvist_versions import Hand, policy_people
from hemvist_world import World, adult, as_owner, new_world

LATER = today() + timedelta(days=200)
#: What differs from row to row, and not by who wrote it.
OWN = {"id", "mac", "recorded_at", "at", "occurred_at", "relayed_at"}


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own."""
    return new_world()


@pytest.fixture
def housed(world: World) -> Case:
    """A case of two persons with follow-ups laid out."""
    case = world.case(adult(), adult("partner"))
    world.housed(case)
    return case


def working(world: World) -> Any:
    """A worker's transaction."""
    return tenant_session(Audience.WORKER, world.tenant_id)


def marked(world: World) -> set[UUID]:
    """The obligations that are marked."""
    return {row.id for row in world.rows(Obligation) if row.overdue_since}


def told(world: World, model: Any, **values: Any) -> list[dict[str, Any]]:
    """The rows, without what is another in each."""
    return [
        {key: value for key, value in vars(row).items() if key[0] != "_" and key not in OWN}
        for row in world.rows(model, **values)
    ]


def test_it_writes_what_an_act_would_have_written(world: World, housed: Case) -> None:
    with working(world) as session:
        overdue.mark_overdue(session, LATER, 1)
    (row,) = [row for row in world.rows(Obligation) if row.overdue_since]
    assert row.overdue_since is not None
    kinds: list[tuple[Any, dict[str, Any]]] = [
        (CaseEvent, {"subject_id": row.id}),
        (AuditEntry, {"subject_id": row.id}),
        (OutboxEvent, {"type": overdue.OBLIGATION_OVERDUE}),
    ]
    swept = [told(world, model, **values) for model, values in kinds]
    with working(world) as session:
        journal.record(
            session,
            Actor.system(world.tenant_id),
            session.find(Case, housed.id),
            overdue.OBLIGATION_OVERDUE,
            row.overdue_since,
            action="obligation.mark_overdue",
            subject_type="obligation",
            subject_id=row.id,
            data={"code": row.code, "due_on": row.due_on.isoformat()},
        )
    for (model, values), (by_sweep,) in zip(kinds, swept, strict=True):
        one, other = told(world, model, **values)
        assert one == other == by_sweep
    assert len(swept[1][0]["person_ids"]) == 2


def test_overdue_is_the_day_after_and_told_once(world: World, housed: Case) -> None:
    first = min(world.rows(Obligation, state="open"), key=lambda row: row.due_on)
    with working(world) as session:
        assert overdue.mark_overdue(session, first.due_on, 100) == 0
    after = first.due_on + timedelta(days=1)
    with working(world) as session:
        assert overdue.mark_overdue(session, after, 100) >= 1
    now = world.again(first)
    assert (now.overdue_since, now.version) == (after, first.version + 1)
    assert all(row.due_on == first.due_on for row in world.rows(Obligation) if row.overdue_since)
    with working(world) as session:
        assert overdue.mark_overdue(session, after, 100) == 0


def test_the_longest_overdue_first_and_no_more_than_asked_for(world: World, housed: Case) -> None:
    due = sorted(
        (row.due_on, row.id) for row in world.rows(Obligation, state="open") if row.due_on < LATER
    )
    assert len(due) >= 3
    with working(world) as session:
        assert overdue.mark_overdue(session, LATER, 2) == 2
    assert marked(world) == {row_id for _, row_id in due[:2]}
    with working(world) as session:
        assert overdue.mark_overdue(session, LATER, 100) == len(due) - 2


def test_two_rounds_at_once_share_the_rows_out(world: World, housed: Case) -> None:
    with working(world) as first, working(world) as second:
        one = overdue.mark_overdue(first, LATER, 1)
        # The other round does not wait for the rows that this one holds; it leaves them.
        other = overdue.mark_overdue(second, LATER, 100)
        assert one == 1 and other >= 2
        assert overdue.mark_overdue(first, LATER, 100) == 0
    lines = world.rows(CaseEvent, kind=overdue.OBLIGATION_OVERDUE)
    assert sorted(line.subject_id for line in lines) == sorted(marked(world))
    assert len(lines) == one + other


def test_what_somebody_is_working_on_is_left_for_the_next_time(world: World, housed: Case) -> None:
    first = min(world.rows(Obligation, state="open"), key=lambda row: row.due_on)
    with world.session() as busy:
        deadlines.mark_done(busy, busy.find(Obligation, first.id), today())
        busy.flush()
        with working(world) as session:
            assert overdue.mark_overdue(session, LATER, 100) >= 2
        assert first.id not in marked(world)
        busy.rollback()
    with working(world) as session:
        assert overdue.mark_overdue(session, LATER, 100) == 1
    assert first.id in marked(world)


def test_another_kommuns_rows_are_not_touched(world: World, housed: Case) -> None:
    other = new_world()
    other.housed(other.case())
    with working(world) as session:
        assert overdue.mark_overdue(session, LATER, 100) >= 3
    assert marked(other) == set()


def test_a_sweep_that_is_undone_leaves_nothing(world: World, housed: Case) -> None:
    with pytest.raises(ZeroDivisionError), working(world) as session:
        assert overdue.mark_overdue(session, LATER, 100) >= 3
        raise ZeroDivisionError
    assert marked(world) == set()
    assert not world.rows(CaseEvent, kind=overdue.OBLIGATION_OVERDUE)
    assert not world.rows(OutboxEvent, type=overdue.OBLIGATION_OVERDUE)


def test_a_case_under_an_unknown_version_fails_and_marks_nothing(
    world: World, housed: Case
) -> None:
    with as_owner(world.tenant_id) as connection:
        connection.execute("UPDATE cases SET pack_version = '1900.1.0'")
    with pytest.raises(Exception, match="1900"), working(world) as session:
        overdue.mark_overdue(session, LATER, 100)
    assert marked(world) == set()


def test_an_event_that_packs_count_from_is_no_sweeps(database: str) -> None:
    with pytest.raises(ValueError, match="contract_ended"):
        replace(overdue.OBLIGATIONS, kind="contract_ended")


def test_ids_of_the_database_are_made_as_ours_are(world: World) -> None:
    def made(session: TenantSession) -> UUID:
        ((found,),) = session.driver.execute(f"SELECT {NEW_ID}").fetchall()
        return UUID(str(found))

    with working(world) as session:
        ids = [made(session) for _ in range(50)]
    for row_id in ids:
        assert (row_id.version, row_id.variant) == (7, new_id().variant)
        assert abs((row_id.int >> 80) / 1000 - real_now().timestamp()) < 60
    assert len(set(ids)) == 50


def test_a_day_and_not_an_instant(world: World, housed: Case) -> None:
    with working(world) as session:
        overdue.mark_overdue(session, LATER, 100)
    for event in world.rows(OutboxEvent, type=overdue.OBLIGATION_OVERDUE):
        date.fromisoformat(event.payload["on"])


def test_a_case_under_a_version_of_the_kommuns_own_is_told_of_too(
    world: World, housed: Case
) -> None:
    """Beside one under an installed version, in one round."""
    own = Hand.draft(policy_people(world)).approved()
    other = world.case()
    world.housed(other)
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE cases SET pack_version = %s WHERE id = %s", (own.number, other.id)
        )
    expected = len([row for row in world.rows(Obligation, state="open") if row.due_on < LATER])
    with working(world) as session:
        assert overdue.mark_overdue(session, LATER, 1) == 1
        assert overdue.mark_overdue(session, LATER, 100) == expected - 1
    events = world.rows(OutboxEvent, type=overdue.OBLIGATION_OVERDUE)
    assert len(events) == expected
    assert {event.payload["case_id"] for event in events} == {str(housed.id), str(other.id)}
    assert all(event.payload["property_departments"] == ["FF"] for event in events)
