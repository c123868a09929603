"""Commands on cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.cases import closing, handling, service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class OpenCaseInput:
    """What a case is opened with."""

    idempotency_key: str
    household_id: strawberry.ID = refers_to("Household")
    department: str = text(40)
    pack: str | None = text(
        100, default=None, description="May be left out when the kommun works by one pack."
    )
    opened_on: dt.date | None = None


@command(
    OpenCaseInput,
    gives="case",
    description="Open a case for a household; the pack's version of that day is pinned.",
)
def open_case(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Open a case for a household."""
    return service.open_case(session, actor, **values)


@strawberry.input
class CloseCaseInput:
    """What a case is closed with."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    reason: str = text(40, description=", ".join(closing.REASONS))
    on: dt.date | None = None
    expected_version: int


@command(
    CloseCaseInput,
    gives="case",
    description="Close a case. Refused while a referral or a proposal in it waits for somebody.",
)
def close_case(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Close a case."""
    return closing.close(session, actor, **values)


@strawberry.input
class TakeOverCaseInput:
    """A case that a colleague takes over."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    expected_version: int


@command(
    TakeOverCaseInput,
    gives="case",
    description="Handle an open case of one's own department from now on.",
)
def take_over_case(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a case over."""
    return handling.take_over(session, actor, **values)
