"""Commissions (uppdrag) to support providers and the providers' reports."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.identity.support_providers import REGIMES
from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    SealedObject,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: routed: own or procured is decided; draft: the provider is chosen, the commission is being written.
STATES = ("routed", "draft", "sent", "ended", "withdrawn")
#: Why a regime or a provider was chosen.
REASONS = ("volume", "needs", "wish", "continuity", "only_one")
END_REASONS = ("support_ended", "other_provider", "moved_out", "wish", "case_closed")
REPORT_STATES = ("draft", "sent", "received")


class Commission(TenantScoped, Versioned, Base):
    """The support in one case, commissioned of one provider."""

    __tablename__ = "commissions"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("households", "household_id"),
        tenant_reference("support_providers", "provider_id"),
        tenant_reference("case_disclosures", "disclosure_id"),
        one_of("state", STATES),
        one_of("regime", REGIMES),
        CheckConstraint(
            "state IN ('routed', 'withdrawn') OR provider_id IS NOT NULL", name="provider"
        ),
        Index(None, "tenant_id", "case_id"),
        # The support in a case is one provider's at a time.
        Index(
            "uq_commissions_running",
            "tenant_id",
            "case_id",
            unique=True,
            postgresql_where=text("state IN ('routed', 'draft', 'sent')"),
        ),
        Index(
            "ix_commissions_provider",
            "tenant_id",
            "provider_id",
            "starts_on",
            "id",
            postgresql_where=text("state='sent'"),
        ),
    )

    case_id: Mapped[UUID]
    #: Whose support it is: the provider sees no case.
    household_id: Mapped[UUID]
    programme: Mapped[str]
    state: Mapped[str]
    regime: Mapped[str]
    regime_reason: Mapped[str]
    routed_on: Mapped[date | None]
    routed_by: Mapped[UUID | None]
    provider_id: Mapped[UUID | None]
    provider_reason: Mapped[str] = mapped_column(default="")
    chosen_on: Mapped[date | None]
    chosen_by: Mapped[UUID | None]
    #: Items as the pack asks for them.
    content_sealed: Mapped[bytes] = sealed_column("commissions.content")
    content = SealedObject("content_sealed", default={})
    starts_on: Mapped[date | None]
    sent_on: Mapped[date | None]
    sent_by: Mapped[UUID | None]
    disclosure_id: Mapped[UUID | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(default="")
    #: Name of the reason in the person's words, where the code does not say enough.
    end_note_sealed: Mapped[bytes] = sealed_column("commissions.end_note")
    end_note = SealedText("end_note_sealed", default="")


class SupportReport(TenantScoped, Versioned, Base):
    """What the provider wrote of a month (månadsuppföljning), on the pack's template."""

    __tablename__ = "support_reports"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("commissions", "commission_id"),
        tenant_reference("obligations", "obligation_id"),
        one_of("state", REPORT_STATES),
        UniqueConstraint("tenant_id", "commission_id", "obligation_id"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    commission_id: Mapped[UUID]
    #: The due day that it answers.
    obligation_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="draft")
    content_sealed: Mapped[bytes] = sealed_column("support_reports.content")
    content = SealedObject("content_sealed")
    written_by: Mapped[UUID | None]
    sent_on: Mapped[date | None]
    received_on: Mapped[date | None]
    received_by: Mapped[UUID | None]
