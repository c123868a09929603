"""Follow-ups (uppföljningar) and home visits: held, not held, and the forms filled in at them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.deadlines.models import NOT_HELD
from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    SealedObjects,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: Why it was held: a duty of the guideline, a visit besides, or the visit before the duty ends.
PURPOSES = ("duty", "home_visit", "joint_visit")
#: What tells a landlord that a tenant needs support again.
SIGNS = ("late_rent", "complaint", "disturbance", "care_of_flat", "own_wish", "other")
#: A need for support that shows again: noticed, talked over, answered by the tenant, taken up.
NEED_STATES = ("noticed", "talked", "accepted", "declined", "reopened", "closed")
#: States in which something is still to be done about it.
NEED_OPEN = ("noticed", "talked", "accepted")


class FollowUp(TenantScoped, Versioned, Base):
    """One follow-up or visit held; with ``obligation_id`` it carried out that obligation."""

    __tablename__ = "follow_ups"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("obligations", "obligation_id"),
        tenant_reference("support_plans", "plan_id"),
        UniqueConstraint("tenant_id", "obligation_id"),
        one_of("purpose", PURPOSES),
        CheckConstraint("purpose <> 'duty' OR obligation_id IS NOT NULL", name="duty"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    obligation_id: Mapped[UUID | None]
    purpose: Mapped[str] = mapped_column(default="duty", server_default=text("'duty'"))
    held_on: Mapped[date]
    #: Departments that took part.
    departments: Mapped[list[str]]
    #: Others who took part, as the pack's parties: support_worker, landlord …
    parties: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    resident_took_part: Mapped[bool]
    in_the_home: Mapped[bool]
    #: Agenda items of the pack that were gone through.
    agenda_done: Mapped[list[str]]
    notes_sealed: Mapped[bytes] = sealed_column("follow_ups.notes")
    notes = SealedText("notes_sealed")
    plan_id: Mapped[UUID | None]
    recorded_by: Mapped[UUID | None]


class MissedFollowUp(TenantScoped, Base):
    """A follow-up or visit that did not take place (uteblivet besök). Never changed.

    ``notes`` stay with those who give the support; who is told learns the outcome, and no more.
    """

    __tablename__ = "missed_follow_ups"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("obligations", "obligation_id"),
        UniqueConstraint("tenant_id", "obligation_id"),
        one_of("outcome", NOT_HELD),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    obligation_id: Mapped[UUID]
    outcome: Mapped[str]
    reason_sealed: Mapped[bytes] = sealed_column("missed_follow_ups.reason")
    reason = SealedText("reason_sealed")
    happened_on: Mapped[date]
    #: What was tried: the door, the telephone, another day.
    tried_sealed: Mapped[bytes] = sealed_column("missed_follow_ups.tried")
    tried = SealedText("tried_sealed")
    notes_sealed: Mapped[bytes] = sealed_column("missed_follow_ups.notes")
    notes = SealedText("notes_sealed")
    #: Departments that the guideline lets know of it.
    told: Mapped[list[str]]
    recorded_by: Mapped[UUID | None]


class FilledChecklist(TenantScoped, Versioned, Base):
    """A form of the guideline filled in at a follow-up (ifylld checklista), and to whom it went."""

    __tablename__ = "filled_checklists"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("follow_ups", "follow_up_id"),
        UniqueConstraint("tenant_id", "follow_up_id"),
        CheckConstraint("(sent_on IS NULL) = (sent_to = '{}')", name="sent"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    follow_up_id: Mapped[UUID]
    #: The pack's id of the obligation that the form belongs to.
    code: Mapped[str]
    filled_on: Mapped[date]
    #: Each line as it was asked: id, label, kind, value, remark.
    items_sealed: Mapped[bytes] = sealed_column("filled_checklists.items")
    items = SealedObjects("items_sealed")
    sent_on: Mapped[date | None]
    sent_to: Mapped[list[str]]
    sent_by: Mapped[UUID | None]


class RenewedNeed(TenantScoped, Versioned, Base):
    """A tenant whose follow-up has ended needs support again (HBG-137, HBG-138).

    The property office notices it and talks to the referring department; the tenant accepts the
    offer of support or does not; then the referring department may take the follow-up up again.
    """

    __tablename__ = "renewed_needs"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        one_of("state", NEED_STATES),
        CheckConstraint("state IN ('noticed', 'closed') OR talked_on IS NOT NULL", name="talked"),
        CheckConstraint(
            "state NOT IN ('accepted', 'declined', 'reopened') OR answered_on IS NOT NULL",
            name="answered",
        ),
        # One at a time: the next begins when nothing more is to be done about this.
        Index(
            "uq_renewed_needs_open",
            "tenant_id",
            "case_id",
            unique=True,
            postgresql_where=text("state IN ('noticed', 'talked', 'accepted')"),
        ),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="noticed")
    noticed_on: Mapped[date]
    signs: Mapped[list[str]]
    notes_sealed: Mapped[bytes] = sealed_column("renewed_needs.notes")
    notes = SealedText("notes_sealed")
    noticed_by: Mapped[UUID | None]
    talked_on: Mapped[date | None]
    #: Departments that talked.
    talked: Mapped[list[str]]
    answered_on: Mapped[date | None]
    reopened_on: Mapped[date | None]
    reopened_by: Mapped[UUID | None]
