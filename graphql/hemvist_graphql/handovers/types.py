"""A kommun's half of a handover, its checklist and who is named, for the named alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import exists, select

from hemvist.handovers.access import of_handlers
from hemvist.handovers.models import Handover as HandoverRow
from hemvist.handovers.models import HandoverHandler as HandlerRow
from hemvist.handovers.models import HandoverItem as ItemRow
from hemvist.handovers.models import HandoverParcel as ParcelRow
from hemvist.identity import Actor
from hemvist_graphql.choosing import listed
from hemvist_graphql.reading import (
    Readable,
    column,
    expressed,
    identity,
    opened,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import CaseRef, HandoverHandlerRef, HandoverItemRef, PrincipalRef


def _arrived(_actor: Actor) -> Any:
    """Whether what the other kommun tells has come."""
    return exists(
        select(ParcelRow.id).where(
            ParcelRow.tenant_id == HandoverRow.tenant_id,
            ParcelRow.proposal_id == HandoverRow.proposal_id,
            ParcelRow.direction == "in",
        )
    )


@reads(HandoverRow, visible=of_handlers(HandoverRow.id), case=HandoverRow.case_id)
@strawberry.type(
    description="This kommun's half of a handover (överlämning) after a protected move is agreed"
    " on. Seen by those who are named for it; who the other kommun is, `handoverLook` tells."
)
class Handover(Readable):
    """A half of a handover."""

    id: strawberry.ID = identity()
    side: str = column(HandoverRow.side, description="sending or receiving")
    state: str = column(
        HandoverRow.state,
        description="prepared, sent, expected, opened, taken_in, moved or cancelled",
    )
    case: CaseRef | None = to_one("Case", HandoverRow.case_id)
    started_on: dt.date = column(HandoverRow.started_on)
    sent_on: dt.date | None = column(HandoverRow.sent_on)
    ground: str | None = column(HandoverRow.ground, description="consent or osl_10_2")
    fields: list[str] = column(HandoverRow.fields, description="Kinds of data that were told.")
    consent_on: dt.date | None = column(HandoverRow.consent_on)
    arrived: bool = expressed(
        "arrived", _arrived, description="What the sending kommun tells has come."
    )
    opened_on: dt.date | None = column(HandoverRow.opened_on)
    moved_on: dt.date | None = column(HandoverRow.moved_on)
    counterpart_until: dt.date | None = column(
        HandoverRow.counterpart_until, description="Until then the named see the other kommun."
    )
    version: int = column(HandoverRow.version)
    items: list[HandoverItemRef] = to_many(
        "HandoverItem", ItemRow.handover_id, order=(ItemRow.id,), description="The own checklist."
    )
    handlers: list[HandoverHandlerRef] = listed(
        "HandoverHandler",
        HandlerRow.handover_id,
        where=lambda _: (HandlerRow.until.is_(None),),
        order=(HandlerRow.since, HandlerRow.id),
        description="Who is named today.",
    )


@reads(ItemRow, visible=of_handlers(ItemRow.handover_id))
@strawberry.type(description="A line of a side's checklist.")
class HandoverItem(Readable):
    """A line of a checklist."""

    id: strawberry.ID = identity()
    item: str = column(ItemRow.item)
    state: str = column(ItemRow.state, description="open, done or not_needed")
    settled_on: dt.date | None = column(ItemRow.settled_on)
    note: str | None = opened(ItemRow.note)
    version: int = column(ItemRow.version)


@reads(HandlerRow, visible=of_handlers(HandlerRow.handover_id))
@strawberry.type(description="A person named for a handover (utpekad handläggare).")
class HandoverHandler(Readable):
    """A named person."""

    id: strawberry.ID = identity()
    person: PrincipalRef = to_one("Principal", HandlerRow.principal_id)
    since: dt.date = column(HandlerRow.since)
