"""Commands on support plans: drafts, goals, signatures, reviews."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.support_plans import drafting, goals, reviewing, signing
from hemvist.tenancy import TenantSession
from hemvist_graphql.checks import as_mapping
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text
from hemvist_graphql.scalars import Json


@strawberry.input
class PlanGoalPartInput:
    """A sub-goal."""

    goal: str = text(goals.MAX_GOAL)
    how: str | None = text(goals.MAX_GOAL, default=None)
    state: str | None = text(40, default=None, description="open, under_way, reached or dropped")


@strawberry.input
class PlanGoalInput:
    """A goal with its sub-goals."""

    goal: str = text(goals.MAX_GOAL)
    how: str | None = text(goals.MAX_GOAL, default=None, description="Who does what for it.")
    state: str | None = text(40, default=None, description="open, under_way, reached or dropped")
    parts: list[PlanGoalPartInput] | None = None


@strawberry.input
class PlanSectionInput:
    """A heading of one's own."""

    heading: str = text(drafting.MAX_HEADING)
    text: str | None = text(MAX_TEXT, default=None)


@strawberry.input
class DraftPlanInput:
    """A new version of the plan."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    content: Json = strawberry.field(description="Items of the guideline by id.")
    own_words: str | None = text(MAX_TEXT, default=None, description="What the household says.")
    sections: list[PlanSectionInput] | None = None
    goals: list[PlanGoalInput] | None = None
    review_on: dt.date | None = None
    drafted_on: dt.date | None = None


@command(
    DraftPlanInput,
    gives="support_plan",
    description="Begin the next version of the plan; what holds goes on until this one does.",
)
def draft_plan(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Begin the next version of the plan."""
    return drafting.draft_plan(session, actor, **as_mapping(values, "content"))


@strawberry.input
class RevisePlanInput:
    """Another wording of a draft."""

    idempotency_key: str
    plan_id: strawberry.ID = refers_to("SupportPlan")
    content: Json
    own_words: str | None = text(MAX_TEXT, default=None)
    sections: list[PlanSectionInput] | None = None
    goals: list[PlanGoalInput] | None = None
    review_on: dt.date | None = None
    expected_version: int


@command(
    RevisePlanInput,
    gives="support_plan",
    description="Write a draft anew; refused when somebody has signed it.",
)
def revise_plan(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Write a draft anew."""
    return drafting.revise_plan(session, actor, **as_mapping(values, "content"))


@strawberry.input
class AgreePlanInput:
    """A draft that is to hold."""

    idempotency_key: str
    plan_id: strawberry.ID = refers_to("SupportPlan")
    agreed_on: dt.date | None = None
    expected_version: int


@command(
    AgreePlanInput,
    gives="support_plan",
    description="Let a draft hold, where the guideline names nobody who signs it.",
)
def agree_plan(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let a draft hold."""
    return drafting.agree_plan(session, actor, **values)


@strawberry.input
class DiscardPlanInput:
    """A draft to throw away."""

    idempotency_key: str
    plan_id: strawberry.ID = refers_to("SupportPlan")
    expected_version: int


@command(DiscardPlanInput, gives="support_plan", description="Throw a draft away.")
def discard_plan(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Throw a draft away."""
    return drafting.discard_plan(session, actor, **values)


@strawberry.input
class SignPlanInput:
    """A party's signature."""

    idempotency_key: str
    plan_id: strawberry.ID = refers_to("SupportPlan")
    party: str = text(40, description="One of the plan's signers.")
    name: str = text(signing.MAX_NAME)
    signed_on: dt.date | None = None
    expected_version: int


@command(
    SignPlanInput,
    gives="support_plan",
    description="Record that a party signed the draft; with the last of them it holds.",
)
def sign_plan(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Record that a party signed the draft."""
    return signing.sign(session, actor, **values)


@strawberry.input
class ReviewPlanInput:
    """That the plan was gone through."""

    idempotency_key: str
    plan_id: strawberry.ID = refers_to("SupportPlan")
    outcome: str = text(40, description="goes_on, to_be_changed or no_longer_needed")
    parties: list[str] = strawberry.field(description="Who took part.")
    held_on: dt.date | None = None
    own_words: str | None = text(MAX_TEXT, default=None)
    notes: str | None = text(MAX_TEXT, default=None)
    next_on: dt.date | None = None
    expected_version: int


@command(
    ReviewPlanInput,
    gives="plan_review",
    description="Record that the plan was gone through; its duty is done and the next one set.",
)
def review_plan(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Record that the plan was gone through."""
    return reviewing.review(session, actor, **values)


@strawberry.input
class FollowGoalInput:
    """How far a goal has come."""

    idempotency_key: str
    goal_id: strawberry.ID = refers_to("PlanGoal")
    state: str = text(40, description="open, under_way, reached or dropped")
    note: str | None = text(goals.MAX_GOAL, default=None)
    on: dt.date | None = None
    expected_version: int


@command(FollowGoalInput, gives="plan_goal", description="Say how far a goal of the plan has come.")
def follow_goal(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say how far a goal has come."""
    return goals.follow_goal(session, actor, **values)
