"""Answering what the network proposes. Each side knows its own half and when its time runs out."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.cases.checks import effective_day
from hemvist.clock import now
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.tenancy import TenantSession
from hemvist.transfers import letters
from hemvist.transfers.functions import require_able, require_named
from hemvist.transfers.locking import lock
from hemvist.transfers.models import TransferOffer
from hemvist.transfers.proposal_models import REFUSALS, TransferProposal


def accept(
    session: TenantSession, actor: Actor, *, proposal_id: UUID, expected_version: int
) -> TransferProposal:
    """Say yes. It is agreed when the other side has said so too; until then nobody learns who it is.

    Raises ``NotFound`` to whoever is not named, ``NotAllowed`` also to who offered the flat,
    ``Conflict`` when it is too late.
    """
    proposal = _answerable(session, actor, proposal_id, expected_version, accepts=True)
    _answered(session, actor, proposal, "accepted")
    letters.write(session, proposal.network_id, "answer", slip=proposal.slip, accepts=True)
    return proposal


def refuse(
    session: TenantSession,
    actor: Actor,
    *,
    proposal_id: UUID,
    because: str,
    expected_version: int,
) -> TransferProposal:
    """Say no, with a reason for the own record. The same pair is not proposed again."""
    proposal = _answerable(session, actor, proposal_id, expected_version, accepts=False)
    allowed = REFUSALS[proposal.side]
    if because not in allowed:
        raise ValidationFailed.one("because", "choice", "unknown", allowed=allowed)
    proposal.refused_because = because
    _answered(session, actor, proposal, "refused")
    letters.write(session, proposal.network_id, "answer", slip=proposal.slip, accepts=False)
    return proposal


def moved(
    session: TenantSession,
    actor: Actor,
    *,
    proposal_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> TransferProposal:
    """The household has moved in: the receiving side says so, and the ledger books it."""
    proposal = _find(session, actor, proposal_id)
    require(actor, Action.TRANSFER_ANSWER)
    if proposal.side != "receiving":
        raise Conflict("not_receiving", "the side that the household moves to says so")
    _, offer = lock(session, proposal)
    agreed_on = None if proposal.agreed_at is None else proposal.agreed_at.date()
    day = effective_day(on, not_before=agreed_on)
    session.change(proposal, expected_version)
    _require_state(proposal, "agreed")
    proposal.state = "moved"
    proposal.moved_on = day
    assert offer is not None
    offer.state = "taken"
    offer.ended_on = day
    offer.version += 1
    session.flush()
    letters.write(session, proposal.network_id, "moved", slip=proposal.slip, on=day)
    _log(session, actor, proposal, Action.TRANSFER_ANSWER, "moved")
    return proposal


def look(session: TenantSession, actor: Actor, *, proposal_id: UUID) -> TransferProposal:
    """A proposal as this side may see it. The look is logged."""
    proposal = _find(session, actor, proposal_id)
    require(actor, Action.TRANSFER_READ)
    _log(session, actor, proposal, Action.TRANSFER_READ, "looked", kind="read")
    return proposal


def proposals_of(
    session: TenantSession, actor: Actor, *, network_id: UUID
) -> list[TransferProposal]:
    """The kommun's own halves of what is and was proposed, the latest first. The look is logged."""
    require_named(session, actor, network_id, "Network")
    require(actor, Action.TRANSFER_READ)
    found = session.scalars(
        select(TransferProposal)
        .where(TransferProposal.network_id == network_id)
        .order_by(TransferProposal.id.desc())
    ).all()
    audit.record(
        session,
        actor,
        Action.TRANSFER_READ,
        kind="read",
        subject_type="network",
        subject_id=network_id,
        details={"proposals": len(found)},
    )
    return list(found)


def _find(session: TenantSession, actor: Actor, proposal_id: UUID) -> TransferProposal:
    proposal = session.find(TransferProposal, proposal_id)
    require_named(session, actor, proposal.network_id, "TransferProposal")
    return proposal


def _answerable(
    session: TenantSession,
    actor: Actor,
    proposal_id: UUID,
    expected_version: int,
    *,
    accepts: bool,
) -> TransferProposal:
    proposal = _find(session, actor, proposal_id)
    offered_by = None
    if accepts and proposal.offer_id is not None:
        offered_by = session.find(TransferOffer, proposal.offer_id).offered_by
    require(actor, Action.TRANSFER_ANSWER, not_by=[offered_by] if offered_by else [])
    require_able(session, proposal.network_id)
    lock(session, proposal)
    session.change(proposal, expected_version)
    _require_state(proposal, "proposed")
    if now() >= proposal.answer_by:
        raise Conflict("too_late", "the time for an answer has run out")
    return proposal


def _answered(session: TenantSession, actor: Actor, proposal: TransferProposal, state: str) -> None:
    proposal.state = state
    proposal.answered_at = now()
    proposal.answered_by = actor.principal_id
    session.flush()
    _log(session, actor, proposal, Action.TRANSFER_ANSWER, state)


def _require_state(proposal: TransferProposal, state: str) -> None:
    if proposal.state != state:
        raise Conflict("proposal_state", f"the proposal is {proposal.state}", state=proposal.state)


def _log(
    session: TenantSession,
    actor: Actor,
    proposal: TransferProposal,
    action: Action,
    event: str,
    kind: str = "write",
) -> None:
    audit.record(
        session,
        actor,
        action,
        kind=kind,
        subject_type="transfer_proposal",
        subject_id=proposal.id,
        details={"event": event, "side": proposal.side},
    )
