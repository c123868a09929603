"""What a landlord reported through its own login (anmälan), and what it wrote about it later."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.incidents.models import KINDS
from hemvist.tenancy import (
    APPEND,
    Base,
    Owned,
    SealedText,
    TenantScoped,
    one_of,
    sealed_column,
    tenant_reference,
)
from hemvist.tenancy.keys import OVERHEAD


class LandlordReport(TenantScoped, Base):
    """A landlord's report as the landlord wrote it, beside the incident that it became.

    It is what the landlord sees again, so it holds what the landlord knew when it was sent and
    nothing that the kommun found later. The time that was promised is written down here, and not
    read of the clock: a clock that is stopped or cancelled tells what has been done with somebody.
    """

    __tablename__ = "landlord_reports"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("units", "unit_id"),
        tenant_reference("incidents", "incident_id"),
        tenant_reference("cases", "case_id"),
        one_of("kind", KINDS),
        UniqueConstraint("tenant_id", "incident_id"),
        CheckConstraint("(due_at IS NULL) = (due_label = '{}'::jsonb)", name="due_with_label"),
        Index(None, "tenant_id", "landlord_id", "received_at", "id"),
        Index(None, "tenant_id", "unit_id"),
        Index(None, "tenant_id", "case_id"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    unit_id: Mapped[UUID]
    incident_id: Mapped[UUID]
    case_id: Mapped[UUID]
    kind: Mapped[str]
    what_sealed: Mapped[bytes] = sealed_column("landlord_reports.what")
    what = SealedText("what_sealed")
    happened_on: Mapped[date]
    happened_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    #: By when the guideline promises that something is done, and what, in words (sv, en).
    due_at: Mapped[datetime | None]
    due_label: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    reported_by: Mapped[UUID | None]


class LandlordReportWord(TenantScoped, Base):
    """Something more that the landlord wrote about its report. Never changed."""

    __tablename__ = "landlord_report_words"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("landlord_reports", "report_id"),
        tenant_reference("incidents", "incident_id"),
        tenant_reference("cases", "case_id"),
        CheckConstraint(f"octet_length(what_sealed) > {OVERHEAD}", name="what"),
        Index(None, "tenant_id", "report_id", "said_at", "id"),
        Index(None, "tenant_id", "incident_id", "said_at", "id"),
        Index(None, "tenant_id", "case_id"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    report_id: Mapped[UUID]
    incident_id: Mapped[UUID]
    case_id: Mapped[UUID]
    what_sealed: Mapped[bytes] = sealed_column("landlord_report_words.what")
    what = SealedText("what_sealed")
    said_at: Mapped[datetime]
    said_by: Mapped[UUID | None]
