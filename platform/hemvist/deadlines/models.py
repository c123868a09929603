"""Obligations (åtaganden med förfallodag) that a pack generates for a case."""

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
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: ``missed`` could have been done and was not; ``impossible`` could not be done. Both are over and have a
#: reason: what nobody did must not look as if it had been done, nor wait for ever.
STATES = ("open", "done", "missed", "impossible", "cancelled")
#: States of what did not take place.
NOT_HELD = ("missed", "impossible")
#: Why something did not take place, by which of the two it then is.
NOT_HELD_REASONS = {
    "missed": ("not_at_home", "did_not_open", "resident_cancelled", "staff_hindered", "other"),
    "impossible": ("hospital", "custody", "treatment", "away", "unsafe", "left_home", "other"),
}
#: Why what recurs is not asked for during a time.
PAUSE_REASONS = ("hospital", "treatment", "custody", "family", "travel", "other")


class Obligation(TenantScoped, Versioned, Base):
    """Something that somebody must have done by a day.

    ``due_on`` is a day in Europe/Stockholm; ``overdue_since`` is set by the worker the day after.
    """

    __tablename__ = "obligations"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        UniqueConstraint("tenant_id", "case_id", "anchor_id", "code", "ordinal"),
        one_of("state", STATES),
        CheckConstraint(
            "(state IN ('missed', 'impossible')) = (reason IS NOT NULL)"
            " AND (reason IS NULL) = (not_held_on IS NULL)",
            name="not_held_with_reason",
        ),
        # What did not take place, the latest first, for those who watch it.
        Index(
            "ix_obligations_not_held",
            "tenant_id",
            "not_held_on",
            "id",
            postgresql_where=text("state IN ('missed', 'impossible')"),
        ),
        Index(
            "ix_obligations_open_due", "tenant_id", "due_on", postgresql_where=text("state='open'")
        ),
        # What the sweep has not marked yet: nearly nothing of what is past its day.
        Index(
            "ix_obligations_unmarked",
            "tenant_id",
            "due_on",
            "id",
            postgresql_where=text("state='open' AND overdue_since IS NULL"),
        ),
    )

    case_id: Mapped[UUID]
    programme: Mapped[str]
    #: The pack's id of the obligation, and which one of a recurring row it is (from 1).
    code: Mapped[str]
    ordinal: Mapped[int]
    due_on: Mapped[date]
    #: What it counts from: the name in the pack, the row, and the day.
    anchor: Mapped[str]
    anchor_id: Mapped[UUID]
    anchored_on: Mapped[date]
    #: Who takes part, as the pack's actors: referring, property …
    by: Mapped[list[str]]
    #: Who joins when needed, as the pack's actors.
    participants: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    #: Departments that these actors are in this case.
    departments: Mapped[list[str]]
    cite: Mapped[str]
    label: Mapped[dict[str, Any]]
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    #: What carrying it out brings into being, as the pack says: "plan", "decision" or nothing.
    creates: Mapped[str | None]
    pack: Mapped[str]
    pack_version: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    overdue_since: Mapped[date | None]
    done_on: Mapped[date | None]
    #: The day on which it is planned to be done, at the latest its day.
    planned_on: Mapped[date | None]
    #: Why it did not take place, and the day on which that was clear.
    reason: Mapped[str | None]
    not_held_on: Mapped[date | None]


class ObligationHorizon(TenantScoped, Base):
    """How far a case's obligations have been laid out by the worker, who keeps it for itself.

    The case is looked at again when it has more ``events`` than then, or when the day ``next_on`` comes
    within the time ahead for which obligations are laid out: the first that was beyond it.
    """

    __tablename__ = "obligation_horizons"
    __tenancy__ = Owned({"hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        UniqueConstraint("tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    #: Lines of the case's timeline when it was looked at: each may be one that duties count from.
    events: Mapped[int]
    next_on: Mapped[date]


class ObligationPause(TenantScoped, Versioned, Base):
    """A time during which what recurs in a case is not asked for, since it cannot be done.

    Both days belong to it; without ``ends_on`` it lasts. What is to be done once is never paused.
    """

    __tablename__ = "obligation_pauses"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        one_of("reason", PAUSE_REASONS),
        CheckConstraint("ends_on >= starts_on", name="days"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[str]
    #: Duties of the pack that rest; empty means all that recur.
    codes: Mapped[list[str]]
    notes_sealed: Mapped[bytes] = sealed_column("obligation_pauses.notes")
    notes = SealedText("notes_sealed")
    registered_by: Mapped[UUID | None]
