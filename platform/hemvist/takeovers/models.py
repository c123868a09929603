"""Takeovers (överlåtelser) of leases, their steps, and absences from the home."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
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
from hemvist.tenancy.keys import OVERHEAD

STATES = ("waiting", "asked", "agreed", "refused", "tribunal", "done", "closed")
#: States in which the takeover can still come about.
OPEN = STATES[:5]
#: Why somebody is away from the home.
ABSENCE_REASONS = ("hospital", "treatment", "custody", "family", "travel", "unknown", "other")


class Takeover(TenantScoped, Versioned, Base):
    """The way of one contract to the resident's own first-hand lease, watched from its first day.

    ``waiting`` until the landlord is asked; ``tribunal`` while the rent tribunal (hyresnämnden)
    tries whether the kommun may transfer the tenancy without the landlord (JB 12:37).
    """

    __tablename__ = "takeovers"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("contracts", "contract_id"),
        tenant_reference("contracts", "lease_id"),
        UniqueConstraint("tenant_id", "contract_id"),
        one_of("state", STATES),
        CheckConstraint("state <> 'done' OR taken_over_on IS NOT NULL", name="done"),
        CheckConstraint(
            f"postponed_until IS NULL OR octet_length(postponed_because_sealed) > {OVERHEAD}",
            name="postponed_with_reason",
        ),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "contract_id"),
        # What comes next, the nearest first.
        Index(
            "ix_takeovers_open",
            "tenant_id",
            "eligible_on",
            "id",
            postgresql_where=text("state IN ('waiting', 'asked', 'agreed', 'refused', 'tribunal')"),
        ),
    )

    case_id: Mapped[UUID]
    contract_id: Mapped[UUID]
    programme: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    #: First day by the guideline's time and the absences; None when the time has no start yet.
    earliest_on: Mapped[date | None]
    #: The later of ``earliest_on`` and ``postponed_until``: what lists are ordered by.
    eligible_on: Mapped[date | None]
    postponed_until: Mapped[date | None]
    postponed_because_sealed: Mapped[bytes] = sealed_column("takeovers.postponed_because")
    postponed_because = SealedText("postponed_because_sealed", default="")
    postponed_by: Mapped[UUID | None]
    requested_on: Mapped[date | None]
    requested_by: Mapped[UUID | None]
    answered_on: Mapped[date | None]
    answer_reason_sealed: Mapped[bytes] = sealed_column("takeovers.answer_reason")
    answer_reason = SealedText("answer_reason_sealed", default="")
    tribunal_applied_on: Mapped[date | None]
    tribunal_decided_on: Mapped[date | None]
    #: The tribunal's number of its matter.
    tribunal_number: Mapped[str] = mapped_column(server_default="")
    taken_over_on: Mapped[date | None]
    #: The first-hand lease that came of it.
    lease_id: Mapped[UUID | None]


class TakeoverStep(TenantScoped, Base):
    """One of the guideline's steps, taken on a day. Never changed: it is a line of a record."""

    __tablename__ = "takeover_steps"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("takeovers", "takeover_id"),
        UniqueConstraint("tenant_id", "takeover_id", "code"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    takeover_id: Mapped[UUID]
    #: The pack's id of the step.
    code: Mapped[str]
    done_on: Mapped[date]
    notes_sealed: Mapped[bytes] = sealed_column("takeover_steps.notes")
    notes = SealedText("notes_sealed")
    recorded_by: Mapped[UUID | None]


class Absence(TenantScoped, Versioned, Base):
    """A longer absence (frånvaro) from the home. Both days are days of absence."""

    __tablename__ = "absences"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("contracts", "contract_id"),
        one_of("reason", ABSENCE_REASONS),
        CheckConstraint("ended_on IS NULL OR ended_on >= began_on", name="period"),
        Index(None, "tenant_id", "case_id", "began_on"),
    )

    case_id: Mapped[UUID]
    contract_id: Mapped[UUID]
    began_on: Mapped[date]
    #: None while it lasts.
    ended_on: Mapped[date | None]
    reason: Mapped[str]
    #: Whether the landlord of the sublease had allowed it.
    approved: Mapped[bool]
    recorded_by: Mapped[UUID | None]
