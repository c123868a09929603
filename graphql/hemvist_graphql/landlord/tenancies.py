"""Tenancies in the landlord's homes, and requests to take leases over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from hemvist.dealings import answers
from hemvist.dealings.landlord_views import (
    TAKEOVER_REPLIES,
    TAKEOVER_SHOWN,
    TAKEOVERS,
    TENANCIES,
)
from hemvist.takeovers.asked_models import TakeoverReply as ReplyRow
from hemvist.takeovers.asked_models import TakeoverShown as ShownRow
from hemvist.takeovers.models import Takeover as TakeoverRow
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.labels import DEFAULT_LANGUAGE
from hemvist_graphql.landlord.commands import Act, command
from hemvist_graphql.landlord.context import Info
from hemvist_graphql.landlord.declaring import Node, Shown, opened, shown
from hemvist_graphql.landlord.loading import in_kommun
from hemvist_graphql.landlord.offers import NAMED, name_told
from hemvist_graphql.landlord.refs import (
    KommunRef,
    OfferRef,
    TakeoverFigureRef,
    TakeoverRef,
    TakeoverReplyRef,
    TenancyRef,
    UnitRef,
)
from hemvist_graphql.landlord.relations import to_many, to_one
from hemvist_graphql.landlord.roots import Ordering, listing, looked_up
from hemvist_graphql.reading import computed


@shown(TENANCIES)
@strawberry.type(description="A tenancy in a home of the landlord's (hyresförhållande).")
class Tenancy(Node):
    """A tenancy in a home of the landlord's."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    unit: UnitRef | None = to_one("Unit", {"id": "unit_id"})
    offer: OfferRef | None = to_one("Offer", {"id": "offer_id"})
    alias: str = strawberry.field(description="The household's, the same as of the offer.")
    kind: str = strawberry.field(
        description="sublease (the kommun lets it), first_hand or three_party"
    )
    form: str = strawberry.field(description="The kommun's own name of the contract form, in code.")
    state: str = strawberry.field(description="signed or ended")
    signed_on: dt.date
    starts_on: dt.date
    ends_on: dt.date | None = strawberry.field(description="Null until further notice.")
    notice_given_on: dt.date | None
    notice_ends_on: dt.date | None
    ended_on: dt.date | None = strawberry.field(
        description="The first day on which it no longer holds."
    )
    takeovers: list[TakeoverRef] = to_many(
        "Takeover", {"contract_id": "id"}, order=lambda c: (c.requested_on, c.id), limit=2
    )

    @computed(needs=NAMED, description="Null until the kommun's guideline lets it be known.")
    def tenant_name(self, info: Info) -> str | None:
        """Who the tenant is, where the landlord has been told."""
        return name_told(info, self.row)


@listing("Tenancy", Ordering(("starts_on", "id")), description="The latest first.")
def tenancies(
    kommun: strawberry.ID | None = None, state: str | None = None
) -> Sequence[ColumnElement[bool]]:
    """Tenancies of a kommun, in a state."""
    found = [*in_kommun(TENANCIES, kommun)]
    if state is not None:
        found.append(TENANCIES.c.state == state[:40])
    return found


looked_up("Tenancy")


@shown(TAKEOVERS)
@strawberry.type(
    description="A request that the tenant may take the lease over (förfrågan om överlåtelse)."
)
class Takeover(Node):
    """A request that the tenant may take the lease over."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    unit: UnitRef | None = to_one("Unit", {"id": "unit_id"})
    tenancy: TenancyRef | None = to_one("Tenancy", {"id": "contract_id"})
    alias: str
    state: str = strawberry.field(description="asked, agreed, refused, tribunal, done or waiting")
    requested_on: dt.date
    answered_on: dt.date | None
    tribunal_applied_on: dt.date | None
    tribunal_decided_on: dt.date | None
    taken_over_on: dt.date | None
    figures: list[TakeoverFigureRef] = to_many(
        "TakeoverFigure", {"takeover_id": "id"}, order=lambda c: (c.fact,), limit=20
    )
    replies: list[TakeoverReplyRef] = to_many(
        "TakeoverReply", {"takeover_id": "id"}, order=lambda c: (c.replied_at, c.id), limit=20
    )
    version: int

    @computed(needs=NAMED, description="Null until the kommun's guideline lets it be known.")
    def tenant_name(self, info: Info) -> str | None:
        """Who the tenant is, where the landlord has been told."""
        return name_told(info, self.row)


@shown(TAKEOVER_SHOWN)
@strawberry.type(description="A figure that the kommun shows with a request, and no more.")
class TakeoverFigure(Shown):
    """A figure that the kommun shows with a request."""

    fact: str
    kind: str = strawberry.field(description="int, bool, date, money_ore or count")
    value: str = opened(ShownRow.value, description="A whole number, true or false, or a day.")

    @computed(needs=("label_sv", "label_en"), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it is a figure of."""
        found: str = self.row["label_en" if lang == "en" else "label_sv"]
        return found


@shown(TAKEOVER_REPLIES)
@strawberry.type(description="What the landlord replied.")
class TakeoverReply(Shown):
    """What the landlord replied."""

    reply: str = strawberry.field(description="yes, no or later")
    reason: str = opened(ReplyRow.reason)
    from_on: dt.date | None
    replied_at: dt.datetime


@listing("Takeover", Ordering(("requested_on", "id")), description="The latest first.")
def takeovers(
    kommun: strawberry.ID | None = None, state: str | None = None
) -> Sequence[ColumnElement[bool]]:
    """Requests of a kommun, in a state."""
    found = [*in_kommun(TAKEOVERS, kommun)]
    if state is not None:
        found.append(TAKEOVERS.c.state == state[:40])
    return found


looked_up("Takeover")


@strawberry.input
class ReplyToTakeoverInput:
    """The landlord's reply to a request."""

    idempotency_key: str
    takeover_id: strawberry.ID = refers_to("Takeover")
    reply: str = text(10, description="yes, no or later")
    reason: str | None = text(
        answers.MAX_REASON, default=None, description="Compulsory with no and later."
    )
    from_on: dt.date | None = strawberry.field(
        default=None, description="With later: the day from which the landlord would agree."
    )
    expected_version: int


@command(
    ReplyToTakeoverInput,
    gives="takeover",
    description="Reply to a request to take a lease over: yes, no with a reason, or later.",
)
def reply_to_takeover(act: Act, values: dict[str, Any]) -> Any:
    """Reply to a request to take a lease over."""
    row = answers.reply_to_takeover(act.session, act.actor, landlord_id=act.landlord_id, **values)
    return act.session.find(TakeoverRow, row.takeover_id)
