"""Rounds: one at a time. Begun, collected kommun by kommun, cleared, cleared again, closed.

Each step is a transaction of its own in the network's tenant under the network's lock, and finds in
the tables what is to be done. Killed anywhere, the next one goes on.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import SWEDISH_TIME, now, today
from hemvist.exchange import moves, restraint
from hemvist.exchange.clearing import Cleared, cleared
from hemvist.exchange.models import (
    ExchangeClearing,
    ExchangeEntry,
    ExchangeFlat,
    ExchangeMove,
    ExchangeRound,
)
from hemvist.exchange.posting import Post, mark
from hemvist.exchange.sealing import (
    Entered,
    Pair,
    index,
    opened,
    opened_entry,
    opened_flat,
    sealed,
    sealed_entry,
)
from hemvist.networks import Rules
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import append
from hemvist.transfer_ledger import service as transfer_ledger
from hemvist.transfers.entering import Entry, Wish
from hemvist.transfers.needs import Flat

_SEED_BYTES = 32


def lock(session: TenantSession) -> None:
    """Nobody else takes a step in this network until the transaction ends."""
    digest = hashlib.sha256(b"hemvist.exchange:" + session.tenant_id.bytes).digest()
    session.locked_for(int.from_bytes(digest[:8], "big", signed=True))


def running(session: TenantSession) -> ExchangeRound | None:
    """The round that is not closed, if any."""
    return session.scalar(select(ExchangeRound).where(ExchangeRound.state != "closed"))


def begin(session: TenantSession, kind: str) -> ExchangeRound:
    """Begin a round. Its seed is drawn and committed to before anything is collected."""
    seed = secrets.token_bytes(_SEED_BYTES)
    return session.save(
        ExchangeRound(
            kind=kind,
            begun_at=now(),
            seed_digest=hashlib.sha256(seed).digest(),
            seed_sealed=sealed(session, "exchange_rounds.seed", seed.hex()),
            collected=[],
        )
    )


def begin_if_due(session: TenantSession, rules: Rules) -> ExchangeRound | None:
    """Begin the ordinary round whose day has come, unless one is running."""
    if running(session) is not None:
        return None
    last = _last_regular(session)
    day = today()
    if last is not None:
        began = last.astimezone(SWEDISH_TIME).date()
        if day < began + timedelta(days=rules.terms_on(day).round_days):
            return None
    return begin(session, "regular")


def look_again(session: TenantSession, rules: Rules) -> ExchangeRound:
    """An acute request has come, or a flat that one may have waited for: neither waits for a day.

    The round that runs is cleared again; where none does, one begins, an ordinary one if it is time.
    """
    round_ = running(session)
    if round_ is None:
        return begin_if_due(session, rules) or begin(session, "acute")
    collect_again(session, round_)
    return round_


def collect_again(session: TenantSession, round_: ExchangeRound | None) -> None:
    """Ask every kommun anew before the next clearing: flats have come, or pairs are out."""
    if round_ is None or round_.state == "closed":
        return
    round_.state = "collecting"
    round_.collected = []
    session.flush()


def board(session: TenantSession, round_: ExchangeRound) -> list[Flat]:
    """The flats that the round can use: free ones, and those that its own moves hold.

    A flat that its kommun has just refused to give rests until the next ordinary round.
    """
    held = {pair.token for _, pair in moves.holding(session, round_)}
    resting = restraint.resting(session, _last_regular(session)) - held
    found = session.execute(
        select(ExchangeFlat.sealed, ExchangeFlat.state)
        .where(ExchangeFlat.state != "gone")
        .order_by(ExchangeFlat.id)
    )
    flats = [(opened_flat(session, value), state) for value, state in found]
    return [
        flat
        for flat, state in flats
        if flat.token not in resting and (state == "free" or flat.token in held)
    ]


def enter(
    session: TenantSession, round_: ExchangeRound, kommun: str, entries: Iterable[Entry]
) -> None:
    """Take in a kommun's part. What it had in the round before is replaced."""
    for row in _entries_of(session, round_, kommun):
        session.delete(row)
    session.flush()
    for entry in entries:
        digest = index(session, "entry", entry.pseudonym)
        value = sealed_entry(session, Entered(kommun, entry))
        session.execute(
            insert(ExchangeEntry)
            .values(tenant_id=session.tenant_id, round_id=round_.id, index=digest, sealed=value)
            .on_conflict_do_update(
                index_elements=["tenant_id", "round_id", "index"], set_={"sealed": value}
            )
        )
    round_.collected = sorted({*round_.collected, kommun})
    session.flush()


