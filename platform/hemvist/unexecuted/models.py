"""What was done to carry a decision out, and the reports of those that are not carried out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
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

EFFORTS = (
    *("searched_for_home", "contacted_landlord", "contacted_person", "other_support_given"),
    "other",
)
#: Why it is not carried out yet.
OBSTACLES = (
    *("no_suitable_home", "declined_offer", "needs_changed", "wants_to_wait", "resources", "other"),
)
REPORT_STATES = ("requested", "ready", "sent")


class ExecutionEffort(TenantScoped, Base):
    """Something that was done to carry a decision out, and what stood in the way. Never changed."""

    __tablename__ = "execution_efforts"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("decisions", "decision_id"),
        one_of("kind", EFFORTS),
        one_of("obstacle", OBSTACLES),
        Index(None, "tenant_id", "decision_id", "made_on"),
    )

    case_id: Mapped[UUID]
    decision_id: Mapped[UUID]
    made_on: Mapped[date]
    made_by: Mapped[UUID | None]
    kind: Mapped[str]
    obstacle: Mapped[str]
    notes_sealed: Mapped[bytes] = sealed_column("execution_efforts.notes")
    notes = SealedText("notes_sealed")


class ExecutionReport(TenantScoped, Versioned, Base):
    """A department's quarterly report, made by the worker. The file holds no names or numbers."""

    __tablename__ = "execution_reports"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("principals", "requested_by"),
        one_of("state", REPORT_STATES),
        UniqueConstraint("tenant_id", "department", "quarter"),
    )

    department: Mapped[str]
    #: "2026-Q4", and its first and last day.
    quarter: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    state: Mapped[str] = mapped_column(default="requested")
    requested_by: Mapped[UUID | None]
    requested_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    #: The file (CSV, semicolons, UTF-8) and its SHA-256.
    content_sealed: Mapped[bytes] = sealed_column("execution_reports.content")
    content = SealedText("content_sealed", default="")
    content_sha256: Mapped[str] = mapped_column(server_default="")
    row_count: Mapped[int] = mapped_column(default=0)
    #: Figures for the council: numbers by kind, sex and how long, no persons.
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    sent_on: Mapped[date | None]
    sent_by: Mapped[UUID | None]
