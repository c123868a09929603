"""What a day holds of protected moves: proposals to answer, requests to open, handovers to go on with.

Which rows, for whom. Who is named for them, the rows' own types ask; the look is logged as any other.
"""

from __future__ import annotations

from sqlalchemy import exists, select

from hemvist.handovers.models import Handover as HandoverRow
from hemvist.handovers.models import HandoverItem as ItemRow
from hemvist.identity import Action, Actor, allows
from hemvist.transfers.models import TransferRequest as RequestRow
from hemvist.transfers.proposal_models import TransferProposal as ProposalRow
from hemvist_graphql.choosing import Criteria


def to_answer(actor: Actor) -> Criteria:
    """Proposals whose time for an answer runs."""
    return (ProposalRow.state == "proposed",) if allows(actor, Action.TRANSFER_ANSWER) else None


def to_open(actor: Actor) -> Criteria:
    """Requests that somebody else has prepared."""
    if not allows(actor, Action.TRANSFER_OPEN):
        return None
    return (RequestRow.state == "prepared", RequestRow.prepared_by != actor.principal_id)


def to_hand_over(actor: Actor) -> Criteria:
    """Moves that are agreed on, where nobody here has begun the handover."""
    if not allows(actor, Action.TRANSFER_ANSWER):
        return None
    begun = exists(
        select(HandoverRow.id).where(
            HandoverRow.tenant_id == ProposalRow.tenant_id,
            HandoverRow.proposal_id == ProposalRow.id,
        )
    )
    return (ProposalRow.state == "agreed", ~begun)


def to_go_on(actor: Actor) -> Criteria:
    """Handovers with a step or a line of the checklist left."""
    if not (allows(actor, Action.TRANSFER_ANSWER) or allows(actor, Action.TRANSFER_PREPARE)):
        return None
    left = exists(
        select(ItemRow.id).where(
            ItemRow.tenant_id == HandoverRow.tenant_id,
            ItemRow.handover_id == HandoverRow.id,
            ItemRow.state == "open",
        )
    )
    return (HandoverRow.state != "cancelled", (HandoverRow.state.not_in(("sent", "moved"))) | left)
