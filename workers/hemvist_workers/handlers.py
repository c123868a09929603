"""Who reacts to which event. Each handler takes an event once, in the transaction of its own work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from kombu.exceptions import OperationalError as BrokerAway
from opentelemetry import trace
from sqlalchemy.exc import DBAPIError

from hemvist.authority_forms.service import REQUESTED as FORM_REQUESTED
from hemvist.comparisons import events as comparisons
from hemvist.db import Audience
from hemvist.dealings.names import CHECKED, DUE_AFTER, cases_concerned, disclose_due
from hemvist.identity import Actor
from hemvist.incidents.clocks import LATE
from hemvist.incidents.landlord_reports import tell_late
from hemvist.landlord_events import EVENT_RECORDED
from hemvist.outages import Outage, outage_of
from hemvist.outbox import OutboxEvent, parking, take
from hemvist.retention.events import APPROVED, PROPOSED
from hemvist.simulations import snapshot
from hemvist.simulations.events import REQUESTED
from hemvist.takeovers.watching import OVER_AFTER, RECKONED_AFTER, watch
from hemvist.tenancy import TenantSession, tenant_session
from hemvist.transfers.letters import WRITTEN
from hemvist.unexecuted.service import REQUESTED as REPORT_REQUESTED
from hemvist_workers.comparing import on_change
from hemvist_workers.exchanging import on_letter
from hemvist_workers.notifying import HANDLED, give_notice
from hemvist_workers.parked import begun, note_failure
from hemvist_workers.reporting import count_form, make_report
from hemvist_workers.simulating import keep_snapshot, take_up
from hemvist_workers.telling import tell
from hemvist_workers.thinning import take_up as take_up_thinning

log = structlog.get_logger("hemvist.workers")
_tracer = trace.get_tracer("hemvist.workers")
#: The database is away or full: nothing that an event could help.
_AWAY = (Outage.UNAVAILABLE, Outage.BUSY)


#: The handler that gives notices, as receipts name it.
NOTICES = "notices"


@dataclass(frozen=True, slots=True)
class Handler:
    """A reaction: its name in the receipts, the event types it is for, and what it does."""

    name: str
    types: frozenset[str]
    act: Callable[[TenantSession, OutboxEvent], None]


def _watch_takeover(session: TenantSession, event: OutboxEvent) -> None:
    """Begin to watch when a lease can be taken over, reckon the day anew, or close."""
    watch(session, UUID(event.payload["case_id"]), event.type)


def _tell_names(session: TenantSession, event: OutboxEvent) -> None:
    """Let landlords know the names that the event has made due; of the whole household's cases where
    somebody's protection was checked."""
    actor = Actor.system(session.tenant_id)
    for case in cases_concerned(session, event.payload):
        disclose_due(session, actor, case)


def _tell_late(session: TenantSession, event: OutboxEvent) -> None:
    """Let a landlord know that the time for what it reported has run out without an answer."""
    tell_late(session, UUID(event.payload["subject_id"]))


HANDLERS: tuple[Handler, ...] = (
    Handler(NOTICES, HANDLED, give_notice),
    Handler("snapshot", snapshot.TYPES, keep_snapshot),
    Handler("takeovers", RECKONED_AFTER | OVER_AFTER, _watch_takeover),
    Handler("names", DUE_AFTER | {CHECKED}, _tell_names),
    Handler("late_reports", frozenset({LATE}), _tell_late),
    Handler("execution_reports", frozenset({REPORT_REQUESTED}), make_report),
    Handler("authority_forms", frozenset({FORM_REQUESTED}), count_form),
    Handler("simulations", frozenset({REQUESTED}), take_up),
    Handler("thinning", frozenset({PROPOSED, APPROVED}), take_up_thinning),
    Handler("landlords", frozenset({EVENT_RECORDED}), tell),
    Handler("exchange", frozenset({WRITTEN}), on_letter),
    Handler("comparisons", comparisons.TYPES, on_change),
)


def handled_types() -> Mapping[str, frozenset[str]]:
    """For each handler the event types it handles."""
    return {handler.name: handler.types for handler in HANDLERS}


class Unhandled(Exception):
    """Some handlers have failed with an event and are to try again."""


def handle(tenant_id: UUID, event_id: UUID, *, again: bool = False) -> list[str]:
    """Let every handler of the event that has not had it yet do its work; returns their names.

    Receipt and work are one transaction, so a killed process leaves neither. An event that is not
    there (pruned, or of an erased tenant) is nobody's. What fails in one handler keeps no other from
    its work; it is noted, and parked when it has failed often enough. ``again`` says that whoever had
    the event last died over it. Raises ``Unhandled`` when a handler failed and the event is not parked
    for it; what the database or
    the broker raises when it is away passes through.
    """
    done: list[str] = []
    failed: Exception | None = None
    for handler in HANDLERS:
        attempt = _Attempt(handler, tenant_id, event_id, again)
        try:
            if attempt.carried_out():
                done.append(handler.name)
        except _NotBegun:
            continue
        except Exception as error:
            # Stopped while it asked whether the event is for this handler: not the handler's either.
            if not attempt.concerned or _nobodys_fault(error):
                raise
            if not attempt.failed(error):
                failed = error
    if failed is not None:
        raise Unhandled(str(event_id)) from failed
    return done


class _Attempt:
    """One handler at work on one event."""

    def __init__(self, handler: Handler, tenant_id: UUID, event_id: UUID, again: bool) -> None:
        self._handler = handler
        self._tenant_id = tenant_id
        self._event_id = event_id
        self._again = again
        self._type = ""
        #: Noted before it was begun.
        self._noted = False

    @property
    def concerned(self) -> bool:
        """Whether the event is known to be for the handler."""
        return self._type != ""

    def carried_out(self) -> bool:
        """Whether the handler has taken the event now."""
        handler, event_id = self._handler, self._event_id
        with (
            _tracer.start_as_current_span(f"handle {handler.name}", record_exception=False),
            tenant_session(Audience.WORKER, self._tenant_id) as session,
        ):
            event = session.get(OutboxEvent, (self._tenant_id, event_id))
            if event is None or event.type not in handler.types:
                return False
            self._type = event.type
            known = parking.trouble_of(session, event_id)
            if known.get(handler.name, False) or not take(session, handler.name, event_id):
                return False
            if self._again or handler.name in known:
                # What kills its worker never gets as far as telling of it: noted beforehand.
                self._noted = True
                if not begun(self._tenant_id, handler.name, event_id, event.type):
                    raise _NotBegun
            handler.act(session, event)
            if self._noted:
                parking.recovered(session, handler.name, event_id)
            return True

    def failed(self, error: Exception) -> bool:
        """Note it; whether the event is parked for the handler."""
        log.error(
            "handler_failed",
            tenant_id=str(self._tenant_id),
            handler=self._handler.name,
            exc_info=error,
        )
        return note_failure(
            self._tenant_id,
            self._handler.name,
            self._event_id,
            self._type,
            type(error).__qualname__,
            counted=self._noted,
        )


class _NotBegun(Exception):
    """Parked before it was begun: nothing is kept of the transaction."""


def _nobodys_fault(error: Exception) -> bool:
    """Whether the database or the broker is away, or two transactions were in each other's way."""
    if isinstance(error, BrokerAway) or outage_of(error) in _AWAY:
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlstate", None) or "").startswith("40")
