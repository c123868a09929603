"""Tables of the chain on a unit: the kommun's own lease, who lets to whom, and on which days."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    one_of,
    tenant_reference,
)

#: What a unit is let as on a day: once to whoever lives in it, once by its owner.
LEVELS = ("home", "first_hand")
HEAD_STATES = ("signed", "ended")
#: So many units under one lease are a block letting (JB 12:45).
BLOCK_UNITS = 3
#: Who stands in a contract, and as what.
PARTY_ROLES = ("tenant", "co_tenant", "landlord", "kommun")


class HeadLease(TenantScoped, Versioned, Base):
    """The kommun's own lease of one unit or several (förstahandsavtal, blockuthyrning)."""

    __tablename__ = "head_leases"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        one_of("state", HEAD_STATES),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="period"),
        CheckConstraint("rent_ore >= 0", name="rent"),
        CheckConstraint("state <> 'ended' OR ended_on IS NOT NULL", name="ended"),
        Index(None, "tenant_id", "starts_on"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    #: What the landlord calls the agreement.
    reference: Mapped[str]
    state: Mapped[str] = mapped_column(default="signed")
    signed_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    #: Monthly rent of all its units together, in öre.
    rent_ore: Mapped[int]
    #: Units that were rented by it together; three or more are a block letting.
    units_signed: Mapped[int]
    ended_on: Mapped[date | None]
    registered_by: Mapped[UUID | None]


class HeadLeaseUnit(TenantScoped, Base):
    """One unit of a head lease, and the first day on which the kommun no longer has it."""

    __tablename__ = "head_lease_units"
    __tenancy__ = Owned(
        {"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)}, triggers=("head_lease_let",)
    )
    __table_args__ = (
        tenant_reference("head_leases", "head_lease_id"),
        tenant_reference("units", "unit_id"),
        UniqueConstraint("tenant_id", "head_lease_id", "unit_id"),
        Index(None, "tenant_id", "unit_id", "starts_on"),
    )

    head_lease_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]


class Letting(TenantScoped, Base):
    """The days on which a unit is let at a level: written by triggers, held apart by the database.

    ``ends_on`` is the first day after. No two of one unit and level share a day: the exclusion
    constraint ``ex_lettings_days``. A sublease stands at "home", the kommun's lease at
    "first_hand", and a first-hand lease of whoever lives there at both.
    """

    __tablename__ = "lettings"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("units", "unit_id"),
        one_of("level", LEVELS),
        UniqueConstraint("tenant_id", "source_id", "level"),
        ExcludeConstraint(
            ("tenant_id", "="),
            ("unit_id", "="),
            ("level", "="),
            (text("daterange(starts_on, ends_on)"), "&&"),
            name="ex_lettings_days",
            using="gist",
        ),
    )

    unit_id: Mapped[UUID]
    level: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    #: The contract, or the head lease's unit.
    source_id: Mapped[UUID]


class ContractParty(TenantScoped, Base):
    """Who stands in a contract: a person, the landlord, or the kommun by a department."""

    __tablename__ = "contract_parties"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("contracts", "contract_id"),
        tenant_reference("persons", "person_id"),
        one_of("role", PARTY_ROLES),
        Index(None, "tenant_id", "contract_id"),
    )

    contract_id: Mapped[UUID]
    role: Mapped[str]
    person_id: Mapped[UUID | None]
    landlord_id: Mapped[UUID | None] = mapped_column(ForeignKey("landlords.id"))
    department: Mapped[str | None]
    signs: Mapped[bool]
