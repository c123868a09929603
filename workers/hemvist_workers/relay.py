"""From the outbox to the broker: at least once, in each tenant's own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update

from hemvist.clock import now
from hemvist.db import Audience
from hemvist.outbox import EventTrouble, InboxReceipt, OutboxEvent
from hemvist.tenancy import tenant_session

#: Publishes one event: its tenant, its id, its trace context.
Publish = Callable[[UUID, UUID, Mapping[str, Any]], None]

BATCH = 500
#: After so long without a receipt, an event is sent again: the broker has lost it, or its handling
#: has failed.
PATIENCE = timedelta(minutes=10)
#: How far back a lost event is looked for.
HORIZON = timedelta(days=14)


def relay_tenant(tenant_id: UUID, publish: Publish) -> int:
    """Publish what waits in the tenant's outbox, oldest first; returns how many events.

    An event is marked in the same transaction that published it. If this process dies in between,
    the mark is lost and the event is published again: handlers take each event once.
    """
    with tenant_session(Audience.WORKER, tenant_id) as session:
        waiting = session.scalars(
            select(OutboxEvent)
            .where(OutboxEvent.relayed_at.is_(None))
            .order_by(OutboxEvent.occurred_at, OutboxEvent.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for event in waiting:
            publish(tenant_id, event.id, event.trace_context)
            event.relayed_at = now()
        return len(waiting)


def relay_again(tenant_id: UUID, handled_by: Mapping[str, Iterable[str]], at: datetime) -> int:
    """Let events be relayed anew that ought to have been handled long before ``at``.

    ``handled_by`` gives for each handler the event types it handles. What is parked for its handler waits
    for a person instead. Returns how many events.
    """
    with tenant_session(Audience.WORKER, tenant_id) as session:
        found: set[UUID] = set()
        for handler, types in handled_by.items():
            receipt = exists().where(
                InboxReceipt.tenant_id == OutboxEvent.tenant_id,
                InboxReceipt.handler == handler,
                InboxReceipt.event_id == OutboxEvent.id,
            )
            parked = exists().where(
                EventTrouble.tenant_id == OutboxEvent.tenant_id,
                EventTrouble.handler == handler,
                EventTrouble.event_id == OutboxEvent.id,
                EventTrouble.parked_at.is_not(None),
            )
            found.update(
                session.scalars(
                    select(OutboxEvent.id)
                    .where(
                        OutboxEvent.type.in_(sorted(types)),
                        OutboxEvent.relayed_at.between(at - HORIZON, at - PATIENCE),
                        ~receipt,
                        ~parked,
                    )
                    .limit(BATCH)
                )
            )
        if found:
            session.execute(
                update(OutboxEvent).where(OutboxEvent.id.in_(found)).values(relayed_at=None)
            )
        return len(found)
