"""Endpoints that landlords have webhooks sent to, and what became of each message.

Both belong to the landlords' own tenant: a landlord's system is one for all kommuner.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    one_of,
    tenant_reference,
)

#: ``disabled`` is our doing, after days of failure or a receiver that is gone; ``removed`` is for good.
ENDPOINT_STATES = ("on", "off", "disabled", "removed")
#: ``held`` was not sent since the endpoint was not on; ``dropped`` since the kommun has closed its door.
DELIVERY_STATES = ("waiting", "delivered", "failed", "held", "dropped")


class WebhookEndpoint(TenantScoped, Versioned, Base):
    """An address of a landlord's system, and which events it wants."""

    __tablename__ = "webhook_endpoints"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")})
    __table_args__ = (
        tenant_reference("principals", "made_by"),
        one_of("state", ENDPOINT_STATES),
        Index(None, "tenant_id", "landlord_id"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    name: Mapped[str]
    url: Mapped[str]
    #: Of ``hemvist.landlord_events.TYPES``.
    types: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default="on")
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    #: Which secret signs; the one before it does too until ``old_secret_until``.
    secret_generation: Mapped[int] = mapped_column(default=1)
    old_secret_until: Mapped[datetime | None]
    #: Since when nothing was taken any more, and how often in a row there was no answer.
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    #: Left alone until then: it does not answer, or a worker is at it.
    rests_until: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class WebhookDelivery(TenantScoped, Base):
    """One event for one endpoint: attempted until it is taken, under one ``webhook-id``."""

    __tablename__ = "webhook_deliveries"
    __tenancy__ = Owned(
        {"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "INSERT", "UPDATE", "DELETE")}
    )
    __table_args__ = (
        tenant_reference("webhook_endpoints", "endpoint_id"),
        UniqueConstraint("tenant_id", "endpoint_id", "event_id"),
        one_of("state", DELIVERY_STATES),
        CheckConstraint("(state = 'waiting') = (next_at IS NOT NULL)", name="next"),
        CheckConstraint("state <> 'delivered' OR delivered_at IS NOT NULL", name="delivered"),
        Index(
            "ix_webhook_deliveries_waiting",
            "tenant_id",
            "endpoint_id",
            "next_at",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(None, "tenant_id", "endpoint_id", "made_at", "id"),
        Index(None, "tenant_id", "made_at"),
    )

    endpoint_id: Mapped[UUID]
    #: A row of ``landlord_events`` of the kommun, which may have been pruned; a test's is of nothing.
    event_id: Mapped[UUID]
    type: Mapped[str]
    kommun_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenants.id"))
    subject_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime]
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    attempted_at: Mapped[datetime | None]
    #: What came of the last attempt: the HTTP status, or a word of ours where there was none.
    outcome: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
