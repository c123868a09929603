"""Rent guarantees (hyresgarantier) and sureties (kommunal borgen) that the kommun gives a landlord."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    SealedObject,
    SealedObjects,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: hyresgaranti, kommunal borgen
KINDS = ("guarantee", "surety")
STATES = ("active", "ended")
#: By dialogue with the landlord, by its own period, by the guarantor's notice, with the lease.
END_REASONS = ("dialogue", "expired", "notice", "contract_ended")
#: What a landlord may claim for: unpaid rent, or the condition of the flat.
COVER = ("rent", "condition")
CLAIM_STATES = ("received", "approved", "refused", "paid")
RECOURSE_STATES = ("open", "settled", "reversed")
WRITE_OFF_STATES = ("proposed", "granted", "refused", "reversed")
_GRANTS = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})


class Guarantee(TenantScoped, Versioned, Base):
    """What the kommun answers for on one first-hand lease, to which amount and until when.

    The five amounts are what its ledger comes to; at COMMIT the database refuses them when they say
    something else than the entries do, and whatever goes beyond the cap.
    """

    __tablename__ = "guarantees"
    __tenancy__ = Owned(
        # The worker locks those whose period runs out, and names sureties of before.
        {"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")},
        triggers=("guarantees_as_the_ledger",),
    )
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("contracts", "contract_id"),
        UniqueConstraint("tenant_id", "contract_id"),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "landlord_id", "state"),
        Index(None, "tenant_id", "issued_on", "id"),
        one_of("state", STATES),
        one_of("kind", KINDS),
        one_of("end_reason", END_REASONS),
        CheckConstraint("ends_on > starts_on", name="period"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended"),
        CheckConstraint("cap_ore > 0 AND approved_ore <= cap_ore", name="cap"),
        CheckConstraint(
            "0 <= demanded_ore AND demanded_ore <= paid_ore AND paid_ore <= approved_ore",
            name="paid",
        ),
        CheckConstraint(
            "0 <= recovered_ore AND 0 <= written_off_ore"
            " AND recovered_ore + written_off_ore <= demanded_ore",
            name="recourse",
        ),
    )

    case_id: Mapped[UUID]
    contract_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    kind: Mapped[str] = mapped_column(default="guarantee", server_default="guarantee")
    state: Mapped[str] = mapped_column(default="active")
    #: Length in months, one of those that the pack allows.
    months: Mapped[int]
    starts_on: Mapped[date]
    #: The first day on which it no longer holds, by its own period.
    ends_on: Mapped[date]
    covers: Mapped[list[str]]
    #: Monthly rent when it was given, öre.
    rent_ore: Mapped[int]
    #: Months of rent that the cap was reckoned from; None where it was agreed as an amount.
    cap_rent_months: Mapped[int | None]
    #: The most that the kommun answers for, öre.
    cap_ore: Mapped[int]
    approved_ore: Mapped[int] = mapped_column(default=0, server_default="0")
    paid_ore: Mapped[int] = mapped_column(default=0, server_default="0")
    demanded_ore: Mapped[int] = mapped_column(default=0, server_default="0")
    recovered_ore: Mapped[int] = mapped_column(default=0, server_default="0")
    written_off_ore: Mapped[int] = mapped_column(default=0, server_default="0")
    #: When it is looked at again, where the guideline says so.
    review_on: Mapped[date | None]
    #: Each time it was: on, months, ends_on, motivation, by.
    reviews_sealed: Mapped[bytes] = sealed_column("guarantees.reviews")
    reviews = SealedObjects("reviews_sealed", default=[])
    #: The guarantor's own notice (JB 12:28 a) and the day from which it no longer holds.
    notice_given_on: Mapped[date | None]
    notice_ends_on: Mapped[date | None]
    notice_because_sealed: Mapped[bytes] = sealed_column("guarantees.notice_because")
    notice_because = SealedText("notice_because_sealed", default="")
    #: The first day on which it did not hold, and why.
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    #: Day of the dialogue with the landlord, where it ended by one.
    dialogue_on: Mapped[date | None]
    ended_because_sealed: Mapped[bytes] = sealed_column("guarantees.ended_because")
    ended_because = SealedText("ended_because_sealed", default="")
    #: What the law said of it when it was given, among other things whether the state grants it.
    legal_findings: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    #: The state grant: what a person has filled in of the application, and when it was sent.
    grant_fields_sealed: Mapped[bytes] = sealed_column("guarantees.grant_fields")
    grant_fields = SealedObject("grant_fields_sealed", default={})
    grant_applied_on: Mapped[date | None]
    issued_on: Mapped[date]
    issued_by: Mapped[UUID | None]
    ended_by: Mapped[UUID | None]


class GuaranteeClaim(TenantScoped, Versioned, Base):
    """The landlord's claim (krav) on a guarantee, and the decision on it."""

    __tablename__ = "guarantee_claims"
    __tenancy__ = _GRANTS
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("guarantees", "guarantee_id"),
        Index(None, "tenant_id", "guarantee_id", "received_on"),
        Index(None, "tenant_id", "case_id"),
        one_of("kind", COVER),
        one_of("state", CLAIM_STATES),
        CheckConstraint("amount_ore > 0", name="amount"),
        CheckConstraint("period_to >= period_from", name="period"),
        CheckConstraint(
            "0 <= paid_ore AND paid_ore <= approved_ore AND approved_ore <= amount_ore",
            name="approved",
        ),
    )

    case_id: Mapped[UUID]
    guarantee_id: Mapped[UUID]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="received")
    amount_ore: Mapped[int]
    approved_ore: Mapped[int] = mapped_column(default=0)
    paid_ore: Mapped[int] = mapped_column(default=0)
    #: The days that the claim is for, both included.
    period_from: Mapped[date]
    period_to: Mapped[date]
    received_on: Mapped[date]
    #: The landlord's documents: kind, title, dated_on, reference.
    documents_sealed: Mapped[bytes] = sealed_column("guarantee_claims.documents")
    documents = SealedObjects("documents_sealed")
    notes_sealed: Mapped[bytes] = sealed_column("guarantee_claims.notes")
    notes = SealedText("notes_sealed")
    registered_by: Mapped[UUID | None]
    decided_on: Mapped[date | None]
    decided_by: Mapped[UUID | None]
    motivation_sealed: Mapped[bytes] = sealed_column("guarantee_claims.motivation")
    motivation = SealedText("motivation_sealed", default="")


