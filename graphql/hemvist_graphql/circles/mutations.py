"""Commands on closed circles, break-glass and its review."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.circles import glass, service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class CloseToCircleInput:
    """A case that is closed to named people."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    members: list[strawberry.ID] = refers_to("Principal")
    reason: str = text(service.MAX_REASON)
    expected_version: int


@command(
    CloseToCircleInput,
    gives="case_circle",
    description="Close a case, and every case of its household, to named people and oneself.",
)
def close_to_circle(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Close a case to a circle."""
    return service.close(session, actor, **values)


@strawberry.input
class AddToCircleInput:
    """One more person in a circle."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    principal_id: strawberry.ID = refers_to("Principal")
    expected_version: int


@command(
    AddToCircleInput, gives="case_circle", description="Let one more person see a closed case."
)
def add_to_circle(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Add somebody to the circle."""
    return service.add_member(session, actor, **values)


@strawberry.input
class RemoveFromCircleInput:
    """A person who is to see a closed case no longer."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    principal_id: strawberry.ID = refers_to("Principal")
    expected_version: int


@command(
    RemoveFromCircleInput,
    gives="case_circle",
    description="Let a person see a closed case no longer. A manager always stays.",
)
def remove_from_circle(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Remove somebody from the circle."""
    return service.remove_member(session, actor, **values)


@strawberry.input
class LiftCircleInput:
    """A circle that is lifted."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    reason: str = text(service.MAX_REASON)
    expected_version: int


@command(
    LiftCircleInput, gives="case_circle", description="Let a closed case be seen as others are."
)
def lift_circle(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Lift a circle."""
    return service.lift(session, actor, **values)


@strawberry.input
class BreakGlassInput:
    """A closed case that must be seen now."""

    idempotency_key: str
    number: str = text(40, description="The case number.")
    reason: str = text(glass.MAX_REASON)
    hours: int | None = strawberry.field(
        default=None, description="As many as are allowed, unless fewer are asked for."
    )


@command(
    BreakGlassInput,
    gives="case_opening",
    description="Open a closed case of one's department for some hours; the circle hears at once.",
)
def break_glass(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Open a closed case for some hours."""
    return glass.break_glass(session, actor, **values)


@strawberry.input
class ReviewOpeningInput:
    """What a log reviewer says of an opening."""

    idempotency_key: str
    opening_id: strawberry.ID = refers_to("CaseOpening")
    verdict: str = text(20, description="approved or questioned")
    remark: str | None = text(
        glass.MAX_REASON, default=None, description="Compulsory of what is questioned."
    )
    expected_version: int


@command(
    ReviewOpeningInput,
    gives="case_opening",
    description="Approve an opening, or question it: what is questioned ends at once.",
)
def review_opening(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Review an opening."""
    return glass.review(session, actor, **values)
