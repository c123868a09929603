"""Contact cards: the kommun's one way in for landlords."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.contact_cards.models import ContactCard as ContactCardRow
from hemvist_graphql.reading import Readable, column, identity, reads


@reads(ContactCardRow, visible=None)
@strawberry.type(
    description="A function of the kommun that landlords call: about what, and when it answers."
)
class ContactCard(Readable):
    """A function of the kommun that landlords call."""

    id: strawberry.ID = identity()
    position: int = column(
        ContactCardRow.position, description="1 is the way in; the others follow."
    )
    name: str = column(ContactCardRow.name)
    matters: str = column(ContactCardRow.matters, description="What to call about.")
    phone: str | None = column(ContactCardRow.phone)
    email: str | None = column(ContactCardRow.email)
    hours: str | None = column(ContactCardRow.hours)
    out_of_hours: str | None = column(
        ContactCardRow.out_of_hours, description="What to do when nobody answers."
    )
    state: str = column(ContactCardRow.state, description="in_use or withdrawn")
    changed_at: dt.datetime = column(ContactCardRow.changed_at)
    version: int = column(ContactCardRow.version)