def entries(session: TenantSession, round_: ExchangeRound) -> list[Entered]:
    """Every request in the round."""
    found = session.scalars(select(ExchangeEntry.sealed).where(ExchangeEntry.round_id == round_.id))
    return [opened_entry(session, value) for value in found]


def drop_entry(session: TenantSession, pseudonym: UUID, kommun: str) -> None:
    """A request of the kommun takes part no longer."""
    found = session.scalars(
        select(ExchangeEntry).where(ExchangeEntry.index == index(session, "entry", pseudonym))
    ).all()
    for row in found:
        if opened_entry(session, row.sealed).kommun == kommun:
            session.delete(row)
    session.flush()


def clear(
    session: TenantSession,
    post: Post,
    round_: ExchangeRound,
    rules: Rules,
    kommuner: Mapping[str, UUID],
) -> Cleared:
    """Clear what has been collected: keep what was answered, propose what is new.

    What coordinators have asked for beside the plan comes first, so that the plan is made around it.
    Input and answer are kept sealed, so that it can be shown years later how a proposal came about.
    A kommun that would have more proposals than it may leave without a household takes part with
    fewer flats.
    """
    day = today()
    entered = entries(session, round_)
    for one, wish in _wishes(entered):
        if one.kommun in kommuner and mark(session, kommuner[one.kommun], wish.letter):
            override(session, post, round_, rules, kommuner, one, wish.kommun)
    held = moves.holding(session, round_)
    taken = {pair.token for _, pair in held}
    seed = str(opened(session, "exchange_rounds.seed", round_.seed_sealed))
    planned = [_planned(round_, one) for one in entered]
    bans = moves.bans(session, round_)
    left = restraint.noes_left(session, rules, kommuner.values())

    def plan(flats: Sequence[Flat]) -> Cleared:
        return cleared(
            session,
            seed=seed,
            rules=rules,
            day=day,
            kommuner=kommuner,
            entered=planned,
            flats=flats,
            held=held,
            bans=bans,
        )

    flats = board(session, round_)
    result = plan(flats)
    while True:
        fewer = restraint.within_noes(flats, result.proposed, taken, kommuner, left)
        if len(fewer) == len(flats):
            break
        flats, result = fewer, plan(fewer)
    round_.clearings += 1
    round_.state = "answering"
    session.flush()
    append(
        session,
        ExchangeClearing,
        round_id=round_.id,
        number=round_.clearings,
        cleared_at=now(),
        input_sealed=sealed(session, "exchange_clearings.input", result.given),
        answer_sealed=sealed(session, "exchange_clearings.answer", result.answer),
        input_digest=hashlib.sha256(result.given.encode()).digest(),
    )
    for move in result.dropped:
        moves.fail(session, post, move, banned=False)
    hours = rules.terms_on(day).answer_hours
    for pair in result.proposed:
        moves.propose(
            session,
            post,
            round_,
            sender=pair.sender,
            receiver=pair.receiver,
            pseudonym=pair.pseudonym,
            token=pair.token,
            urgency=pair.urgency,
            surplus=pair.surplus,
            answer_by=_answer_by(hours[pair.urgency]),
        )
    return result


