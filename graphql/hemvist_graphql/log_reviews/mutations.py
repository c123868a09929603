"""What a log reviewer says of a look."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.log_reviews import neighbours, service
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class ReviewLookInput:
    """What a log reviewer says of a look."""

    idempotency_key: str
    look_id: strawberry.ID = refers_to("LogLook")
    verdict: str = text(
        20, description="Of an open look signed_off or matter; of a matter founded or unfounded."
    )
    remark: str | None = text(
        service.MAX_REMARK, default=None, description="Compulsory of all but a signature."
    )
    expected_version: int


@command(
    ReviewLookInput,
    gives="log_look",
    description="Sign a look off, open a matter of it, or say what a matter came to.",
)
def review_look(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say what is to be said of a look."""
    return service.review(session, actor, **values)


@strawberry.input
class StateStaffAddressInput:
    """Where the one lives who looked."""

    idempotency_key: str
    look_id: strawberry.ID = refers_to("LogLook")
    street_address: str = text(neighbours.MAX_STREET, description="Street and number.")
    postal_code: str = text(10)


@command(
    StateStaffAddressInput,
    gives="log_look",
    description="State where the one lives who looked: looks at neighbours weigh more from then on."
    " Only a keyed digest is kept.",
)
def state_staff_address(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """State where somebody of the staff lives."""
    return neighbours.state_address(session, actor, **values)
