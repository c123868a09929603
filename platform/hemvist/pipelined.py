"""A connection that does not go to the server for what nobody waits for.

The beginning of a transaction goes out with everything that is set for it as one query, before the
first statement. What is to be carried out ``later`` goes with the next statement or with ``COMMIT``,
in the order in which it was given: several at a time in libpq's pipeline mode, in one round trip.
What one of them does wrong is raised there; until then nothing after it has been carried out.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self

from psycopg import Connection, Cursor, sql
from psycopg.pq import TransactionStatus

#: Prepared statements of one connection: there are more kinds of statements than psycopg's hundred,
#: and each that is forgotten is planned again.
PREPARED = 500
#: From so many statements on, one round trip costs less processor time than one for each.
_TOGETHER = 3
_BEGIN = "BEGIN"

_Params = Sequence[Any] | Mapping[str, Any] | None


class PipelinedConnection(Connection[Any]):
    """A connection to PostgreSQL in transactions that it begins itself.

    To its user it behaves as one that is not in autocommit: the first statement begins a
    transaction. It is the driver that is told ``autocommit``, or it would send ``BEGIN`` by itself.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cursor_factory = PipelinedCursor
        self.prepared_max = PREPARED
        self._opening: list[str] = []
        self._waiting: list[tuple[Any, _Params]] = []

    @classmethod
    def connect(cls, *args: Any, **kwargs: Any) -> Self:
        """A new connection; the parameters are psycopg's."""
        return super().connect(*args, **(kwargs | {"autocommit": True}))

    def open_with(self, command: str) -> None:
        """Carry out ``command`` right after ``BEGIN``, with it; at once in a transaction that runs.

        It is sent as it is: it must not hold anything that somebody wrote. Its answer is lost.
        """
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            self.send()
            Cursor(self).execute(sql.SQL(command), prepare=False)
            return
        self._opening.append(command)

    def later(self, query: Any, params: _Params = None) -> None:
        """Carry out ``query`` with the next statement, or with ``COMMIT``. Its answer is lost."""
        self._waiting.append((query, params))

    def send(self, last: Callable[[], object] | None = None) -> None:
        """Carry out what waits, and then ``last``."""
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            opening, self._opening = "; ".join((_BEGIN, *self._opening)), []
            Cursor(self).execute(opening, prepare=False)
        waiting, self._waiting = self._waiting, []
        if len(waiting) + (last is not None) < _TOGETHER:
            self._run(waiting)
            if last is not None:
                last()
            return
        with self.pipeline():
            self._run(waiting)
            if last is not None:
                last()

    @property
    def lost(self) -> bool:
        """Whether the server is known to have closed the connection; asks nobody."""
        if self.closed or self.broken:
            return True
        # An idle connection has nothing to read but the news of its end.
        return bool(select.select([self.fileno()], [], [], 0)[0])

    def cursor(self, name: str = "", **options: Any) -> Any:
        """A cursor; what waits goes before one with a name, which is the server's."""
        if name:
            self.send()
            return super().cursor(name, **options)
        return super().cursor(**options)

    def commit(self) -> None:
        """Commit, together with what waits. Raises what one of those did wrong."""
        if self._waiting:
            self.send(lambda: Cursor(self).execute("COMMIT", prepare=False))
        else:
            # A transaction in which nothing was asked was never begun.
            self._opening.clear()
            super().commit()

    def rollback(self) -> None:
        """Undo the transaction; what waits is forgotten."""
        self._opening.clear()
        self._waiting.clear()
        super().rollback()

    def _run(self, waiting: list[tuple[Any, _Params]]) -> None:
        for query, params in waiting:
            # The driver's cursor: ours would begin here again.
            Cursor(self).execute(query, params)


class PipelinedCursor(Cursor[Any]):
    """A cursor before whose statements goes what waits."""

    def execute(
        self,
        query: Any,
        params: _Params = None,
        *,
        prepare: bool | None = None,
        binary: bool | None = None,
    ) -> Self:
        """Carry out ``query``, after everything that waits."""
        connection = self.connection
        assert isinstance(connection, PipelinedConnection)
        run = super().execute
        connection.send(lambda: run(query, params, prepare=prepare, binary=binary))
        return self

    def executemany(
        self, query: Any, params_seq: Iterable[Any], *, returning: bool = False
    ) -> None:
        """Carry out ``query`` for each, after everything that waits."""
        connection = self.connection
        assert isinstance(connection, PipelinedConnection)
        connection.send()
        super().executemany(query, params_seq, returning=returning)

    def copy(self, *args: Any, **options: Any) -> Any:
        """Start a COPY, after everything that waits."""
        connection = self.connection
        assert isinstance(connection, PipelinedConnection)
        connection.send()
        return super().copy(*args, **options)
