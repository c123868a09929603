"""What the caller has set up for themselves: their calendar, their weekly mail."""

from __future__ import annotations

import strawberry

from hemvist.calendar_feeds.models import CalendarFeed as FeedRow
from hemvist.digests.models import DigestSubscription as SubscriptionRow
from hemvist_graphql.choosing import listed
from hemvist_graphql.refs import CalendarFeedRef, DigestSubscriptionRef


@strawberry.type(description="What the caller has set up for themselves.")
class MyDay:
    """What the caller has set up for themselves."""

    calendar_feeds: list[CalendarFeedRef] = listed(
        "CalendarFeed",
        where=lambda _: (FeedRow.revoked_at.is_(None),),
        order=(FeedRow.made_at.desc(), FeedRow.id),
        limit=1,
        description="The living calendar feed; none when there is none.",
    )
    digest_subscriptions: list[DigestSubscriptionRef] = listed(
        "DigestSubscription",
        order=(SubscriptionRow.changed_at.desc(), SubscriptionRow.id),
        limit=1,
        description="The weekly mail; none when it was never asked for.",
    )
