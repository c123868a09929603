"""The load: requests over kept connections, closed loop or open, in a process of its own.

Written for this, on the event loop's own protocol and with requests made beforehand: it costs some
forty microseconds of a processor for a request, so that two processors are left to what is measured.
Its own processor time is part of the report.
"""

from __future__ import annotations

import asyncio
import pickle
import random
import re
import sys
import time
from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_END = b"\r\n\r\n"
#: What may be an id of ours, in JSON and in a page's links.
_ID = re.compile(rb"[A-Za-z0-9_-]{26,60}")


@dataclass(slots=True)
class Load:
    """What to send where. ``rate`` requests a second from outside, or as fast as answers come."""

    host: str
    port: int
    requests: list[bytes]
    connections: int
    seconds: float
    rate: float | None = None
    #: Seconds that a user looks at an answer before the next request, on average.
    think: float = 0.0
    #: Seconds over which users come, one after another.
    ramp: float = 0.0
    #: Send each request once and stop then.
    once: bool = False
    #: For each request a text that its answer must hold, or nothing.
    holds: list[bytes] = field(default_factory=list)
    #: Texts that no answer may hold.
    never: tuple[bytes, ...] = (b'"errors"',)
    #: Whose each known row is, by the id that answers show, and whose each request is: an answer
    #: with a row of somebody else's is wrong.
    owners: dict[bytes, int] = field(default_factory=dict)
    of: list[int] = field(default_factory=list)
    #: What each request is, to count by.
    kinds: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Outcome:
    """What came of it. Latencies in milliseconds, each since its request was due."""

    seconds: float
    latencies: array[float]
    errors: int
    received: int
    own_cpu: float
    #: The first few wrong answers.
    wrong: list[bytes]
    #: Ids of known rows that answers held.
    recognised: int = 0
    #: For each kind of request the latencies of what went well, and how many did not.
    by_kind: dict[str, tuple[array[float], int]] = field(default_factory=dict)


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._received = bytearray()
        self._transport: Any = None
        self._at = 0
        self._since = 0.0
        self._waits = False
        self._used = False

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._run.ready(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waits and self._used and not self._received:
            # Closed for idleness in the moment of sending: any client asks again then.
            self._waits = False
            self._run.again(self._at, self._since)
        elif self._waits:
            self._waits = False
            self._run.failed(b"connection lost")
        self._run.lost()

    @property
    def is_open(self) -> bool:
        """Whether the server has kept it."""
        return self._transport is not None and not self._transport.is_closing()

    def send(self, at: int, since: float) -> None:
        self._at, self._since, self._waits = at, since, True
        self._transport.write(self._run.load.requests[at])

    def data_received(self, data: bytes) -> None:
        received = self._received
        received += data
        head = received.find(_END)
        if head < 0:
            return
        length = _LENGTH.search(received, 0, head + 2)
        if length is not None:
            if len(received) < head + 4 + int(length[1]):
                return
        elif not (_CHUNKED.search(received, 0, head + 2) and received.endswith(b"0\r\n\r\n")):
            return
        answer = bytes(received)
        received.clear()
        self._waits = False
        self._used = True
        self._run.answered(self, self._at, self._since, answer)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class _Run:
    def __init__(self, load: Load) -> None:
        self.load = load
        self._next = 0
        self._idle: deque[_Connection] = deque()
        #: Requests of an open loop that are due and have no free connection.
        self._due: deque[float] = deque()
        self._running = 0
        self._open = 0
        self.latencies: array[float] = array("d")
        self.errors = 0
        self.received = 0
        self.wrong: list[bytes] = []
        self.recognised = 0
        self.of_kind: dict[str, array[float]] = defaultdict(lambda: array("d"))
        self.failures: Counter[str] = Counter()
        self.began = 0.0
        self._until = 0.0
        self.done = asyncio.get_running_loop().create_future()
        self.connections: list[_Connection] = []
        self._tasks: set[asyncio.Future[None]] = set()

    async def run(self) -> Outcome:
        loop = asyncio.get_running_loop()
        for _ in range(self.load.connections):
            _, connection = await loop.create_connection(
                lambda: _Connection(self), self.load.host, self.load.port
            )
            self.connections.append(connection)
        cpu = time.process_time()
        self.began = time.perf_counter()
        self._until = self.began + self.load.seconds
        if self.load.rate is None:
            for number, connection in enumerate(list(self._idle)):
                later = self.load.ramp * number / self.load.connections
                loop.call_later(later, self._pause, connection)
            self._idle.clear()
        else:
            ticking = loop.create_task(self._tick(self.load.rate))
            ticking.add_done_callback(lambda task: task.result())
        await self.done
        spent = time.perf_counter() - self.began
        for connection in self.connections:
            connection.close()
        self.connections.clear()
        return Outcome(
            spent,
            self.latencies,
            self.errors,
            self.received,
            time.process_time() - cpu,
            self.wrong,
            self.recognised,
            {kind: (self.of_kind[kind], self.failures[kind]) for kind in self.of_kind},
        )

    def ready(self, connection: _Connection) -> None:
        self._open += 1
        self._idle.append(connection)

    def lost(self) -> None:
        self._open -= 1
        if self._open == 0 and not self.load.think and not self.done.done():
            self.done.set_result(None)

    def failed(self, answer: bytes) -> None:
        self._running -= 1
        self.errors += 1
        if len(self.wrong) < 3:
            self.wrong.append(answer[:2000])

    def answered(self, connection: _Connection, at: int, since: float, answer: bytes) -> None:
        now = time.perf_counter()
        self._running -= 1
        self.received += len(answer)
        load = self.load
        bad = self._bad(at, answer)
        if bad:
            self.errors += 1
            if len(self.wrong) < 3:
                self.wrong.append(answer[:2000])
        else:
            self.latencies.append((now - since) * 1e3)
        if load.kinds:
            self._count(load.kinds[at], (now - since) * 1e3, bad)
        if load.rate is None:
            self._pause(connection)
        elif self._due:
            self._send(connection, self._due.popleft())
        else:
            self._idle.append(connection)
            self._finish_if_over()

    def _count(self, kind: str, latency: float, bad: bool) -> None:
        self.of_kind[kind].append(latency)
        self.failures[kind] += bad

    def _bad(self, at: int, answer: bytes) -> bool:
        load = self.load
        if answer[9:12] != b"200" or any(text in answer for text in load.never):
            return True
        if load.holds and load.holds[at] not in answer:
            return True
        if not load.owners:
            return False
        of, owners = load.of[at], load.owners
        found = [owners[one] for one in _ID.findall(answer) if one in owners]
        self.recognised += len(found)
        return any(one != of for one in found)

    def _pause(self, connection: _Connection) -> None:
        if self.load.think:
            # Otherwise all users would walk in step.
            seconds = random.uniform(0, 2 * self.load.think)
            asyncio.get_running_loop().call_later(seconds, self._go_on, connection)
        else:
            self._go_on(connection)

    def _go_on(self, connection: _Connection) -> None:
        over = self.load.once and self._next >= len(self.load.requests)
        if over or time.perf_counter() >= self._until:
            if self._running == 0 and not self.done.done():
                self.done.set_result(None)
            return
        if connection.is_open:
            self._send(connection, time.perf_counter())
            return
        # The server has closed what was idle for too long, as it may.
        self._start(self._anew(None, time.perf_counter()))

    def again(self, at: int, since: float) -> None:
        """Send request ``at`` once more, over a new connection."""
        self._running -= 1
        self._start(self._anew(at, since))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(task := asyncio.ensure_future(work))
        task.add_done_callback(self._tasks.discard)

    async def _anew(self, at: int | None, since: float) -> None:
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: _Connection(self), self.load.host, self.load.port
        )
        self._idle.clear()
        self.connections.append(connection)
        if at is None:
            self._send(connection, since)
        else:
            self._running += 1
            connection.send(at, since)

    def _send(self, connection: _Connection, since: float) -> None:
        at = self._next % len(self.load.requests)
        self._next += 1
        self._running += 1
        connection.send(at, since)

    async def _tick(self, rate: float) -> None:
        count = 0
        while (due := self.began + count / rate) < self._until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            count += 1
            if self._idle:
                self._send(self._idle.popleft(), due)
            else:
                self._due.append(due)
        self._until = 0.0
        self._finish_if_over()

    def _finish_if_over(self) -> None:
        if self._until == 0.0 and not self._running and not self._due and not self.done.done():
            self.done.set_result(None)


def main() -> None:
    """Read a ``Load`` from the file given, write the ``Outcome`` beside it."""
    import uvloop

    path = Path(sys.argv[1])
    load: Load = pickle.loads(path.read_bytes())

    async def run() -> Outcome:
        return await _Run(load).run()

    outcome = uvloop.run(run())
    path.with_suffix(".out").write_bytes(pickle.dumps(outcome))


if __name__ == "__main__":
    # The pickles name the classes by their module, not by ``__main__``.
    from graphql_bench import driver

    driver.main()
