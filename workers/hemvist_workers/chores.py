"""What time itself brings about: deadlines that pass, referrals that lapse, rows that are spent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.engine import CursorResult

from hemvist.cases import journal
from hemvist.cases.models import Case
from hemvist.cases.packs import departments_with, pack_of
from hemvist.clock import now, real_now, today
from hemvist.contracts import term_ends
from hemvist.db import Audience
from hemvist.deadlines import service as deadlines
from hemvist.guarantees import watching as guarantees
from hemvist.identity import Actor
from hemvist.identity.models import LoginAttempt, LoginSession, SeenLogoutToken
from hemvist.incidents import clocks
from hemvist.offers import expiring
from hemvist.offers import service as offers
from hemvist.outbox import CommandReceipt, InboxReceipt, OutboxEvent
from hemvist.pack_versions import service as pack_versions
from hemvist.policy import add_months
from hemvist.simulations import running
from hemvist.takeovers import watching as takeovers
from hemvist.tenancy import Base, TenantSession, tenant_session
from hemvist_workers.notifying import OBLIGATION_OVERDUE

#: How much is done at a time, so that no task takes long.
SLICE = 200
#: How long a spent row is kept: long enough to find out what happened.
KEEP_LOGIN = timedelta(days=30)
KEEP_RECEIPTS = timedelta(days=30)
#: A command may be repeated under its key for so long.
KEEP_COMMANDS = timedelta(days=7)


def mark_overdue(tenant_id: UUID, on: date | None = None) -> int:
    """Mark what became overdue by the day ``on`` (else today) and tell of each once.

    At most ``SLICE`` at a time; returns how many.
    """
    day = on or today()
    actor = Actor.system(tenant_id)
    with tenant_session(Audience.WORKER, tenant_id) as session:
        found = deadlines.overdue(session, day, SLICE)
        for obligation in found:
            journal.record(
                session,
                actor,
                session.find(Case, obligation.case_id),
                OBLIGATION_OVERDUE,
                obligation.overdue_since or day,
                action="obligation.mark_overdue",
                subject_type="obligation",
                subject_id=obligation.id,
                data={"code": obligation.code, "due_on": obligation.due_on.isoformat()},
            )
        return len(found)


def expire_referrals(tenant_id: UUID, on: date | None = None) -> int:
    """Let referrals lapse whose validity ended before the day ``on`` (else today)."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return len(offers.expire_referrals(session, Actor.system(tenant_id), on or today()))


def expire_offers(tenant_id: UUID, on: date | None = None) -> int:
    """Let offers lapse whose last day for an answer lies before the day ``on`` (else today).

    At most ``SLICE`` at a time; returns how many.
    """
    with tenant_session(Audience.WORKER, tenant_id) as session:
        actor = Actor.system(tenant_id)
        return len(expiring.expire_offers(session, actor, on or today(), SLICE))


def activate_versions(tenant_id: UUID, on: date | None = None) -> int:
    """Let approved versions of guidelines be in force whose day has come; returns how many."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return len(pack_versions.activate_due(session, on or today()))


def lay_out_obligations(
    tenant_id: UUID, on: date | None = None, after: UUID | None = None
) -> tuple[int, UUID | None]:
    """Lay out recurring obligations as far ahead as new events do, counted from the day ``on``.

    For ``SLICE`` cases beyond the one ``after``, each in a transaction of its own so that nobody who
    works on one waits for the rest. Returns how many were laid out, and where to go on, if at all.
    """
    day = on or today()
    with tenant_session(Audience.WORKER, tenant_id) as session:
        running = (
            select(Case.id)
            .where(Case.state == "open", Case.programme.is_not(None))
            .order_by(Case.id)
            .limit(SLICE)
        )
        if after is not None:
            running = running.where(Case.id > after)
        case_ids = session.scalars(running).all()
    made = 0
    for case_id in case_ids:
        with tenant_session(Audience.WORKER, tenant_id) as session:
            made += _lay_out(session, session.find(Case, case_id), day)
    return made, case_ids[-1] if len(case_ids) == SLICE else None


def _lay_out(session: TenantSession, case: Case, day: date) -> int:
    if case.state != "open" or case.programme is None:
        return 0
    pack = pack_of(case)
    planned = deadlines.plan(
        session,
        case_id=case.id,
        programme=case.programme,
        pack=pack,
        anchors=journal.latest_events(session, case.id),
        until=add_months(day, journal.HORIZON_MONTHS),
        departments_of={
            "referring": [case.department],
            "property": departments_with(pack, "property"),
        },
        department=case.department,
    )
    return len(planned)


def prune(tenant_id: UUID) -> dict[str, int]:
    """Remove rows that have done their service; returns how many of each table.

    Sessions and login attempts are counted by the real clock, the rest by the platform's.
    """
    spent: list[tuple[type[Base], ColumnElement[bool]]] = [
        (LoginAttempt, LoginAttempt.expires_at < real_now() - KEEP_LOGIN),
        (LoginSession, LoginSession.ends_at < real_now() - KEEP_LOGIN),
        (SeenLogoutToken, SeenLogoutToken.expires_at < real_now()),
        (CommandReceipt, CommandReceipt.created_at < now() - KEEP_COMMANDS),
        # The events first: a receipt must outlive its event, or the event could be taken again.
        (OutboxEvent, OutboxEvent.relayed_at < now() - KEEP_RECEIPTS),
        (InboxReceipt, InboxReceipt.handled_at < now() - 2 * KEEP_RECEIPTS),
    ]
    removed: dict[str, int] = {}
    with tenant_session(Audience.WORKER, tenant_id) as session:
        for table, condition in spent:
            result = session.execute(delete(table).where(condition))
            assert isinstance(result, CursorResult)
            removed[table.__tablename__] = result.rowcount
        removed["simulation_changes"] = running.forget_changes(session)
    return removed


def watch_takeovers(tenant_id: UUID) -> int:
    """Watch running contracts that nobody watches yet, such as those from before; returns how many."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        found = takeovers.unwatched(session, SLICE)
        for case_id in found:
            takeovers.watch(session, case_id, "contract_signed")
        return len(found)


def watch_guarantees(tenant_id: UUID, on: date | None = None) -> int:
    """Make a duty of each period that runs out by the day ``on`` (else today), and name sureties of
    before as such; returns how many of both."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        raised = guarantees.raise_duties(session, on or today(), SLICE)
        named = guarantees.name_sureties(session, Actor.system(tenant_id), SLICE)
        return len(raised) + len(named)


def watch_terms(tenant_id: UUID, on: date | None = None) -> int:
    """Make a duty of each contract's term that runs out by a month after ``on`` (else today)."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return len(term_ends.raise_duties(session, on or today(), SLICE))


def escalate_clocks(tenant_id: UUID, at: datetime | None = None) -> int:
    """Tell of each clock of service that has run out by ``at`` (else now), once.

    At most ``SLICE`` at a time; returns how many.
    """
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return len(clocks.escalate(session, Actor.system(tenant_id), at or now(), SLICE))
