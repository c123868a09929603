"""Who reacts to which event. Each handler takes an event once, in the transaction of its own work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from opentelemetry import trace

from hemvist.db import Audience
from hemvist.dealings.names import CHECKED, DUE_AFTER, cases_concerned, disclose_due
from hemvist.identity import Actor
from hemvist.incidents.clocks import LATE
from hemvist.incidents.landlord_reports import tell_late
from hemvist.landlord_events import EVENT_RECORDED
from hemvist.outbox import OutboxEvent, take
from hemvist.retention.events import APPROVED, PROPOSED
from hemvist.simulations import snapshot
from hemvist.simulations.events import REQUESTED
from hemvist.takeovers.watching import OVER_AFTER, RECKONED_AFTER, watch
from hemvist.tenancy import TenantSession, tenant_session
from hemvist.transfers.letters import WRITTEN
from hemvist.unexecuted.service import REQUESTED as REPORT_REQUESTED
from hemvist_workers.exchanging import on_letter
from hemvist_workers.notifying import HANDLED, give_notice
from hemvist_workers.reporting import make_report
from hemvist_workers.simulating import keep_snapshot, take_up
from hemvist_workers.telling import tell
from hemvist_workers.thinning import take_up as take_up_thinning

_tracer = trace.get_tracer("hemvist.workers")


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
    Handler("simulations", frozenset({REQUESTED}), take_up),
    Handler("thinning", frozenset({PROPOSED, APPROVED}), take_up_thinning),
    Handler("landlords", frozenset({EVENT_RECORDED}), tell),
    Handler("exchange", frozenset({WRITTEN}), on_letter),
)


def handled_types() -> Mapping[str, frozenset[str]]:
    """For each handler the event types it handles."""
    return {handler.name: handler.types for handler in HANDLERS}


def handle(tenant_id: UUID, event_id: UUID) -> list[str]:
    """Let every handler of the event that has not had it yet do its work; returns their names.

    Receipt and work are one transaction, so a killed process leaves neither. An event that is not
    there (pruned, or of an erased tenant) is nobody's.
    """
    done: list[str] = []
    for handler in HANDLERS:
        with (
            _tracer.start_as_current_span(f"handle {handler.name}", record_exception=False),
            tenant_session(Audience.WORKER, tenant_id) as session,
        ):
            event = session.get(OutboxEvent, (tenant_id, event_id))
            if event is None or event.type not in handler.types:
                continue
            if take(session, handler.name, event_id):
                handler.act(session, event)
                done.append(handler.name)
    return done
