"""From a round's rows to the engine and back. The engine knows no tables, the tables no engine."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from opentelemetry import metrics

from hemvist import clearing as engine
from hemvist.exchange.models import ExchangeMove
from hemvist.exchange.sealing import Entered, Pair
from hemvist.networks import Rules
from hemvist.networks.rules import URGENCIES
from hemvist.tenancy import TenantSession
from hemvist.transfer_ledger import service as transfer_ledger
from hemvist.transfers.needs import Flat

Held = Sequence[tuple[ExchangeMove, Pair]]
_TENS = 10

# Of no network and no kommun: how many ask in one of them at a time is nobody's to see.
_meter = metrics.get_meter("hemvist.exchange")
_duration = _meter.create_histogram(
    "hemvist.clearing.duration", unit="s", description="Time of one clearing."
)
_size = _meter.create_histogram(
    "hemvist.clearing.size", unit="{request}", description="Requests of one clearing."
)


@dataclass(frozen=True, slots=True)
class Cleared:
    """What a clearing comes to."""

    #: What the engine was given and what it answered, as JSON.
    given: str
    answer: dict[str, Any]
    #: Moves to propose; slips are the move's own to draw.
    proposed: tuple[Pair, ...]
    #: Proposals that nobody has answered yet and that have no place in the plan any more.
    dropped: tuple[ExchangeMove, ...]


def cleared(
    session: TenantSession,
    *,
    seed: str,
    rules: Rules,
    day: date,
    kommuner: Mapping[str, UUID],
    entered: Sequence[Entered],
    flats: Sequence[Flat],
    held: Held,
    bans: set[tuple[UUID, UUID]],
) -> Cleared:
    """The engine's plan for what has been collected.

    What a side has said yes to is frozen; what nobody has answered is kept where that costs nothing
    that counts more. What a coordinator asked for beside the plan gives way to acute need alone.
    """
    began = time.perf_counter()
    codes = {tenant: code for code, tenant in kommuner.items()}
    firm = [pair for move, pair in held if _is_firm(move)]
    asked_for = [pair for move, pair in held if move.by_override and pair not in firm]
    instance = _instance(session, rules, day, codes, entered, flats, [pair for _, pair in held])
    possible = _possible(instance)
    banned = {(str(who), str(flat)) for who, flat in bans}

    def plan_with(frozen: list[Pair]) -> tuple[engine.Plan, set[tuple[str, str]], list[Pair]]:
        kept = _moves([pair for _, pair in held if pair not in frozen]) & possible
        freeze = _moves(frozen) & possible
        plan = engine.clear(instance, int(seed, 16), keep=kept, frozen=freeze, bans=banned)
        return plan, kept, frozen

    plan, keep, frozen = plan_with([*firm, *asked_for])
    if asked_for:
        other = plan_with(firm)
        if other[0].objective.acute > plan.objective.acute:
            plan, keep, frozen = other
    freeze = _moves(frozen) & possible
    planned = {(move.request, move.vacancy) for move in plan.moves}
    given = json.dumps(
        {
            "day": day,
            "seed": seed,
            "instance": asdict(instance),
            "keep": sorted(keep),
            "frozen": sorted(freeze),
            "bans": sorted(banned),
        },
        default=_plain,
        sort_keys=True,
    )
    requests = {str(one.entry.pseudonym): one for one in entered}
    owners = {str(flat.token): flat.kommun for flat in flats}
    known = {(str(pair.pseudonym), str(pair.token)) for _, pair in held}
    proposed = []
    for request, vacancy in sorted(planned - known):
        one = requests[request]
        surplus = next(edge.surplus for edge in one.entry.edges if str(edge.token) == vacancy)
        proposed.append(
            Pair(
                sender=kommuner[one.kommun],
                receiver=kommuner[owners[vacancy]],
                pseudonym=UUID(request),
                token=UUID(vacancy),
                sending_slip=uuid4(),
                receiving_slip=uuid4(),
                urgency=one.entry.urgency,
                surplus=surplus,
            )
        )
    dropped = [
        move
        for move, pair in held
        if pair not in frozen and (str(pair.pseudonym), str(pair.token)) not in planned
    ]
    answer = {
        "objective": list(plan.objective),
        "moves": sorted(planned),
        "kept": plan.kept,
        "certificate": json.loads(json.dumps(asdict(plan.certificate), default=_plain)),
    }
    _duration.record(time.perf_counter() - began)
    # Rounded up: a clearing of one request would tell that somebody must move, and when.
    _size.record(-(-len(instance.requests) // _TENS) * _TENS)
    return Cleared(given, answer, tuple(proposed), tuple(dropped))


def _is_firm(move: ExchangeMove) -> bool:
    """Whether a side has said yes to it."""
    return move.state == "agreed" or "yes" in (move.sending_said, move.receiving_said)


def _instance(
    session: TenantSession,
    rules: Rules,
    day: date,
    codes: Mapping[UUID, str],
    entered: Sequence[Entered],
    flats: Sequence[Flat],
    held: Sequence[Pair],
) -> engine.Instance:
    balances = dict(transfer_ledger.balances(session))
    tenants = {code: tenant for tenant, code in codes.items()}
    inside = {one.kommun for one in rules.members_on(day)} & set(tenants)
    there = {flat.token for flat in flats if flat.kommun in inside}
    names = {one.entry.pseudonym for one in entered if one.kommun in inside}
    # The round's own moves are in the plan: what they have reserved would count twice.
    for pair in held:
        if pair.pseudonym in names and pair.token in there:
            balances[pair.receiver] = balances.get(pair.receiver, 0) - 1
            balances[pair.sender] = balances.get(pair.sender, 0) + 1
    members = []
    for member in rules.members_on(day):
        if member.kommun not in inside:
            continue
        limit = member.limit_on(day)
        members.append(
            engine.Municipality(
                id=member.kommun,
                balance=balances.get(tenants[member.kommun], 0),
                debt_limit=limit.debt_limit,
                take_cap=limit.take_cap,
            )
        )
    own = {pair.pseudonym: pair for pair in held}
    requests = []
    for one in entered:
        if one.kommun not in inside:
            continue
        offers = {str(edge.token): edge.surplus for edge in one.entry.edges if edge.token in there}
        proposed = own.get(one.entry.pseudonym)
        if proposed is not None and proposed.token in there:
            # What is proposed stays possible, whatever the kommun would say of the flat today.
            offers.setdefault(str(proposed.token), proposed.surplus)
        requests.append(
            engine.Request(
                id=str(one.entry.pseudonym),
                origin=one.kommun,
                urgency=1 + URGENCIES.index(one.entry.urgency),
                waiting_weeks=one.entry.waiting_weeks,
                offers=offers,
            )
        )
    return engine.Instance(
        members,
        requests,
        [
            engine.Vacancy(str(flat.token), flat.kommun, flat.rooms, flat.step_free)
            for flat in flats
            if flat.token in there
        ],
    )


def _possible(instance: engine.Instance) -> set[tuple[str, str]]:
    return {
        (request.id, vacancy) for request in instance.requests for vacancy in request.offers or {}
    }


def _moves(pairs: Sequence[Pair]) -> set[tuple[str, str]]:
    return {(str(pair.pseudonym), str(pair.token)) for pair in pairs}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
