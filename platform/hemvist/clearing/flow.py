"""The cheapest circulation, by shortest paths in rounds, with the prices that prove it.

Every request starts out as sent away and not yet placed: one unit too much at the request, one too
little at its origin. A round finds how far every node is from the nearest request that waits, and lets
prices follow; then every kommun that lacks a unit has ways that cost nothing in reduced costs, and as many
units as there are such ways are brought along them, be it by leaving some request where it is. Prices
keep every reduced cost at zero or above, which is what makes the last circulation optimal and what is
handed out as its proof.

Reduced cost of u → v: cost + price[u] - price[v]. The price of a request never changes while it waits, and
a node that is reached gets the price of a request that waits plus the costs of a path. What is
not reached moves along by as much as the farthest node. This bounds every price by the first prices and the
costs of two paths for each round.

Most of a search is asking which classes a request leads to. Requests have few different costs, and
many classes have the same price, so this is asked for all classes of a price at once, as bits of a number.
"""

from __future__ import annotations

import itertools
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


def optimal_flow(network: Network) -> Flow:
    """The cheapest circulation."""
    flow = _start(network)
    waiting = list(range(network.classes))
    while waiting:
        _reprice(flow, waiting)
        waiting = _bring(flow, waiting)
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


def _reprice(flow: Flow, waiting: list[int]) -> None:
    """Prices by the distance from the nearest request that waits (Dijkstra).

    Every kommun that lacks a unit then has a way to it whose reduced costs are all zero. One long
    function with local names: nearly all of a clearing is spent here.
    """
    network, price, priced = flow.network, flow.price, flow.priced
    classes, members, hub = network.classes, network.members, network.hub
    arcs, worth, sent, stay = network.arcs, network.worth, flow.sent, flow.stay
    placed, left, home = flow.placed, flow.left, network.home
    distance: list[int] = [_FAR] * (hub + 1)
    closed = [False] * (hub + 1)
    unseen = (1 << len(left)) - 1
    lacking = sum(1 for lacks in flow.lacks if lacks)
    #: How far the search has come; nodes at that distance; requests at that distance with one of
    #: their costs and the price from which to look at classes; and both further away.
    reached, nodes, looking = 0, list(waiting), list[tuple[int, int, int]]()
    heap: list[tuple[int, int, int, int]] = []
    for u in waiting:
        distance[u] = 0
    while True:
        if looking:
            u, which, at = looking.pop()
            cost, mask = arcs[u][which]
            mask &= unseen
            if not mask:
                continue
            base = distance[u] + price[u] + cost
            for place in range(at, len(priced)):
                value, group = priced[place]
                found = group & mask
                if not found:
                    continue
                new = base - value
                if new > reached:
                    heappush(heap, (new, u, which, place))
                    break
                unseen &= ~found
                while found:
                    low = found & -found
                    found ^= low
                    v = classes + low.bit_length() - 1
                    distance[v] = reached
                    nodes.append(v)
            continue
        if not nodes:
            if not heap:
                break
            reached, u, which, at = heappop(heap)
            if which >= 0:
                looking.append((u, which, at))
            else:
                nodes.append(u)
            continue
        u = nodes.pop()
        if closed[u]:
            continue
        closed[u] = True
        base = reached + price[u]
        if u < classes:
            looking.extend([(u, which, 0) for which in range(len(arcs[u]))])
            if not sent[u]:
                continue
            steps = [(network.origin[u], worth[u])]
        elif u < members:
            unseen &= ~(1 << (u - classes))
            for v in placed[u - classes]:
                # What is used has no reduced cost.
                if not closed[v]:
                    distance[v] = reached
                    nodes.append(v)
            if not left[u - classes]:
                continue
            steps = [(home[u - classes], 0)]
        elif u < hub:
            member = u - members
            if flow.lacks[member]:
                lacking -= 1
                if not lacking:
                    break
            steps = [(v, -worth[v]) for v in stay[member]]
            steps += [(v, 0) for v in network.of_member[member] if placed[v - classes]]
            up = flow.cost_up(member)
            if up is not None:
                steps.append((hub, up))
        else:
            steps = [
                (members + member, down)
                for member in range(hub - members)
                if (down := flow.cost_down(member)) is not None
            ]
        for v, cost in steps:
            new = base + cost - price[v]
            if new < distance[v]:
                distance[v] = new
                if new == reached:
                    nodes.append(v)
                else:
                    heappush(heap, (new, v, -1, 0))
    # What was not reached for good is at least so far away.
    for u, away in enumerate(distance):
        price[u] += min(away, reached)
    flow.group()


def _bring(flow: Flow, waiting: list[int]) -> list[int]:
    """Bring units along ways without reduced costs, as many as there are; who still waits."""
    network, price = flow.network, flow.price
    classes, members, hub = network.classes, network.members, network.hub
    lacks, placed = flow.lacks, flow.placed
    priced = dict(flow.priced)
    #: Nodes from which no kommun that lacks a unit is reached any more, and classes that are not such.
    dead = [False] * (hub + 1)
    alive = (1 << len(flow.left)) - 1
    tight: dict[int, int] = {}
    still = []
    came = [-1] * (hub + 1)
    for start in waiting:
        if dead[start]:
            still.append(start)
            continue
        dead[start] = True
        unseen = alive
        nodes, end = [start], -1
        for u in nodes:
            if u < classes:
                mask = tight.get(u)
                if mask is None:
                    mask = 0
                    for cost, to in network.arcs[u]:
                        mask |= to & priced.get(price[u] + cost, 0)
                    tight[u] = mask
                found = mask & unseen
                unseen &= ~found
                while found:
                    low = found & -found
                    found ^= low
                    v = classes + low.bit_length() - 1
                    dead[v] = True
                    came[v] = u
                    nodes.append(v)
                if not flow.sent[u]:
                    continue
                v = network.origin[u]
                steps = [v] if price[u] + network.worth[u] == price[v] else []
            elif u < members:
                steps = list(placed[u - classes])
                v = network.home[u - classes]
                if flow.left[u - classes] and price[u] == price[v]:
                    steps.append(v)
            elif u < hub:
                member = u - members
                steps = [v for v in flow.stay[member] if price[u] - network.worth[v] == price[v]]
                for v in network.of_member[member]:
                    if placed[v - classes] and price[u] == price[v]:
                        steps.append(v)
                        unseen &= ~(1 << (v - classes))
                up = flow.cost_up(member)
                if up is not None and price[u] + up == price[hub]:
                    steps.append(hub)
            else:
                steps = []
                for member in range(hub - members):
                    down = flow.cost_down(member)
                    if down is not None and price[u] + down == price[members + member]:
                        steps.append(members + member)
            for v in steps:
                if not dead[v]:
                    dead[v] = True
                    came[v] = u
                    nodes.append(v)
                    if members <= v < hub and lacks[v - members]:
                        end = v
                        break
            if end >= 0:
                break
        if end < 0:
            alive = unseen
            still.append(start)
            continue
        for u in nodes:
            dead[u] = False
        lacks[end - members] -= 1
        path = [end]
        while path[-1] != start:
            path.append(came[path[-1]])
        flow.push(path[::-1])
    return still
