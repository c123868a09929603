"""What landlords are told of (lv_events): the same that webhooks say, to be asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import strawberry
from sqlalchemy import ColumnElement

from hemvist.landlord_mails.contents import WORDS
from hemvist.webhooks.contents import subject_id
from hemvist.webhooks.landlord_views import EVENTS
from hemvist_graphql.labels import DEFAULT_LANGUAGE, language
from hemvist_graphql.landlord.declaring import Node, shown
from hemvist_graphql.landlord.loading import in_kommun
from hemvist_graphql.landlord.refs import KommunRef
from hemvist_graphql.landlord.relations import to_one
from hemvist_graphql.landlord.roots import Ordering, listing, looked_up
from hemvist_graphql.reading import computed


@shown(EVENTS)
@strawberry.type(description="Something that happened, of which the landlord is told.")
class Event(Node):
    """Something that happened."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    type: str = strawberry.field(description="As in webhooks: offer.made, report.feedback …")
    occurred_at: dt.datetime
    property_designation: str | None = strawberry.field(
        description="Fastighetsbeteckning, where it is about a home."
    )

    @computed(needs=("type",), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The type in words."""
        return WORDS[language(lang)][self.row["type"]]

    @computed(
        needs=("type", "subject_id"),
        description="The id here of what it is about; it may be out of reach by now.",
    )
    def subject_id(self) -> strawberry.ID | None:
        """The id of what it is about."""
        found = subject_id(self.row["type"], self.row["subject_id"])
        return None if found is None else strawberry.ID(found)


@listing(
    "Event",
    Ordering(("occurred_at", "id")),
    description="What the landlords were told, the latest first.",
)
def events(
    kommun: strawberry.ID | None = None,
    types: list[str] | None = None,
    since: dt.datetime | None = None,
) -> Sequence[ColumnElement[bool]]:
    """Those of a kommun, of some types, from an instant on."""
    found = [*in_kommun(EVENTS, kommun)]
    if types is not None:
        found.append(EVENTS.c.type.in_(types))
    if since is not None:
        found.append(EVENTS.c.occurred_at >= since)
    return found


looked_up("Event")
