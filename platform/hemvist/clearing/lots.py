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
from collections.abc import Iterable, Iterator

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
        return hmac.digest(self._key, b"order:" + _bytes(request), "sha256")

    def between(self, request: str, flats: Iterable[str]) -> Iterator[tuple[bytes, str]]:
        """A household's lots for flats, each with its flat: the highest is what it gets.

        Its own key is drawn from the seed, and its lots are digests under that key: one step for each flat
        instead of two, where there are some hundred thousand.
        """
        begun = hashlib.sha256(hmac.digest(self._key, b"flats:" + _bytes(request), "sha256"))
        for flat in flats:
            lot = begun.copy()
            lot.update(_bytes(flat))
            yield lot.digest(), flat


def _bytes(id: str) -> bytes:
    return id.encode("utf-8", "surrogatepass")


def settle(flow: Flow, lots: Lots) -> dict[str, str]:
    """Which household gets which flat, in the one of the cheapest circulations that the lots choose."""
    return Ties(flow).settle(lots)


class Ties:
    """The arcs that may change without any level changing. Prices stay as they are."""

    def __init__(self, flow: Flow) -> None:
        network = flow.network
        self.flow = flow
        #: Request → classes, along arcs without reduced cost.
        self.classes_of = [0] * network.classes
        #: Requests of which it is settled whether they move, or where to.
        self.settled = 0
        self.placed_for_good = 0
        self._all = (1 << len(network.flats)) - 1
        #: Sets of classes that no way leads out of. What is pushed and settled later opens none of them:
        #: it goes round in rings, and a ring is as connected the other way round.
        self.closed: list[int] = []
        #: Class → flats that nobody has for good.
        self.over = [set(flats) for flats in network.flats]
        priced = dict(flow.priced)
        for request, arcs in enumerate(network.arcs):
            for cost, mask in arcs:
                self.classes_of[request] |= mask & priced.get(flow.price[request] + cost, 0)

    def settle(self, lots: Lots) -> dict[str, str]:
        """Who moves, then who gets what."""
        flow, network = self.flow, self.flow.network
        order = sorted(range(network.classes), key=lambda one: lots.of(network.requests[one]))
        for request in order:
            if flow.sent[request] or not self.classes_of[request]:
                pass
            elif self._free(network.origin[request], request):
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
        way, _ = self._way(request, origin)
        if way:
            self.flow.push([origin, *way])

    def _choose(self, request: int, lots: Lots) -> str:
        """The flat with the highest lot among those it can have."""
        first = self.flow.network.classes
        now, id = self.flow.where[request], self.flow.network.requests[request]
        closed = 0
        for classes in self.closed:
            if not classes >> (now - first) & 1:
                closed |= classes
        mask = (self.classes_of[request] & ~closed) | 1 << (now - first)
        place_of: dict[str, int] = {}
        while mask:
            low = mask & -mask
            mask ^= low
            place = low.bit_length() - 1
            place_of.update(dict.fromkeys(self.over[place], place))
        drawn = [(lot, place_of[flat], flat) for lot, flat in lots.between(id, place_of)]
        for _, place, flat in sorted(drawn, reverse=True):
            if place + first != now:
                if closed >> place & 1:
                    continue
                way, seen = self._way(place + first, now)
                if not way:
                    closed |= seen
                    self.closed.append(seen)
                    continue
                self.flow.push([request, *way, request])
            self.over[place].discard(flat)
            return flat
        raise AssertionError("a household lost the flat it had")

    def _way(self, start: int, end: int) -> tuple[list[int], int]:
        """The nodes of a way for nothing, and the classes that were come to; no nodes: there is none."""
        network = self.flow.network
        classes, members, hub = network.classes, network.members, network.hub
        unseen = self._all
        came = {start: -1}
        waiting = [start]
        if classes <= start < members:
            unseen &= ~(1 << (start - classes))
        for node in waiting:
            onward: list[int] = []
            if node < classes:
                found = self.classes_of[node] & unseen
                if classes <= end < members and found >> (end - classes) & 1:
                    onward = [end]
                else:
                    unseen &= ~found
                    while found:
                        low = found & -found
                        found ^= low
                        onward.append(classes + low.bit_length() - 1)
                    if self._may_stay(node):
                        onward.append(network.origin[node])
            elif node < members:
                onward = [
                    one
                    for one in self.flow.placed[node - classes]
                    if not self.placed_for_good >> one & 1
                ]
                home = network.home[node - classes]
                if self.flow.left[node - classes] and self._even(node, home):
                    onward.append(home)
            elif node < hub:
                onward = self._after_member(node)
            else:
                onward = [
                    members + one
                    for one in range(hub - members)
                    if self._costs_nothing(hub, members + one, self.flow.cost_down(one))
                ]
            for one in onward:
                if one in came:
                    continue
                came[one] = node
                if one == end:
                    way = [end]
                    while way[-1] != start:
                        way.append(came[way[-1]])
                    return way[::-1], 0
                if classes <= one < members:
                    unseen &= ~(1 << (one - classes))
                waiting.append(one)
        return [], self._all & ~unseen

    def _after_member(self, node: int) -> list[int]:
        flow, network = self.flow, self.flow.network
        member = node - network.members
        found = [
            one
            for one in network.of_member[member]
            if flow.placed[one - network.classes] and self._even(node, one)
        ]
        found += [one for one in flow.stay[member] if self._free(node, one)]
        if self._costs_nothing(node, network.hub, flow.cost_up(member)):
            found.append(network.hub)
        return found

    def _may_stay(self, request: int) -> bool:
        """Whether a request that moves might as well stay."""
        if self.settled >> request & 1 or not self.flow.sent[request]:
            return False
        network = self.flow.network
        return self._costs_nothing(request, network.origin[request], network.worth[request])

    def _free(self, origin: int, request: int) -> bool:
        """Whether a request that stays might as well move."""
        if self.settled >> request & 1:
            return False
        return self._costs_nothing(origin, request, -self.flow.network.worth[request])

    def _even(self, u: int, v: int) -> bool:
        return self.flow.price[u] == self.flow.price[v]

    def _costs_nothing(self, u: int, v: int, cost: int | None) -> bool:
        return cost is not None and cost + self.flow.price[u] == self.flow.price[v]
