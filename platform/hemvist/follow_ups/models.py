"""Follow-ups (uppföljningar) and home visits that took place."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    tenant_reference,
)


class FollowUp(TenantScoped, Versioned, Base):
    """One follow-up held, carrying out one obligation."""

    __tablename__ = "follow_ups"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("obligations", "obligation_id"),
        tenant_reference("support_plans", "plan_id"),
        UniqueConstraint("tenant_id", "obligation_id"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    obligation_id: Mapped[UUID]
    held_on: Mapped[date]
    #: Departments that took part.
    departments: Mapped[list[str]]
    resident_took_part: Mapped[bool]
    in_the_home: Mapped[bool]
    #: Agenda items of the pack that were gone through.
    agenda_done: Mapped[list[str]]
    notes: Mapped[str]
    plan_id: Mapped[UUID | None]
    recorded_by: Mapped[UUID | None]
