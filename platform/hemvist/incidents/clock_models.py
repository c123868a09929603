"""Clocks of service (tidsgränser): what a guideline promises, or the law wants, by an instant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

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
from hemvist.tenancy.keys import OVERHEAD

#: ``kept`` and ``cancelled`` are final; ``late`` has run out, answered afterwards or not yet.
STATES = ("running", "kept", "late", "cancelled")


class ServiceClock(TenantScoped, Versioned, Base):
    """One clock that an event started on one subject, by one level of a guideline or of the law.

    ``due_at`` is the instant by which it is answered, exclusive. ``stopped_at`` is when it was
    answered or cancelled; None while somebody still has to act, also after it ran out.
    """

    __tablename__ = "service_clocks"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("incidents", "incident_id"),
        # One event starts a level once on one subject, however often it is told.
        UniqueConstraint("tenant_id", "subject_id", "event", "source", "code"),
        one_of("state", STATES),
        CheckConstraint("state <> 'running' OR stopped_at IS NULL", name="running"),
        CheckConstraint("state <> 'kept' OR stopped_at < due_at", name="kept"),
        CheckConstraint(
            "state <> 'late' OR stopped_at IS NULL OR stopped_at >= due_at", name="late"
        ),
        CheckConstraint(
            "state <> 'cancelled' OR (stopped_at IS NOT NULL"
            f" AND octet_length(reason_sealed) > {OVERHEAD})",
            name="cancelled",
        ),
        Index(None, "tenant_id", "case_id", "due_at"),
        Index(None, "tenant_id", "incident_id", "due_at"),
        # What the sweep looks for: running, the soonest first.
        Index(
            "ix_service_clocks_running",
            "tenant_id",
            "due_at",
            "id",
            postgresql_where=text("state = 'running'"),
        ),
        # What somebody still has to answer, run out or not.
        Index(
            "ix_service_clocks_unanswered",
            "tenant_id",
            "due_at",
            "id",
            postgresql_where=text("stopped_at IS NULL"),
        ),
    )

    case_id: Mapped[UUID]
    #: The incident that it belongs to, where it belongs to one.
    incident_id: Mapped[UUID | None]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    #: What started it: out of ``hemvist.policy.events.INCIDENTS``.
    event: Mapped[str]
    #: The level's name in its guideline, and the guideline with its version.
    code: Mapped[str]
    source: Mapped[str]
    source_version: Mapped[str]
    #: The level in words: sv and en.
    label: Mapped[dict[str, Any]]
    cite: Mapped[list[str]]
    #: Who has to act: the guideline's roles, and the departments that have them here.
    by: Mapped[list[str]]
    departments: Mapped[list[str]]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    #: The day in Sweden on which it is due.
    due_on: Mapped[date]
    state: Mapped[str]
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[UUID | None]
    #: Why it was cancelled.
    reason_sealed: Mapped[bytes] = sealed_column("service_clocks.reason")
    reason = SealedText("reason_sealed")
    #: When it was told that it had run out; once.
    escalated_at: Mapped[datetime | None]
