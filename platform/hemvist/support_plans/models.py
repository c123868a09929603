"""Support plans (boendeplan, genomförandeplan, boplan): versions, goals, signatures, reviews."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    SealedObject,
    SealedObjects,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

STATES = ("draft", "agreed", "replaced", "discarded")
GOAL_STATES = ("open", "under_way", "reached", "dropped")
#: What a review comes to: the plan goes on, is to be made anew, or the household needs none any more.
OUTCOMES = ("goes_on", "to_be_changed", "no_longer_needed")


class SupportPlan(TenantScoped, Versioned, Base):
    """What the resident works towards and with which support. Contents are the pack's to require.

    Each version is a row that stays: a plan in force is never rewritten, only replaced.
    """

    __tablename__ = "support_plans"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        one_of("state", STATES),
        Index(None, "tenant_id", "case_id"),
        # One draft and one plan in force at a time, however many people press the button.
        Index(
            "uq_support_plans_draft",
            "tenant_id",
            "case_id",
            unique=True,
            postgresql_where=text("state='draft'"),
        ),
    )

    case_id: Mapped[UUID]
    kind: Mapped[str]
    #: Which version of the case's plan it is, from 1.
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    state: Mapped[str] = mapped_column(default="agreed")
    content_sealed: Mapped[bytes] = sealed_column("support_plans.content")
    content = SealedObject("content_sealed")
    #: What the household says in its own words.
    own_words_sealed: Mapped[bytes] = sealed_column("support_plans.own_words")
    own_words = SealedText("own_words_sealed", default="")
    #: Headings and texts beside what the pack asks for, where it leaves the structure free.
    sections_sealed: Mapped[bytes] = sealed_column("support_plans.sections")
    sections = SealedObjects("sections_sealed", default=[])
    #: The day on which it is gone through again.
    review_on: Mapped[date | None]
    drafted_on: Mapped[date | None]
    #: The first day on which it holds; None of a draft.
    agreed_on: Mapped[date | None]
    agreed_by: Mapped[UUID | None]


class PlanGoal(TenantScoped, Versioned, Base):
    """A goal (mål) of a plan, or a sub-goal (delmål) of another; one level."""

    __tablename__ = "plan_goals"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("support_plans", "plan_id"),
        tenant_reference("plan_goals", "parent_id"),
        one_of("state", GOAL_STATES),
        Index(None, "tenant_id", "plan_id"),
    )

    case_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    place: Mapped[int]
    goal_sealed: Mapped[bytes] = sealed_column("plan_goals.goal")
    goal = SealedText("goal_sealed")
    #: Who does what for it.
    how_sealed: Mapped[bytes] = sealed_column("plan_goals.how")
    how = SealedText("how_sealed")
    state: Mapped[str] = mapped_column(default="open")
    #: The day on which it came into its state, and what is said of it.
    state_on: Mapped[date]
    note_sealed: Mapped[bytes] = sealed_column("plan_goals.note")
    note = SealedText("note_sealed")


class PlanSignature(TenantScoped, Base):
    """That a party signed a plan, on which day. Never changed: a draft that is altered is another."""

    __tablename__ = "plan_signatures"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("support_plans", "plan_id"),
        UniqueConstraint("tenant_id", "plan_id", "party"),
    )

    case_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    #: The pack's party: resident, landlord, referring …
    party: Mapped[str]
    name_sealed: Mapped[bytes] = sealed_column("plan_signatures.name")
    name = SealedText("name_sealed")
    signed_on: Mapped[date]
    recorded_by: Mapped[UUID | None]


class PlanReview(TenantScoped, Base):
    """That a plan was gone through (uppföljning av planen), and what came of it."""

    __tablename__ = "plan_reviews"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("support_plans", "plan_id"),
        one_of("outcome", OUTCOMES),
        Index(None, "tenant_id", "plan_id"),
    )

    case_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    held_on: Mapped[date]
    parties: Mapped[list[str]]
    own_words_sealed: Mapped[bytes] = sealed_column("plan_reviews.own_words")
    own_words = SealedText("own_words_sealed")
    notes_sealed: Mapped[bytes] = sealed_column("plan_reviews.notes")
    notes = SealedText("notes_sealed")
    outcome: Mapped[str]
    next_on: Mapped[date | None]
    recorded_by: Mapped[UUID | None]
