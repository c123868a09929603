"""Events that a handler cannot take: counted, parked with an alarm, released or discarded by a person.

Source: decision 0047.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import now
from hemvist.errors import NotFound
from hemvist.ids import new_id
from hemvist.outbox.models import EventTrouble, OutboxEvent
from hemvist.outbox.service import take
from hemvist.tenancy import TenantSession

#: An event is parked for a handler that has failed with it so often.
STRIKES = 5
#: The kind of error of what killed its worker.
LOST = "worker_lost"


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that waits for a person, for one handler. No personal data: ids, codes and instants."""

    event_id: UUID
    handler: str
    type: str
    occurred_at: datetime
    attempts: int
    error: str
    parked_at: datetime


class Noted(NamedTuple):
    """What is known of a handler's trouble with an event after it was noted."""

    attempts: int
    error: str
    parked: bool
    #: Parked just now: somebody is to be told.
    parks: bool


def begun(session: TenantSession, handler: str, event_id: UUID) -> Noted:
    """Note that ``handler`` begins with an event that it, or its worker, has failed over before.

    In a transaction of its own, which outlives the process that begins. Parks the event when it was
    begun ``STRIKES`` times and never ended.
    """
    return _noted(session, handler, event_id, LOST, 1, STRIKES + 1)


def failed(
    session: TenantSession, handler: str, event_id: UUID, error: str, *, counted: bool
) -> Noted:
    """Note that ``handler`` has failed; parks the event at the ``STRIKES``. attempt.

    ``error`` is a kind (a class's name), never a text. ``counted``: ``begun`` has counted the attempt.
    In a transaction of its own: the work's was undone.
    """
    return _noted(session, handler, event_id, error, 0 if counted else 1, STRIKES)


def _noted(
    session: TenantSession, handler: str, event_id: UUID, error: str, more: int, most: int
) -> Noted:
    at = now()
    row = insert(EventTrouble).values(
        tenant_id=session.tenant_id,
        id=new_id(),
        event_id=event_id,
        handler=handler,
        attempts=1,
        error=error,
        first_at=at,
        last_at=at,
    )
    noted = row.on_conflict_do_update(
        index_elements=["tenant_id", "event_id", "handler"],
        set_={"attempts": EventTrouble.attempts + more, "error": error, "last_at": at},
    ).returning(EventTrouble.id, EventTrouble.attempts, EventTrouble.parked_at)
    row_id, attempts, parked_at = session.execute(noted).one()
    parks = attempts >= most and parked_at is None
    if parks:
        session.execute(update(EventTrouble).where(EventTrouble.id == row_id).values(parked_at=at))
    return Noted(attempts, error, parks or parked_at is not None, parks)


def trouble_of(session: TenantSession, event_id: UUID) -> dict[str, bool]:
    """By the name of each handler that has failed with the event: whether it is parked for it."""
    rows = session.execute(
        select(EventTrouble.handler, EventTrouble.parked_at).where(
            EventTrouble.event_id == event_id
        )
    )
    return {handler: parked_at is not None for handler, parked_at in rows}


def recovered(session: TenantSession, handler: str, event_id: UUID) -> None:
    """The handler has taken the event after all: in the transaction of its work."""
    session.execute(
        delete(EventTrouble).where(
            EventTrouble.event_id == event_id, EventTrouble.handler == handler
        )
    )


def parked(session: TenantSession) -> Sequence[Parked]:
    """What is parked in the kommun, the oldest first."""
    rows = session.execute(
        select(
            EventTrouble.event_id,
            EventTrouble.handler,
            OutboxEvent.type,
            OutboxEvent.occurred_at,
            EventTrouble.attempts,
            EventTrouble.error,
            EventTrouble.parked_at,
        )
        .join(OutboxEvent, OutboxEvent.id == EventTrouble.event_id)
        .where(EventTrouble.parked_at.is_not(None))
        .order_by(EventTrouble.parked_at, EventTrouble.event_id, EventTrouble.handler)
    )
    return [Parked(*row) for row in rows]


def parked_since(session: TenantSession) -> tuple[int, datetime | None]:
    """How many are parked in the kommun, and since when the first."""
    counted, since = session.execute(
        select(func.count(), func.min(EventTrouble.parked_at)).where(
            EventTrouble.parked_at.is_not(None)
        )
    ).one()
    return int(counted), since


def unpark(session: TenantSession, event_id: UUID, *, taken: bool) -> list[str]:
    """The event is parked no more; the names of the handlers that it was parked for.

    ``taken``: as if they had taken it, nothing sends it again. Else it goes out again with the next
    relay; handlers that have taken it have their receipt and do nothing. The caller logs it. Raises
    ``NotFound`` when it is not parked.
    """
    gone = session.scalars(
        delete(EventTrouble)
        .where(EventTrouble.event_id == event_id, EventTrouble.parked_at.is_not(None))
        .returning(EventTrouble.handler)
    ).all()
    if not gone:
        raise NotFound("ParkedEvent")
    if taken:
        for handler in gone:
            take(session, handler, event_id)
    else:
        session.execute(
            update(OutboxEvent).where(OutboxEvent.id == event_id).values(relayed_at=None)
        )
    return sorted(gone)
