"""Working with landlords: how they reach the kommun."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.contact_cards.models import ContactCard as CardRow
from hemvist.identity import Action
from hemvist.landlords.models import ACCESS_STATUSES
from hemvist.landlords.models import LandlordAccess as AccessRow
from hemvist.papers.models import LandlordPaper as PaperRow
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.contact_cards.types import ContactCard
from hemvist_graphql.context import Info
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.landlords.types import LandlordAccess
from hemvist_graphql.loading import find
from hemvist_graphql.papers.types import LandlordPaper
from hemvist_graphql.reading import looked_up

_ACCESSES = Ordering("landlord_accesses", (AccessRow.proposed_at, AccessRow.id))
_CARDS = Ordering("contact_cards", (CardRow.position, CardRow.id), descending=False)
_PAPERS = Ordering("landlord_papers", (PaperRow.sent_at, PaperRow.id))
_STATUSES = frozenset(ACCESS_STATUSES)


@strawberry.type
class CooperationRoots:
    """Working with landlords."""

    @connection("ContactCard", _CARDS, description="Those in use, the way in first.")
    def contact_cards(self, info: Info) -> list[ColumnElement[bool]]:
        """The cards that landlords see."""
        return [CardRow.state == "in_use"]

    @looked_up("ContactCard")
    def contact_card(self, info: Info, id: strawberry.ID) -> ContactCard | None:
        """A card by its id."""
        return find(info.context, ContactCard, row_id_of("ContactCard", id))

    @connection("LandlordAccess", _ACCESSES, description="The latest proposed first.")
    def landlord_accesses(
        self, info: Info, status: list[str] | None = None
    ) -> list[ColumnElement[bool]]:
        """The kommun's doors for landlords, in these states where some are named."""
        return [] if status is None else [AccessRow.status.in_(sorted(set(status) & _STATUSES))]

    @looked_up("LandlordAccess")
    def landlord_access(self, info: Info, id: strawberry.ID) -> LandlordAccess | None:
        """A door by its id."""
        return find(info.context, LandlordAccess, row_id_of("LandlordAccess", id))

    @connection(
        "LandlordPaper",
        _PAPERS,
        needs=Action.PAPERS_SHARE,
        description="Papers both ways, the latest first.",
    )
    def landlord_papers(
        self, info: Info, landlord_id: strawberry.ID | None = None, direction: str | None = None
    ) -> list[ColumnElement[bool]]:
        """Papers from and to landlords: of one, one way."""
        found = []
        if landlord_id is not None:
            found.append(PaperRow.landlord_id == row_id_of("Landlord", landlord_id))
        if direction is not None:
            found.append(PaperRow.direction == direction[:40])
        return found

    @looked_up("LandlordPaper")
    def landlord_paper(self, info: Info, id: strawberry.ID) -> LandlordPaper | None:
        """A paper by its id."""
        return find(info.context, LandlordPaper, row_id_of("LandlordPaper", id))
