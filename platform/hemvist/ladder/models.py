"""Ladders, their steps, joint meetings, actions of a plan, evictions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    SealedObject,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

STATES = ("open", "corrected", "moved_out", "closed")
#: What the trouble is: how somebody behaves, or the rent.
GROUNDS = ("misconduct", "arrears")
SEVERITIES = ("minor", "serious", "especially_serious")
#: Steps that are lines of a record. Meetings, actions and evictions have rows of their own besides.
STEP_KINDS = (
    *("talk", "demand", "board_notified", "meeting_called", "meeting_held", "plan", "notice"),
    *("notice_taken_back", "eviction_applied", "eviction_dated", "eviction_confirmed"),
    *("eviction_withdrawn", "evicted", "told_of_housing", "moved_out"),
)
#: How a demand or a notice reached the tenant.
WAYS = ("letter", "registered_letter", "handed_over", "served")
MEETING_STATES = ("called", "held", "cancelled")
ACTION_STATES = ("open", "done", "not_done", "cancelled")
EVICTION_STATES = ("applied", "dated", "carried_out", "withdrawn")


class Ladder(TenantScoped, Versioned, Base):
    """One tenancy in trouble, from the first word to the end of it, good or bad.

    A case has at most one open. ``contract_id`` is empty where the household rents of somebody who
    is not in this record; then what the landlord does is registered as it comes in.
    """

    __tablename__ = "ladders"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("contracts", "contract_id"),
        tenant_reference("incidents", "incident_id"),
        one_of("state", STATES),
        one_of("ground", GROUNDS),
        one_of("severity", SEVERITIES),
        CheckConstraint("(state = 'open') = (ended_on IS NULL)", name="ended"),
        CheckConstraint("new_offer IS NULL OR decided_by IS NOT NULL", name="decided"),
        Index(
            "uq_ladders_open",
            "tenant_id",
            "case_id",
            unique=True,
            postgresql_where=text("state='open'"),
        ),
        Index(None, "tenant_id", "case_id", "opened_on"),
        Index(None, "tenant_id", "contract_id"),
        Index(None, "tenant_id", "incident_id"),
        Index(None, "tenant_id", "opened_on", "id"),
    )

    case_id: Mapped[UUID]
    contract_id: Mapped[UUID | None]
    #: The incident that began it (``incidents``), where there is one.
    incident_id: Mapped[UUID | None]
    ground: Mapped[str]
    severity: Mapped[str]
    severity_reason_sealed: Mapped[bytes] = sealed_column("ladders.severity_reason")
    severity_reason = SealedText("severity_reason_sealed")
    #: What it is about, in the words of who keeps the record.
    about_sealed: Mapped[bytes] = sealed_column("ladders.about")
    about = SealedText("about_sealed")
    opened_on: Mapped[date]
    opened_by: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default="open")
    ended_on: Mapped[date | None]
    end_reason_sealed: Mapped[bytes] = sealed_column("ladders.end_reason")
    end_reason = SealedText("end_reason_sealed", default="")
    #: Another home after the notice: what somebody proposed, and what another decided.
    new_offer_proposed: Mapped[bool | None]
    proposed_because_sealed: Mapped[bytes] = sealed_column("ladders.proposed_because")
    proposed_because = SealedText("proposed_because_sealed", default="")
    proposed_on: Mapped[date | None]
    proposed_by: Mapped[UUID | None]
    new_offer: Mapped[bool | None]
    decided_because_sealed: Mapped[bytes] = sealed_column("ladders.decided_because")
    decided_because = SealedText("decided_because_sealed", default="")
    decided_on: Mapped[date | None]
    decided_by: Mapped[UUID | None]


class LadderStep(TenantScoped, Base):
    """A step that was taken, or came in from a landlord. Never changed: it is a line of a record."""

    __tablename__ = "ladder_steps"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("ladders", "ladder_id"),
        tenant_reference("contract_notices", "notice_id"),
        one_of("kind", STEP_KINDS),
        CheckConstraint("received_on IS NULL OR received_on >= happened_on", name="received"),
        Index(None, "tenant_id", "ladder_id", "happened_on"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    ladder_id: Mapped[UUID]
    kind: Mapped[str]
    happened_on: Mapped[date]
    #: When it came in, where another landlord than the kommun took the step.
    received_on: Mapped[date | None]
    #: How it reached the tenant, and who got a copy.
    ways: Mapped[list[str]]
    copies: Mapped[list[str]]
    #: What is demanded or was said; of a notification what the board was told.
    what_sealed: Mapped[bytes] = sealed_column("ladder_steps.what")
    what = SealedText("what_sealed")
    #: Whether ``what`` is for the department that has the case alone (OSL 26:1).
    inside: Mapped[bool] = mapped_column(server_default=text("false"))
    #: The last day for putting right what is demanded, or on which a notice lets the tenancy end.
    until_on: Mapped[date | None]
    notice_id: Mapped[UUID | None]
    #: What law and guideline said, and why the person went on where they warned.
    legal_findings: Mapped[list[dict[str, Any]]]
    went_on_because_sealed: Mapped[bytes] = sealed_column("ladder_steps.went_on_because")
    went_on_because = SealedText("went_on_because_sealed")
    recorded_by: Mapped[UUID | None]


class JointMeeting(TenantScoped, Versioned, Base):
    """A meeting with the tenant and everybody who is responsible: who was called, and who came."""

    __tablename__ = "joint_meetings"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("ladders", "ladder_id"),
        one_of("state", MEETING_STATES),
        CheckConstraint("meets_on >= called_on", name="period"),
        CheckConstraint("(state = 'held') = (held_on IS NOT NULL)", name="held"),
        Index(None, "tenant_id", "ladder_id", "meets_on"),
        Index(None, "tenant_id", "case_id"),
        Index(
            "ix_joint_meetings_coming",
            "tenant_id",
            "meets_on",
            "id",
            postgresql_where=text("state='called'"),
        ),
    )

    case_id: Mapped[UUID]
    ladder_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="called")
    called_on: Mapped[date]
    called: Mapped[list[str]]
    meets_on: Mapped[date]
    #: Clock time as people say it ("13.00"), and where.
    meets_at: Mapped[str]
    place_sealed: Mapped[bytes] = sealed_column("joint_meetings.place")
    place = SealedText("place_sealed")
    called_by: Mapped[UUID | None]
    held_on: Mapped[date | None]
    came: Mapped[list[str]]
    #: Party → why it stayed away, of each that was called and did not come.
    absent_sealed: Mapped[bytes] = sealed_column("joint_meetings.absent")
    absent = SealedObject("absent_sealed")
    #: Items of the guideline's agenda that were gone through, and the picture that all share.
    agenda_done: Mapped[list[str]]
    picture_sealed: Mapped[bytes] = sealed_column("joint_meetings.picture")
    picture = SealedText("picture_sealed")
    recorded_by: Mapped[UUID | None]
    cancelled_because_sealed: Mapped[bytes] = sealed_column("joint_meetings.cancelled_because")
    cancelled_because = SealedText("cancelled_because_sealed", default="")


class LadderAction(TenantScoped, Versioned, Base):
    """What somebody is to do by a day, in the plan for staying in the home (handlingsplan)."""

    __tablename__ = "ladder_actions"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("ladders", "ladder_id"),
        tenant_reference("joint_meetings", "meeting_id"),
        one_of("state", ACTION_STATES),
        CheckConstraint("(state = 'open') = (settled_on IS NULL)", name="settled"),
        Index(None, "tenant_id", "ladder_id", "due_on"),
        Index(None, "tenant_id", "case_id"),
        Index(
            "ix_ladder_actions_open",
            "tenant_id",
            "due_on",
            "id",
            postgresql_where=text("state='open'"),
        ),
    )

    case_id: Mapped[UUID]
    ladder_id: Mapped[UUID]
    meeting_id: Mapped[UUID | None]
    what_sealed: Mapped[bytes] = sealed_column("ladder_actions.what")
    what = SealedText("what_sealed")
    #: Who does it, a party in the pack's words.
    owner: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    settled_on: Mapped[date | None]
    notes_sealed: Mapped[bytes] = sealed_column("ladder_actions.notes")
    notes = SealedText("notes_sealed", default="")
    agreed_on: Mapped[date]
    recorded_by: Mapped[UUID | None]
    settled_by: Mapped[UUID | None]


class Eviction(TenantScoped, Versioned, Base):
    """An application for eviction at Kronofogden, the day it sets and the board's confirmation.

    Source: SFS 2025:468 11:3 (the day is confirmed the same day, naming the caseworker).
    """

    __tablename__ = "evictions"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("ladders", "ladder_id"),
        tenant_reference("principals", "caseworker_id"),
        one_of("state", EVICTION_STATES),
        CheckConstraint("state <> 'dated' OR evicts_on IS NOT NULL", name="dated"),
        CheckConstraint("confirmed_at IS NULL OR confirmed_at >= learned_at", name="confirmed"),
        Index(
            "uq_evictions_running",
            "tenant_id",
            "ladder_id",
            unique=True,
            postgresql_where=text("state IN ('applied', 'dated')"),
        ),
        Index(None, "tenant_id", "ladder_id"),
        Index(None, "tenant_id", "case_id"),
        Index(
            "ix_evictions_coming",
            "tenant_id",
            "evicts_on",
            "id",
            postgresql_where=text("state='dated'"),
        ),
    )

    case_id: Mapped[UUID]
    ladder_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="applied")
    applied_on: Mapped[date]
    #: Kronofogden's number of the matter.
    number: Mapped[str]
    #: Whether another landlord than the kommun applied.
    by_landlord: Mapped[bool]
    evicts_on: Mapped[date | None]
    #: When the social board learned of the day, and when it confirmed that it had.
    learned_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    caseworker_id: Mapped[UUID | None]
    legal_findings: Mapped[list[dict[str, Any]]]
    went_on_because_sealed: Mapped[bytes] = sealed_column("evictions.went_on_because")
    went_on_because = SealedText("went_on_because_sealed", default="")
    ended_on: Mapped[date | None]
    end_reason_sealed: Mapped[bytes] = sealed_column("evictions.end_reason")
    end_reason = SealedText("end_reason_sealed", default="")
    recorded_by: Mapped[UUID | None]
