"""What a kommun does with the network's letters: each once, as the worker, in its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from hemvist import audit
from hemvist.clock import now
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.tenancy import TenantSession
from hemvist.transfers import letters
from hemvist.transfers.locking import lock
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import (
    UNSETTLED,
    TransferBan,
    TransferEntry,
    TransferLetter,
    TransferProposal,
)

_RECEIVED = "transfer.letter_received"


def receive(session: TenantSession, network_id: UUID, letter_id: UUID, sealed: bytes) -> bool:
    """Do what a letter from the network says, unless it was done before."""
    mark = session.execute(
        insert(TransferLetter)
        .values(
            tenant_id=session.tenant_id,
            id=letter_id,
            network_id=network_id,
            direction="in",
            # What it said stands in the rows that it led to, and nowhere else.
            sealed=b"",
            written_at=now(),
            done_at=now(),
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "id"])
        .returning(TransferLetter.id)
    ).first()
    if mark is None:
        return False
    said = letters.opened(session.tenant_id, network_id, sealed)
    _KINDS[said.pop("kind")](session, network_id, **said)
    return True


def _nothing(_session: TenantSession, _network_id: UUID) -> None:
    """Every member is sent as many letters as the one who is sent most."""


def _propose_sending(
    session: TenantSession, network_id: UUID, *, slip: str, pseudonym: str, answer_by: str
) -> None:
    request_id = session.scalar(
        select(TransferEntry.request_id).where(TransferEntry.pseudonym == UUID(pseudonym))
    )
    if request_id is None:
        return
    request = session.find(TransferRequest, request_id)
    session.lock(request)
    if request.state != "open":
        # Withdrawn meanwhile; the network has been told.
        return
    request.state = "proposed"
    request.version += 1
    _propose(session, network_id, slip, answer_by, side="sending", request_id=request.id)


def _propose_receiving(
    session: TenantSession, network_id: UUID, *, slip: str, token: str, answer_by: str
) -> None:
    offer = session.scalar(select(TransferOffer).where(TransferOffer.token == UUID(token)))
    if offer is None:
        return
    session.lock(offer)
    if offer.state != "offered":
        return
    offer.state = "proposed"
    offer.version += 1
    _propose(session, network_id, slip, answer_by, side="receiving", offer_id=offer.id)


def _propose(
    session: TenantSession, network_id: UUID, slip: str, answer_by: str, **of_side: Any
) -> None:
    session.flush()
    row = session.save(
        TransferProposal(
            network_id=network_id,
            slip=UUID(slip),
            proposed_at=now(),
            answer_by=datetime.fromisoformat(answer_by),
            **of_side,
        )
    )
    _log(session, row, "proposed")


def _failed(
    session: TenantSession, _network_id: UUID, *, slip: str, token: str | None = None
) -> None:
    proposal, request, offer = _locked(session, slip)
    if proposal is None:
        return
    if token is not None and request is not None:
        session.execute(
            insert(TransferBan)
            .values(
                tenant_id=session.tenant_id,
                id=new_id(),
                request_id=request.id,
                token=UUID(token),
            )
            .on_conflict_do_nothing(index_elements=["tenant_id", "request_id", "token"])
        )
    if proposal.state == "proposed":
        proposal.state = "expired" if now() >= proposal.answer_by else "failed"
    elif proposal.state == "accepted":
        proposal.state = "failed"
    elif proposal.state == "agreed":
        proposal.state = "cancelled"
        proposal.counterpart_id = proposal.counterpart_slip = None
    proposal.version += 1
    if request is not None and request.state in ("proposed", "agreed"):
        request.state = "open"
        request.version += 1
    if offer is not None and offer.state in ("proposed", "agreed"):
        offer.state = "offered"
        offer.version += 1
    session.flush()
    _log(session, proposal, proposal.state)


def _agreed(
    session: TenantSession,
    _network_id: UUID,
    *,
    slip: str,
    counterpart: str,
    counterpart_slip: str,
) -> None:
    proposal, request, offer = _locked(session, slip)
    if proposal is None or proposal.state not in UNSETTLED:
        # Withdrawn meanwhile: then nobody here learns with whom it would have been.
        return
    proposal.state = "agreed"
    proposal.agreed_at = now()
    proposal.counterpart_id = UUID(counterpart)
    proposal.counterpart_slip = UUID(counterpart_slip)
    proposal.version += 1
    for row in (request, offer):
        if row is not None:
            row.state = "agreed"
            row.version += 1
    session.flush()
    _log(session, proposal, "agreed")


def _moved(session: TenantSession, _network_id: UUID, *, slip: str, on: str) -> None:
    proposal, request, _ = _locked(session, slip)
    # Withdrawn here in the same moment, the household has moved all the same.
    if proposal is None or request is None or proposal.state not in ("agreed", "withdrawn"):
        return
    day = date.fromisoformat(on)
    proposal.state, proposal.moved_on = "moved", day
    proposal.version += 1
    request.state, request.closed_on = "moved", day
    request.version += 1
    session.flush()
    _log(session, proposal, "moved")


def _closed(session: TenantSession, _network_id: UUID, *, round: str) -> None:
    session.execute(delete(TransferEntry).where(TransferEntry.round_id == UUID(round)))


def _locked(
    session: TenantSession, slip: str
) -> tuple[TransferProposal | None, TransferRequest | None, TransferOffer | None]:
    """The proposal and what it is of, locked; nothing where there is no such proposal."""
    proposal = session.scalar(select(TransferProposal).where(TransferProposal.slip == UUID(slip)))
    if proposal is None:
        return None, None, None
    return proposal, *lock(session, proposal)


def _log(session: TenantSession, proposal: TransferProposal, event: str) -> None:
    audit.record(
        session,
        Actor.system(session.tenant_id),
        _RECEIVED,
        subject_type="transfer_proposal",
        subject_id=proposal.id,
        details={"event": event, "side": proposal.side},
    )


_KINDS: Mapping[str, Callable[..., None]] = {
    "nothing": _nothing,
    "propose_sending": _propose_sending,
    "propose_receiving": _propose_receiving,
    "failed": _failed,
    "agreed": _agreed,
    "moved": _moved,
    "closed": _closed,
}
