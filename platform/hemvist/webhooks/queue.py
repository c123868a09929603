"""The queue of messages: put in once per endpoint and event, taken out one by one, sent again.

Time is the real clock's (``hemvist.clock.real_now``), as for signatures and sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    any_,
    delete,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from hemvist.ids import new_id
from hemvist.tenancy import TenantSession
from hemvist.webhooks import backing_off
from hemvist.webhooks.models import WebhookDelivery, WebhookEndpoint

#: How long a message and what became of it is kept, and can be sent again.
KEPT = timedelta(days=30)
#: What a receiver says that wants no more of it: 410 Gone.
GONE = "410"
#: What can be sent again; what was dropped stays so, for the kommun has closed its door.
SENT_AGAIN = ("delivered", "failed", "held")


@dataclass(frozen=True, slots=True)
class Happened:
    """What endpoints are told: a landlord event of a kommun's, without the kommun's row."""

    event_id: UUID
    landlord_id: UUID
    type: str
    kommun_id: UUID | None
    subject_id: UUID | None
    occurred_at: datetime


def put_in(session: TenantSession, happened: Happened, at: datetime) -> int:
    """Queue what happened for every endpoint of the landlord that wants it; how many were new.

    ``session`` is the landlords' tenant's. Once per endpoint and event, however often it is called.
    What an endpoint that is off would have had is kept for it, so that it can be sent later.
    """
    wanting = session.execute(
        select(WebhookEndpoint.id, WebhookEndpoint.state).where(
            WebhookEndpoint.landlord_id == happened.landlord_id,
            WebhookEndpoint.state != "removed",
            literal(happened.type) == any_(WebhookEndpoint.types),
        )
    ).all()
    return sum(put_in_for(session, one.id, one.state == "on", happened, at) for one in wanting)


def put_in_for(
    session: TenantSession, endpoint_id: UUID, on: bool, happened: Happened, at: datetime
) -> bool:
    """Queue what happened for one endpoint; False when it had been."""
    statement = (
        insert(WebhookDelivery)
        .values(
            tenant_id=session.tenant_id,
            id=new_id(),
            endpoint_id=endpoint_id,
            event_id=happened.event_id,
            type=happened.type,
            kommun_id=happened.kommun_id,
            subject_id=happened.subject_id,
            occurred_at=happened.occurred_at,
            made_at=at,
            state="waiting" if on else "held",
            next_at=at if on else None,
            attempts=0,
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "endpoint_id", "event_id"])
        .returning(WebhookDelivery.id)
    )
    return session.execute(statement).first() is not None


def endpoints_due(session: TenantSession, at: datetime) -> Sequence[UUID]:
    """Endpoints that a message waits for now and that nobody is at."""
    waits = exists().where(
        WebhookDelivery.tenant_id == WebhookEndpoint.tenant_id,
        WebhookDelivery.endpoint_id == WebhookEndpoint.id,
        WebhookDelivery.state == "waiting",
        WebhookDelivery.next_at <= at,
    )
    return session.scalars(
        select(WebhookEndpoint.id)
        .where(WebhookEndpoint.state == "on", _awake(at), waits)
        .order_by(WebhookEndpoint.rests_until.asc().nulls_first())
    ).all()


def borrow(session: TenantSession, endpoint_id: UUID, at: datetime, until: datetime) -> bool:
    """Make the endpoint this worker's to serve until ``until``; False when it is another's.

    One at a time, so that a slow receiver takes up one worker. Who dies in between leaves it to the
    next one from ``until`` on.
    """
    borrowed = session.execute(
        update(WebhookEndpoint)
        .where(
            WebhookEndpoint.tenant_id == session.tenant_id,
            WebhookEndpoint.id == endpoint_id,
            WebhookEndpoint.state == "on",
            _awake(at),
        )
        .values(rests_until=until)
        .returning(WebhookEndpoint.id)
    ).first()
    return borrowed is not None


def give_back(session: TenantSession, endpoint_id: UUID, borrowed_until: datetime) -> None:
    """Let the next one serve the endpoint, unless it has been told to rest or is another's by now."""
    session.execute(
        update(WebhookEndpoint)
        .where(
            WebhookEndpoint.tenant_id == session.tenant_id,
            WebhookEndpoint.id == endpoint_id,
            WebhookEndpoint.rests_until == borrowed_until,
        )
        .values(rests_until=None)
    )


