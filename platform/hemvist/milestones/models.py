"""Milestones (händelser) that a person has recorded on a case."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from hemvist.tenancy import (
    APPEND,
    Base,
    Owned,
    SealedObject,
    SealedText,
    TenantScoped,
    sealed_column,
    tenant_reference,
)


class Milestone(TenantScoped, Base):
    """One of the pack's milestones, on the day it happened. Never changed: it is a line of a record."""

    __tablename__ = "milestones"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        Index(None, "tenant_id", "case_id", "happened_on"),
    )

    case_id: Mapped[UUID]
    programme: Mapped[str]
    #: The pack's id of the milestone, and the event that it is.
    code: Mapped[str]
    event: Mapped[str]
    happened_on: Mapped[date]
    #: Parties that took part, and those that agreed where the pack asks for it.
    parties: Mapped[list[str]]
    agreed: Mapped[list[str]]
    #: What people were told before it, and items of the agenda that were gone through.
    told: Mapped[list[str]]
    agenda_done: Mapped[list[str]]
    notes_sealed: Mapped[bytes] = sealed_column("milestones.notes")
    notes = SealedText("notes_sealed")
    #: What a notice (uppsägning) says: its ground, the day it ends on, who was told when.
    details_sealed: Mapped[bytes] = sealed_column("milestones.details")
    details = SealedObject("details_sealed", default={})
    #: What the law pack said of it, and why the person went on where it warned.
    legal_findings: Mapped[list[dict[str, Any]]]
    went_on_because_sealed: Mapped[bytes] = sealed_column("milestones.went_on_because")
    went_on_because = SealedText("went_on_because_sealed")
    recorded_by: Mapped[UUID | None]
