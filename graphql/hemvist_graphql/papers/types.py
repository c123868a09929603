"""Papers that the kommun and landlords send each other."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement, false, true

from hemvist.identity import Action, Actor, allows
from hemvist.papers.models import LandlordPaper as PaperRow
from hemvist_graphql.reading import Node, column, opened, reads, to_one
from hemvist_graphql.refs import ArrearsFileRef, LandlordRef, PrincipalRef, UnitRef


def visible_papers(actor: Actor) -> ColumnElement[bool]:
    """Condition on papers: the actor may send and read them."""
    return true() if allows(actor, Action.PAPERS_SHARE) else false()


@reads(PaperRow, visible=visible_papers)
@strawberry.type(description="A paper (handling) that the kommun or a landlord sent the other.")
class LandlordPaper(Node):
    """A paper that one side sent the other."""

    landlord: LandlordRef = to_one("Landlord", PaperRow.landlord_id)
    unit: UnitRef | None = to_one("Unit", PaperRow.unit_id)
    direction: str = column(PaperRow.direction, description="to_landlord or to_kommun")
    kind: str = column(
        PaperRow.kind, description="agreement, plan, protocol, invoice, rents, terms or other"
    )
    title: str = opened(PaperRow.title)
    name: str = opened(PaperRow.name, description="The file's name.")
    media_type: str = column(PaperRow.media_type)
    size_bytes: int = column(PaperRow.size_bytes)
    state: str = column(PaperRow.state, description="there, taken_back or read_in")
    sent_at: dt.datetime = column(PaperRow.sent_at)
    sent_by: PrincipalRef | None = to_one("Principal", PaperRow.sent_by)
    opened_at: dt.datetime | None = column(
        PaperRow.opened_at, description="When the other side first opened it."
    )
    arrears_file: ArrearsFileRef | None = to_one(
        "ArrearsFile", PaperRow.arrears_file_id, description="The file of rents that it became."
    )
    version: int = column(PaperRow.version)
