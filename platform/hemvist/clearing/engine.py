"""Clearing: the best plan, the next best after a refusal, and why a household does not get a flat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from hemvist.clearing.flow import Flow, optimal_flow
from hemvist.clearing.lots import Lots, Seed, settle
from hemvist.clearing.model import (
    LEVELS,
    SIGNS,
    Certificate,
    Instance,
    InstanceError,
    Move,
    Objective,
    Plan,
    surplus,
)
from hemvist.clearing.network import Network, Terms, network

Pairs = Iterable[tuple[str, str]]


def clear(
    instance: Instance, seed: Seed, *, keep: Pairs = (), bans: Pairs = (), frozen: Pairs = ()
) -> Plan:
    """The plan that is best level by level, lots deciding between equals.

    All three are pairs of a request's and a vacancy's id. ``bans`` are not proposed (a refusal);
    ``frozen`` are agreed on and stay; as many of ``keep`` as possible stay, once urgency and the number
    of moves are as good as they can be. The order of everything given is of no consequence.
    """
    return _plan(instance, Terms.of(instance, bans, frozen, keep), seed)


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a household does not get a flat.

    ``reason`` is ``planned`` (it does get it), ``not_allowed`` (need, exclusion or ban),
    ``taken`` (one of the two is in a frozen move), ``ledger`` (some kommun's limit forbids it
    whatever else is done), ``worse`` (then ``level`` is the first level that worsens, with what it is
    in the plan and what it would be) or ``lot`` (equally good: the lots decided).
    """

    reason: str
    level: str = ""
    planned: int = 0
    instead: int = 0


def why_not(
    instance: Instance,
    seed: Seed,
    request: str,
    vacancy: str,
    *,
    keep: Pairs = (),
    bans: Pairs = (),
    frozen: Pairs = (),
    plan: Plan | None = None,
) -> WhyNot:
    """Force the move, clear again, and name the first level that worsens.

    ``plan`` is what the same arguments gave, if it is at hand. The answer compares whole plans: each
    party is told of its own move only, never whose would have been the worse.
    """
    terms = Terms.of(instance, bans, frozen, keep)
    asked = Move(request, vacancy)
    plan = plan or _plan(instance, terms, seed)
    if asked in plan.moves:
        return WhyNot("planned")
    if not _allowed(instance, asked) or asked in terms.bans:
        return WhyNot("not_allowed")
    if any(move.request == request or move.vacancy == vacancy for move in terms.frozen):
        return WhyNot("taken")
    forced = _plan(instance, replace(terms, forced=asked), seed)
    if asked not in forced.moves:
        return WhyNot("ledger")
    for level, sign, planned, instead in zip(
        LEVELS, SIGNS, measured(plan), measured(forced), strict=True
    ):
        if sign * instead > sign * planned:
            return WhyNot("worse", level, planned, instead)
    return WhyNot("lot")


def measured(plan: Plan) -> tuple[int, ...]:
    """What the plan comes to on each of :data:`LEVELS`."""
    acute, high, moves, imbalance, weeks, rooms = plan.objective
    return (acute, high, moves, plan.kept, imbalance, weeks, rooms)


def _allowed(instance: Instance, move: Move) -> bool:
    requests = {one.id: one for one in instance.requests}
    vacancies = {one.id: one for one in instance.vacancies}
    if move.request not in requests or move.vacancy not in vacancies:
        raise InstanceError("why_not", f"no such request or vacancy: {move}")
    members = {one.id: one for one in instance.municipalities}
    vacancy = vacancies[move.vacancy]
    return surplus(requests[move.request], vacancy, members[vacancy.municipality]) is not None


def _plan(instance: Instance, terms: Terms, seed: Seed) -> Plan:
    of = network(instance, terms)
    flow = optimal_flow(of)
    chosen = settle(flow, Lots(seed))
    moves = tuple(sorted([*terms.frozen, *(Move(*pair) for pair in chosen.items())]))
    objective, net = outcome(instance, moves)
    return Plan(objective, moves, len(set(moves) & set(terms.keep)), _certificate(of, flow), net)


def outcome(instance: Instance, moves: Iterable[Move]) -> tuple[Objective, Mapping[str, int]]:
    """The six numbers of some moves, and the net intake of every member."""
    requests = {one.id: one for one in instance.requests}
    vacancies = {one.id: one for one in instance.vacancies}
    members = {one.id: one for one in instance.municipalities}
    net = dict.fromkeys(members, 0)
    urgencies, weeks, rooms = [], 0, 0
    for move in moves:
        request, vacancy = requests[move.request], vacancies[move.vacancy]
        net[request.origin] -= 1
        net[vacancy.municipality] += 1
        urgencies.append(request.urgency)
        weeks += request.waiting_weeks
        # An agreed move may be one that no longer fits.
        rooms += surplus(request, vacancy, members[vacancy.municipality]) or 0
    imbalance = sum(abs(one.balance + net[one.id]) for one in instance.municipalities)
    return (
        Objective(urgencies.count(3), urgencies.count(2), len(urgencies), imbalance, weeks, rooms),
        net,
    )


def _certificate(of: Network, flow: Flow) -> Certificate:
    known: dict[int, tuple[int, ...]] = {}

    def levels(node: int) -> tuple[int, ...]:
        price = flow.price[node]
        if price not in known:
            # The first is only for questions, and settled when they are.
            known[price] = of.scale.levels(price)[1:]
        return known[price]

    # The hub is what all prices are measured from.
    hub = levels(of.hub)

    def told(node: int) -> tuple[int, ...]:
        return tuple(one - base for one, base in zip(levels(node), hub, strict=True))

    return Certificate(
        municipalities={id: told(of.members + at) for at, id in enumerate(of.municipalities)},
        requests={id: told(at) for at, id in enumerate(of.requests)},
        vacancies={id: told(of.classes + at) for at, flats in enumerate(of.flats) for id in flats},
    )