class GuaranteeRecourse(TenantScoped, Versioned, Base):
    """What the household is asked to pay back (regress) of what the kommun has paid."""

    __tablename__ = "guarantee_recourses"
    __tenancy__ = _GRANTS
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("guarantees", "guarantee_id"),
        Index(None, "tenant_id", "guarantee_id", "demanded_on"),
        Index(None, "tenant_id", "case_id"),
        one_of("state", RECOURSE_STATES),
        CheckConstraint("amount_ore > 0", name="amount"),
        CheckConstraint(
            "0 <= paid_ore AND 0 <= written_off_ore AND paid_ore + written_off_ore <= amount_ore",
            name="balance",
        ),
    )

    case_id: Mapped[UUID]
    guarantee_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="open")
    amount_ore: Mapped[int]
    paid_ore: Mapped[int] = mapped_column(default=0)
    written_off_ore: Mapped[int] = mapped_column(default=0)
    demanded_on: Mapped[date]
    #: What is to be paid by when: due_on, amount_ore; together what was left when it was agreed.
    instalments: Mapped[list[dict[str, Any]]]
    notes_sealed: Mapped[bytes] = sealed_column("guarantee_recourses.notes")
    notes = SealedText("notes_sealed")
    demanded_by: Mapped[UUID | None]


class GuaranteeWriteOff(TenantScoped, Versioned, Base):
    """A proposal to give up a part of a recourse (avskrivning), and the decision on it."""

    __tablename__ = "guarantee_write_offs"
    __tenancy__ = _GRANTS
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("guarantees", "guarantee_id"),
        tenant_reference("guarantee_recourses", "recourse_id"),
        Index(None, "tenant_id", "guarantee_id", "proposed_on"),
        Index(None, "tenant_id", "case_id"),
        Index(
            "uq_guarantee_write_offs_waiting",
            "tenant_id",
            "recourse_id",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        one_of("state", WRITE_OFF_STATES),
        CheckConstraint("amount_ore > 0", name="amount"),
    )

    case_id: Mapped[UUID]
    guarantee_id: Mapped[UUID]
    recourse_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="proposed")
    amount_ore: Mapped[int]
    reason_sealed: Mapped[bytes] = sealed_column("guarantee_write_offs.reason")
    reason = SealedText("reason_sealed")
    proposed_on: Mapped[date]
    proposed_by: Mapped[UUID | None]
    decided_on: Mapped[date | None]
    decided_by: Mapped[UUID | None]
    motivation_sealed: Mapped[bytes] = sealed_column("guarantee_write_offs.motivation")
    motivation = SealedText("motivation_sealed", default="")
