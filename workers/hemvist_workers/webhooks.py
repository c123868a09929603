"""Sending webhooks: each message until it is taken, under one id, one at a time for each endpoint."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity import Actor
from hemvist.landlords.models import Landlord
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant, TenantSession, tenant_session
from hemvist.webhooks import contents, queue, signing
from hemvist.webhooks.models import WebhookDelivery, WebhookEndpoint
from hemvist.webhooks.queue import Failure
from hemvist.webhooks.service import secrets_of
from hemvist_workers.calling import call
from hemvist_workers.telling import CLOSED, door_open, landlords_session, tell_of_disabled


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as it is sent: made while the row was at hand, sent with no transaction open."""

    delivery_id: UUID
    landlord_id: UUID
    kommun_id: UUID | None
    type: str
    url: str
    body: bytes
    headers: dict[str, str]


def due() -> list[UUID]:
    """Endpoints that a message waits for now."""
    with landlords_session() as session:
        return list(queue.endpoints_due(session, real_now()))


def prune() -> int:
    """Remove messages that are kept no longer; how many."""
    with landlords_session() as session:
        return queue.prune(session, real_now())


def deliver(endpoint_id: UUID) -> int:
    """Send what waits for the endpoint, as long as a task may take; how many were attempted.

    Nothing when another worker is at it. No transaction is open while the receiver is called.
    """
    limit = get_settings().task_time_limit
    until = real_now() + timedelta(seconds=limit + 1)
    stop = time.monotonic() + limit / 2
    with landlords_session() as session:
        if not queue.borrow(session, endpoint_id, real_now(), until):
            return 0
    attempted = 0
    try:
        while time.monotonic() < stop:
            with landlords_session() as session:
                message = _next(session, endpoint_id)
            if message is None:
                break
            attempted += 1
            if not _attempt(message):
                break
    finally:
        with landlords_session() as session:
            queue.give_back(session, endpoint_id, until)
    return attempted


def _attempt(message: Outgoing) -> bool:
    """Send one message and keep what came of it; whether to go on with the endpoint's next."""
    if not _may_be_told(message):
        with landlords_session() as session:
            queue.drop(session, message.delivery_id)
        return True
    answer = call(message.url, message.body, message.headers)
    with landlords_session() as session:
        if isinstance(answer, str):
            queue.taken(session, message.delivery_id, answer, real_now())
            return True
        disabled = queue.not_taken(session, message.delivery_id, answer, real_now())
        if disabled:
            tell_of_disabled(session, message.landlord_id)
            _log_disabled(session, message, answer)
        return answer.answered and not disabled


def _next(session: TenantSession, endpoint_id: UUID) -> Outgoing | None:
    at = real_now()
    delivery = queue.take_next(session, endpoint_id, at)
    if delivery is None:
        return None
    endpoint = session.find(WebhookEndpoint, endpoint_id)
    if endpoint.state != "on":
        return None
    number = session.scalar(
        select(Landlord.organisation_number).where(Landlord.id == endpoint.landlord_id)
    )
    assert number is not None
    body = contents.body(_told(session, delivery, number), get_settings().base_url)
    return Outgoing(
        delivery.id,
        endpoint.landlord_id,
        delivery.kommun_id,
        delivery.type,
        endpoint.url,
        body,
        {
            "Content-Type": contents.MEDIA_TYPE,
            **signing.headers(
                contents.message_id(delivery.event_id),
                int(at.timestamp()),
                body,
                secrets_of(endpoint, at),
            ),
        },
    )


def _told(session: TenantSession, delivery: WebhookDelivery, number: str) -> contents.Told:
    kommun = None
    if delivery.kommun_id is not None:
        kommun = session.scalar(select(Tenant.slug).where(Tenant.id == delivery.kommun_id))
    return contents.Told(
        delivery.event_id,
        delivery.type,
        delivery.occurred_at,
        number,
        kommun,
        contents.subject_id(delivery.type, delivery.subject_id),
    )


def _may_be_told(message: Outgoing) -> bool:
    """Whether the kommun's door is still open: it may have closed while the message waited."""
    if message.kommun_id is None or message.type == CLOSED:
        return True
    with tenant_session(Audience.WORKER, message.kommun_id) as session:
        return door_open(session, message.landlord_id)


def _log_disabled(session: TenantSession, message: Outgoing, answer: Failure) -> None:
    delivery = session.find(WebhookDelivery, message.delivery_id)
    audit.record(
        session,
        Actor.system(session.tenant_id),
        "webhook.disable",
        subject_type="webhook_endpoint",
        subject_id=delivery.endpoint_id,
        details={"outcome": answer.outcome},
    )
