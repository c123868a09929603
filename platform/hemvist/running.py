"""Statements that are running for one request, so that they can be stopped when nobody waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Lock
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from hemvist.outages import Stopped

_CANCEL_SECONDS = 3.0
_KEY = "hemvist.work"

#: The request that the present thread works for.
current_work: ContextVar[Work | None] = ContextVar("current_work", default=None)


class Work:
    """The connections that one request has lent. May be stopped from another thread."""

    __slots__ = ("_connections", "_kept", "_lock", "_spoilt", "stopped")

    def __init__(self) -> None:
        self._lock = Lock()
        self._connections: set[Any] = set()
        self._spoilt: set[Any] = set()
        self._kept = False
        self.stopped = False

    def keep(self) -> None:
        """From now on it is carried through: who sent a command and left has sent it."""
        with self._lock:
            if self.stopped:
                raise Stopped
            self._kept = True

    def stop(self) -> None:
        """Cancel what is running now, and let nothing more begin; nothing where it is kept.

        A connection is held while it is cancelled: the request that has it next must not be
        cancelled in its place.
        """
        with self._lock:
            if self._kept:
                return
            self.stopped = True
            for connection in self._connections:
                self._spoilt.add(connection)
                with suppress(psycopg.Error):
                    connection.cancel_safe(timeout=_CANCEL_SECONDS)

    def _took(self, connection: Any) -> None:
        with self._lock:
            self._connections.add(connection)

    def _gave_back(self, connection: Any) -> bool:
        """Whether it may be used again: a cancellation can reach the server late."""
        with self._lock:
            self._connections.discard(connection)
            return connection not in self._spoilt


def require_wanted() -> None:
    """Raise ``Stopped`` when nobody waits for the present work any more."""
    work = current_work.get()
    if work is not None and work.stopped:
        raise Stopped


def carry_through() -> None:
    """Let the present work go on even if its caller leaves. Raises ``Stopped`` if that came first."""
    work = current_work.get()
    if work is not None:
        work.keep()


@contextmanager
def held(connection: Any) -> Iterator[None]:
    """The present work has ``connection`` in the block, which is closed if it was cancelled.

    For a pool that calls nobody. Raises ``Stopped`` when nobody waits for the work any more.
    """
    work = current_work.get()
    if work is None:
        yield
        return
    require_wanted()
    work._took(connection)
    try:
        yield
    finally:
        if not work._gave_back(connection):
            connection.close()


def follow(engine: Engine) -> Engine:
    """Let the work of a request know which of the engine's connections it has; gives the engine."""
    event.listen(engine, "checkout", _checkout)
    event.listen(engine, "checkin", _checkin)
    return engine


def _checkout(connection: Any, record: Any, _lent: Any) -> None:
    work = current_work.get()
    if work is None:
        return
    if work.stopped:
        raise Stopped
    record.info[_KEY] = work
    work._took(connection)


def _checkin(connection: Any, record: Any) -> None:
    work = record.info.pop(_KEY, None)
    if work is not None and connection is not None and not work._gave_back(connection):
        # Closed and made anew when it is next asked for.
        record.invalidate(soft=True)
