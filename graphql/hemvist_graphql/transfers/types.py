"""What a kommun has of protected moves: its requests, its flats on offer, its halves of proposals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import strawberry
from sqlalchemy import exists, select

from hemvist.handovers.models import Handover as HandoverRow
from hemvist.identity import Actor
from hemvist.networks import Network
from hemvist.transfer_ledger.models import TransferStatement as StatementRow
from hemvist.transfers.access import of_function, of_function_or_case, of_named
from hemvist.transfers.models import TransferFunction as FunctionRow
from hemvist.transfers.models import TransferOffer as OfferRow
from hemvist.transfers.models import TransferRequest as RequestRow
from hemvist.transfers.needs import FIELD, Needs
from hemvist.transfers.proposal_models import TransferProposal as ProposalRow
from hemvist_graphql.context import Info
from hemvist_graphql.reading import Readable, column, computed, expressed, identity, reads, to_one
from hemvist_graphql.refs import (
    CaseRef,
    PrincipalRef,
    TransferOfferRef,
    TransferRequestRef,
    UnitRef,
)

_CODE = "The network's code."


def _network(model: Any) -> Callable[[Actor], Any]:
    """The code of the network that a row is of."""

    def expression(actor: Actor) -> Any:
        return (
            select(Network.code)
            # The row's own tenant once more: no statement names a tenant's table without it.
            .where(Network.id == model.network_id, model.tenant_id == actor.tenant_id)
            .correlate(model)
            .scalar_subquery()
        )

    return expression


def _begun(_actor: Actor) -> Any:
    """Whether the own half of the handover has begun."""
    return exists(
        select(HandoverRow.id).where(
            HandoverRow.tenant_id == ProposalRow.tenant_id,
            HandoverRow.proposal_id == ProposalRow.id,
        )
    )


@strawberry.type(description="What a household needs in another kommun.")
class TransferNeeds:
    """What a household needs in another kommun."""

    min_rooms: int
    max_extra_rooms: int
    step_free: bool
    services: list[str]
    excluded: list[str] = strawberry.field(description="Codes of kommuner, the own one included.")


@reads(FunctionRow, visible=of_named)
@strawberry.type(description="A person named in the kommun's transfer function for a network.")
class TransferNaming(Readable):
    """A named person."""

    id: strawberry.ID = identity()
    network: str = expressed("network", _network(FunctionRow), description=_CODE)
    person: PrincipalRef = to_one("Principal", FunctionRow.principal_id)
    role: str = column(FunctionRow.role, description="operative or manager")
    since: dt.date = column(FunctionRow.since)
    until: dt.date | None = column(FunctionRow.until)
    version: int = column(FunctionRow.version)


@reads(
    RequestRow,
    visible=of_function_or_case,
    case=RequestRow.case_id,
    each_look=True,
    also=(RequestRow.needs_sealed,),
)
@strawberry.type(
    description="A household of this kommun that has to move to another (begäran om skyddad flytt)."
    " Seen by the named people of the function and in the case's department; each look is logged."
)
class TransferRequest(Readable):
    """A household that has to move."""

    id: strawberry.ID = identity()
    network: str = expressed("network", _network(RequestRow), description=_CODE)
    case: CaseRef | None = to_one("Case", RequestRow.case_id)
    state: str = column(
        RequestRow.state, description="prepared, open, proposed, agreed, moved or withdrawn"
    )
    urgency: str = column(RequestRow.urgency, description="acute, high or normal")
    prepared_on: dt.date = column(RequestRow.prepared_on)
    prepared_by: PrincipalRef | None = to_one("Principal", RequestRow.prepared_by)
    opened_on: dt.date | None = column(RequestRow.opened_on)
    closed_on: dt.date | None = column(RequestRow.closed_on)
    withdrawn_because: str = column(RequestRow.withdrawn_because)
    version: int = column(RequestRow.version)

    @computed(needs=("needs_sealed",), reads=False, description="What the household needs.")
    def needs(self, info: Info) -> TransferNeeds:
        """What the household needs."""
        said = Needs.said(info.context.keys.open(FIELD, self.row["needs_sealed"]))
        return TransferNeeds(
            min_rooms=said.min_rooms,
            max_extra_rooms=said.max_extra_rooms,
            step_free=said.step_free,
            services=list(said.services),
            excluded=list(said.excluded),
        )


@reads(OfferRow, visible=of_function(OfferRow), each_look=True)
@strawberry.type(
    description="A vacant flat of this kommun that is offered to a network. Each look is logged."
)
class TransferOffer(Readable):
    """A flat on offer."""

    id: strawberry.ID = identity()
    network: str = expressed("network", _network(OfferRow), description=_CODE)
    unit: UnitRef | None = to_one("Unit", OfferRow.unit_id)
    state: str = column(OfferRow.state, description="offered, proposed, agreed, taken or withdrawn")
    rooms: int = column(OfferRow.rooms)
    step_free: bool = column(OfferRow.step_free)
    first_on: dt.date = column(OfferRow.first_on)
    last_on: dt.date = column(OfferRow.last_on)
    offered_on: dt.date = column(OfferRow.offered_on)
    ended_on: dt.date | None = column(OfferRow.ended_on)
    ended_because: str = column(OfferRow.ended_because)
    version: int = column(OfferRow.version)


@reads(ProposalRow, visible=of_function(ProposalRow), each_look=True)
@strawberry.type(
    description="This kommun's half of a proposed move. Nothing in it is of the other kommun."
    " Each look is logged."
)
class TransferProposal(Readable):
    """A half of a proposed move."""

    id: strawberry.ID = identity()
    network: str = expressed("network", _network(ProposalRow), description=_CODE)
    side: str = column(ProposalRow.side, description="sending or receiving")
    request: TransferRequestRef | None = to_one("TransferRequest", ProposalRow.request_id)
    offer: TransferOfferRef | None = to_one("TransferOffer", ProposalRow.offer_id)
    state: str = column(
        ProposalRow.state,
        description="proposed, accepted, refused, expired, withdrawn, failed, agreed, cancelled"
        " or moved",
    )
    proposed_at: dt.datetime = column(ProposalRow.proposed_at)
    answer_by: dt.datetime = column(
        ProposalRow.answer_by, description="Silence until then lets the proposal lapse."
    )
    answered_at: dt.datetime | None = column(ProposalRow.answered_at)
    refused_because: str | None = column(
        ProposalRow.refused_because, description="The own reason; the other side is not told it."
    )
    agreed_at: dt.datetime | None = column(ProposalRow.agreed_at)
    begun: bool = expressed("begun", _begun, description="The own half of the handover has begun.")
    moved_on: dt.date | None = column(ProposalRow.moved_on)
    version: int = column(ProposalRow.version)


@reads(StatementRow, visible=of_function(StatementRow))
@strawberry.type(description="The kommun's own balance in a network, taken minus sent.")
class TransferStatement(Readable):
    """The own balance."""

    id: strawberry.ID = identity()
    network: str = expressed("network", _network(StatementRow), description=_CODE)
    balance: int = column(StatementRow.balance, description="Of the moves that are done.")
    reserved: int = column(StatementRow.reserved, description="Of those proposed or under way.")
    stated_on: dt.date = column(StatementRow.stated_on)
