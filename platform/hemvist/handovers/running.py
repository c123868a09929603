"""What the worker does for handovers: carries parcels, lets halves follow their proposal, forgets.

No transaction sees two kommuner. Each step may be broken off at any point and done again: a parcel is
there once, and what came to nothing is emptied on the side where it lies.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from hemvist import audit
from hemvist.clock import now, today
from hemvist.db import Audience
from hemvist.handovers.models import Handover, HandoverItem, HandoverParcel
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.measuring import apart
from hemvist.networks.service import rules_of
from hemvist.tenancy import TenantSession, tenant_session
from hemvist.transfers.proposal_models import UNSETTLED, TransferProposal

#: The name in the log of what the platform does by itself.
FOLLOWED = "handover.followed"
#: Handovers that time or the network may still change.
_RUNNING = ("prepared", "sent", "expected", "opened", "taken_in")
SLICE = 200


def run(tenant_id: UUID) -> int:
    """Everything that there is to do in a kommun; how many parcels it has sent off."""
    follow(tenant_id)
    take_back(tenant_id)
    carried = carry(tenant_id)
    forget(tenant_id)
    return carried


def carry(tenant_id: UUID) -> int:
    """Bring the kommun's parcels to those they are for; how many have come there."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        waiting = session.scalars(
            select(HandoverParcel.id)
            .where(HandoverParcel.direction == "out", HandoverParcel.carried_at.is_(None))
            .order_by(HandoverParcel.id)
            .limit(SLICE)
        ).all()
    return sum(_carry(tenant_id, parcel) for parcel in waiting)


def _carry(tenant_id: UUID, parcel_id: UUID) -> bool:
    with tenant_session(Audience.WORKER, tenant_id) as session:
        parcel = session.scalar(select(HandoverParcel).where(HandoverParcel.id == parcel_id))
        if parcel is None or parcel.carried_at is not None:
            return False
        proposal = session.find(TransferProposal, parcel.proposal_id)
        if proposal.state != "agreed":
            return False
        receiver, slip, sealed = proposal.counterpart_id, proposal.counterpart_slip, parcel.sealed
    assert receiver is not None
    assert slip is not None
    # In the sender's trace the receiver's name would tell whoever watches the platform where to.
    with apart(), tenant_session(Audience.WORKER, receiver) as session:
        if not receive(session, slip, sealed):
            return False
    with tenant_session(Audience.WORKER, tenant_id) as session:
        # It cannot be opened here, and is kept where it can.
        session.execute(
            update(HandoverParcel)
            .where(HandoverParcel.id == parcel_id)
            .values(sealed=b"", carried_at=now())
        )
    return True


def receive(session: TenantSession, slip: UUID, sealed: bytes) -> bool:
    """Keep a parcel for the proposal ``slip``; whether the sender is done with it.

    One that comes before the network's own word waits; one for a move that is off is not kept.
    """
    proposal = session.scalar(select(TransferProposal).where(TransferProposal.slip == slip))
    if proposal is None:
        return True
    session.lock(proposal)
    if proposal.state in UNSETTLED:
        return False
    session.execute(
        insert(HandoverParcel)
        .values(
            tenant_id=session.tenant_id,
            id=new_id(),
            proposal_id=proposal.id,
            direction="in",
            sealed=sealed if proposal.state == "agreed" else b"",
            written_at=now(),
            carried_at=now(),
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "proposal_id"])
    )
    return True


def follow(tenant_id: UUID) -> int:
    """Let running halves follow what became of their proposal; how many changed."""
    changed = 0
    with tenant_session(Audience.WORKER, tenant_id) as session:
        for row in session.scalars(
            select(Handover)
            .where(Handover.counterpart_until.is_(None), Handover.state != "cancelled")
            .order_by(Handover.id)
            .limit(SLICE * 10)
        ).all():
            changed += _follow(session, row)
    return changed


def take_back(tenant_id: UUID) -> None:
    """Empty parcels of moves that came to nothing, also where nobody had begun a half to follow it."""
    over = select(TransferProposal.id).where(
        TransferProposal.tenant_id == HandoverParcel.tenant_id,
        TransferProposal.state.not_in((*UNSETTLED, "agreed", "moved")),
    )
    with tenant_session(Audience.WORKER, tenant_id) as session:
        session.execute(delete(HandoverParcel).where(HandoverParcel.proposal_id.in_(over)))


def _follow(session: TenantSession, row: Handover) -> bool:
    proposal = session.find(TransferProposal, row.proposal_id)
    if row.state in _RUNNING and proposal.state not in ("agreed", "moved"):
        # As whoever sends or opens: the proposal first.
        session.lock(proposal)
        session.lock(row)
        row.state = "cancelled"
        row.version += 1
        session.flush()
        _empty(session, proposal)
        _log(session, row, "cancelled")
        return True
    if proposal.state != "moved" or row.counterpart_until is not None:
        return False
    session.lock(proposal)
    session.lock(row)
    row.state, row.moved_on = "moved", proposal.moved_on
    row.counterpart_until = _until(session, proposal)
    row.version += 1
    session.flush()
    _log(session, row, "moved")
    return True


def forget(tenant_id: UUID) -> int:
    """Forget who the other kommun was, what it told and what was noted, when the time is over; how many.

    Also of moves that nobody handed over here.
    """
    forgotten = 0
    with tenant_session(Audience.WORKER, tenant_id) as session:
        known = session.scalars(
            select(TransferProposal)
            .where(TransferProposal.state == "moved", TransferProposal.counterpart_id.is_not(None))
            # Those whose time is over first: it runs from the day of the move.
            .order_by(TransferProposal.moved_on, TransferProposal.id)
            .limit(SLICE)
        ).all()
        for proposal in known:
            if today() <= _until(session, proposal):
                continue
            session.lock(proposal)
            proposal.counterpart_id = proposal.counterpart_slip = None
            proposal.version += 1
            session.flush()
            _empty(session, proposal)
            row = session.scalar(select(Handover).where(Handover.proposal_id == proposal.id))
            if row is not None:
                session.lock(row)
                row.forgotten_on = today()
                row.version += 1
                session.flush()
                # Notes on school, care and transport name places.
                session.execute(
                    update(HandoverItem)
                    .where(HandoverItem.handover_id == row.id)
                    .values(note_sealed=None)
                )
                _log(session, row, "forgotten")
            forgotten += 1
    return forgotten


def _until(session: TenantSession, proposal: TransferProposal) -> date:
    """The last day on which the other kommun is told to the named handlers."""
    assert proposal.moved_on is not None
    terms = rules_of(session, proposal.network_id).terms_on(proposal.moved_on)
    return proposal.moved_on + timedelta(days=terms.destination_days)


def _empty(session: TenantSession, proposal: TransferProposal) -> None:
    """Nothing of what was told is kept: neither to be carried nor to be opened."""
    session.execute(delete(HandoverParcel).where(HandoverParcel.proposal_id == proposal.id))


def _log(session: TenantSession, row: Handover, event: str) -> None:
    audit.record(
        session,
        Actor.system(session.tenant_id),
        FOLLOWED,
        case_id=row.case_id,
        subject_type="handover",
        subject_id=row.id,
        details={"event": event, "side": row.side},
    )
