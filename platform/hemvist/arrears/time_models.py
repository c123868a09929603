"""The time in which a tenancy can be won back, who answers for the debt, and how it is paid off."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    SealedObjects,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

RECOVERY_STATES = ("running", "paid", "assumed", "expired", "withdrawn")
LIABILITY_STATES = ("proposed", "decided", "refused", "told")
INSTALMENT_STATES = ("running", "kept", "broken", "ended")


class RecoveryPeriod(TenantScoped, Versioned, Base):
    """Three weeks in which the tenancy is won back by paying (återvinningsfrist, JB 12:44).

    They run when the tenant has been served and the social board has been told. Within them the board
    may instead answer for the debt in writing.
    """

    __tablename__ = "recovery_periods"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("rent_accounts", "account_id"),
        tenant_reference("cases", "case_id"),
        one_of("state", RECOVERY_STATES),
        CheckConstraint("amount_ore > 0", name="amount"),
        CheckConstraint("(state = 'running') = (ended_on IS NULL)", name="ended"),
        # One runs at a time for each tenancy.
        Index(
            "uq_recovery_periods_running",
            "tenant_id",
            "account_id",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        Index(None, "tenant_id", "department", "last_on"),
        Index(None, "tenant_id", "case_id"),
    )

    department: Mapped[str]
    account_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    amount_ore: Mapped[int]
    #: The day on which the tenant was served (delgiven), and the day on which the board was told.
    served_on: Mapped[date | None]
    board_told_on: Mapped[date | None]
    #: The last day; null until both have happened.
    last_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="running")
    ended_on: Mapped[date | None]
    registered_by: Mapped[UUID | None]


class RentLiability(TenantScoped, Versioned, Base):
    """The board's undertaking to pay (betalningsåtagande): proposed, signed by another, told in writing."""

    __tablename__ = "rent_liabilities"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("rent_accounts", "account_id"),
        tenant_reference("recovery_periods", "recovery_id"),
        tenant_reference("cases", "case_id"),
        one_of("state", LIABILITY_STATES),
        CheckConstraint("amount_ore > 0", name="amount"),
        CheckConstraint("state = 'proposed' OR decided_on IS NOT NULL", name="decided"),
        CheckConstraint(
            "decided_by IS DISTINCT FROM proposed_by OR decided_by IS NULL", name="four_eyes"
        ),
        CheckConstraint("state <> 'told' OR told_on IS NOT NULL", name="told"),
        Index(
            "uq_rent_liabilities_open",
            "tenant_id",
            "recovery_id",
            unique=True,
            postgresql_where=text("state <> 'refused'"),
        ),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "account_id"),
    )

    department: Mapped[str]
    account_id: Mapped[UUID]
    recovery_id: Mapped[UUID]
    case_id: Mapped[UUID]
    amount_ore: Mapped[int]
    motivation_sealed: Mapped[bytes] = sealed_column("rent_liabilities.motivation")
    motivation = SealedText("motivation_sealed")
    #: What it means for the children of the household; empty where there are none.
    children_considered_sealed: Mapped[bytes] = sealed_column(
        "rent_liabilities.children_considered"
    )
    children_considered = SealedText("children_considered_sealed")
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_on: Mapped[date]
    proposed_by: Mapped[UUID | None]
    decided_on: Mapped[date | None]
    decided_by: Mapped[UUID | None]
    decision_note_sealed: Mapped[bytes] = sealed_column("rent_liabilities.decision_note")
    decision_note = SealedText("decision_note_sealed", default="")
    #: The day on which the landlord had it in writing.
    told_on: Mapped[date | None]
    told_by: Mapped[UUID | None]


class InstalmentPlan(TenantScoped, Versioned, Base):
    """How a debt is paid off (avbetalningsplan), agreed between tenant and landlord."""

    __tablename__ = "instalment_plans"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("rent_accounts", "account_id"),
        tenant_reference("cases", "case_id"),
        one_of("state", INSTALMENT_STATES),
        CheckConstraint("total_ore > 0", name="total"),
        Index(
            "uq_instalment_plans_running",
            "tenant_id",
            "account_id",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        Index(None, "tenant_id", "case_id"),
    )

    department: Mapped[str]
    account_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    agreed_on: Mapped[date]
    total_ore: Mapped[int]
    #: Each with ``due_on``, ``amount_ore`` and ``paid_on``.
    instalments_sealed: Mapped[bytes] = sealed_column("instalment_plans.instalments")
    instalments = SealedObjects("instalments_sealed")
    state: Mapped[str] = mapped_column(default="running")
    ended_on: Mapped[date | None]
    agreed_by: Mapped[UUID | None]
