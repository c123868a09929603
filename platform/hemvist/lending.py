"""A small pool of database connections: lent to a thread, taken back, nothing more.

For statements that are a transaction of their own. What a general pool does at each loan (events,
resets, weak references) costs more there than the statement's own client side. The connection given
back last is lent first: the fewest connections are in use, and those have the statements prepared.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Any, Generic, TypeVar

from opentelemetry import metrics
from psycopg import Connection
from psycopg.pq import TransactionStatus

from hemvist.outages import Busy
from hemvist.running import held

ConnectionT = TypeVar("ConnectionT", bound=Connection[Any])

_waited = metrics.get_meter("hemvist.sql").create_histogram(
    "db.client.connection.wait_time",
    unit="s",
    description="Time that a read waited for a connection, where it had to.",
)


class Lender(Generic[ConnectionT]):
    """Lends at most ``most`` connections, for as long as each is wanted; made when first needed.

    With all of them lent, a caller waits for ``patience`` seconds. A server that is away is an
    error at once: nobody waits for what does not come.
    """

    def __init__(
        self,
        connect: Callable[[], ConnectionT],
        most: int,
        patience: float,
        lost: Callable[[ConnectionT], bool] = lambda _connection: False,
    ) -> None:
        """``lost`` tells of a connection that lay here whether it is known to have died."""
        self._connect, self._most, self._patience, self._lost_here = connect, most, patience, lost
        self._idle: deque[ConnectionT] = deque()
        self._open = 0
        self._closed = False
        self._freed = Condition()
        #: Connections do not outlive a fork: the other process goes on using them.
        self.process = os.getpid()

    @contextmanager
    def lent(self) -> Iterator[ConnectionT]:
        """A connection in the block. Raises ``Busy``, and ``OperationalError`` from the server.

        Nobody has asked the server: it may have died while it lay here. Then all that lie here
        go with it.
        """
        connection = self._take()
        try:
            with held(connection):
                yield connection
        finally:
            self._give_back(connection)

    @contextmanager
    def at_hand(self) -> Iterator[Connection[Any] | None]:
        """A connection in the block if one lies here, as by ``lent``; else None: nobody waits."""
        with self._freed:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            yield None
            return
        try:
            with held(connection):
                yield connection
        finally:
            self._give_back(connection)

    def counts(self) -> tuple[int, int, int]:
        """How many connections are lent, how many lie here, and how many there may be in all."""
        idle = len(self._idle)
        return max(self._open - idle, 0), idle, self._most

    def close(self) -> None:
        """Close what lies here; what is lent is closed when it comes back."""
        self._closed = True
        self._drop()

    def _take(self) -> ConnectionT:
        while True:
            with self._freed:
                if not self._idle and self._open >= self._most:
                    self._wait()
                if not self._idle:
                    self._open += 1
                    break
                connection = self._idle.pop()
            if not self._lost_here(connection):
                return connection
            connection.close()
            self._lost()
        try:
            return self._connect()
        except BaseException:
            self._lost()
            raise

    def _wait(self) -> None:
        began = time.monotonic()
        came = self._freed.wait_for(
            lambda: bool(self._idle) or self._open < self._most, self._patience
        )
        _waited.record(time.monotonic() - began)
        if not came:
            raise Busy

    def _give_back(self, connection: ConnectionT) -> None:
        died = connection.broken
        if died or self._closed or connection.closed or _is_busy(connection):
            connection.close()
            self._lost()
            if died:
                # What ended it has most likely ended those that lie here.
                self._drop()
            return
        with self._freed:
            self._idle.append(connection)
            self._freed.notify()

    def _drop(self) -> None:
        with self._freed:
            idle = list(self._idle)
            self._idle.clear()
            self._open -= len(idle)
            self._freed.notify_all()
        if self.process == os.getpid():
            for connection in idle:
                connection.close()

    def _lost(self) -> None:
        with self._freed:
            self._open -= 1
            self._freed.notify()


def _is_busy(connection: Connection[Any]) -> bool:
    return connection.pgconn.transaction_status != TransactionStatus.IDLE
