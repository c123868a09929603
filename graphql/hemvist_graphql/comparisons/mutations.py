"""Commands on taking part in comparisons."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.comparisons import service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class ProposeComparisonInput:
    """That the kommun takes part in a comparison."""

    idempotency_key: str
    comparison: str = text(service.MAX_CODE, description="Its code.")


@command(
    ProposeComparisonInput,
    gives="indicator_sharing",
    description="Propose that the kommun takes part in a comparison, for somebody else to agree to."
    " Nothing is given by it.",
)
def propose_comparison(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Propose that the kommun takes part in a comparison."""
    return service.propose(session, actor, **values)


@strawberry.input
class JoinComparisonInput:
    """What another person has proposed."""

    idempotency_key: str
    indicator_sharing_id: strawberry.ID = refers_to("IndicatorSharing")
    expected_version: int


@command(
    JoinComparisonInput,
    gives="indicator_sharing",
    description="Agree to what another person has proposed: the kommun's told figures are given to those"
    " who take part, and theirs are shown.",
)
def join_comparison(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Agree to what another person has proposed."""
    return service.agree(session, actor, **values)


@strawberry.input
class LeaveComparisonInput:
    """What is to end."""

    idempotency_key: str
    indicator_sharing_id: strawberry.ID = refers_to("IndicatorSharing")
    expected_version: int


@command(
    LeaveComparisonInput,
    gives="indicator_sharing",
    description="End the kommun's part in a comparison, or take the proposal back. The others' figures"
    " are gone at once, and its own from the others when the worker has been there; what they have"
    " written down they keep.",
)
def leave_comparison(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """End the kommun's part in a comparison."""
    return service.leave(session, actor, **values)
