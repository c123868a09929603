"""Between plans that are equally good, lots decide: first who moves, then who gets which flat.

Every household has a lot (lott), every household has one for every flat, all of them drawn by HMAC from a
seed that was committed to before the run. Households are taken in the order of their lots. Each one moves if
that is possible together with all that was settled before it; then each one, in the same order,
gets the flat with its highest lot that is still possible. No level of the objective changes: only arcs with
a reduced cost of zero are used.
"""

from __future__ import annotations

import hashlib
import hmac

from hemvist.clearing.flow import Flow

Seed = int | bytes


def key_of(seed: Seed) -> bytes:
    """The key of the lots. A number stands for its digits."""
    return seed if isinstance(seed, bytes) else str(seed).encode()


def commitment(seed: Seed) -> str:
    """What is made known before the run: with it anybody can see afterwards that the seed was that."""
    return hashlib.sha256(b"hemvist clearing\0" + key_of(seed)).hexdigest()


class Lots:
    """The lots of one seed."""

    def __init__(self, seed: Seed) -> None:
        self._key = key_of(seed)

    def of(self, request: str) -> bytes:
        """A household's lot: the lowest comes first."""
        return self._draw(request)

    def between(self, request: str, flat: str) -> bytes:
        """A household's lot for a flat: the highest is what it gets."""
        return self._draw(request, flat)

    def _draw(self, *ids: str) -> bytes:
        # The length before each id: no two lists of ids read the same.
        parts = [id.encode("utf-8", "surrogatepass") for id in ids]
        text = b"".join(b"%d:%b" % (len(part), part) for part in parts)
        return hmac.digest(self._key, text, "sha256")


def settle(flow: Flow, lots: Lots) -> dict[str, str]:
    """Which household gets which flat, in the one of the cheapest circulations that the lots choose."""
    return Ties(flow).settle(lots)


class Ties:
    """The arcs that may change without any level changing. Prices stay as they are."""

    def __init__(self, flow: Flow) -> None:
        network = flow.network
        self.flow = flow
        #: Request → classes, and class → requests, along arcs without reduced cost.
        self.classes_of = [0] * network.classes
        self.requests_of = [0] * len(network.flats)
        #: Requests of which it is settled whether they move, or where to.
        self.settled = 0
        self.placed_for_good = 0
        #: Class → flats that nobody has for good.
        self.over = [set(flats) for flats in network.flats]
        priced = dict(flow.priced)
        for request, arcs in enumerate(network.arcs):
            price, bit = flow.price[request], 1 << request
            for cost, mask in arcs:
                tight = mask & priced.get(price + cost, 0)
                self.classes_of[request] |= tight
                while tight:
                    low = tight & -tight
                    tight ^= low
                    self.requests_of[low.bit_length() - 1] |= bit

    def settle(self, lots: Lots) -> dict[str, str]:
        """Who moves, then who gets what."""
        flow, network = self.flow, self.flow.network
        order = sorted(range(network.classes), key=lambda one: lots.of(network.requests[one]))
        for request in order:
            if not flow.sent[request] and self._free(network.origin[request], request):
                self._bring_in(request)
            self.settled |= 1 << request
        chosen = {}
        for request in order:
            if flow.sent[request]:
                chosen[network.requests[request]] = self._choose(request, lots)
            self.placed_for_good |= 1 << request
        return chosen

    def _bring_in(self, request: int) -> None:
        """Let a request move in another's stead, if one of those not settled yet can give way."""
        origin = self.flow.network.origin[request]
        onward = self.leading_to(origin, 1 << request)
        for node in onward:
            place = node - self.flow.network.classes
            if 0 <= place < len(self.flow.left) and self.classes_of[request] >> place & 1:
                self.flow.push([origin, request, *self._path(node, origin, onward)])
                return

    def _choose(self, request: int, lots: Lots) -> str:
        """The flat with the highest lot among those it can have."""
        network, now = self.flow.network, self.flow.where[request]
        id = network.requests[request]
        onward = self._onward(request)
        _, flat, best = max(
            (lots.between(id, flat), flat, place)
            for place in self._open(request, onward)
            for flat in self.over[place]
        )
        if best + network.classes != now:
            self.flow.push([request, *self._path(best + network.classes, now, onward), request])
        self.over[best].discard(flat)
        return flat

    def _onward(self, request: int) -> dict[int, int]:
        now = self.flow.where[request]
        if self.classes_of[request] == 1 << (now - self.flow.network.classes):
            return {}
        return self.leading_to(now, 1 << request)

    def _open(self, request: int, onward: dict[int, int]) -> list[int]:
        """The classes that a request can have, counted from 0, its own first."""
        first = self.flow.network.classes
        now, mask = self.flow.where[request] - first, self.classes_of[request]
        return [now] + [
            place
            for place in range(len(self.over))
            if mask >> place & 1 and place + first in onward
        ]

    @staticmethod
    def _path(start: int, end: int, onward: dict[int, int]) -> list[int]:
        path = [start]
        while path[-1] != end:
            path.append(onward[path[-1]])
        return path

    def leading_to(self, end: int, without: int) -> dict[int, int]:
        """The nodes from which a unit can come to ``end`` for nothing, each with the next node."""
        network = self.flow.network
        classes, members, hub = network.classes, network.members, network.hub
        unseen = ~(self.placed_for_good | without)
        onward: dict[int, int] = {}
        waiting = [end]
        for node in waiting:
            before: list[int] = []
            if node < classes:
                now = self.flow.where[node]
                if now >= 0:
                    before = [now]
                elif self._free(network.origin[node], node):
                    before = [network.origin[node]]
            elif node < members:
                new = self.requests_of[node - classes] & unseen
                unseen &= ~new
                while new:
                    low = new & -new
                    new ^= low
                    before.append(low.bit_length() - 1)
                home = network.home[node - classes]
                if self.flow.placed[node - classes] and self._even(home, node):
                    before.append(home)
            elif node < hub:
                before = self._before_member(node)
            else:
                before = [
                    members + one
                    for one in range(len(network.municipalities))
                    if self._costs_nothing(members + one, hub, self.flow.cost_up(one))
                ]
            for one in before:
                if one != end and one not in onward:
                    onward[one] = node
                    waiting.append(one)
        return onward

    def _before_member(self, node: int) -> list[int]:
        flow, network = self.flow, self.flow.network
        found = [
            one
            for one in network.of_member[node - network.members]
            if flow.left[one - network.classes] and self._even(one, node)
        ]
        found += [
            one
            for one in network.sent_by[node - network.members]
            if flow.sent[one]
            and not self.settled >> one & 1
            and self._costs_nothing(one, node, network.worth[one])
        ]
        if self._costs_nothing(network.hub, node, flow.cost_down(node - network.members)):
            found.append(network.hub)
        return found

    def _free(self, origin: int, request: int) -> bool:
        """Whether a request that stays might as well move."""
        if self.settled >> request & 1:
            return False
        return self._costs_nothing(origin, request, -self.flow.network.worth[request])

    def _even(self, u: int, v: int) -> bool:
        return self.flow.price[u] == self.flow.price[v]

    def _costs_nothing(self, u: int, v: int, cost: int | None) -> bool:
        return cost is not None and cost + self.flow.price[u] == self.flow.price[v]
