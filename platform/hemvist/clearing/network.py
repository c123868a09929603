"""The network that a clearing is a circulation in: kommun → request → class of flats → kommun.

A class holds flats that no request can tell apart: of one kommun, size and access, or accepted
by the same requests. What a kommun takes beyond what it sends goes to a hub, which stands for all
credit together. A cost is one whole number whose digits are the levels of the objective, the
first level the highest digit. Python's whole numbers have no largest, so nothing overflows, and the
bases are so wide that no sum ever carries from one digit into the next: comparing two numbers is
comparing two lists of levels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from hemvist.clearing.model import Instance, InstanceError, Move, Request, Vacancy

#: What is minimised, the highest first. ``forced`` is only for asking what would happen if.
COSTS = ("forced", "acute", "high", "moves", "kept", "imbalance", "waiting_weeks", "surplus_rooms")

#: In one round of searches a price changes by four times the costs along a path at most (see
#: :mod:`hemvist.clearing.flow`), a reduced cost by twice that; doubled once more for the sign.
_ROOM = 32


@dataclass(slots=True)
class Scale:
    """How a cost of several levels is one number."""

    bases: tuple[int, ...]
    units: tuple[int, ...]

    @classmethod
    def of(cls, sums: Sequence[int], rounds: int) -> Scale:
        """``sums``: for each level the sum of its costs over all arcs, the signs left out.

        ``rounds``: how many rounds of searches there may be.
        """
        bases = tuple(_ROOM * (total + 1) * (rounds + 1) for total in sums)
        units, unit = [], 1
        for base in reversed(bases):
            units.append(unit)
            unit *= base
        return cls(bases, tuple(reversed(units)))

    def number(self, **levels: int) -> int:
        """The cost with these levels."""
        return sum(self.units[COSTS.index(name)] * value for name, value in levels.items())

    def levels(self, number: int) -> tuple[int, ...]:
        """The levels of a number again."""
        found = []
        for base in reversed(self.bases):
            digit = (number + base // 2) % base - base // 2
            found.append(digit)
            number = (number - digit) // base
        assert number == 0, "a level has carried into the next"
        return tuple(reversed(found))


@dataclass(slots=True)
class Network:
    """Nodes are numbers: requests, then classes, then kommuner, then the hub."""

    scale: Scale
    #: Ids in the order of the nodes; only requests that some flat would do for.
    requests: list[str]
    municipalities: list[str]
    #: The flats of each class.
    flats: list[list[str]]
    #: Class → node of its kommun; request → node of its origin.
    home: list[int]
    origin: list[int]
    #: Request → what leaving it where it is costs: its levels as one number.
    worth: list[int]
    #: Request → the classes that would do for it: a cost, and the classes it holds for as bits.
    arcs: list[list[tuple[int, int]]]
    #: Kommun, counted from 0 → balance, and bounds of its net intake, frozen moves reckoned in.
    balance: list[int]
    least: list[int]
    most: list[int]
    #: The cost of one step away from balance.
    step: int
    #: Kommun, counted from 0 → the nodes of its classes.
    of_member: list[list[int]] = field(init=False)
    #: Kommun, counted from 0 → the requests that it would send.
    sent_by: list[list[int]] = field(init=False)
    #: The nodes of the first class, of the first kommun, and of the hub, which stands for all credit.
    classes: int = field(init=False)
    members: int = field(init=False)
    hub: int = field(init=False)

    def __post_init__(self) -> None:
        self.classes = len(self.requests)
        self.members = self.classes + len(self.flats)
        self.hub = self.members + len(self.municipalities)
        self.of_member = [[] for _ in self.municipalities]
        for place, home in enumerate(self.home):
            self.of_member[home - self.members].append(self.classes + place)
        self.sent_by = [[] for _ in self.municipalities]
        for request, origin in enumerate(self.origin):
            self.sent_by[origin - self.members].append(request)

    def cost(self, request: int, node: int) -> int:
        """What a class costs a request that it would do for."""
        bit = node - self.classes
        return next(cost for cost, mask in self.arcs[request] if mask >> bit & 1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a clearing has to heed beside the instance."""

    #: Pairs that must not be proposed.
    bans: frozenset[Move] = frozenset()
    #: Moves that are agreed on: in the plan whatever it costs.
    frozen: tuple[Move, ...] = ()
    #: Moves proposed before, to be kept where urgency and number allow.
    keep: tuple[Move, ...] = ()
    #: A move asked about, before all else.
    forced: Move | None = None

    @classmethod
    def of(
        cls,
        instance: Instance,
        bans: Iterable[tuple[str, str]] = (),
        frozen: Iterable[tuple[str, str]] = (),
        keep: Iterable[tuple[str, str]] = (),
    ) -> Terms:
        """Checked against the instance. What is banned or gone is not kept any longer."""
        requests = {one.id: one for one in instance.requests}
        vacancies = {one.id: one for one in instance.vacancies}
        gone = frozenset(Move(*pair) for pair in bans)
        fixed = tuple(sorted(Move(*pair) for pair in frozen))
        for move in fixed:
            if move.request not in requests or move.vacancy not in vacancies:
                raise InstanceError("frozen", f"no such request or vacancy: {move}")
            if requests[move.request].origin == vacancies[move.vacancy].municipality:
                raise InstanceError("frozen", f"stays in its own kommun: {move}")
        _once("frozen", fixed)
        wanted = tuple(
            move
            for move in sorted(Move(*pair) for pair in keep)
            if move not in gone and move.request in requests and move.vacancy in vacancies
        )
        _once("keep", wanted)
        return cls(gone, fixed, wanted)


