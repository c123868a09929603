"""Commands on decisions: proposed by one, decided by another."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.decisions import service
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
    kind: str = text(60, description="support_to_obtain_housing or housing")
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
class DecideInput:
    """A proposal to decide."""

    idempotency_key: str
    decision_id: strawberry.ID = refers_to("Decision")
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