def override(
    session: TenantSession,
    post: Post,
    round_: ExchangeRound,
    rules: Rules,
    ids: Mapping[str, UUID],
    one: Entered,
    kommun: str,
) -> ExchangeMove | None:
    """Propose a request in a certain kommun beside the plan, if a free flat there would do.

    What was proposed for the request and is not agreed on gives way; nobody else's move does.
    """
    pseudonym = one.entry.pseudonym
    held = moves.holding(session, round_)
    own = [(move, pair) for move, pair in held if pair.pseudonym == pseudonym]
    if any(move.state == "agreed" for move, _ in own):
        return None
    flats = {flat.token: flat for flat in board(session, round_)}
    taken = {pair.token for _, pair in held} | {
        token for who, token in moves.bans(session, round_) if who == pseudonym
    }
    could = [
        edge
        for edge in one.entry.edges
        if edge.token in flats and flats[edge.token].kommun == kommun and edge.token not in taken
    ]
    if not could or kommun not in ids or one.kommun not in ids:
        return None
    if not _within_limits(session, round_, rules, ids, one.kommun, kommun, own):
        return None
    best = min(could, key=lambda edge: (edge.surplus, edge.token))
    for move, _ in own:
        moves.fail(session, post, move, banned=False)
    return moves.propose(
        session,
        post,
        round_,
        sender=ids[one.kommun],
        receiver=ids[kommun],
        pseudonym=pseudonym,
        token=best.token,
        urgency=one.entry.urgency,
        surplus=best.surplus,
        answer_by=_answer_by(rules.terms_on(today()).answer_hours[one.entry.urgency]),
        by_override=True,
    )


def close_if_settled(session: TenantSession, post: Post, members: Iterable[UUID]) -> bool:
    """Close the round when nobody's answer is waited for: what was called what is forgotten."""
    round_ = running(session)
    if round_ is None or round_.state != "answering":
        return False
    if any(move.state == "proposed" for move, _ in moves.holding(session, round_)):
        return False
    round_.state = "closed"
    round_.closed_at = now()
    session.flush()
    session.execute(delete(ExchangeEntry).where(ExchangeEntry.round_id == round_.id))
    for member in members:
        post.write(member, "closed", round=round_.id)
    return True


def _wishes(entered: Iterable[Entered]) -> list[tuple[Entered, Wish]]:
    """What is asked for beside the plan, in the order in which it was."""
    found = [(one, wish) for one in entered for wish in one.entry.wishes]
    return sorted(found, key=lambda pair: pair[1].letter)


def _planned(round_: ExchangeRound, one: Entered) -> Entered:
    """The request as the plan takes it. An ordinary one has come into an acute round for what was
    asked for beside the plan, and waits with everything else for its own round."""
    if round_.kind != "acute" or one.entry.urgency == "acute":
        return one
    return replace(one, entry=replace(one.entry, edges=()))


def _entries_of(
    session: TenantSession, round_: ExchangeRound, kommun: str
) -> Sequence[ExchangeEntry]:
    found = session.scalars(select(ExchangeEntry).where(ExchangeEntry.round_id == round_.id)).all()
    return [row for row in found if opened_entry(session, row.sealed).kommun == kommun]


def _within_limits(
    session: TenantSession,
    round_: ExchangeRound,
    rules: Rules,
    ids: Mapping[str, UUID],
    sender: str,
    receiver: str,
    given_up: Sequence[tuple[ExchangeMove, Pair]],
) -> bool:
    """Whether one more move keeps to what the network has decided: an override is no way past it."""
    day = today()
    sending, receiving = rules.member(sender, day), rules.member(receiver, day)
    if sending is None or receiving is None:
        return False
    given_back = sum(pair.receiver == ids[receiver] for _, pair in given_up)
    left = restraint.noes_left(session, rules, [ids[receiver]])[ids[receiver]]
    if left + given_back < 1:
        return False
    owed = transfer_ledger.balances(session).get(ids[sender], 0) - 1
    if not given_up and owed < -sending.limit_on(day).debt_limit:
        return False
    gone = {move.id for move, _ in given_up}
    pairs = [pair for move, pair in moves.holding(session, round_) if move.id not in gone]
    taken = sum(pair.receiver == ids[receiver] for pair in pairs)
    sent = sum(pair.sender == ids[receiver] for pair in pairs)
    return taken - sent + 1 <= receiving.limit_on(day).take_cap


def _last_regular(session: TenantSession) -> datetime | None:
    return session.scalar(
        select(func.max(ExchangeRound.begun_at)).where(ExchangeRound.kind == "regular")
    )


def _answer_by(hours: int) -> datetime:
    """A full hour: minutes would tell which two proposals are one move."""
    return (now() + timedelta(hours=hours + 1)).replace(minute=0, second=0, microsecond=0)