def _once(name: str, moves: Collection[Move]) -> None:
    for ids in zip(*moves, strict=True):
        if len(set(ids)) < len(ids):
            raise InstanceError(name, "a request or a vacancy is in two moves")


def network(instance: Instance, terms: Terms) -> Network:
    """The network of what is still open: frozen moves are reckoned in and left out."""
    taken = {move.vacancy for move in terms.frozen}
    gone = {move.request for move in terms.frozen}
    flats = _classes(instance, terms, taken)
    fitting = Fitting(instance, terms, flats)
    found = [
        (request, edges)
        for request in instance.requests
        if request.id not in gone and (edges := fitting.of(request))
    ]
    scale = _scale(found, terms)
    members = len(found) + len(flats)
    keep = {move.request: move.vacancy for move in terms.keep}
    costs = _Costs(scale, terms, keep, fitting.place)
    places = {one.id: members + place for place, one in enumerate(instance.municipalities)}
    balance, least, most = _ledger(instance, terms)
    return Network(
        scale=scale,
        requests=[request.id for request, _ in found],
        municipalities=[one.id for one in instance.municipalities],
        flats=[[flat.id for flat in group] for group in flats],
        home=[places[group[0].municipality] for group in flats],
        origin=[places[request.origin] for request, _ in found],
        worth=[_worth(scale, request) for request, _ in found],
        arcs=[costs.of(request, edges) for request, edges in found],
        balance=balance,
        least=least,
        most=most,
        step=scale.number(imbalance=1),
    )


def _classes(instance: Instance, terms: Terms, taken: Collection[str]) -> list[list[Vacancy]]:
    """Flats that no request can tell apart; a flat that a pair is about has a class of its own."""
    apart = {move.vacancy for move in (*terms.bans, *terms.keep)}
    if terms.forced is not None:
        apart.add(terms.forced.vacancy)
    accepted: dict[str, list[tuple[int, int]]] = {}
    for place, request in enumerate(instance.requests):
        for id, extra in (request.offers or {}).items():
            accepted.setdefault(id, []).append((place, extra))
    groups: dict[object, list[Vacancy]] = {}
    for one in instance.vacancies:
        if one.id in taken:
            continue
        key = (
            one.municipality,
            one.rooms,
            one.step_free,
            tuple(accepted.get(one.id, ())),
            one.id if one.id in apart else None,
        )
        groups.setdefault(key, []).append(one)
    return list(groups.values())


