"""A landlord event becomes what each of the landlord's people is mailed of and each endpoint is sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.ids import new_id
from hemvist.landlord_events.models import LandlordEvent
from hemvist.landlord_mails import service as mails
from hemvist.landlord_mails.contents import WEBHOOK_DISABLED
from hemvist.landlord_mails.recipients import Concern, concerned
from hemvist.landlords.models import LandlordAccess
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import Tenant, TenantSession, tenant_session
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist.webhooks import queue
from hemvist.webhooks.queue import Happened

#: The one thing that a landlord is told of a kommun whose door is closed.
CLOSED = "access.closed"


@contextmanager
def landlords_session() -> Iterator[TenantSession]:
    """A worker's transaction in the landlords' own tenant."""
    with tenant_session(Audience.WORKER, PLATFORM_TENANT) as session:
        yield session


def door_open(session: TenantSession, landlord_id: UUID) -> bool:
    """Whether the session's kommun is active and its door open for the landlord."""
    found = session.scalar(
        select(LandlordAccess.id)
        .join(Tenant, Tenant.id == LandlordAccess.tenant_id)
        .where(
            LandlordAccess.landlord_id == landlord_id,
            LandlordAccess.status == "open",
            Tenant.status == "active",
        )
    )
    return found is not None


def tell(session: TenantSession, event: OutboxEvent) -> None:
    """Put a landlord event of the session's kommun into mails and webhooks.

    They lie in another tenant, so they are committed before the receipt is: who dies in between puts
    them in again, which changes nothing.
    """
    told = session.find(LandlordEvent, UUID(event.payload["landlord_event_id"]))
    if told.type != CLOSED and not door_open(session, told.landlord_id):
        return
    at = real_now()
    with landlords_session() as theirs:
        queue.put_in(
            theirs,
            Happened(
                told.id,
                told.landlord_id,
                told.type,
                session.tenant_id,
                told.subject_id,
                told.occurred_at,
            ),
            at,
        )
        concern = Concern(
            told.landlord_id,
            session.tenant_id,
            told.property_designation,
            administrators_only=told.type == CLOSED,
        )
        for principal_id in concerned(theirs, concern):
            mails.put_in(
                theirs,
                principal_id,
                landlord_id=told.landlord_id,
                kommun_id=session.tenant_id,
                event_id=told.id,
                type_=told.type,
                at=at,
            )


def tell_of_disabled(session: TenantSession, landlord_id: UUID) -> None:
    """Put into the mails of the landlord's administrators that an endpoint was switched off."""
    event_id, at = new_id(), real_now()
    for principal_id in concerned(session, Concern(landlord_id, None, administrators_only=True)):
        mails.put_in(
            session,
            principal_id,
            landlord_id=landlord_id,
            kommun_id=None,
            event_id=event_id,
            type_=WEBHOOK_DISABLED,
            at=at,
        )
