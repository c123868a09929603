"""Flats that are as good for a household as the one it gets: nobody who moves loses by them.

Where a household is shown more than one flat, it is shown these instead of having several reserved:
whichever it takes, everybody else who moves still has one, and no level of the objective changes.

Two best plans in which the same households move differ by rings of arcs that cost nothing at the prices
of either. So a flat is as good exactly where the arc to it lies in such a ring, which is where both of its
ends are in one strongly connected part of those arcs. One walk finds all parts at once (Tarjan 1972).
"""

from __future__ import annotations

from collections.abc import Iterator

from hemvist.clearing.engine import Pairs
from hemvist.clearing.flow import Flow, optimal_flow
from hemvist.clearing.lots import Lots, Seed, settle
from hemvist.clearing.model import Instance
from hemvist.clearing.network import Terms, network


def as_good(
    instance: Instance, seed: Seed, *, keep: Pairs = (), bans: Pairs = (), frozen: Pairs = ()
) -> dict[str, tuple[str, ...]]:
    """By household that moves, the flats that leave every level as it is, its own among them.

    The arguments are those of :func:`hemvist.clearing.clear`, and who moves is whom it would let move.
    Households in frozen moves are not named: nothing else is open to them.
    """
    flow = optimal_flow(network(instance, Terms.of(instance, bans, frozen, keep)))
    settle(flow, Lots(seed))
    steps = _Steps(flow)
    part = _parts(steps)
    of = flow.network
    found = {}
    for request, moves in enumerate(flow.sent):
        if moves:
            good = [one for one in steps.onward(request) if part[one] == part[request]]
            flats = [flat for one in good for flat in of.flats[one - of.classes]]
            found[of.requests[request]] = tuple(sorted(flats))
    return found


class _Steps:
    """The arcs that cost nothing, but for those by which somebody else would move."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.priced = dict(flow.priced)

    def onward(self, node: int) -> list[int]:
        """Where a unit can go on from a node for nothing."""
        flow, of = self.flow, self.flow.network
        price = flow.price
        if node < of.classes:
            if not flow.sent[node]:
                return []
            mask = 0
            for cost, classes in of.arcs[node]:
                mask |= classes & self.priced.get(price[node] + cost, 0)
            return list(_places(mask, of.classes))
        if node < of.members:
            found = list(flow.placed[node - of.classes])
            home = of.home[node - of.classes]
            if flow.left[node - of.classes] and price[node] == price[home]:
                found.append(home)
            return found
        if node < of.hub:
            member = node - of.members
            found = [
                one
                for one in of.of_member[member]
                if flow.placed[one - of.classes] and price[node] == price[one]
            ]
            return [*found, of.hub] if self._free(node, of.hub, flow.cost_up(member)) else found
        return [
            of.members + member
            for member in range(of.hub - of.members)
            if self._free(of.hub, of.members + member, flow.cost_down(member))
        ]

    def _free(self, u: int, v: int, cost: int | None) -> bool:
        return cost is not None and cost + self.flow.price[u] == self.flow.price[v]


def _parts(steps: _Steps) -> list[int]:
    """The number of each node's strongly connected part."""
    nodes = steps.flow.network.hub + 1
    part, order, lowest = [-1] * nodes, [-1] * nodes, [0] * nodes
    count = parts = 0
    stack: list[int] = []
    for root in range(nodes):
        if order[root] >= 0:
            continue
        walk = [(root, iter(steps.onward(root)))]
        order[root] = lowest[root] = count
        count += 1
        stack.append(root)
        while walk:
            node, onward = walk[-1]
            for one in onward:
                if order[one] < 0:
                    order[one] = lowest[one] = count
                    count += 1
                    stack.append(one)
                    walk.append((one, iter(steps.onward(one))))
                    break
                if part[one] < 0:
                    lowest[node] = min(lowest[node], order[one])
            else:
                walk.pop()
                if walk:
                    before = walk[-1][0]
                    lowest[before] = min(lowest[before], lowest[node])
                if lowest[node] == order[node]:
                    while part[node] < 0:
                        part[stack.pop()] = parts
                    parts += 1
    return part


def _places(mask: int, first: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        mask ^= low
        yield first + low.bit_length() - 1
