"""Commands on decisions: proposed by one, decided by another."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.decisions import notifying, service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text
from hemvist_graphql.legal.types import ClauseInput


@strawberry.input
class ProposeDecisionInput:
    """A proposal."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    programme: str = text(100)
    kind: str = text(
        60,
        description="support_to_obtain_housing, housing, support_measure, extension, change, end or "
        "takeover_recommendation",
    )
    outcome: str = text(20, description="granted or refused")
    legal_basis: list[str]
    motivation: str = text(MAX_TEXT)
    child_assessment: str | None = text(
        MAX_TEXT, default=None, description="Compulsory where a child is in the household."
    )
    departure_reason: str | None = text(
        MAX_TEXT, default=None, description="Compulsory where it departs from the advice."
    )
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    contract_id: strawberry.ID | None = refers_to("Contract", default=None)
    conditions: list[ClauseInput] | None = strawberry.field(
        default=None, description="Conditions of the decision."
    )
    went_on_because: str | None = text(
        5_000, default=None, description="Compulsory where guideline or law warns."
    )
    alters_id: strawberry.ID | None = refers_to(
        "Decision", default=None, description="What an extension, change or end alters."
    )
    alter_ground: str | None = text(
        40,
        default=None,
        description="To the person's disadvantage: reservation, open_ended, misleading, safety, "
        "need_ceased or own_request.",
    )
    disadvantage: bool | None = strawberry.field(
        default=None, description="The change is to the person's disadvantage."
    )
    told_on: dt.date | None = strawberry.field(
        default=None, description="The day the person was told what it would rest on."
    )
    reservation: bool | None = strawberry.field(
        default=None, description="It says that it may be reassessed."
    )
    cost_ore: int | None = strawberry.field(default=None, description="A month, in öre.")
    on: dt.date | None = None


@command(
    ProposeDecisionInput,
    gives="decision",
    description="Write a proposal for somebody else to decide.",
)
def propose_decision(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Write a proposal."""
    return service.propose(session, actor, **values)


@strawberry.input
class DecisionPartInput:
    """One of several decisions that are one act."""

    kind: str = text(60)
    outcome: str = text(20, description="granted or refused")
    legal_basis: list[str]
    motivation: str = text(MAX_TEXT)
    child_assessment: str | None = text(MAX_TEXT, default=None)
    departure_reason: str | None = text(MAX_TEXT, default=None)
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    conditions: list[ClauseInput] | None = None
    went_on_because: str | None = text(5_000, default=None)
    reservation: bool | None = None
    cost_ore: int | None = None


@strawberry.input
class ProposeDecisionsTogetherInput:
    """Proposals that are one act."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    programme: str = text(100)
    parts: list[DecisionPartInput]
    on: dt.date | None = None


@command(
    ProposeDecisionsTogetherInput,
    gives="decision",
    description="Write several proposals that are decided in one act; gives the first.",
)
def propose_decisions_together(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Write several proposals that are decided in one act."""
    return service.propose_together(session, actor, **values)[0]


@strawberry.input
class NotifyDecisionInput:
    """How the person came to know of a decision."""

    idempotency_key: str
    decision_id: strawberry.ID = refers_to("Decision")
    how: str = text(
        40,
        description="handed_over, letter, registered_letter, digital_mail, served or told",
    )
    notified_on: dt.date | None = None
    expected_version: int


@command(
    NotifyDecisionInput,
    gives="decision",
    description="Record that the person came to know of the decision; the time for an appeal runs.",
)
def notify_decision(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Record that the person came to know of the decision."""
    return notifying.notify(session, actor, **values)


@strawberry.input
class DecideInput:
    """A proposal to decide."""

    idempotency_key: str
    decision_id: strawberry.ID = refers_to("Decision")
    board_minute: str | None = text(
        200, default=None, description="Meeting and paragraph, where the board decides."
    )
    on: dt.date | None = None
    expected_version: int


@command(
    DecideInput,
    gives="decision",
    description="Make the decision as proposed; not the one who proposed it.",
)
def decide(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Make the decision as proposed."""
    return service.decide(session, actor, **values)


@strawberry.input
class ReturnDecisionInput:
    """A proposal to return."""

    idempotency_key: str
    decision_id: strawberry.ID = refers_to("Decision")
    reason: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    ReturnDecisionInput,
    gives="decision",
    description="Return a proposal with what is wanting.",
)
def return_decision(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Return a proposal."""
    return service.return_proposal(session, actor, **values)
