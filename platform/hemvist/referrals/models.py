"""Referrals (remisser) to the property office, and their signatures."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    FULL,
    WRITE,
    Base,
    Owned,
    SealedObject,
    SealedOptionalText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

STATES = (
    "draft",
    "submitted",
    "returned",
    "registered",
    "extended",
    "expired",
    "withdrawn",
    "fulfilled",
)
SIGNATURES = ("resident", "manager")

#: The core's own states; a pack cannot invent one. Who may make each change is the service's matter.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "draft": ("submitted", "withdrawn"),
    "submitted": ("returned", "registered", "withdrawn"),
    "returned": (),
    "registered": ("extended", "expired", "withdrawn", "fulfilled"),
    "extended": ("expired", "withdrawn", "fulfilled"),
    "expired": (),
    "withdrawn": (),
    "fulfilled": (),
}
#: States in which the property office may offer a home on the referral.
IN_FORCE = ("registered", "extended")


class Referral(TenantScoped, Versioned, Base):
    """A department's request for a home. What it must contain is the pack's to say."""

    __tablename__ = "referrals"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("referrals", "replaces_id"),
        tenant_reference("decisions", "decision_id"),
        one_of("state", STATES),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "state", "valid_until"),
    )

    case_id: Mapped[UUID]
    programme: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    #: Item of the pack → what was written there.
    content_sealed: Mapped[bytes] = sealed_column("referrals.content")
    content = SealedObject("content_sealed")
    drafted_by: Mapped[UUID | None]
    drafted_on: Mapped[date]
    #: The resident was told that one home is offered, where the pack asks for it.
    told_one_offer_on: Mapped[date | None]
    #: The decision on support that it carries out.
    decision_id: Mapped[UUID | None]
    submitted_on: Mapped[date | None]
    registered_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    times_extended: Mapped[int] = mapped_column(default=0)
    #: What the property office asked for when it returned the referral.
    completion_request_sealed: Mapped[bytes | None] = sealed_column("referrals.completion_request")
    completion_request = SealedOptionalText("completion_request_sealed")
    #: The returned referral that this one completes.
    replaces_id: Mapped[UUID | None]
    end_reason_sealed: Mapped[bytes | None] = sealed_column("referrals.end_reason")
    end_reason = SealedOptionalText("end_reason_sealed")


class ReferralSignature(TenantScoped, Base):
    """Somebody signed the referral's content as it stood. A changed content loses its signatures."""

    __tablename__ = "referral_signatures"
    __tenancy__ = Owned({"hemvist_staff": FULL, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("referrals", "referral_id"),
        tenant_reference("persons", "person_id"),
        UniqueConstraint("tenant_id", "referral_id", "kind"),
        one_of("kind", SIGNATURES),
    )

    referral_id: Mapped[UUID]
    kind: Mapped[str]
    #: The resident who signed (resident), or the principal who signed (manager).
    person_id: Mapped[UUID | None]
    principal_id: Mapped[UUID | None]
    #: Who registered the signature: for a resident's, the caseworker.
    recorded_by: Mapped[UUID | None]
    signed_on: Mapped[date]
    recorded_at: Mapped[datetime]
