"""What the network does with a kommun's letters: each once, under the network's lock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete

from hemvist.clock import now
from hemvist.exchange import moves, rounds
from hemvist.exchange.models import ExchangeFlat, ExchangeLetter, ExchangeMove
from hemvist.exchange.posting import Post, is_marked, mark
from hemvist.exchange.sealing import index, sealed_flat
from hemvist.networks import Rules
from hemvist.tenancy import TenantSession
from hemvist.transfers import letters
from hemvist.transfers.needs import Flat


@dataclass(frozen=True, slots=True)
class Desk:
    """What handling a letter needs: the network's session, who wrote, and what to write."""

    session: TenantSession
    post: Post
    rules: Rules
    kommun: UUID
    code: str


def handle(desk: Desk, letter_id: UUID, sealed: bytes) -> str | None:
    """Do what a kommun's letter says, unless it was done before. None when it is done with.

    One that asks for a proposal beside the plan is done with when the round is cleared
    (``rounds.clear``): until then its household is asked into the round, by what is returned here and
    only its own kommun opens.
    """
    session = desk.session
    said = letters.opened(session.tenant_id, desk.kommun, sealed)
    kind = said.pop("kind")
    if kind == "override":
        if is_marked(session, letter_id):
            return None
        rounds.look_again(session, desk.rules)
        return str(said["asked"])
    if mark(session, desk.kommun, letter_id):
        _KINDS[kind](desk, **said)
    return None


def expire(session: TenantSession, post: Post, rules: Rules) -> int:
    """Let proposals lapse that were not answered in time; how many."""
    late = moves.due(session, now())
    for move in late:
        moves.fail(session, post, move, banned=True)
    if late:
        rounds.look_again(session, rules)
    return len(late)


def _offer(
    desk: Desk, *, token: str, rooms: int, step_free: bool, first_on: str, last_on: str
) -> None:
    flat = Flat(
        UUID(token),
        desk.code,
        rooms,
        step_free,
        date.fromisoformat(first_on),
        date.fromisoformat(last_on),
    )
    desk.session.save(
        ExchangeFlat(
            index=index(desk.session, "flat", flat.token), sealed=sealed_flat(desk.session, flat)
        )
    )
    # An acute request may have waited for it.
    rounds.look_again(desk.session, desk.rules)


def _offer_withdrawn(desk: Desk, *, token: str) -> None:
    if moves.set_flat(desk.session, UUID(token), "gone", only_of=desk.code):
        _call_off(desk, _of_flat(desk, UUID(token)), taken_back=True)


def _of_flat(desk: Desk, token: UUID) -> list[ExchangeMove]:
    return [move for move, pair in moves.holding(desk.session) if pair.token == token]


def _request_withdrawn(desk: Desk, *, pseudonym: str | None, slips: Sequence[str]) -> None:
    if pseudonym is not None:
        rounds.drop_entry(desk.session, UUID(pseudonym), desk.code)
    found = {UUID(slip) for slip in slips}
    name = None if pseudonym is None else UUID(pseudonym)
    _call_off(
        desk,
        [
            move
            for move, pair in moves.holding(desk.session)
            # A proposal may be on its way to a kommun that did not know of it when it wrote.
            if pair.sender == desk.kommun and (pair.sending_slip in found or pair.pseudonym == name)
        ],
    )


def _call_off(desk: Desk, found: Sequence[ExchangeMove], *, taken_back: bool = False) -> None:
    for move in found:
        moves.fail(desk.session, desk.post, move, banned=False, taken_back=taken_back)
    if found:
        rounds.look_again(desk.session, desk.rules)


def _answer(desk: Desk, *, slip: str, accepts: bool) -> None:
    failed = moves.answer(desk.session, desk.post, desk.kommun, UUID(slip), accepts=accepts)
    if failed is not None:
        rounds.look_again(desk.session, desk.rules)


def _moved(desk: Desk, *, slip: str, on: str) -> None:
    day = date.fromisoformat(on)
    token = moves.moved(desk.session, desk.post, desk.kommun, UUID(slip), day)
    if token is not None:
        # Cancelled for a moment, the flat may have been proposed to somebody else.
        _call_off(desk, _of_flat(desk, token))


def _acute(desk: Desk) -> None:
    rounds.look_again(desk.session, desk.rules)


def prune(session: TenantSession, before: datetime) -> None:
    """Forget letters that were carried or handled before an instant."""
    session.execute(delete(ExchangeLetter).where(ExchangeLetter.done_at < before))


_KINDS: Mapping[str, Callable[..., None]] = {
    "offer": _offer,
    "offer_withdrawn": _offer_withdrawn,
    "request_withdrawn": _request_withdrawn,
    "answer": _answer,
    "moved": _moved,
    "acute": _acute,
}
