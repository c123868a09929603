"""The ledger (reskontra) of a guarantee: entries of two lines each, only ever added to."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
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

#: liability: what the guarantee has come to cost and nobody has been asked to pay back; landlord:
#: what is owed to the landlord; household: what the household owes; loss: what was given up; bank.
ACCOUNTS = ("liability", "landlord", "household", "loss", "bank")
#: What happens with money → the account it is put to (debit) and the one it comes from (credit).
KINDS: dict[str, tuple[str, str]] = {
    "approval": ("liability", "landlord"),
    "payment": ("landlord", "bank"),
    "demand": ("household", "liability"),
    "recovery": ("bank", "household"),
    "write_off": ("loss", "household"),
}
_KEPT = {"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)}


class GuaranteeEntry(TenantScoped, Base):
    """One happening with money. Never changed: what was wrong is reversed by another entry."""

    __tablename__ = "guarantee_entries"
    __tenancy__ = Owned(
        _KEPT,
        triggers=(
            "guarantee_entries_as_the_ledger",
            "guarantee_entries_balance",
            "guarantee_entries_kept",
        ),
    )
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("guarantees", "guarantee_id"),
        tenant_reference("guarantee_claims", "claim_id"),
        tenant_reference("guarantee_recourses", "recourse_id"),
        tenant_reference("guarantee_entries", "reverses_id"),
        UniqueConstraint("tenant_id", "reverses_id"),
        Index(None, "tenant_id", "guarantee_id", "recorded_at"),
        Index(None, "tenant_id", "case_id"),
        # The same payment is not entered twice.
        Index(
            "uq_guarantee_entries_reference",
            "tenant_id",
            "guarantee_id",
            "kind",
            "reference",
            "attempt",
            unique=True,
            postgresql_where=text("reference <> ''"),
        ),
        one_of("kind", tuple(KINDS)),
        CheckConstraint("amount_ore <> 0", name="amount"),
        # A reversal, and nothing else, goes the other way.
        CheckConstraint("(amount_ore < 0) = (reverses_id IS NOT NULL)", name="reversal"),
        CheckConstraint(
            "(claim_id IS NULL) = (kind IN ('demand', 'recovery', 'write_off'))", name="claim"
        ),
        CheckConstraint(
            "(recourse_id IS NULL) = (kind IN ('approval', 'payment'))", name="recourse"
        ),
    )

    case_id: Mapped[UUID]
    guarantee_id: Mapped[UUID]
    kind: Mapped[str]
    amount_ore: Mapped[int]
    #: The day it happened.
    booked_on: Mapped[date]
    claim_id: Mapped[UUID | None]
    recourse_id: Mapped[UUID | None]
    reverses_id: Mapped[UUID | None]
    #: The payment's own number, such as the bank's.
    reference: Mapped[str]
    #: How often the same payment had been entered and reversed before.
    attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Why, of a reversal.
    reason_sealed: Mapped[bytes] = sealed_column("guarantee_entries.reason")
    reason = SealedText("reason_sealed")
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]


class GuaranteePosting(TenantScoped, Base):
    """One line of an entry: an amount put to an account (positive) or taken from it (negative)."""

    __tablename__ = "guarantee_postings"
    __tenancy__ = Owned(_KEPT, triggers=("guarantee_postings_balance", "guarantee_postings_kept"))
    __table_args__ = (
        tenant_reference("guarantees", "guarantee_id"),
        tenant_reference("guarantee_entries", "entry_id"),
        Index(None, "tenant_id", "entry_id"),
        Index(None, "tenant_id", "guarantee_id", "account"),
        one_of("account", ACCOUNTS),
        CheckConstraint("amount_ore <> 0", name="amount"),
    )

    guarantee_id: Mapped[UUID]
    entry_id: Mapped[UUID]
    account: Mapped[str]
    amount_ore: Mapped[int]
