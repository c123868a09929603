"""Rows between kommuner, for attacks to which only their ids matter."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.handovers.models import Handover, HandoverHandler, HandoverItem
from hemvist.kommun_requests import service as kommun_requests
from hemvist.kommun_requests.models import KommunRequestStep
from hemvist.transfers.models import TransferFunction
from hemvist.transfers.proposal_models import TransferProposal
from hemvist_graphql.ids import global_id
from hemvist_network import FIRST, new_net
from hemvist_world import World

OWNER = "caseworker SOF-VUX"


def asked_of_another_kommun(world: World, case: Case) -> dict[str, str]:
    """A request that another kommun takes the case over."""
    request = world.act(
        OWNER,
        kommun_requests.open_request,
        case_id=case.id,
        kind="takeover",
        direction="incoming",
        counterpart="1980",
        function_address="stod@vasteras.example",
        reasons="Familjen finns här.",
        wish="wants",
    )
    return {
        "KommunRequest": global_id("KommunRequest", request.id),
        "KommunRequestStep": global_id("KommunRequestStep", world.rows(KommunRequestStep)[0].id),
    }


def in_a_network(world: World) -> dict[str, str]:
    """A named person, a household that has to move, a flat, a proposal of it and its handover."""
    net = new_net("A", worlds={"A": world})
    request, offer = net.request("A"), net.offer("A")
    first = world[FIRST].principal_id
    assert first is not None
    with world.session() as session:
        proposal = session.save(
            TransferProposal(
                network_id=net.id,
                slip=uuid4(),
                side="receiving",
                offer_id=offer.id,
                proposed_at=now(),
                answer_by=now() + timedelta(days=1),
            )
        )
        handover = session.save(
            Handover(
                proposal_id=proposal.id,
                side="receiving",
                state="expected",
                started_on=today(),
                started_by=first,
                fields=[],
            )
        )
        item = session.save(HandoverItem(handover_id=handover.id, item="school"))
        handler = session.save(
            HandoverHandler(
                handover_id=handover.id, principal_id=first, since=today(), named_by=first
            )
        )
    return {
        "Principal": global_id("Principal", first),
        "TransferNaming": global_id("TransferNaming", world.rows(TransferFunction)[0].id),
        "TransferRequest": global_id("TransferRequest", request.id),
        "TransferOffer": global_id("TransferOffer", offer.id),
        "TransferProposal": global_id("TransferProposal", proposal.id),
        "Handover": global_id("Handover", handover.id),
        "HandoverItem": global_id("HandoverItem", item.id),
        "HandoverHandler": global_id("HandoverHandler", handler.id),
    }
