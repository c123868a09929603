"""Meetings with landlords (avtalsmöten), as the guideline's recurrences and as they were held."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
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

STATES = ("planned", "held", "cancelled")


class AgreementMeeting(TenantScoped, Versioned, Base):
    """A meeting on one agreement, or with many landlords at once where none is named."""

    __tablename__ = "agreement_meetings"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("agreements", "agreement_id"),
        one_of("state", STATES),
        CheckConstraint("(state = 'held') = (held_on IS NOT NULL)", name="held"),
        CheckConstraint("(pack IS NULL) = (code IS NULL)", name="of_the_guideline"),
        Index(None, "tenant_id", "agreement_id", "planned_on"),
        Index(
            "ix_agreement_meetings_planned",
            "tenant_id",
            "planned_on",
            "id",
            postgresql_where=text("state = 'planned'"),
        ),
    )

    agreement_id: Mapped[UUID | None]
    #: The guideline and its id of the recurrence; None of a meeting of their own.
    pack: Mapped[str | None]
    code: Mapped[str | None]
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default="planned")
    planned_on: Mapped[date]
    held_on: Mapped[date | None]
    #: Who came, by function.
    present_sealed: Mapped[bytes] = sealed_column("agreement_meetings.present")
    present = SealedText("present_sealed", default="")
    notes_sealed: Mapped[bytes] = sealed_column("agreement_meetings.notes")
    notes = SealedText("notes_sealed", default="")
    planned_by: Mapped[UUID | None]
    recorded_by: Mapped[UUID | None]
