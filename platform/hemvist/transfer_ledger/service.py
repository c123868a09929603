"""Reserving, releasing and booking moves, and what each member's lines come to.

Called in a session of the network's own tenant; a kommun's session sees no line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import case, func, select

from hemvist.clock import today
from hemvist.errors import Conflict, NotFound, ValidationFailed
from hemvist.tenancy import TenantSession
from hemvist.transfer_ledger.models import URGENCIES, TransferLedgerEntry

#: 2 to the power of 63: advisory locks are signed.
_HALF = 1 << 63


@dataclass(frozen=True, slots=True)
class Position:
    """A member's place in the ledger: taken minus sent."""

    #: Of households that have moved.
    balance: int
    #: Of moves that are proposed or under way.
    reserved: int


def reserve(
    session: TenantSession,
    *,
    move_id: UUID,
    sender: UUID,
    receiver: UUID,
    urgency: int = 1,
    on: date | None = None,
) -> None:
    """Reserve a proposed move: the receiver will have taken one, the sender sent one.

    The same again changes nothing. Raises ``ValidationFailed`` for a move within one kommun,
    ``Conflict`` when the move is another's or settled.
    """
    if sender == receiver:
        raise ValidationFailed.one("receiver", "own_kommun", "a move goes to another kommun")
    if urgency not in URGENCIES:
        raise ValidationFailed.one("urgency", "unknown_choice", "1, 2 or 3")
    lines = _lines(session, move_id)
    amounts = {receiver: 1, sender: -1}
    if lines:
        if {one.member_id: one.amount for one in lines if one.kind == "reserved"} != amounts:
            raise Conflict("move_of_others", "the move is between others")
        if len(lines) > len(amounts):
            raise Conflict("move_settled", "the move is settled")
        return
    for member, amount in amounts.items():
        _add(session, move_id, member, "reserved", amount, urgency, on or today(), None)


def release(session: TenantSession, *, move_id: UUID, on: date | None = None) -> None:
    """Release a reserved move that comes to nothing. The same again changes nothing.

    Raises ``NotFound``, ``Conflict`` when the household has moved.
    """
    _settle(session, move_id, "reserved", "released", on or today())


def book(session: TenantSession, *, move_id: UUID, on: date) -> None:
    """Book a reserved move: the household has moved on that day. The same again changes nothing.

    Raises ``NotFound``, ``Conflict`` when the move was released.
    """
    _settle(session, move_id, "reserved", "booked", on)


def reverse(session: TenantSession, *, move_id: UUID, on: date | None = None) -> None:
    """Take back what was booked by mistake. Raises ``NotFound``, ``Conflict`` when nothing was."""
    _settle(session, move_id, "booked", "reversed", on or today())


def balances(session: TenantSession) -> dict[UUID, int]:
    """By member, taken minus sent, with what is reserved; members without a line are not named."""
    return {member: place.balance + place.reserved for member, place in positions(session).items()}


def positions(session: TenantSession) -> dict[UUID, Position]:
    """Every member's place."""
    entry = TransferLedgerEntry
    done = func.sum(case((entry.kind.in_(("booked", "reversed")), entry.amount), else_=0))
    # What was booked or released is reserved no more.
    open_ = func.sum(
        case(
            (entry.kind == "reserved", entry.amount),
            (entry.kind.in_(("booked", "released")), -entry.amount),
            else_=0,
        )
    )
    rows = session.execute(select(entry.member_id, done, open_).group_by(entry.member_id))
    return {member: Position(int(balance), int(kept)) for member, balance, kept in rows}


def _settle(session: TenantSession, move_id: UUID, of: str, kind: str, day: date) -> None:
    lines = _lines(session, move_id)
    if not lines:
        raise NotFound("TransferMove")
    if any(one.kind == kind for one in lines):
        return
    settled = {one.settles_id for one in lines}
    to_settle = [one for one in lines if one.kind == of and one.id not in settled]
    if not to_settle:
        raise Conflict("move_settled", "the move is settled another way")
    for one in to_settle:
        amount = -one.amount if kind == "reversed" else one.amount
        _add(session, move_id, one.member_id, kind, amount, one.urgency, day, one.id)


def _lines(session: TenantSession, move_id: UUID) -> Sequence[TransferLedgerEntry]:
    """The lines of a move; nobody else writes any until the transaction ends."""
    session.locked_for((move_id.int & (2 * _HALF - 1)) - _HALF)
    return session.scalars(
        select(TransferLedgerEntry).where(TransferLedgerEntry.move_id == move_id)
    ).all()


def _add(
    session: TenantSession,
    move_id: UUID,
    member: UUID,
    kind: str,
    amount: int,
    urgency: int,
    day: date,
    settles: UUID | None,
) -> None:
    session.save(
        TransferLedgerEntry(
            move_id=move_id,
            member_id=member,
            kind=kind,
            amount=amount,
            urgency=urgency,
            booked_on=day,
            recorded_on=today(),
            settles_id=settles,
        )
    )
