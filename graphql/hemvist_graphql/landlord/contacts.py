"""Whom to call in the kommuner within reach (lv_contact_cards)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import strawberry
from sqlalchemy import ColumnElement

from hemvist.contact_cards.landlord_views import CONTACT_CARDS
from hemvist_graphql.landlord.declaring import Node, shown
from hemvist_graphql.landlord.loading import in_kommun
from hemvist_graphql.landlord.refs import KommunRef
from hemvist_graphql.landlord.relations import to_one
from hemvist_graphql.landlord.roots import whole


@shown(CONTACT_CARDS)
@strawberry.type(
    description="A function of a kommun that landlords call: about what, and when it answers."
)
class ContactCard(Node):
    """A function of a kommun that landlords call."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    position: int = strawberry.field(description="1 is the way in; the others follow.")
    name: str
    matters: str = strawberry.field(description="What to call about.")
    phone: str | None
    email: str | None
    hours: str | None
    out_of_hours: str | None = strawberry.field(description="What to do when nobody answers.")
    changed_at: dt.datetime


@whole(
    "ContactCard",
    order=lambda c: (c.kommun_name, c.tenant_id, c.position, c.id),
    length=20,
    description="Whom to call, by kommun, each kommun's way in first.",
)
def contact_cards(kommun: strawberry.ID | None = None) -> Sequence[ColumnElement[bool]]:
    """Those of a kommun."""
    return in_kommun(CONTACT_CARDS, kommun)
