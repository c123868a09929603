"""Events that a handler could not take: noted, parked with an alarm, and what a person makes of them."""

from __future__ import annotations

import re
from uuid import UUID

import structlog
from opentelemetry import metrics

from hemvist.audit import record
from hemvist.clock import now
from hemvist.db import Audience
from hemvist.errors import ValidationFailed
from hemvist.identity import Actor
from hemvist.outbox import parking
from hemvist.tenancy import TenantSession, tenant_session

log = structlog.get_logger("hemvist.workers")
_meter = metrics.get_meter("hemvist.events")
_parked = _meter.create_counter(
    "hemvist.events.parked", description="Events that were parked, which somebody has to look at."
)
_REASON = re.compile(r"[\w.:#/-]{1,60}")


def begun(tenant_id: UUID, handler: str, event_id: UUID, type_: str) -> bool:
    """Note that a handler begins with an event that it, or its worker, has failed over before.

    False when it is not to begin: it was begun so often that the event is parked now.
    """
    with tenant_session(Audience.WORKER, tenant_id) as session:
        noted = parking.begun(session, handler, event_id)
    if noted.parks:
        _alarm(tenant_id, handler, event_id, type_, noted)
    return not noted.parked


def note_failure(
    tenant_id: UUID, handler: str, event_id: UUID, type_: str, error: str, *, counted: bool
) -> bool:
    """Note that a handler has failed with an event; whether it is parked for it now.

    ``error`` is a class's name: the text of an error may quote somebody's data. ``counted`` says that
    the attempt was noted when it was begun.
    """
    with tenant_session(Audience.WORKER, tenant_id) as session:
        noted = parking.failed(session, handler, event_id, error, counted=counted)
    if noted.parks:
        _alarm(tenant_id, handler, event_id, type_, noted)
    return noted.parked


def _alarm(tenant_id: UUID, handler: str, event_id: UUID, type_: str, noted: parking.Noted) -> None:
    _parked.add(1, {"hemvist.tenant_id": str(tenant_id)})
    log.error(
        "event_parked",
        tenant_id=str(tenant_id),
        event_id=str(event_id),
        event_type=type_,
        handler=handler,
        error_type=noted.error,
        attempts=noted.attempts,
    )


def tell(tenant_id: UUID) -> int:
    """Say again that events are parked, as long as any is; how many."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        counted, since = parking.parked_since(session)
    if since is not None:
        hours = (now() - since).total_seconds() / 3600
        log.error(
            "events_parked", tenant_id=str(tenant_id), events=counted, oldest_hours=round(hours, 1)
        )
    return counted


def release(session: TenantSession, event_id: UUID) -> list[str]:
    """Let a parked event go out again, after a repair; the names of its handlers. Logged.

    Raises ``NotFound`` when it is not parked.
    """
    handlers = parking.unpark(session, event_id, taken=False)
    _record(session, "event.released", event_id, handlers)
    return handlers


def discard(session: TenantSession, event_id: UUID, reason: str) -> list[str]:
    """Let a parked event never be taken; the names of its handlers. Logged with ``reason``.

    ``reason`` is a code or a ticket's number. Raises ``NotFound`` when it is not parked,
    ``ValidationFailed``.
    """
    if not _REASON.fullmatch(reason):
        raise ValidationFailed.one(
            "reason",
            "code",
            "a code or a ticket's number, without spaces, of at most 60 characters",
        )
    handlers = parking.unpark(session, event_id, taken=True)
    _record(session, "event.discarded", event_id, handlers, reason=reason)
    return handlers


def _record(
    session: TenantSession, action: str, event_id: UUID, handlers: list[str], **more: str
) -> None:
    record(
        session,
        Actor.system(session.tenant_id),
        action,
        subject_type="event",
        subject_id=event_id,
        details={"handlers": handlers, **more},
    )
