"""Commands on the caller's calendar feed."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.calendar_feeds import service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class MakeCalendarFeedInput:
    """A calendar feed to make."""

    idempotency_key: str
    language: str = text(2, default="sv", description="sv or en")


@command(
    MakeCalendarFeedInput,
    gives="calendar_feed",
    description="A new private address for the caller's calendar; the one from before is revoked.",
)
def make_calendar_feed(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """A new private address for the caller's calendar."""
    return service.make(session, actor, **values)


@strawberry.input
class RevokeCalendarFeedInput:
    """A calendar feed to revoke."""

    idempotency_key: str
    calendar_feed_id: strawberry.ID = refers_to("CalendarFeed")


@command(
    RevokeCalendarFeedInput,
    gives="calendar_feed",
    description="Let the address answer nobody any more.",
)
def revoke_calendar_feed(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let the address answer nobody any more."""
    return service.revoke(session, actor, values["calendar_feed_id"])