def take_next(session: TenantSession, endpoint_id: UUID, at: datetime) -> WebhookDelivery | None:
    """The message of the endpoint that has waited longest; None when none does.

    It counts as attempted from here on: who dies with it in hand has failed, and it is sent again
    under the same id.
    """
    delivery = session.scalar(
        select(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == "waiting",
            WebhookDelivery.next_at <= at,
        )
        .order_by(WebhookDelivery.next_at, WebhookDelivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if delivery is None:
        return None
    delivery.attempts += 1
    delivery.attempted_at = at
    delivery.outcome = None
    _back_off(delivery, at, None)
    session.flush()
    return delivery


def taken(session: TenantSession, delivery_id: UUID, outcome: str, at: datetime) -> None:
    """The receiver has taken the message."""
    delivery = session.find(WebhookDelivery, delivery_id)
    session.lock(delivery)
    delivery.state, delivery.next_at = "delivered", None
    delivery.outcome, delivery.delivered_at = outcome, at
    endpoint = session.find(WebhookEndpoint, delivery.endpoint_id)
    session.lock(endpoint)
    endpoint.delivered_at, endpoint.failing_since, endpoint.failures = at, None, 0
    session.flush()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was not taken. ``answered`` is whether there is somebody there at all."""

    outcome: str
    answered: bool
    wish: timedelta | None = None


def not_taken(session: TenantSession, delivery_id: UUID, failure: Failure, at: datetime) -> bool:
    """The message was not taken: again later, or given up. Whether the endpoint was switched off."""
    delivery = session.find(WebhookDelivery, delivery_id)
    session.lock(delivery)
    delivery.outcome = failure.outcome
    if delivery.state == "waiting":
        _back_off(delivery, at, failure.wish)
    endpoint = session.find(WebhookEndpoint, delivery.endpoint_id)
    session.lock(endpoint)
    endpoint.failing_since = endpoint.failing_since or at
    endpoint.failures += 1
    if not failure.answered:
        longest = max(backing_off.rest(endpoint.failures), failure.wish or timedelta())
        endpoint.rests_until = at + min(longest, backing_off.LONGEST_WISH)
    session.flush()
    tired = endpoint.failing_since <= at - backing_off.DISABLED_AFTER
    if endpoint.state == "on" and (tired or failure.outcome == GONE):
        endpoint.state, endpoint.disabled_at = "disabled", at
        endpoint.version += 1
        session.flush()
        hold(session, endpoint.id)
        return True
    return False


def _back_off(delivery: WebhookDelivery, at: datetime, wish: timedelta | None) -> None:
    wait = backing_off.delay(delivery.attempts, wish)
    if wait is None:
        delivery.state, delivery.next_at = "failed", None
    else:
        delivery.next_at = at + wait


def drop(session: TenantSession, delivery_id: UUID) -> None:
    """The message is not sent: the kommun's door is closed to the landlord."""
    delivery = session.find(WebhookDelivery, delivery_id)
    session.lock(delivery)
    delivery.state, delivery.next_at, delivery.outcome = "dropped", None, "closed"
    session.flush()


def hold(session: TenantSession, endpoint_id: UUID) -> None:
    """Keep what waits for an endpoint that is not on any more."""
    session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.tenant_id == session.tenant_id,
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == "waiting",
        )
        .values(state="held", next_at=None)
    )


def again(
    session: TenantSession,
    endpoint_id: UUID,
    at: datetime,
    *,
    delivery_id: UUID | None = None,
    since: datetime | None = None,
) -> int:
    """Queue messages anew that are not waiting: one, or all that happened from ``since`` on; how many.

    They keep their ``webhook-id``: a receiver that had one knows it again. What was dropped stays so.
    """
    which = [
        WebhookDelivery.id == delivery_id
        if delivery_id is not None
        else WebhookDelivery.occurred_at >= since
    ]
    result = session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.tenant_id == session.tenant_id,
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state.in_(SENT_AGAIN),
            *which,
        )
        .values(state="waiting", next_at=at, attempts=0)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount


def prune(session: TenantSession, at: datetime) -> int:
    """Remove messages older than ``KEPT`` that nothing waits for; how many."""
    result = session.execute(
        delete(WebhookDelivery).where(
            WebhookDelivery.tenant_id == session.tenant_id,
            WebhookDelivery.made_at < at - KEPT,
            WebhookDelivery.state != "waiting",
        )
    )
    assert isinstance(result, CursorResult)
    return result.rowcount


def _awake(at: datetime) -> ColumnElement[bool]:
    return or_(WebhookEndpoint.rests_until.is_(None), WebhookEndpoint.rests_until <= at)
