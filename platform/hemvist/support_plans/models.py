"""Support plans (boendeplan, genomförandeplan)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index
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

STATES = ("agreed", "replaced")


class SupportPlan(TenantScoped, Versioned, Base):
    """What the resident works towards and with which support. Contents are the pack's to require."""

    __tablename__ = "support_plans"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        one_of("state", STATES),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="agreed")
    content: Mapped[dict[str, Any]]
    agreed_on: Mapped[date]
    agreed_by: Mapped[UUID | None]
