"""The caller's wish for the weekly mail, and what became of each."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement

from hemvist.digests.models import DigestMail as MailRow
from hemvist.digests.models import DigestSubscription as SubscriptionRow
from hemvist.digests.service import ADDRESS_FIELD
from hemvist.identity import Actor
from hemvist_graphql.choosing import listed
from hemvist_graphql.context import Info
from hemvist_graphql.reading import Readable, column, computed, identity, reads
from hemvist_graphql.refs import DigestMailRef

#: Weeks that are shown.
MOST_WEEKS = 8


def own_subscription(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``DigestSubscription``: the actor's own."""
    return SubscriptionRow.principal_id == actor.principal_id


def own_mails(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``DigestMail``: to the actor."""
    return MailRow.principal_id == actor.principal_id


@reads(MailRow, visible=own_mails)
@strawberry.type(description="One week's mail to the caller.")
class DigestMail(Readable):
    """One week's mail to the caller."""

    id: strawberry.ID = identity()
    week: str = column(MailRow.week, description='ISO week, "2026-W48".')
    state: str = column(
        MailRow.state, description="claimed, handed_over (it may have gone), sent or refused"
    )
    sent_at: dt.datetime | None = column(MailRow.sent_at)


@reads(SubscriptionRow, visible=own_subscription, also=(SubscriptionRow.address_sealed,))
@strawberry.type(description="Whether the caller wants the weekly mail, and where.")
class DigestSubscription(Readable):
    """Whether the caller wants the weekly mail, and where."""

    id: strawberry.ID = identity()
    state: str = column(SubscriptionRow.state, description="on or off")
    language: str = column(SubscriptionRow.language)
    changed_at: dt.datetime = column(SubscriptionRow.changed_at)
    mails: list[DigestMailRef] = listed(
        "DigestMail",
        order=(MailRow.week.desc(), MailRow.id),
        limit=MOST_WEEKS,
        description=f"The latest weeks' mails; at most {MOST_WEEKS}.",
    )

    @computed(
        needs=("address_sealed",), reads=False, description="Where it goes; null when it is off."
    )
    def address(self, info: Info) -> str | None:
        """Where it goes."""
        sealed = self.row["address_sealed"]
        return None if sealed is None else info.context.keys.open(ADDRESS_FIELD, sealed)
