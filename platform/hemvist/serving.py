"""Taking requests in: as many at once as there are connections, a bounded queue, and no more.

For the event loop of the web process. A request that cannot begin soon is told so at once; one whose
caller goes away is stopped down to the statement in PostgreSQL.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

import anyio
from anyio import CapacityLimiter, to_thread
from opentelemetry import metrics

from hemvist.outages import Busy
from hemvist.running import Work, current_work
from hemvist.settings import get_settings

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

#: Most requests are answered sooner, and cost no watching.
WATCH_AFTER = 0.1
#: A statement that begins after the caller has gone is stopped this much later.
STOP_AGAIN = 0.5

_refused = metrics.get_meter("hemvist.http").create_counter(
    "http.server.refused", description="Requests that found no place, by what they were for."
)


class Gate:
    """Lets ``at_once`` through; ``waiting`` more may wait, each for ``patience`` seconds."""

    def __init__(self, name: str, at_once: int, waiting: int, patience: float) -> None:
        self._name = name
        self._free = at_once
        self._waiting = waiting
        self._patience = patience
        self._queue: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place for as long as the block lasts. Raises ``Busy``."""
        await self._enter()
        try:
            yield
        finally:
            self._leave()

    async def _enter(self) -> None:
        if self._free > 0 and not self._queue:
            self._free -= 1
            return
        if len(self._queue) >= self._waiting:
            _refused.add(1, {"gate": self._name})
            raise Busy
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except BaseException as ended:
            if turn.done() and not turn.cancelled():
                # The place came in the same moment as the end of the waiting.
                self._leave()
            elif turn in self._queue:
                self._queue.remove(turn)
            if isinstance(ended, TimeoutError):
                _refused.add(1, {"gate": self._name})
                raise Busy from None
            raise

    def _leave(self) -> None:
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


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
