"""What a member of a landlord is to be mailed of, the mails, and who wants none.

All of it belongs to the landlords' own tenant: one person gets one mail for all kommuner.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    READ,
    WRITE,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    one_of,
    tenant_reference,
)

MAIL_KINDS = ("at_once", "daily")
#: As those of the weekly mail (``hemvist.digests.models``).
MAIL_STATES = ("claimed", "handed_over", "sent", "refused")
LANGUAGES = ("sv", "en")


class LandlordMailWish(TenantScoped, Versioned, Base):
    """What one person wants to be mailed of. Who has no row has both, in Swedish."""

    __tablename__ = "landlord_mail_wishes"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("principals", "principal_id"),
        UniqueConstraint("tenant_id", "principal_id"),
        one_of("language", LANGUAGES),
    )

    principal_id: Mapped[UUID]
    #: A mail at once for a new offer.
    at_once: Mapped[bool]
    #: One mail a day of all else that is new.
    daily: Mapped[bool]
    language: Mapped[str]
    changed_at: Mapped[datetime]


class LandlordMail(TenantScoped, Base):
    """One mail to one person: the row is what makes it go out once."""

    __tablename__ = "landlord_mails"
    __tenancy__ = Owned({"hemvist_worker": ("SELECT", "INSERT", "UPDATE", "DELETE")})
    __table_args__ = (
        tenant_reference("principals", "principal_id"),
        one_of("kind", MAIL_KINDS),
        one_of("state", MAIL_STATES),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        # Two workers cannot begin a mail to the same person.
        Index(
            "uq_landlord_mails_claimed",
            "tenant_id",
            "principal_id",
            unique=True,
            postgresql_where=text("state = 'claimed'"),
        ),
        Index(None, "tenant_id", "principal_id", "made_at"),
    )

    principal_id: Mapped[UUID]
    kind: Mapped[str]
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="claimed")
    #: Which worker is at it; another takes over when it has been silent for long.
    claim: Mapped[UUID]
    claimed_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=1)
    #: What the mail server said last, as its three-digit code; no text of it.
    code: Mapped[str | None]
    sent_at: Mapped[datetime | None]


class LandlordMailItem(TenantScoped, Base):
    """One thing that one person is to be mailed of."""

    __tablename__ = "landlord_mail_items"
    __tenancy__ = Owned({"hemvist_worker": ("SELECT", "INSERT", "UPDATE", "DELETE")})
    __table_args__ = (
        tenant_reference("principals", "principal_id"),
        tenant_reference("landlord_mails", "mail_id"),
        UniqueConstraint("tenant_id", "principal_id", "event_id"),
        Index(
            "ix_landlord_mail_items_waiting",
            "tenant_id",
            "principal_id",
            postgresql_where=text("mail_id IS NULL"),
        ),
        Index(None, "tenant_id", "mail_id"),
    )

    principal_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    #: None where it is the platform's own, such as a webhook that was switched off.
    kommun_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenants.id"))
    event_id: Mapped[UUID]
    type: Mapped[str]
    at_once: Mapped[bool]
    made_at: Mapped[datetime]
    mail_id: Mapped[UUID | None]
