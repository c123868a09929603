"""What time itself brings about: deadlines that pass, referrals that lapse, rows that are spent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.engine import CursorResult

from hemvist import registers
from hemvist.cases import horizons, overdue
from hemvist.clock import now, real_now, today
from hemvist.contracts import term_ends
from hemvist.db import Audience
from hemvist.dealings import growing_old
from hemvist.exchange.running import KEEP_MARKS
from hemvist.guarantees import watching as guarantees
from hemvist.identity import Actor
from hemvist.identity.models import LoginAttempt, LoginSession, SeenLogoutToken
from hemvist.incidents import escalating
from hemvist.landlord_events.models import LandlordEvent
from hemvist.log_reviews import drawing
from hemvist.offers import expiring
from hemvist.offers import service as offers
from hemvist.outbox import CommandReceipt, EventTrouble, InboxReceipt, OutboxEvent
from hemvist.pack_versions import service as pack_versions
from hemvist.registers import Answer, NoAnswer, Register
from hemvist.simulations import running
from hemvist.takeovers import watching as takeovers
from hemvist.tenancy import Base, Tenant, tenant_session
from hemvist.transfers.proposal_models import TransferLetter
from hemvist_tenants import known_tenants
from hemvist_workers.looking_up import register_of

log = structlog.get_logger("hemvist.workers")

#: How much is done at a time, so that no task takes long.
SLICE = 200
#: How many rows a sweep changes in one statement: nobody who works on one of them waits longer than
#: that takes.
SWEPT = 2000
#: How long a spent row is kept: long enough to find out what happened.
KEEP_LOGIN = timedelta(days=30)
KEEP_RECEIPTS = timedelta(days=30)
#: What landlords were told can be looked up for so long.
KEEP_EVENTS = timedelta(days=400)
#: As the network keeps its marks of them (``hemvist.exchange.running``).
KEEP_LETTERS = KEEP_MARKS
#: A command may be repeated under its key for so long.
KEEP_COMMANDS = timedelta(days=7)


#: Somebody has yet to decide what becomes of the event, or it is tried again.
_TROUBLED = exists().where(
    EventTrouble.tenant_id == OutboxEvent.tenant_id, EventTrouble.event_id == OutboxEvent.id
)


def mark_overdue(tenant_id: UUID, on: date | None = None) -> int:
    """Mark what became overdue by the day ``on`` (else today) and tell of each once.

    At most ``SWEPT`` at a time; returns how many.
    """
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return overdue.mark_overdue(session, on or today(), SWEPT)


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

    For ``SLICE`` cases beyond the one ``after`` that need it, each in a transaction of its own so that
    nobody who works on one waits for the rest. Returns how many were laid out, and where to go on, if
    at all.
    """
    day = on or today()
    with tenant_session(Audience.WORKER, tenant_id) as session:
        found = horizons.behind(session, day, SLICE, after)
    made = 0
    for one in found:
        with tenant_session(Audience.WORKER, tenant_id) as session:
            made += horizons.lay_out(session, one, day)
    return made, found[-1].case_id if len(found) == SLICE else None


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
        (OutboxEvent, (OutboxEvent.relayed_at < now() - KEEP_RECEIPTS) & ~_TROUBLED),
        (InboxReceipt, InboxReceipt.handled_at < now() - 2 * KEEP_RECEIPTS),
        (LandlordEvent, LandlordEvent.occurred_at < now() - KEEP_EVENTS),
        # When a kommun wrote to a network is nobody's business for longer than it takes to handle once.
        (TransferLetter, TransferLetter.done_at < now() - KEEP_LETTERS),
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


def withhold_stale(tenant_id: UUID, on: date | None = None) -> int:
    """Take back what landlords were shown of households whose check is too old on ``on`` (else today)."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return growing_old.withhold_stale(session, on or today(), SLICE)


def look_up_protection(tenant_id: UUID, on: date | None = None) -> int:
    """Ask the kommun's register about those whom it was not asked about for a week.

    At most ``SLICE`` at a time; returns how many were asked about. Nothing is open in the database
    while the register is waited for. No answer changes nothing: what was known grows old.
    """
    register = _register(tenant_id)
    if register is None:
        return 0
    with tenant_session(Audience.WORKER, tenant_id) as session:
        asked = registers.due(session, on or today(), SLICE)
    if not asked:
        return 0
    answers: Mapping[str, Answer] = {}
    try:
        answers = register.look_up([each.number for each in asked])
    except NoAnswer as nothing:
        log.warning("register_no_answer", tenant_id=str(tenant_id), code=nothing.code)
    with tenant_session(Audience.WORKER, tenant_id) as session:
        registers.take_in(session, Actor.system(tenant_id), asked, answers, register.name)
    return len(asked)


def _register(tenant_id: UUID) -> Register | None:
    with tenant_session(Audience.WORKER, tenant_id) as session:
        slug = session.get_one(Tenant, tenant_id).slug
    config = known_tenants().get(slug)
    return None if config is None else register_of(config)


def draw_log_sample(tenant_id: UUID) -> bool:
    """Draw the sample of the log of the month before, once; whether it was drawn now."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return drawing.draw(session) is not None


def escalate_clocks(tenant_id: UUID, at: datetime | None = None) -> int:
    """Tell of each clock of service that has run out by ``at`` (else now), once.

    At most ``SWEPT`` at a time; returns how many.
    """
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return escalating.escalate(session, at or now(), SWEPT)
