"""Rent guarantees (hyresgarantier) that the kommun gives a landlord."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
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

STATES = ("active", "ended")


class Guarantee(TenantScoped, Versioned, Base):
    """A guarantee on one first-hand lease, from the day of moving in."""

    __tablename__ = "guarantees"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("contracts", "contract_id"),
        UniqueConstraint("tenant_id", "contract_id"),
        Index(None, "tenant_id", "case_id"),
        one_of("state", STATES),
        CheckConstraint("ends_on > starts_on", name="period"),
    )

    case_id: Mapped[UUID]
    contract_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="active")
    #: Length in months, one of those that the pack allows.
    months: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    covers: Mapped[list[str]]
    #: What the law said of it when it was given, among other things whether the state grants it.
    legal_findings: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    issued_on: Mapped[date]
    issued_by: Mapped[UUID | None]
