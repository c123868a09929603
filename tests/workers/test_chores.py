"""What time brings about: once, in the right kommun, with timeline, audit and notice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hemvist.audit import AuditEntry
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import now, real_now, today
from hemvist.db import Audience
from hemvist.deadlines.models import Obligation
from hemvist.identity.models import LoginAttempt, LoginSession
from hemvist.ids import new_id
from hemvist.notices.models import Notice
from hemvist.outbox import CommandReceipt, InboxReceipt, OutboxEvent, emit, keep_answer, take
from hemvist.referrals.models import Referral
from hemvist.tenancy import tenant_session
from hemvist_rows import fill
from hemvist_testing import new_tenant
from hemvist_workers import chores
from hemvist_workers.handlers import handle
from hemvist_world import World, as_owner, new_world


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own."""
    return new_world()


@pytest.fixture
def housed(world: World) -> Case:
    """A case whose first follow-up was due a month ago."""
    case = world.case()
    world.housed(case)
    return case


def handle_all(world: World) -> None:
    """Let the handlers have every event."""
    for event in world.rows(OutboxEvent):
        handle(world.tenant_id, event.id)


def test_an_overdue_obligation_is_told_of_once(world: World, housed: Case) -> None:
    marked = chores.mark_overdue(world.tenant_id)
    assert marked >= 1
    assert chores.mark_overdue(world.tenant_id) == 0
    late = [row for row in world.rows(Obligation, case_id=housed.id) if row.overdue_since]
    first = next(row for row in late if row.code == "first_follow_up")
    assert first.overdue_since == first.due_on + timedelta(days=1)
    lines = world.rows(CaseEvent, case_id=housed.id, kind="obligation_overdue")
    assert {line.subject_id for line in lines} == {row.id for row in late}
    assert all(line.principal_id is None and line.actor_name == "Hemvist" for line in lines)
    entries = world.rows(AuditEntry, action="obligation.mark_overdue")
    assert len(entries) == len(late)
    assert all(entry.channel == "system" for entry in entries)
    handle_all(world)
    handle_all(world)
    notices = world.rows(Notice, kind="obligation_overdue", subject_id=first.id)
    # Both take part in the first follow-up (guideline section 4.1).
    assert {(notice.role, notice.department) for notice in notices} == {
        ("caseworker", "SOF-VUX"),
        ("property_officer", "FF"),
    }
    later = next(row for row in late if row.code == "follow_up") if len(late) > 1 else None
    if later is not None:
        told = world.rows(Notice, kind="obligation_overdue", subject_id=later.id)
        assert {notice.department for notice in told} == {"SOF-VUX"}


def test_a_day_that_comes_later_marks_more(world: World, housed: Case) -> None:
    before = chores.mark_overdue(world.tenant_id)
    assert chores.mark_overdue(world.tenant_id, today() + timedelta(days=200)) >= 1
    assert before >= 1


def test_what_is_done_is_never_overdue(world: World) -> None:
    case = world.case()
    world.housed(case)
    with as_owner(world.tenant_id) as connection:
        connection.execute("UPDATE obligations SET state = 'done', done_on = due_on")
    assert chores.mark_overdue(world.tenant_id, today() + timedelta(days=3000)) == 0


def test_a_referral_lapses_once(world: World) -> None:
    case = world.case()
    referral = world.registered(case)
    assert referral.valid_until is not None
    assert chores.expire_referrals(world.tenant_id, referral.valid_until) == 0
    assert chores.expire_referrals(world.tenant_id, referral.valid_until + timedelta(days=1)) == 1
    assert chores.expire_referrals(world.tenant_id, referral.valid_until + timedelta(days=1)) == 0
    assert world.rows(Referral, id=referral.id)[0].state == "expired"
    handle_all(world)
    told = world.rows(Notice, kind="referral_expired")
    assert {notice.role for notice in told} == {"caseworker", "property_officer"}


