"""The cheapest circulation, by successive shortest paths, with the prices that prove it.

Every request starts out as sent away and not yet placed: one unit too much at the request, one too
little at its origin. Requests are then taken one by one, and the unit is brought along a cheapest
path to a kommun that lacks one, be it by leaving some request where it is. Prices keep every reduced cost at
zero or above, which is what makes the last circulation optimal and what is handed out as its proof.

Reduced cost of u → v: cost + price[u] - price[v]. A kommun that still lacks units ends each search that
reaches it, so its price never changes before it lacks none; new prices are its price plus the difference
of two paths. This bounds every price by the costs of two paths and the first prices.

Most of a search is asking which classes a request leads to. Requests have few different costs, and
many classes have the same price, so this is asked for all classes of a price at once, as bits of a number.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

from hemvist.clearing.network import Network

_FAR = 1 << 4000


@dataclass(slots=True)
class Flow:
    """A circulation and its prices, both by node."""

    network: Network
    price: list[int]
    #: Request → class, or -1: stays, or is on its way; and what that class costs it.
    where: list[int]
    paid: list[int]
    #: Request → whether it is sent away.
    sent: list[bool]
    #: Class, counted from 0 → who is placed there, and flats left.
    placed: list[set[int]]
    left: list[int]
    #: Kommun, counted from 0 → net intake, units it lacks, requests of its own that stay.
    net: list[int]
    lacks: list[int]
    stay: list[set[int]]
    #: Price → the classes that have it, as bits; the highest price first.
    priced: list[tuple[int, int]] = field(default_factory=list)

    def cost_up(self, member: int) -> int | None:
        """What taking one more net costs a kommun, counted from 0; None at its cap."""
        network = self.network
        if self.net[member] >= network.most[member]:
            return None
        return network.step if network.balance[member] + self.net[member] >= 0 else -network.step

    def cost_down(self, member: int) -> int | None:
        """What sending one more net costs; None at the limit of its debt."""
        network = self.network
        if self.net[member] <= network.least[member]:
            return None
        return network.step if network.balance[member] + self.net[member] <= 0 else -network.step

    def group(self) -> None:
        """Classes by price, after prices have changed."""
        found: dict[int, int] = {}
        first = self.network.classes
        for place in range(len(self.left)):
            price = self.price[first + place]
            found[price] = found.get(price, 0) | 1 << place
        self.priced = sorted(found.items(), reverse=True)

    def push(self, path: list[int]) -> None:
        """One unit along a path of nodes."""
        network = self.network
        classes, members, hub = network.classes, network.members, network.hub
        for u, v in itertools.pairwise(path):
            if u < classes:
                if v < members:
                    self.where[u] = v
                    self.paid[u] = network.cost(u, v)
                    self.placed[v - classes].add(u)
                else:
                    self.sent[u] = False
                    self.where[u] = -1
                    self.paid[u] = 0
                    self.stay[v - members].add(u)
            elif u < members:
                if v < classes:
                    self.placed[u - classes].discard(v)
                else:
                    self.left[u - classes] -= 1
            elif u == hub:
                self.net[v - members] -= 1
            elif v == hub:
                self.net[u - members] += 1
            elif v < classes:
                self.sent[v] = True
                self.stay[u - members].discard(v)
            else:
                self.left[v - classes] += 1

    def steps(self, u: int) -> Iterator[tuple[int, int]]:
        """Where a unit may go from a node and what it costs, but for requests into classes."""
        network = self.network
        classes, members, hub = network.classes, network.members, network.hub
        if u < classes:
            if self.sent[u]:
                yield network.origin[u], network.worth[u]
        elif u < members:
            for request in self.placed[u - classes]:
                yield request, -self.paid[request]
            if self.left[u - classes]:
                yield network.home[u - classes], 0
        elif u < hub:
            for request in self.stay[u - members]:
                yield request, -network.worth[request]
            for node in network.of_member[u - members]:
                if self.placed[node - classes]:
                    yield node, 0
            up = self.cost_up(u - members)
            if up is not None:
                yield hub, up
        else:
            for member in range(len(self.net)):
                down = self.cost_down(member)
                if down is not None:
                    yield members + member, down


def optimal_flow(network: Network) -> Flow:
    """The cheapest circulation."""
    flow = _start(network)
    # The dearest first: what comes later seldom puts it out again.
    for request in sorted(range(network.classes), key=lambda one: -network.worth[one]):
        _Search(flow).place(request)
    return flow


def _start(network: Network) -> Flow:
    """All sent, none placed, and first prices with which no reduced cost is below zero."""
    members, count = network.members, len(network.municipalities)
    of_member = [
        -network.step if balance > 0 else network.step if balance < 0 else 0
        for balance in network.balance
    ]
    of_class = [of_member[home - members] for home in network.home]
    lacks = [0] * count
    for origin in network.origin:
        lacks[origin - members] += 1
    flow = Flow(
        network=network,
        price=[*[0] * network.classes, *of_class, *of_member, 0],
        where=[-1] * network.classes,
        paid=[0] * network.classes,
        sent=[True] * network.classes,
        placed=[set() for _ in network.flats],
        left=[len(flats) for flats in network.flats],
        net=[0] * count,
        lacks=lacks,
        stay=[set() for _ in range(count)],
    )
    flow.group()
    for request, arcs in enumerate(network.arcs):
        flow.price[request] = max(
            next(price for price, classes in flow.priced if classes & mask) - cost
            for cost, mask in arcs
        )
    return flow


class _Search:
    """One search of Dijkstra's, from a request to the nearest kommun that lacks a unit."""

    __slots__ = ("bound", "came", "distance", "done", "flow", "heap", "unseen")

    def __init__(self, flow: Flow) -> None:
        size = flow.network.hub + 1
        self.flow = flow
        self.distance = [_FAR] * size
        self.came = [-1] * size
        #: Nodes in the order in which they were reached for good.
        self.done: list[int] = []
        #: Distance; a node, or -1 and the request, which of its costs, and which price.
        self.heap: list[tuple[int, ...]] = []
        #: The nearest end known so far.
        self.bound = _FAR
        #: Classes that are not reached yet.
        self.unseen = (1 << len(flow.left)) - 1

    def place(self, start: int) -> None:
        """Bring the unit at a request to a kommun that lacks one."""
        flow, heap = self.flow, self.heap
        classes, members, hub = flow.network.classes, flow.network.members, flow.network.hub
        lacks = flow.lacks
        distance = self.distance
        distance[start] = 0
        self._from(start, 0)
        closed = {start}
        while True:
            entry = heappop(heap)
            reached, u = entry[0], entry[1]
            if u < 0:
                self._classes(reached, *entry[2:])
                continue
            if u in closed or (classes <= u < members and not self.unseen >> (u - classes) & 1):
                continue
            if members <= u < hub and lacks[u - members]:
                break
            closed.add(u)
            if classes <= u < members:
                self.unseen &= ~(1 << (u - classes))
            self._from(u, reached)
        self._settle(start, u)

    def _from(self, u: int, reached: int) -> None:
        """A node is reached for good: look at where it leads."""
        flow, price, distance = self.flow, self.flow.price, self.distance
        network = flow.network
        members, hub = network.members, network.hub
        self.done.append(u)
        base = reached + price[u]
        if u < network.classes:
            for which in range(len(network.arcs[u])):
                self._look(u, base, which, 0)
        for v, cost in flow.steps(u):
            new = base + cost - price[v]
            if new < distance[v] and new < self.bound:
                distance[v] = new
                self.came[v] = u
                if members <= v < hub and flow.lacks[v - members]:
                    self.bound = new
                heappush(self.heap, (new, v))

    def _look(self, request: int, base: int, which: int, place: int) -> None:
        """Note the nearest classes that a request leads to at one of its costs."""
        cost, mask = self.flow.network.arcs[request][which]
        mask &= self.unseen
        if not mask:
            return
        limit = base + cost - self.bound
        priced = self.flow.priced
        for at in range(place, len(priced)):
            price, classes = priced[at]
            if price <= limit:
                return
            if classes & mask:
                heappush(self.heap, (base + cost - price, -1, request, base, which, at))
                return

    def _classes(self, reached: int, request: int, base: int, which: int, at: int) -> None:
        """Reach the classes of one price that a request leads to."""
        network = self.flow.network
        found = network.arcs[request][which][1] & self.flow.priced[at][1] & self.unseen
        self.unseen &= ~found
        while found:
            bit = found & -found
            found ^= bit
            node = network.classes + bit.bit_length() - 1
            self.distance[node] = reached
            self.came[node] = request
            self._from(node, reached)
        self._look(request, base, which, at + 1)

    def _settle(self, start: int, end: int) -> None:
        """The new prices, and the unit on its way."""
        flow, distance = self.flow, self.distance
        classes, members = flow.network.classes, flow.network.members
        total, regroup = distance[end], False
        for u in self.done:
            if distance[u] < total:
                flow.price[u] += distance[u] - total
                regroup = regroup or classes <= u < members
        if regroup:
            flow.group()
        flow.lacks[end - members] -= 1
        path = [end]
        while path[-1] != start:
            path.append(self.came[path[-1]])
        flow.push(path[::-1])
