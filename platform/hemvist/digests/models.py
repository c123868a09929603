"""Weekly digests (veckobrev): who wants one, and what became of each week's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    READ,
    WRITE,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

SUBSCRIPTION_STATES = ("on", "off")
#: ``claimed``: a worker is at it and nothing has gone out. ``handed_over``: the text may have gone out, so
#: it is never sent again. ``sent``: the server took it. ``refused``: the server will not have it.
MAIL_STATES = ("claimed", "handed_over", "sent", "refused")


class DigestSubscription(TenantScoped, Versioned, Base):
    """One person's wish. Nobody is sent anything who has not asked for it."""

    __tablename__ = "digest_subscriptions"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("principals", "principal_id"),
        UniqueConstraint("tenant_id", "principal_id"),
        one_of("state", SUBSCRIPTION_STATES),
        one_of("language", ("sv", "en")),
        CheckConstraint("(state = 'on') = (address_sealed IS NOT NULL)", name="address"),
        Index(None, "tenant_id", "id", postgresql_where=text("state = 'on'")),
    )

    principal_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="on")
    language: Mapped[str]
    #: Sealed ``digest_subscriptions.address``; gone when it is off.
    address_sealed: Mapped[bytes | None] = sealed_column("digest_subscriptions.address")
    changed_at: Mapped[datetime]


class DigestMail(TenantScoped, Base):
    """One week's digest to one person: the row is what makes it go out once."""

    __tablename__ = "digest_mails"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("principals", "principal_id"),
        UniqueConstraint("tenant_id", "principal_id", "week"),
        one_of("state", MAIL_STATES),
    )

    principal_id: Mapped[UUID]
    #: ISO week, "2026-W48".
    week: Mapped[str]
    state: Mapped[str] = mapped_column(default="claimed")
    #: Which worker is at it; another takes over when it has been silent for long.
    claim: Mapped[UUID]
    claimed_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=1)
    #: What the mail server said last, as its three-digit code; no text of it.
    code: Mapped[str | None]
    sent_at: Mapped[datetime | None]
