"""How long a migration keeps others from a table, by its own clock.

Counted is every lock that keeps somebody from reading or writing, on a table or view that was there
before: from the moment in which the statement was sent that asked for it (whoever comes later waits
behind a lock that is asked for, too) until the transaction ended.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Connection, event, text

from hemvist.migrations.rendering import VERSION_TABLE

#: Modes that keep somebody from writing, or from reading too.
STRONG = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
_THERE = text(
    "SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relkind IN ('r', 'p', 'v') AND relname <> :own"
)
_MINE = (
    "SELECT relation::regclass::text, mode FROM pg_locks WHERE pid = pg_backend_pid()"
    " AND locktype = 'relation' AND granted AND mode = ANY(%s) AND relation = ANY(%s)"
)
#: What else asks for such a lock. To ask after every statement would itself hold them longer.
_LOCKING = ("ALTER", "CREATE", "DROP", "LOCK", "TRUNCATE", "DO")
#: Of a statement that names one table and locks no other, that table.
_TARGET = re.compile(r"ALTER TABLE (\w+) |CREATE (?:UNIQUE )?(?:INDEX|POLICY) \w+ ON (\w+) ")


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that kept others away: of which table, how strong, for how many seconds at most."""

    table: str
    mode: str
    seconds: float


@dataclass(slots=True)
class Watch:
    """What was held while it watched."""

    locks: list[Lock] = field(default_factory=list)
    _there: list[int] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)
    _held: dict[tuple[str, str], float] = field(default_factory=dict)
    _sent: float = 0.0

    @property
    def longest(self) -> Lock | None:
        """The one that was held longest; None when nobody was kept from anything."""
        return max(self.locks, key=lambda lock: lock.seconds, default=None)

    @contextmanager
    def on(self, connection: Connection) -> Iterator[Watch]:
        """Watch a connection's statements until the block ends; begun and left outside a transaction."""
        there = connection.execute(_THERE, {"own": VERSION_TABLE}).all()
        self._there, self._names = [oid for oid, _ in there], {name for _, name in there}
        connection.commit()
        listeners = (
            ("before_cursor_execute", self._before),
            ("after_cursor_execute", self._after),
            ("commit", self._committed),
            ("rollback", self._ended),
        )
        for name, listener in listeners:
            event.listen(connection, name, listener)
        try:
            yield self
        finally:
            for name, listener in listeners:
                event.remove(connection, name, listener)

    def failed(self, table: str, mode: str, seconds: float) -> None:
        """A lock was asked for and not had: whoever came meanwhile waited behind it."""
        self.locks.append(Lock(table, mode, seconds))

    @property
    def since_sent(self) -> float:
        """Seconds since the last statement was sent."""
        return time.monotonic() - self._sent

    def _before(self, *_: Any) -> None:
        self._sent = time.monotonic()

    def _after(self, connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        driver = connection.connection.dbapi_connection
        assert isinstance(driver, psycopg.Connection)
        if driver.autocommit:
            # Its own transaction, and over: what it held, it held no longer than it took.
            if statement.startswith("ALTER TABLE") and " VALIDATE " not in statement:
                self.locks.append(Lock(statement.split()[2], "own", self.since_sent))
            return
        if not statement.lstrip().upper().startswith(_LOCKING) or self._known(statement):
            return
        with driver.cursor() as asking:
            for table, mode in asking.execute(_MINE, [list(STRONG), self._there]).fetchall():
                self._held.setdefault((table, mode), self._sent)

    def _known(self, statement: str) -> bool:
        """Whether it changes a table that is new, or one that is held already as strongly as can be."""
        target = _TARGET.match(statement.lstrip())
        if target is None or "REFERENCES" in statement:
            return False
        table = target[1] or target[2]
        return table not in self._names or (table, "AccessExclusiveLock") in self._held

    def _committed(self, connection: Connection) -> None:
        # We are told before it is done, and the log's way to the disk is part of it: done here.
        driver = connection.connection.dbapi_connection
        assert isinstance(driver, psycopg.Connection)
        driver.commit()
        self._ended(connection)

    def _ended(self, _: Connection) -> None:
        now = time.monotonic()
        self.locks += [
            Lock(table, mode, now - since) for (table, mode), since in self._held.items()
        ]
        self._held.clear()
