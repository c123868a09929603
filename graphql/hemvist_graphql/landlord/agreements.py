"""The landlord's agreements with the kommuner within reach, and the documents shared with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import strawberry
from sqlalchemy import ColumnElement

from hemvist.agreements.landlord_views import AGREEMENTS, FILES, VERSIONS
from hemvist_graphql.landlord.declaring import Node, shown
from hemvist_graphql.landlord.loading import in_kommun
from hemvist_graphql.landlord.refs import AgreementFileRef, AgreementVersionRef, KommunRef
from hemvist_graphql.landlord.relations import to_many, to_one
from hemvist_graphql.landlord.roots import Ordering, listing, looked_up


@shown(AGREEMENTS)
@strawberry.type(description="What a kommun and the landlord have agreed on (samarbetsavtal).")
class Agreement(Node):
    """What a kommun and the landlord have agreed on."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    kind: str = strawberry.field(
        description="cooperation, owner_directive, land_deal, letter_of_intent or other"
    )
    title: str
    reference: str
    state: str = strawberry.field(description="in_force or ended")
    starts_on: dt.date
    ends_on: dt.date | None = strawberry.field(description="The term's last day.")
    ended_on: dt.date | None = strawberry.field(
        description="The last day, where it ended before its term."
    )
    notice_months: int | None
    versions: list[AgreementVersionRef] = to_many(
        "AgreementVersion",
        {"agreement_id": "id"},
        order=lambda c: (c.number.desc(), c.id),
        limit=20,
    )
    files: list[AgreementFileRef] = to_many(
        "AgreementFile",
        {"agreement_id": "id"},
        order=lambda c: (c.added_at.desc(), c.id),
        limit=100,
    )


@shown(VERSIONS)
@strawberry.type(description="What an agreement says from a day, until the next version's.")
class AgreementVersion(Node):
    """What an agreement says from a day."""

    number: int
    holds_from: dt.date
    signed_on: dt.date | None
    target_groups: str
    takes_in_at_once: bool = strawberry.field(
        description="Whether a home that is reported is the kommun's at once."
    )


@shown(FILES)
@strawberry.type(description="A document of an agreement that the kommun has shared.")
class AgreementFile(Node):
    """A document of an agreement."""

    name: str
    media_type: str
    size_bytes: int
    caption: str
    added_at: dt.datetime


@listing(
    "Agreement",
    Ordering(("starts_on", "id")),
    description="The landlord's agreements, those that begin last first.",
)
def agreements(kommun: strawberry.ID | None = None) -> Sequence[ColumnElement[bool]]:
    """Those with a kommun."""
    return in_kommun(AGREEMENTS, kommun)


looked_up("Agreement")