class Fitting:
    """Which classes would do for a request: surplus rooms → classes as bits."""

    def __init__(
        self, instance: Instance, terms: Terms, flats: Sequence[Sequence[Vacancy]]
    ) -> None:
        self._terms = terms
        self._everywhere = (1 << len(flats)) - 1
        self._rooms: dict[int, int] = {}
        self._step_free = 0
        self._of_member = dict.fromkeys((one.id for one in instance.municipalities), 0)
        self._services = {one.id: one.services for one in instance.municipalities}
        self._with: dict[frozenset[str], int] = {frozenset(): self._everywhere}
        #: Flat → its class.
        self.place: dict[str, int] = {}
        for place, group in enumerate(flats):
            first, bit = group[0], 1 << place
            self._rooms[first.rooms] = self._rooms.get(first.rooms, 0) | bit
            self._of_member[first.municipality] |= bit
            self._step_free |= bit if first.step_free else 0
            self.place.update((one.id, place) for one in group)
        self._banned: dict[str, int] = {}
        for move in terms.bans:
            if move.vacancy in self.place:
                bit = 1 << self.place[move.vacancy]
                self._banned[move.request] = self._banned.get(move.request, 0) | bit

    def of(self, request: Request) -> dict[int, int]:
        """Empty where no flat would do."""
        allowed = self._everywhere & ~self._of_member[request.origin]
        for id in request.forbidden:
            allowed &= ~self._of_member.get(id, 0)
        # A flat in a ban has a class of its own.
        allowed &= ~self._banned.get(request.id, 0)
        found: dict[int, int] = {}
        if request.offers is not None:
            for id, extra in request.offers.items():
                if id in self.place and allowed >> self.place[id] & 1:
                    found[extra] = found.get(extra, 0) | 1 << self.place[id]
        elif request.needs is not None:
            needs = request.needs
            allowed &= self._offering(needs.services)
            allowed &= self._step_free if needs.step_free else self._everywhere
            for rooms, mask in self._rooms.items():
                if 0 <= rooms - needs.min_rooms <= needs.max_extra_rooms and mask & allowed:
                    found[rooms - needs.min_rooms] = mask & allowed
        return found

    def _offering(self, services: frozenset[str]) -> int:
        if services not in self._with:
            self._with[services] = sum(
                mask for id, mask in self._of_member.items() if services <= self._services[id]
            )
        return self._with[services]


@dataclass(slots=True)
class _Costs:
    """What each class costs a request."""

    scale: Scale
    terms: Terms
    keep: dict[str, str]
    place: dict[str, int]

    def of(self, request: Request, edges: dict[int, int]) -> list[tuple[int, int]]:
        """Costs, each with the classes it holds for."""
        room = self.scale.number(surplus_rooms=1)
        found = [(extra * room, mask) for extra, mask in sorted(edges.items())]
        found = self._apart(found, self.keep.get(request.id), self.scale.number(kept=-1))
        forced = self.terms.forced
        if forced is not None and forced.request == request.id:
            found = self._apart(found, forced.vacancy, self.scale.number(forced=-1))
        return found

    def _apart(
        self, found: list[tuple[int, int]], flat: str | None, cost: int
    ) -> list[tuple[int, int]]:
        """The class of one flat made cheaper than its like."""
        if flat is None or flat not in self.place:
            return found
        bit = 1 << self.place[flat]
        cheaper = [(known + cost, bit) for known, mask in found if mask & bit]
        return cheaper + [(known, mask & ~bit) for known, mask in found if mask & ~bit]


def _scale(found: Sequence[tuple[Request, dict[int, int]]], terms: Terms) -> Scale:
    """No path counts a request more than once, nor more than two arcs of it or of the hub."""
    return Scale.of(
        (
            2,
            len(found),
            len(found),
            len(found),
            2 * len(terms.keep),
            2,
            sum(request.waiting_weeks for request, _ in found),
            sum(2 * max(edges) for _, edges in found),
        ),
        # Each round places at least one request.
        rounds=len(found),
    )


def _worth(scale: Scale, request: Request) -> int:
    return scale.number(
        acute=int(request.urgency == 3),
        high=int(request.urgency == 2),
        moves=1,
        waiting_weeks=request.waiting_weeks,
    )


def _ledger(instance: Instance, terms: Terms) -> tuple[list[int], list[int], list[int]]:
    """Balances and bounds of the kommuner when the frozen moves have been made.

    Frozen moves may have gone beyond a bound, when the other half of a swap has fallen through.
    Then nothing may go further beyond: one for one, as with an old debt.
    """
    net = dict.fromkeys((one.id for one in instance.municipalities), 0)
    origin = {one.id: one.origin for one in instance.requests}
    home = {one.id: one.municipality for one in instance.vacancies}
    for move in terms.frozen:
        net[origin[move.request]] -= 1
        net[home[move.vacancy]] += 1
    balance, least, most = [], [], []
    for one in instance.municipalities:
        done = net[one.id]
        balance.append(one.balance + done)
        least.append(min(one.least_net, done) - done)
        most.append(max(one.take_cap, done) - done)
    return balance, least, most
