"""The caller's calendar feed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement

from hemvist.calendar_feeds.models import CalendarFeed as FeedRow
from hemvist.calendar_feeds.service import secret_of
from hemvist.identity import Actor
from hemvist.settings import get_settings
from hemvist_graphql.context import Info
from hemvist_graphql.reading import Readable, column, computed, identity, reads


def own_feeds(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``CalendarFeed``: the actor's own."""
    return FeedRow.principal_id == actor.principal_id


@reads(FeedRow, visible=own_feeds)
@strawberry.type(description="A private address that the caller's calendar reads what is due by.")
class CalendarFeed(Readable):
    """A private address that the caller's calendar reads what is due by."""

    id: strawberry.ID = identity()
    language: str = column(FeedRow.language)
    made_at: dt.datetime = column(FeedRow.made_at)
    revoked_at: dt.datetime | None = column(FeedRow.revoked_at)
    read_at: dt.datetime | None = column(
        FeedRow.read_at, description="When a calendar last asked, noted once a day."
    )

    @computed(
        needs=("id", "revoked_at"),
        reads=False,
        description="Whoever has it reads the calendar. Null when it is revoked.",
    )
    def address(self, info: Info) -> str | None:
        """The secret address."""
        if self.row["revoked_at"] is not None:
            return None
        feed_id = UUID(str(self.row["id"]))
        secret = secret_of(info.context.actor.tenant_id, feed_id)
        base = get_settings().base_url.rstrip("/")
        return f"{base}/{info.context.tenant.slug}/calendar/{feed_id.hex}/{secret}.ics"
