"""Contracts (kontrakt): the tenancy itself, never the decision behind it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
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

KINDS = ("sublease", "first_hand", "three_party")
#: Leases of the landlord's own with whoever lives there; in the last the kommun stands too.
FIRST_HAND = ("first_hand", "three_party")
STATES = ("signed", "ended")
#: Whose notice (uppsägning) it is.
GIVEN_BY = ("landlord", "tenant")
#: Why a contract ended.
END_REASONS = (
    *("notice", "agreement", "term_over", "taken_over", "replaced"),
    *("evicted", "deceased", "abandoned", "never_began", "other"),
)


class Contract(TenantScoped, Versioned, Base):
    """A signed tenancy of a unit. ``form`` is the pack's name for it."""

    __tablename__ = "contracts"
    __tenancy__ = Owned(
        {"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)}, triggers=("contract_let",)
    )
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("units", "unit_id"),
        tenant_reference("offers", "offer_id"),
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="period"),
        CheckConstraint("state <> 'ended' OR ended_on IS NOT NULL", name="ended"),
        CheckConstraint("(ended_on IS NULL) = (end_reason IS NULL)", name="end_reason_told"),
        tenant_reference("contracts", "follows_id"),
        tenant_reference("head_leases", "head_lease_id"),
        Index(None, "tenant_id", "case_id"),
        # A landlord's tenancies are found by its homes and by the offers of them.
        Index(None, "tenant_id", "unit_id"),
        Index(None, "tenant_id", "offer_id"),
        Index(
            "uq_contracts_running_unit",
            "tenant_id",
            "unit_id",
            unique=True,
            postgresql_where=text("state = 'signed'"),
        ),
    )

    case_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    offer_id: Mapped[UUID]
    form: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="signed")
    signed_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    #: Monthly rent in öre.
    rent_ore: Mapped[int]
    #: Terms of the pack's form → value.
    terms_sealed: Mapped[bytes] = sealed_column("contracts.terms")
    terms = SealedObject("terms_sealed")
    #: When the tenant was told in writing that the home is tied to the assistance (RH 2018:28).
    told_of_link_on: Mapped[date | None]
    #: When the owner was told of the subletting (JB 12:39).
    owner_notified_on: Mapped[date | None]
    #: Clauses beside the terms: their kind out of ``hemvist.policy.clauses`` and their wording.
    clauses_sealed: Mapped[bytes] = sealed_column("contracts.clauses")
    clauses = SealedObjects("clauses_sealed", default=[])
    #: Particulars of a waiver of tenure (JB 12:45 a), empty when there is none.
    waiver_sealed: Mapped[bytes] = sealed_column("contracts.waiver")
    waiver = SealedObject("waiver_sealed", default={})
    #: What guideline and law said of it when it was signed, and why the person went on if warned.
    legal_findings: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    went_on_because_sealed: Mapped[bytes] = sealed_column("contracts.went_on_because")
    went_on_because = SealedText("went_on_because_sealed", default="")
    registered_by: Mapped[UUID | None]
    #: The latest notice: given on, and the day on which the tenancy ends by it.
    notice_given_on: Mapped[date | None]
    notice_ends_on: Mapped[date | None]
    #: The first day on which it no longer holds; from it the unit may be let to another.
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    ended_by: Mapped[UUID | None]
    #: The kommun's own lease of the unit that a sublease hangs on, where it is registered.
    head_lease_id: Mapped[UUID | None]
    #: The contract that this one came in the place of, as after a takeover (överlåtelse).
    follows_id: Mapped[UUID | None]


class ContractNotice(TenantScoped, Base):
    """A notice (uppsägning) of a contract. Never changed; a later one comes in its place."""

    __tablename__ = "contract_notices"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("contracts", "contract_id"),
        one_of("given_by", GIVEN_BY),
        CheckConstraint("ends_on >= given_on", name="period"),
        Index(None, "tenant_id", "contract_id", "given_on"),
    )

    contract_id: Mapped[UUID]
    given_by: Mapped[str]
    #: Out of the law pack's grounds; None for the tenant's own notice.
    ground: Mapped[str | None]
    given_on: Mapped[date]
    #: What the guideline's or the contract's own time would give, and what the law gives.
    stated_ends_on: Mapped[date | None]
    lawful_ends_on: Mapped[date | None]
    #: The day on which the tenancy ends by it.
    ends_on: Mapped[date]
    #: Who was told when, as the law asks: ``hemvist.contracts.notices.DETAILS``.
    details_sealed: Mapped[bytes] = sealed_column("contract_notices.details")
    details = SealedObject("details_sealed")
    legal_findings: Mapped[list[dict[str, Any]]]
    went_on_because_sealed: Mapped[bytes] = sealed_column("contract_notices.went_on_because")
    went_on_because = SealedText("went_on_because_sealed")
    registered_by: Mapped[UUID | None]
