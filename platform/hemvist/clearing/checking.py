"""Proves a plan without solving: it keeps every limit, and by its certificate no plan is better.

A second reading of the rules, flat by flat instead of class by class, sharing nothing with the engine but the
values and :func:`~hemvist.clearing.model.surplus`. By linear programming's duality, level by level: with a
price for every node, each move that is not in the plan must cost at least nothing in reduced cost, each that
is in it at most nothing, costs being lists of levels of which the first that is not zero decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hemvist.clearing.model import (
    LEVELS,
    Instance,
    Move,
    Municipality,
    Plan,
    Request,
    Vacancy,
    surplus,
)

Levels = tuple[int, ...]
_NONE: Levels = (0,) * len(LEVELS)


def check(
    instance: Instance,
    plan: Plan,
    *,
    keep: Iterable[tuple[str, str]] = (),
    bans: Iterable[tuple[str, str]] = (),
    frozen: Iterable[tuple[str, str]] = (),
) -> list[str]:
    """What is wrong with a plan; empty where it is proved to be the best."""
    checker = _Checker(instance, plan, _moves(keep), _moves(bans), _moves(frozen))
    found = [*checker.moves(), *checker.ledger(), *checker.numbers()]
    return found or [*checker.prices()]


def _moves(pairs: Iterable[tuple[str, str]]) -> frozenset[Move]:
    return frozenset(Move(*pair) for pair in pairs)


class _Checker:
    def __init__(
        self,
        instance: Instance,
        plan: Plan,
        keep: frozenset[Move],
        bans: frozenset[Move],
        frozen: frozenset[Move],
    ) -> None:
        self.plan, self.keep, self.bans, self.frozen = plan, keep, bans, frozen
        self.members = {one.id: one for one in instance.municipalities}
        self.requests = {one.id: one for one in instance.requests}
        self.vacancies = {one.id: one for one in instance.vacancies}
        self.net = dict.fromkeys(self.members, 0)
        self.agreed = dict.fromkeys(self.members, 0)

    def moves(self) -> Iterator[str]:
        """Each request and each flat once, each move allowed, the agreed ones all there."""
        plan = self.plan
        for name, ids in (
            ("request", [m.request for m in plan.moves]),
            ("vacancy", [m.vacancy for m in plan.moves]),
        ):
            if len(set(ids)) < len(ids):
                yield f"a {name} is in two moves"
        for move in plan.moves:
            if move.request not in self.requests or move.vacancy not in self.vacancies:
                yield f"{move} is of something that is not in the instance"
                continue
            origin = self.requests[move.request].origin
            target = self.vacancies[move.vacancy].municipality
            self.net[origin] -= 1
            self.net[target] += 1
            if move in self.frozen:
                self.agreed[origin] -= 1
                self.agreed[target] += 1
            elif self._rooms(move) is None:
                yield f"{move} is not allowed"
        for move in sorted(self.frozen - set(plan.moves)):
            yield f"{move} is agreed on and missing"

    def ledger(self) -> Iterator[str]:
        """No member beyond its debt limit or its cap, nor further than agreed moves have taken it."""
        for id in self.members:
            low, high = self._bounds(id)
            if not low <= self.net[id] <= high:
                yield f"{id} takes {self.net[id]} net, which is not from {low} to {high}"

    def numbers(self) -> Iterator[str]:
        """The six numbers are those of the moves."""
        requests = [self.requests[move.request] for move in self.plan.moves]
        told = (
            sum(one.urgency == 3 for one in requests),
            sum(one.urgency == 2 for one in requests),
            len(requests),
            sum(abs(one.balance + self.net[id]) for id, one in self.members.items()),
            sum(one.waiting_weeks for one in requests),
            sum(self._rooms(move) or 0 for move in self.plan.moves),
        )
        if told != tuple(self.plan.objective):
            yield f"the objective is {told}"
        if self.plan.kept != len((self.keep - self.bans) & set(self.plan.moves)):
            yield "the number kept is another"

    def prices(self) -> Iterator[str]:
        """By the certificate nothing could be better."""
        certificate = self.plan.certificate
        busy = {move.request for move in self.frozen} | {move.vacancy for move in self.frozen}
        placed = {move.request: move.vacancy for move in self.plan.moves}
        taken = set(placed.values())
        for id, vacancy in self.vacancies.items():
            if id not in busy:
                cost = _add(
                    _NONE,
                    certificate.vacancies[id],
                    certificate.municipalities[vacancy.municipality],
                )
                yield from self._holds(cost, id in taken, id not in taken, f"flat {id}")
        for id, request in self.requests.items():
            if id in busy:
                continue
            usable = [
                (vacancy, rooms)
                for vacancy in self.vacancies.values()
                if vacancy.id not in busy
                and (rooms := self._rooms(Move(id, vacancy.id))) is not None
            ]
            if usable:
                yield from self._request(request, usable, placed.get(id))
        for id, member in self.members.items():
            yield from self._member(id, member)

    def _request(
        self, request: Request, usable: list[tuple[Vacancy, int]], placed: str | None
    ) -> Iterator[str]:
        certificate = self.plan.certificate
        own = certificate.requests[request.id]
        worth = (
            -int(request.urgency == 3),
            -int(request.urgency == 2),
            -1,
            0,
            0,
            -request.waiting_weeks,
            0,
        )
        cost = _add(worth, certificate.municipalities[request.origin], own)
        sent = placed is not None
        yield from self._holds(cost, sent, not sent, f"request {request.id}")
        for vacancy, rooms in usable:
            kept = -int((request.id, vacancy.id) in self.keep)
            cost = _add((0, 0, 0, kept, 0, 0, rooms), own, certificate.vacancies[vacancy.id])
            here = vacancy.id == placed
            yield from self._holds(cost, here, not here, f"{request.id} to {vacancy.id}")

    def _member(self, id: str, member: Municipality) -> Iterator[str]:
        """One more or one less of net intake gains nothing."""
        price = self.plan.certificate.municipalities[id]
        low, high = self._bounds(id)
        after = member.balance + self.net[id]
        for step, within in ((1, self.net[id] < high), (-1, self.net[id] > low)):
            gain = abs(after + step) - abs(after)
            cost = _add((0, 0, 0, 0, gain, 0, 0), price, _NONE)
            if step < 0:
                cost = _add((0, 0, 0, 0, gain, 0, 0), _NONE, price)
            if within and cost < _NONE:
                yield f"{id}: a net intake of {step:+d} would be better"

    def _bounds(self, id: str) -> tuple[int, int]:
        member, agreed = self.members[id], self.agreed[id]
        return min(0, -member.debt_limit - member.balance, agreed), max(member.take_cap, agreed)

    def _rooms(self, move: Move) -> int | None:
        vacancy = self.vacancies[move.vacancy]
        if move in self.bans:
            return None
        return surplus(self.requests[move.request], vacancy, self.members[vacancy.municipality])

    def _holds(self, cost: Levels, used: bool, unused: bool, what: str) -> Iterator[str]:
        if unused and cost < _NONE:
            yield f"{what}: would be better used"
        if used and cost > _NONE:
            yield f"{what}: would be better not used"


def _add(cost: Levels, start: Levels, end: Levels) -> Levels:
    return tuple(one + u - v for one, u, v in zip(cost, start, end, strict=True))
