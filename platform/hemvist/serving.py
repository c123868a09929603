"""Taking requests in: as many at once as there are connections, a bounded queue, and no more.

For the event loop of the web process. A request that cannot begin soon is told so at once; one whose
caller goes away is stopped down to the statement in PostgreSQL.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Hashable,
    Iterable,
    MutableMapping,
)
from contextlib import asynccontextmanager, suppress
from typing import Any, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import anyio
from anyio import CapacityLimiter, to_thread
from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation

from hemvist.outages import Busy
from hemvist.running import Work, current_work
from hemvist.settings import get_settings

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
#: Whether a request of this tenant and principal is let in.
Admits = Callable[[UUID, UUID | None], bool]

#: Most requests are answered sooner, and cost no watching.
WATCH_AFTER = 0.1
#: A statement that begins after the caller has gone is stopped this much later.
STOP_AGAIN = 0.5

_meter = metrics.get_meter("hemvist.http")
_refused = _meter.create_counter(
    "http.server.refused", description="Requests that found no place, by what they were for."
)


class Gate:
    """Lets ``at_once`` through; ``waiting`` more may wait, each for ``patience`` seconds.

    Who asks for a place may say whose share it is of (a kommun's, mostly). A quarter of the places, and
    of those to wait at, is then kept from each share; and of those who wait the share goes first that
    has the fewest inside. So one kommun's load stands in its own way before it stands in another's.
    Who says no share is held back from nothing, and stands in one queue with the others who do not.
    """

    def __init__(self, name: str, at_once: int, waiting: int, patience: float) -> None:
        self._name = name
        self._places = at_once
        self._free = at_once
        self._waiting = waiting
        self._patience = patience
        self._most_inside = at_once - at_once // 4
        self._most_waiting = waiting - waiting // 4
        self._inside: dict[Hashable, int] = {}
        #: By share, those who wait; of equals the one stands first that was let in longest ago.
        self._queues: dict[Hashable, deque[asyncio.Future[None]]] = {}
        self._queued = 0

    @property
    def places(self) -> int:
        """How many may be inside at once."""
        return self._places

    @property
    def taken(self) -> int:
        """How many are inside now."""
        return self._places - self._free

    @property
    def queued(self) -> int:
        """How many wait for a place now."""
        return self._queued

    @asynccontextmanager
    async def place(self, share: Hashable = None) -> AsyncIterator[None]:
        """A place for as long as the block lasts. Raises ``Busy``."""
        await self._enter(share)
        try:
            yield
        finally:
            self._leave(share)

    async def _enter(self, share: Hashable = None) -> None:
        if self._free > 0 and share not in self._queues and self._may_enter(share):
            self._let_in(share)
            return
        queue = self._queues.get(share, ())
        if self._queued >= self._waiting or (
            share is not None and len(queue) >= self._most_waiting
        ):
            _refused.add(1, {"gate": self._name})
            raise Busy
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(share, deque()).append(turn)
        self._queued += 1
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except BaseException as ended:
            if turn.done() and not turn.cancelled():
                # The place came in the same moment as the end of the waiting.
                self._leave(share)
            else:
                self._give_up(share, turn)
            if isinstance(ended, TimeoutError):
                _refused.add(1, {"gate": self._name})
                raise Busy from None
            raise

    def _may_enter(self, share: Hashable) -> bool:
        return share is None or self._inside.get(share, 0) < self._most_inside

    def _let_in(self, share: Hashable) -> None:
        self._free -= 1
        self._inside[share] = self._inside.get(share, 0) + 1

    def _give_up(self, share: Hashable, turn: asyncio.Future[None]) -> None:
        queue = self._queues.get(share)
        if queue is not None and turn in queue:
            queue.remove(turn)
            self._queued -= 1
            if not queue:
                del self._queues[share]

    def _leave(self, share: Hashable = None) -> None:
        self._free += 1
        self._inside[share] -= 1
        if not self._inside[share]:
            del self._inside[share]
        while self._free > 0:
            nexts = [one for one in self._queues if self._may_enter(one)]
            if not nexts:
                return
            following = min(nexts, key=lambda one: self._inside.get(one, 0))
            queue = self._queues.pop(following)
            turn = queue.popleft()
            self._queued -= 1
            if queue:
                self._queues[following] = queue
            if not turn.done():
                self._let_in(following)
                turn.set_result(None)


_gates: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Gate]] = WeakKeyDictionary()


def gate(name: str) -> Gate:
    """The gate of a kind of work: what is slow in one keeps nobody out of another.

    ``data`` is for everything that reads and writes the kommun's data, ``door`` for logging in,
    ``export`` for whole lists.
    """
    gates = _gates.setdefault(asyncio.get_running_loop(), {})
    if name not in gates:
        settings = get_settings()
        at_once = settings.export_places if name == "export" else settings.database_pool_size
        gates[name] = Gate(name, at_once, settings.waiting_requests, settings.waiting_limit)
    return gates[name]


def _told(what: str) -> Callable[[CallbackOptions], Iterable[Observation]]:
    """Tells ``what`` (a ``Gate``'s property) of every kind of gate, when metrics are collected."""

    def tell(_: CallbackOptions) -> list[Observation]:
        sums: dict[str, int] = {}
        for gates in list(_gates.values()):
            for name, one in list(gates.items()):
                sums[name] = sums.get(name, 0) + getattr(one, what)
        return [Observation(value, {"gate": name}) for name, value in sums.items()]

    return tell


for _name, _what, _description in (
    ("http.server.places", "places", "Requests that may be worked on at once."),
    ("http.server.places.taken", "taken", "Requests that are worked on now."),
    ("http.server.places.waiting", "queued", "Requests that wait for a place now."),
):
    _meter.create_observable_gauge(_name, [_told(_what)], description=_description)


def caller_is(
    scope: MutableMapping[str, Any], credential: str, tenant_id: UUID, principal_id: UUID | None
) -> None:
    """Tell the layers outside of a request who it turned out to be of, and by what they came.

    Raises ``Busy`` where those have said that this caller asks too often.
    """
    state = scope.setdefault("state", {})
    state["caller"] = (credential, tenant_id, principal_id)
    admits: Admits | None = state.get("admits")
    if admits is not None and not admits(tenant_id, principal_id):
        raise Busy


def ask_before_letting_in(scope: MutableMapping[str, Any], admits: Admits) -> None:
    """Have ``caller_is`` ask whether they may be let in. It may be asked from any thread, and more
    than once."""
    scope.setdefault("state", {})["admits"] = admits


def caller_of(scope: MutableMapping[str, Any]) -> tuple[str, UUID, UUID | None] | None:
    """What ``caller_is`` told, or None."""
    found: tuple[str, UUID, UUID | None] | None = scope.get("state", {}).get("caller")
    return found


def give_share(scope: MutableMapping[str, Any], share: Hashable) -> None:
    """The request is of this share of the places."""
    scope.setdefault("state", {})["share"] = share


def share_of(scope: MutableMapping[str, Any]) -> Hashable:
    """Whose share of the places a request is of; None where nobody has said so."""
    return cast("Hashable", scope.get("state", {}).get("share"))


@asynccontextmanager
async def stoppable(receive: Receive) -> AsyncIterator[Work]:
    """Everything in the block is one work, stopped when the caller goes away.

    The request's body must have been read: what ``receive`` gives next is then the caller's going.
    """
    work = Work()
    token = current_work.set(work)
    loop = asyncio.get_running_loop()
    watcher: asyncio.Task[None] | None = None

    def watch() -> None:
        nonlocal watcher
        watcher = loop.create_task(_stop_when_gone(receive, work))

    timer = loop.call_later(WATCH_AFTER, watch)
    try:
        yield work
    finally:
        timer.cancel()
        if watcher is not None:
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher
        current_work.reset(token)


async def _stop_when_gone(receive: Receive, work: Work) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    limiter = CapacityLimiter(1)
    while True:
        # Threads of requests may all be taken: this is what frees one.
        await to_thread.run_sync(work.stop, limiter=limiter)
        await anyio.sleep(STOP_AGAIN)
