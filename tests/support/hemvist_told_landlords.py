"""A landlord with two administrators, its door open in two kommuner, and events to tell it of."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from hemvist.db import Audience
from hemvist.ids import new_id
from hemvist.landlord_events import EVENT_RECORDED, tell_landlord
from hemvist.landlord_mails.recipients import address_for
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import Tenant, TenantSession, tenant_session
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist.webhooks import service
from hemvist.webhooks.models import WebhookDelivery, WebhookEndpoint
from hemvist_landlords import Member, administrator, opened, organisation_number
from hemvist_testing import new_tenant
from hemvist_workers.handlers import handle


@dataclass(frozen=True)
class Told:
    """The landlord, its people, and the kommuner whose doors are open to it."""

    landlord_id: UUID
    number: str
    one: UUID
    two: UUID
    vera: Member
    other: Member

    def happen(
        self,
        type_: str = "offer.made",
        *,
        kommun: UUID | None = None,
        designation: str | None = "Kvarnen 7",
        landlord_id: UUID | None = None,
    ) -> UUID:
        """Something happens, and the workers handle it; the event's id."""
        event_id = self.record(
            type_, kommun=kommun, designation=designation, landlord_id=landlord_id
        )
        self.fan_out(kommun or self.one)
        return event_id

    def record(
        self,
        type_: str = "offer.made",
        *,
        kommun: UUID | None = None,
        designation: str | None = "Kvarnen 7",
        landlord_id: UUID | None = None,
    ) -> UUID:
        """Something happens; no worker has seen it yet. The event's id."""
        with tenant_session(Audience.STAFF, kommun or self.one) as session:
            return tell_landlord(
                session,
                type_,
                landlord_id=landlord_id or self.landlord_id,
                subject_id=new_id(),
                property_designation=designation,
            )

    def fan_out(self, kommun: UUID) -> None:
        """Let the workers handle every landlord event of the kommun."""
        with tenant_session(Audience.WORKER, kommun) as session:
            waiting = session.scalars(
                select(OutboxEvent.id).where(OutboxEvent.type == EVENT_RECORDED)
            ).all()
        for event_id in waiting:
            handle(kommun, event_id)

    def endpoint(self, url: str, *types: str) -> UUID:
        """An endpoint of the landlord's that wants these events (offers made, unless given); its id."""
        with platform_session() as session:
            return service.add(
                session,
                self.vera.actor,
                self.landlord_id,
                name="Fastighetssystemet",
                url=url,
                types=types or ("offer.made",),
            ).id

    def address(self, member: Member) -> str:
        """Where the member is mailed."""
        with platform_session() as session:
            found = address_for(session, member.principal_id, [self.landlord_id])
        assert found is not None
        return found


def platform_session() -> AbstractContextManager[TenantSession]:
    """A staff transaction in the landlords' own tenant."""
    return tenant_session(Audience.STAFF, PLATFORM_TENANT)


def told_landlord() -> Told:
    """A landlord of this test's own."""
    one, two = new_tenant(), new_tenant()
    number = organisation_number()
    landlord_id = opened(one, number)
    opened(two, number)
    return Told(
        landlord_id,
        number,
        one,
        two,
        administrator(one, landlord_id, "Vera Nyström"),
        administrator(one, landlord_id, "Adam Ek"),
    )


def deliveries(endpoint_id: UUID) -> list[WebhookDelivery]:
    """What the endpoint was sent or is to be, the earliest first."""
    with platform_session() as session:
        return list(
            session.scalars(
                select(WebhookDelivery)
                .where(WebhookDelivery.endpoint_id == endpoint_id)
                .order_by(WebhookDelivery.made_at, WebhookDelivery.id)
            )
        )


def endpoint_row(endpoint_id: UUID) -> WebhookEndpoint:
    """The endpoint as it is now."""
    with platform_session() as session:
        return session.find(WebhookEndpoint, endpoint_id)


def name_of(kommun: UUID) -> str:
    """What the kommun is called."""
    with tenant_session(Audience.STAFF, kommun) as session:
        return session.scalars(select(Tenant.name).where(Tenant.id == kommun)).one()


def slug_of(kommun: UUID) -> str:
    """What the kommun is called in addresses."""
    with tenant_session(Audience.STAFF, kommun) as session:
        return session.scalars(select(Tenant.slug).where(Tenant.id == kommun)).one()