def test_obligations_are_laid_out_further_as_time_passes(world: World, housed: Case) -> None:
    assert chores.lay_out_obligations(world.tenant_id) == (0, None)
    before = max(row.due_on for row in world.rows(Obligation, case_id=housed.id))
    in_a_year = today() + timedelta(days=365)
    made, _ = chores.lay_out_obligations(world.tenant_id, in_a_year)
    after = max(row.due_on for row in world.rows(Obligation, case_id=housed.id))
    assert made == 4
    assert after > before
    assert chores.lay_out_obligations(world.tenant_id, in_a_year) == (0, None)


def test_a_closed_case_gets_nothing_more(world: World, housed: Case) -> None:
    with as_owner(world.tenant_id) as connection:
        connection.execute("UPDATE cases SET state = 'closed'")
    later = today() + timedelta(days=900)
    assert chores.lay_out_obligations(world.tenant_id, later) == (0, None)


def test_a_slice_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "SLICE", 2)
    monkeypatch.setattr(chores, "SWEPT", 2)
    cases = [world.case() for _ in range(3)]
    for case in cases:
        world.housed(case)
    in_a_year = today() + timedelta(days=365)
    made, after = chores.lay_out_obligations(world.tenant_id, in_a_year)
    assert (made, after) == (8, sorted(case.id for case in cases)[1])
    assert chores.lay_out_obligations(world.tenant_id, in_a_year, after) == (4, None)
    due = [row for row in world.rows(Obligation, state="open") if row.due_on < today()]
    assert len(due) >= 3
    assert chores.mark_overdue(world.tenant_id) == 2
    assert chores.mark_overdue(world.tenant_id) == min(2, len(due) - 2)


def test_spent_rows_go_and_others_stay(database: str) -> None:
    tenant_id = new_tenant()
    fill(tenant_id)
    old = real_now() - timedelta(days=100)
    with as_owner(tenant_id) as connection:
        connection.execute("UPDATE login_attempts SET expires_at = %s", [old])
        connection.execute("UPDATE login_sessions SET ends_at = %s", [old])
        connection.execute("UPDATE seen_logout_tokens SET expires_at = %s", [old])
        connection.execute("UPDATE outbox_events SET relayed_at = %s", [old])
        # What somebody has yet to decide on is kept: see test_parked.
        connection.execute("DELETE FROM event_troubles")
        connection.execute("UPDATE inbox_receipts SET handled_at = %s", [old])
        connection.execute("UPDATE command_receipts SET created_at = %s", [old])
        connection.execute("UPDATE simulations SET ended_at = %s", [old - timedelta(days=100)])
        earlier = old - timedelta(days=301)
        connection.execute("UPDATE landlord_events SET occurred_at = %s", [earlier])
    kept = new_tenant()
    fill(kept)
    fresh = new_id()
    with tenant_session(Audience.STAFF, tenant_id) as session:
        waiting = emit(session, "referral_submitted", {})
    with tenant_session(Audience.WORKER, tenant_id) as session:
        assert take(session, "notices", fresh)
    removed = chores.prune(tenant_id)
    assert removed == {
        "login_attempts": 1,
        "login_sessions": 1,
        "seen_logout_tokens": 1,
        "command_receipts": 1,
        "outbox_events": 1,
        "inbox_receipts": 1,
        "landlord_events": 1,
        "transfer_letters": 0,
        "simulation_changes": 1,
    }
    assert set(chores.prune(tenant_id).values()) == {0}
    with tenant_session(Audience.WORKER, tenant_id) as session:
        assert session.scalars(select(OutboxEvent.id)).all() == [waiting]
        assert session.scalars(select(InboxReceipt.event_id)).all() == [fresh]
    with tenant_session(Audience.STAFF, kept) as session:
        for table in (LoginAttempt, LoginSession, CommandReceipt, OutboxEvent):
            assert session.scalar(select(func.count()).select_from(table)) == 1


def test_an_event_that_waits_is_never_pruned(world: World) -> None:
    with world.session() as session:
        emit(session, "referral_submitted", {})
        keep_answer(session, world["property"], "k", "c", b"", {})
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE outbox_events SET occurred_at = %s", [now() - timedelta(days=999)]
        )
    assert chores.prune(world.tenant_id)["outbox_events"] == 0
