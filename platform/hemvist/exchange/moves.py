"""A move in the network: proposed, said yes or no to by each side, agreed, moved, or nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4, uuid5

from sqlalchemy import select

from hemvist.exchange.models import HOLDING, ExchangeFlat, ExchangeMove, ExchangeRound
from hemvist.exchange.posting import Post
from hemvist.exchange.sealing import Pair, index, opened_flat, opened_pair, sealed_pair
from hemvist.networks.rules import URGENCIES
from hemvist.tenancy import TenantSession
from hemvist.transfer_ledger import service as transfer_ledger


def propose(
    session: TenantSession,
    post: Post,
    round_: ExchangeRound,
    *,
    sender: UUID,
    receiver: UUID,
    pseudonym: UUID,
    token: UUID,
    urgency: str,
    surplus: int,
    answer_by: datetime,
    by_override: bool = False,
) -> ExchangeMove:
    """Propose a move to both sides, and reserve it in the ledger.

    Each side has a name of its own for it: what the one has leads nobody to the other.
    """
    pair = Pair(sender, receiver, pseudonym, token, uuid4(), uuid4(), urgency, surplus)
    move = session.save(
        ExchangeMove(
            round_id=round_.id,
            sealed=sealed_pair(session, pair),
            sending_index=index(session, "slip", pair.sending_slip),
            receiving_index=index(session, "slip", pair.receiving_slip),
            answer_by=answer_by,
            by_override=by_override,
        )
    )
    transfer_ledger.reserve(
        session,
        move_id=move.id,
        sender=sender,
        receiver=receiver,
        urgency=1 + URGENCIES.index(urgency),
    )
    post.write(
        sender,
        "propose_sending",
        slip=pair.sending_slip,
        pseudonym=pseudonym,
        answer_by=answer_by.isoformat(),
    )
    post.write(
        receiver,
        "propose_receiving",
        slip=pair.receiving_slip,
        token=token,
        answer_by=answer_by.isoformat(),
    )
    return move


def fail(
    session: TenantSession,
    post: Post,
    move: ExchangeMove,
    *,
    banned: bool,
    teach: bool = False,
    taken_back: bool = False,
) -> None:
    """Nothing comes of a move. Both sides are told so, in the same words whatever the reason.

    ``banned``: the pair is not proposed again in this round; ``teach``: nor in any later one, which
    the sending kommun keeps to; ``taken_back``: the receiving kommun has the flat no longer.
    """
    pair = opened_pair(session, move.sealed)
    was_agreed = move.state == "agreed"
    move.state = "cancelled" if was_agreed else "failed"
    if taken_back:
        move.receiving_said = "no"
    move.banned = banned
    session.flush()
    if was_agreed:
        set_flat(session, pair.token, "free", only_from="held")
    transfer_ledger.release(session, move_id=move.id)
    post.write(pair.sender, "failed", slip=pair.sending_slip, token=pair.token if teach else None)
    post.write(pair.receiver, "failed", slip=pair.receiving_slip)


def answer(
    session: TenantSession, post: Post, kommun: UUID, slip: UUID, *, accepts: bool
) -> ExchangeMove | None:
    """What a side says. The move when nothing comes of it any more, else None.

    An answer to what is settled changes nothing: that side has been told, or will be. Nor does one from
    a kommun whose side it is not, wherever it has the name from.
    """
    move = by_slip(session, slip)
    if move is None or move.state != "proposed":
        return None
    pair = opened_pair(session, move.sealed)
    if (kommun, slip) == (pair.sender, pair.sending_slip):
        move.sending_said = "yes" if accepts else "no"
    elif (kommun, slip) == (pair.receiver, pair.receiving_slip):
        move.receiving_said = "yes" if accepts else "no"
    else:
        return None
    session.flush()
    if not accepts:
        fail(session, post, move, banned=True, teach=True)
        return move
    if (move.sending_said, move.receiving_said) != ("yes", "yes"):
        return None
    move.state = "agreed"
    session.flush()
    set_flat(session, pair.token, "held")
    # Only now is either told who the other is.
    for kommun, own, other, other_slip in (
        (pair.sender, pair.sending_slip, pair.receiver, pair.receiving_slip),
        (pair.receiver, pair.receiving_slip, pair.sender, pair.sending_slip),
    ):
        post.write(kommun, "agreed", slip=own, counterpart=other, counterpart_slip=other_slip)
    return None


def moved(session: TenantSession, post: Post, kommun: UUID, slip: UUID, on: date) -> UUID | None:
    """The household has moved in, says the receiving side: the ledger books it. The flat's token.

    It has even where the sending side's withdrawal came first: what has happened is what counts.
    """
    move = by_slip(session, slip)
    if move is None or move.state not in ("agreed", "cancelled"):
        return None
    pair = opened_pair(session, move.sealed)
    if (kommun, slip) != (pair.receiver, pair.receiving_slip):
        return None
    booked = move.id
    if move.state == "cancelled":
        # What it had reserved is released.
        booked = uuid5(move.id, "moved")
        transfer_ledger.reserve(
            session,
            move_id=booked,
            sender=pair.sender,
            receiver=pair.receiver,
            urgency=1 + URGENCIES.index(pair.urgency),
        )
    move.state = "moved"
    # Whatever either has said since: what has happened is both sides' yes.
    move.sending_said = move.receiving_said = "yes"
    session.flush()
    set_flat(session, pair.token, "gone")
    transfer_ledger.book(session, move_id=booked, on=on)
    post.write(pair.sender, "moved", slip=pair.sending_slip, on=on)
    return pair.token


def due(session: TenantSession, at: datetime) -> Sequence[ExchangeMove]:
    """Moves that have waited for an answer for too long."""
    return session.scalars(
        select(ExchangeMove)
        .where(ExchangeMove.state == "proposed", ExchangeMove.answer_by <= at)
        .order_by(ExchangeMove.id)
    ).all()


def holding(
    session: TenantSession, round_: ExchangeRound | None = None
) -> list[tuple[ExchangeMove, Pair]]:
    """The moves that hold a request and a flat, of a round or of all."""
    wanted = select(ExchangeMove).where(ExchangeMove.state.in_(HOLDING))
    if round_ is not None:
        wanted = wanted.where(ExchangeMove.round_id == round_.id)
    found = session.scalars(wanted.order_by(ExchangeMove.id)).all()
    return [(move, opened_pair(session, move.sealed)) for move in found]


def bans(session: TenantSession, round_: ExchangeRound) -> set[tuple[UUID, UUID]]:
    """Pairs of pseudonym and flat that are not proposed again in the round."""
    found = session.scalars(
        select(ExchangeMove.sealed).where(
            ExchangeMove.round_id == round_.id, ExchangeMove.banned.is_(True)
        )
    )
    pairs = [opened_pair(session, sealed) for sealed in found]
    return {(pair.pseudonym, pair.token) for pair in pairs}


def by_slip(session: TenantSession, slip: UUID) -> ExchangeMove | None:
    """The move that a side calls ``slip``."""
    digest = index(session, "slip", slip)
    return session.scalar(
        select(ExchangeMove).where(
            (ExchangeMove.sending_index == digest) | (ExchangeMove.receiving_index == digest)
        )
    )


def set_flat(
    session: TenantSession,
    token: UUID,
    state: str,
    *,
    only_from: str | None = None,
    only_of: str | None = None,
) -> bool:
    """Say of a flat on the board whether it is free, held by what was agreed, or gone; whether it was.

    ``only_of``: the code of the kommun whose flat it has to be.
    """
    flat = session.scalar(
        select(ExchangeFlat).where(ExchangeFlat.index == index(session, "flat", token))
    )
    if flat is None or (only_from is not None and flat.state != only_from):
        return False
    if only_of is not None and opened_flat(session, flat.sealed).kommun != only_of:
        return False
    flat.state = state
    session.flush()
    return True
