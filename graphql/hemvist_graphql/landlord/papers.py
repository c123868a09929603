"""Papers that the landlord and its kommuner send each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from hemvist.documents.uploads import MAX_BYTES
from hemvist.papers import service
from hemvist.papers.landlord_views import PAPERS
from hemvist.papers.models import LandlordPaper
from hemvist_graphql.checks import decoded
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.landlord.commands import Act, command
from hemvist_graphql.landlord.declaring import Node, opened, shown
from hemvist_graphql.landlord.loading import in_kommun
from hemvist_graphql.landlord.refs import KommunRef, UnitRef
from hemvist_graphql.landlord.relations import to_one
from hemvist_graphql.landlord.roots import Ordering, listing, looked_up

MAX_BASE64 = MAX_BYTES * 4 // 3 + 8
KINDS = "agreement, plan, protocol, invoice, rents, terms or other"


@shown(PAPERS)
@strawberry.type(
    description="A paper (handling) that the kommun sent the landlord, or the landlord the kommun."
    " Its file is fetched on the landlords' portal."
)
class Paper(Node):
    """A paper that one side sent the other."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    unit: UnitRef | None = to_one("Unit", {"id": "unit_id"})
    street_address: str | None = strawberry.field(description="Of the home that it is about.")
    apartment_number: str | None
    direction: str = strawberry.field(description="to_landlord or to_kommun")
    kind: str = strawberry.field(description=KINDS)
    title: str = opened(LandlordPaper.title)
    name: str = opened(LandlordPaper.name, description="The file's name.")
    media_type: str
    size_bytes: int
    state: str = strawberry.field(
        description="there; taken_back by whoever sent it; read_in by the kommun as a list of rents"
    )
    sent_at: dt.datetime
    opened_at: dt.datetime | None = strawberry.field(
        description="When the other side first opened it."
    )
    version: int


@listing("Paper", Ordering(("sent_at", "id")), description="The latest first.")
def papers(
    kommun: strawberry.ID | None = None,
    direction: str | None = None,
    kind: str | None = None,
    unopened: bool = False,
) -> Sequence[ColumnElement[bool]]:
    """Papers of a kommun, one way, of a kind, those that nobody has opened."""
    found = [*in_kommun(PAPERS, kommun)]
    if direction is not None:
        found.append(PAPERS.c.direction == direction[:40])
    if kind is not None:
        found.append(PAPERS.c.kind == kind[:40])
    if unopened:
        found += [PAPERS.c.opened_at.is_(None), PAPERS.c.state == "there"]
    return found


looked_up("Paper")


@strawberry.input
class SendPaperInput:
    """A paper for a kommun, about one of the landlord's homes there or about none."""

    idempotency_key: str
    kommun_id: strawberry.ID = refers_to("Kommun")
    unit_id: strawberry.ID | None = refers_to("Unit", default=None)
    kind: str = text(20, description=KINDS)
    title: str = text(service.MAX_TITLE)
    name: str = text(300, description="The file's name.")
    content_base64: str = text(
        MAX_BASE64,
        description="PDF, JPEG or PNG; for rents a CSV or Excel file. At most 8 megabytes.",
    )


@command(SendPaperInput, gives="paper", description="Send the kommun a paper.")
def send_paper(act: Act, values: dict[str, Any]) -> Any:
    """Send the kommun a paper."""
    content = decoded(values.pop("content_base64"))
    return service.send_to_kommun(
        act.session, act.actor, landlord_id=act.landlord_id, content=content, **values
    )


@strawberry.input
class TakePaperBackInput:
    """A paper that the landlord sent."""

    idempotency_key: str
    paper_id: strawberry.ID = refers_to("Paper")
    expected_version: int


@command(
    TakePaperBackInput,
    gives="paper",
    description="Take back a paper that the landlord sent; its file is gone.",
)
def take_paper_back(act: Act, values: dict[str, Any]) -> Any:
    """Take back a paper that the landlord sent."""
    return service.take_back(act.session, act.actor, **values)
