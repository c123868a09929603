"""Tables of what is agreed while a contract runs: its rent, and a waiver of tenure."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: How a waiver is good: by the rent tribunal's approval, or in a form that needs none (JB 12:45 a).
WAIVER_BASES = ("tribunal", "exempt_form")
WAIVER_STATES = ("standing", "replaced")
#: A spouse or cohabitant of the tenant, and whether the waiver has their acceptance.
PARTNERS = ("none", "accepts", "does_not_accept")


class RentChange(TenantScoped, Base):
    """A rent from a day on (hyresändring). Whole öre a month; never changed, only followed."""

    __tablename__ = "rent_changes"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("contracts", "contract_id"),
        UniqueConstraint("tenant_id", "contract_id", "valid_from"),
        CheckConstraint("rent_ore >= 0", name="rent"),
    )

    contract_id: Mapped[UUID]
    valid_from: Mapped[date]
    rent_ore: Mapped[int]
    reason_sealed: Mapped[bytes] = sealed_column("rent_changes.reason")
    reason = SealedText("reason_sealed")
    #: When the tenant was told of it.
    told_on: Mapped[date]
    registered_by: Mapped[UUID | None]


class TenureWaiver(TenantScoped, Versioned, Base):
    """A waiver of tenure (avstående från besittningsskydd): a document of its own (JB 12:45 a)."""

    __tablename__ = "tenure_waivers"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("contracts", "contract_id"),
        one_of("basis", WAIVER_BASES),
        one_of("state", WAIVER_STATES),
        one_of("partner", PARTNERS),
        CheckConstraint("months BETWEEN 1 AND 600", name="months"),
        Index(None, "tenant_id", "contract_id", "signed_on"),
    )

    contract_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="standing")
    signed_on: Mapped[date]
    #: Counted from the contract's first day; ``until_on`` is the first day without.
    months: Mapped[int]
    until_on: Mapped[date]
    basis: Mapped[str]
    #: The tribunal's number and day; none while it has not answered.
    approval_number: Mapped[str]
    approved_on: Mapped[date | None]
    #: Which of the forms that need no approval it is.
    exempt_form: Mapped[str]
    partner: Mapped[str]
    partner_accepted_on: Mapped[date | None]
    #: The day by which somebody must have decided how the home goes on.
    alarm_on: Mapped[date]
    legal_findings: Mapped[list[dict[str, Any]]]
    went_on_because_sealed: Mapped[bytes] = sealed_column("tenure_waivers.went_on_because")
    went_on_because = SealedText("went_on_because_sealed")
    registered_by: Mapped[UUID | None]
