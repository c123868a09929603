"""Tables of the circles. What hides is the database's own: see ``hemvist.tenancy.closed_circles``."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    READ,
    WRITE,
    Base,
    Owned,
    SealedOptionalText,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)
from hemvist.tenancy.closed_circles import KINDS

#: What a log reviewer has said of an opening.
OPENING_STATES = ("open", "approved", "questioned")


class CaseCircle(TenantScoped, Versioned, Base):
    """A household and its cases, closed to named people (sluten krets).

    Triggers keep ``circle_rows`` equal to what hangs on it while it is in force.
    """

    __tablename__ = "case_circles"
    __tenancy__ = Owned(
        {"hemvist_staff": WRITE, "hemvist_worker": READ}, triggers=("gather_circle",)
    )
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("households", "household_id"),
        tenant_reference("principals", "closed_by"),
        tenant_reference("principals", "lifted_by"),
        # A household has one circle at a time.
        Index(
            "ix_case_circles_household",
            "tenant_id",
            "household_id",
            unique=True,
            postgresql_where=text("in_force"),
        ),
    )

    #: The case that it was closed from.
    case_id: Mapped[UUID]
    household_id: Mapped[UUID]
    #: Whose manager keeps the circle.
    department: Mapped[str]
    #: Only what is in force hides; it comes into force when its members are written.
    in_force: Mapped[bool] = mapped_column(Boolean, default=False)
    reason_sealed: Mapped[bytes] = sealed_column("case_circles.reason")
    closed_at: Mapped[datetime]
    closed_by: Mapped[UUID]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]
    lifted_reason_sealed: Mapped[bytes | None] = sealed_column("case_circles.lifted_reason")

    reason = SealedText("reason_sealed")
    lifted_reason = SealedOptionalText("lifted_reason_sealed")


class CircleRow(TenantScoped, Base):
    """An id that is hidden from who is not in the circle. Written by triggers alone."""

    __tablename__ = "circle_rows"
    __tenancy__ = Owned(
        {
            "hemvist_staff": ("SELECT", "INSERT", "DELETE"),
            "hemvist_worker": ("SELECT", "INSERT"),
        }
    )
    __table_args__ = (
        tenant_reference("case_circles", "circle_id"),
        one_of("kind", KINDS),
        UniqueConstraint("tenant_id", "row_id", "circle_id"),
        Index(None, "tenant_id", "circle_id"),
        # What is hidden is asked for by kind.
        Index(None, "tenant_id", "kind", "row_id"),
        # A closed case is named by its number alone, by whoever has to open it in need.
        Index(
            "ix_circle_rows_number",
            "tenant_id",
            "case_number",
            postgresql_where=text("case_number IS NOT NULL"),
        ),
    )

    circle_id: Mapped[UUID]
    #: The circle itself, its household, persons, cases, and documents of their letters.
    row_id: Mapped[UUID]
    #: Which of them it is.
    kind: Mapped[str]
    #: Of a case: its number, and its department.
    case_number: Mapped[str | None]
    department: Mapped[str | None]


class CaseOpening(TenantScoped, Versioned, Base):
    """Break-glass (nödöppning): somebody outside the circle opened a case, for hours, with a reason.

    Source: SoLPUL (2001:454) section 10 (access is logged, and the log reviewed).
    """

    __tablename__ = "case_openings"
    __tenancy__ = Owned(
        {"hemvist_staff": WRITE, "hemvist_worker": READ}, triggers=("opening_kept",)
    )
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("case_circles", "circle_id"),
        tenant_reference("principals", "principal_id"),
        tenant_reference("principals", "reviewed_by"),
        one_of("state", OPENING_STATES),
        CheckConstraint(
            "(state = 'open') = (reviewed_at IS NULL)"
            " AND (reviewed_at IS NULL) = (reviewed_by IS NULL)"
            " AND (state <> 'questioned' OR remark_sealed IS NOT NULL)",
            name="reviewed",
        ),
        CheckConstraint("reviewed_by <> principal_id", name="by_another"),
        CheckConstraint("ends_at > opened_at", name="ends"),
        # The longest that the setting may be.
        CheckConstraint("ends_at - opened_at <= interval '72 hours'", name="hours"),
        Index(None, "tenant_id", "state", "opened_at"),
        Index(None, "tenant_id", "opened_at", "id"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    circle_id: Mapped[UUID]
    #: The case's number, for who reviews and does not see the case.
    case_number: Mapped[str]
    principal_id: Mapped[UUID]
    #: Name of who opened, as it was then.
    actor_name: Mapped[str]
    reason_sealed: Mapped[bytes] = sealed_column("case_openings.reason")
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    remark_sealed: Mapped[bytes | None] = sealed_column("case_openings.remark")
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None]

    reason = SealedText("reason_sealed")
    remark = SealedOptionalText("remark_sealed")


class CircleMember(TenantScoped, Base):
    """Somebody who sees what the circle hides: named by the manager, or by an opening for a time."""

    __tablename__ = "circle_members"
    # A time is never longer than its opening says.
    __tenancy__ = Owned(
        {"hemvist_staff": WRITE, "hemvist_worker": READ}, triggers=("held_to_opening",)
    )
    __table_args__ = (
        tenant_reference("case_circles", "circle_id"),
        tenant_reference("principals", "principal_id"),
        tenant_reference("principals", "added_by"),
        tenant_reference("principals", "removed_by"),
        tenant_reference("case_openings", "opening_id"),
        # Only an opening ends by itself, and it always does.
        CheckConstraint("(until IS NULL) = (opening_id IS NULL)", name="for_a_time"),
        Index(None, "tenant_id", "principal_id", "circle_id"),
        Index(
            "ix_circle_members_named",
            "tenant_id",
            "circle_id",
            "principal_id",
            unique=True,
            postgresql_where=text("opening_id IS NULL AND removed_at IS NULL"),
        ),
    )

    circle_id: Mapped[UUID]
    principal_id: Mapped[UUID]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[UUID | None]
    until: Mapped[datetime | None]
    opening_id: Mapped[UUID | None]
