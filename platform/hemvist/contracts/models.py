"""Contracts (kontrakt): the tenancy itself, never the decision behind it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    one_of,
    tenant_reference,
)

KINDS = ("sublease", "first_hand")
STATES = ("signed", "ended")


class Contract(TenantScoped, Versioned, Base):
    """A signed tenancy of a unit. ``form`` is the pack's name for it."""

    __tablename__ = "contracts"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("units", "unit_id"),
        tenant_reference("offers", "offer_id"),
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="period"),
        Index(None, "tenant_id", "case_id"),
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
    terms: Mapped[dict[str, Any]]
    #: When the tenant was told in writing that the home is tied to the assistance (RH 2018:28).
    told_of_link_on: Mapped[date | None]
    #: When the owner was told of the subletting (JB 12:39).
    owner_notified_on: Mapped[date | None]
    #: Clauses beside the terms: their kind out of ``hemvist.policy.clauses`` and their wording.
    clauses: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    #: Particulars of a waiver of tenure (JB 12:45 a), empty when there is none.
    waiver: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    #: What guideline and law said of it when it was signed, and why the person went on if warned.
    legal_findings: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    went_on_because: Mapped[str] = mapped_column(server_default="")
    registered_by: Mapped[UUID | None]
