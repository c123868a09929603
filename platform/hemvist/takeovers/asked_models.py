"""What a landlord is shown with a request to take a lease over, and what it replies."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    Base,
    Owned,
    SealedText,
    TenantScoped,
    one_of,
    sealed_column,
    tenant_reference,
)
from hemvist.tenancy.keys import OVERHEAD

REPLIES = ("yes", "no", "later")
#: OSL 10:1 and 12:2: nothing of it is shown without the household's consent.
GROUNDS = ("consent",)


class TakeoverShown(TenantScoped, Base):
    """One figure that a landlord may see with a request: what the guideline lists, and no more (LF-10).

    Never changed: a later request writes its own lines, and the landlord sees those of its day.
    """

    __tablename__ = "takeover_shown"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("takeovers", "takeover_id"),
        UniqueConstraint("tenant_id", "takeover_id", "requested_on", "fact"),
        one_of("ground", GROUNDS),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    takeover_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    requested_on: Mapped[date]
    #: The pack's fact, its words and its value as they were on the day.
    fact: Mapped[str]
    label_sv: Mapped[str]
    label_en: Mapped[str]
    kind: Mapped[str]
    value_sealed: Mapped[bytes] = sealed_column("takeover_shown.value")
    value = SealedText("value_sealed")
    ground: Mapped[str]
    consented_on: Mapped[date]


class TakeoverReply(TenantScoped, Base):
    """What the landlord itself replied to a request, in its own words. Never changed."""

    __tablename__ = "takeover_replies"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("takeovers", "takeover_id"),
        one_of("reply", REPLIES),
        CheckConstraint("(reply = 'later') = (from_on IS NOT NULL)", name="later_from_a_day"),
        CheckConstraint(
            f"reply = 'yes' OR octet_length(reason_sealed) > {OVERHEAD}", name="with_a_reason"
        ),
        Index(None, "tenant_id", "takeover_id", "replied_at"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    takeover_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    reply: Mapped[str]
    reason_sealed: Mapped[bytes] = sealed_column("takeover_replies.reason")
    reason = SealedText("reason_sealed")
    #: The day from which the landlord would agree.
    from_on: Mapped[date | None]
    replied_at: Mapped[datetime]
    replied_by: Mapped[UUID | None]
