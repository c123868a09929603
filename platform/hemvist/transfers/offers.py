"""Flats that the kommun offers to a network. What leaves it is kommun, rooms, steps and days."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select

from hemvist import audit
from hemvist.cases.checks import effective_day
from hemvist.clock import SWEDISH_TIME, today
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.tenancy import TenantSession
from hemvist.transfers import letters
from hemvist.transfers.functions import own_membership, require_able, require_named
from hemvist.transfers.models import OFFER_ENDS, ON_OFFER, TransferOffer
from hemvist.transfers.needs import MAX_EXTRA, MAX_ROOMS
from hemvist.transfers.proposal_models import TransferProposal
from hemvist.units.models import Unit, UnitStateLine


def offer(
    session: TenantSession,
    actor: Actor,
    *,
    network_id: UUID,
    unit_id: UUID,
    last_on: date,
    first_on: date | None = None,
) -> TransferOffer:
    """Offer a vacant flat to the network, for a household to move in between two days.

    Raises ``NotFound`` (network, flat), ``NotAllowed``, ``Conflict`` where the function is too small
    or the flat is not vacant, too new in the register or offered already, ``ValidationFailed``.
    """
    own_membership(session, network_id)
    require_named(session, actor, network_id, "Network")
    unit = session.find(Unit, unit_id)
    require(actor, Action.TRANSFER_OFFER)
    rules, _ = require_able(session, network_id)
    session.lock(unit)
    begins = max(first_on or today(), unit.available_from, today())
    if last_on < begins:
        raise ValidationFailed.one("lastOn", "before_start", "lies before the first day")
    if unit.rooms > MAX_ROOMS + MAX_EXTRA:
        raise ValidationFailed.one("unitId", "too_large", "more rooms than anybody can ask for")
    if unit.state != "vacant":
        raise Conflict("unit_taken", "the flat is not vacant", state=unit.state)
    _require_known(session, unit, rules.terms_on(today()).known_days)
    if session.scalar(
        select(TransferOffer.id).where(
            TransferOffer.unit_id == unit.id, TransferOffer.state.in_(ON_OFFER)
        )
    ):
        raise Conflict("offered_already", "the flat is offered to a network")
    assert actor.principal_id is not None
    row = session.save(
        TransferOffer(
            network_id=network_id,
            unit_id=unit.id,
            token=uuid4(),
            rooms=unit.rooms,
            step_free=unit.step_free,
            first_on=begins,
            last_on=last_on,
            offered_on=today(),
            offered_by=actor.principal_id,
        )
    )
    letters.write(
        session,
        network_id,
        "offer",
        token=row.token,
        rooms=row.rooms,
        step_free=row.step_free,
        first_on=row.first_on,
        last_on=row.last_on,
    )
    _log(session, actor, row, "offered")
    return row


def withdraw(
    session: TenantSession,
    actor: Actor,
    *,
    offer_id: UUID,
    because: str,
    expected_version: int,
) -> TransferOffer:
    """Offer a flat no longer, also while it is proposed. Whoever was to have it is told "no more"."""
    row = session.find(TransferOffer, offer_id)
    require_named(session, actor, row.network_id, "TransferOffer")
    require(actor, Action.TRANSFER_OFFER)
    session.lock(row)
    if because not in OFFER_ENDS[1:]:
        raise ValidationFailed.one("because", "choice", "unknown", allowed=OFFER_ENDS[1:])
    session.change(row, expected_version)
    if row.state not in ON_OFFER:
        raise Conflict("offer_state", f"the offer is {row.state}", state=row.state)
    _end(session, row, because)
    _log(session, actor, row, "withdrawn")
    return row


def withdraw_let(session: TenantSession, network_id: UUID) -> int:
    """Withdraw flats that have been let or offered to somebody else meanwhile; how many."""
    found = session.scalars(
        select(TransferOffer)
        .join(
            Unit, (Unit.tenant_id == TransferOffer.tenant_id) & (Unit.id == TransferOffer.unit_id)
        )
        .where(
            TransferOffer.network_id == network_id,
            # What is agreed on is reserved for the one who comes, in whichever way the kommun does it.
            TransferOffer.state.in_(("offered", "proposed")),
            (Unit.state != "vacant") | (TransferOffer.last_on < today()),
        )
        # Two workers at once take them in one order.
        .order_by(TransferOffer.id)
        .with_for_update(of=TransferOffer)
    ).all()
    for row in found:
        row.version += 1
        _end(session, row, "not_vacant")
        _log(session, Actor.system(session.tenant_id), row, "withdrawn")
    return len(found)


def offers_of(session: TenantSession, actor: Actor, *, network_id: UUID) -> list[TransferOffer]:
    """What the kommun has offered the network, the latest first."""
    require_named(session, actor, network_id, "Network")
    require(actor, Action.TRANSFER_READ)
    found = session.scalars(
        select(TransferOffer)
        .where(TransferOffer.network_id == network_id)
        .order_by(TransferOffer.id.desc())
    )
    return list(found)


def _require_known(session: TenantSession, unit: Unit, days: int) -> None:
    """Raise ``Conflict`` unless the flat has stood in the register for so long, by its own history.

    Nobody makes up a flat in the morning to hear in the evening whether somebody waits for it.
    """
    if not days:
        return
    first = session.scalar(
        select(func.min(UnitStateLine.recorded_at)).where(UnitStateLine.unit_id == unit.id)
    )
    latest = today() - timedelta(days=days)
    if first is None or first.astimezone(SWEDISH_TIME).date() > latest:
        raise Conflict("flat_too_new", "the flat is too new in the register", days=days)


def _end(session: TenantSession, row: TransferOffer, because: str) -> None:
    row.state = "withdrawn"
    row.ended_on = effective_day(None)
    row.ended_because = because
    proposals = session.scalars(
        select(TransferProposal)
        .where(
            TransferProposal.offer_id == row.id,
            TransferProposal.state.in_(("proposed", "accepted", "agreed")),
        )
        .with_for_update()
    )
    for proposal in proposals:
        proposal.state = "withdrawn"
        proposal.counterpart_id = proposal.counterpart_slip = None
        proposal.version += 1
    session.flush()
    letters.write(session, row.network_id, "offer_withdrawn", token=row.token)


def _log(session: TenantSession, actor: Actor, row: TransferOffer, event: str) -> None:
    audit.record(
        session,
        actor,
        Action.TRANSFER_OFFER,
        subject_type="transfer_offer",
        subject_id=row.id,
        details={"event": event},
    )
