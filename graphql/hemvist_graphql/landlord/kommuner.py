"""The kommuner within reach (lv_kommuner)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import strawberry
from sqlalchemy import ColumnElement

from hemvist.landlords.landlord_views import KOMMUNER
from hemvist_graphql.landlord.declaring import Node, shown
from hemvist_graphql.landlord.refs import LandlordRef
from hemvist_graphql.landlord.relations import to_one
from hemvist_graphql.landlord.roots import looked_up, whole


@shown(KOMMUNER)
@strawberry.type(
    description="A kommun whose door is open for a landlord that the caller acts for. Who acts for"
    " two landlords there has two of them."
)
class Kommun(Node):
    """A kommun within reach, of one landlord."""

    name: str
    landlord_name: str = strawberry.field(description="Whose door it is.")
    slug: str = strawberry.field(description="The kommun's name in addresses.")
    since: dt.datetime | None = strawberry.field(description="When the door was opened.")
    landlord: LandlordRef | None = to_one(
        "Landlord", {"landlord_id": "landlord_id"}, elsewhere=True
    )


@whole(
    "Kommun",
    order=lambda c: (c.name, c.landlord_name, c.id),
    length=10,
    description="The kommuner within reach.",
)
def kommuner() -> Sequence[ColumnElement[bool]]:
    """All of them."""
    return ()


looked_up("Kommun")
