"""A connection that does not go to the server for what nobody waits for.

The beginning of a transaction goes out with everything that is set for it as one query, before the
first statement. What is to be carried out ``later`` goes with the next statement or with ``COMMIT``,
in the order in which it was given: several at a time in libpq's pipeline mode, in one round trip.
What one of them does wrong is raised there; until then nothing after it has been carried out.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, Self
from uuid import UUID

from psycopg import Connection, Cursor, sql
from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row

from hemvist.by_value import by_value
from hemvist.joined import Waiting, joined
from hemvist.settings import get_settings

#: Prepared statements of one connection: there are more kinds of statements than psycopg's hundred,
#: and each that is forgotten is planned again.
PREPARED = 500
#: From so many statements on, one round trip costs less processor time than one for each.
_TOGETHER = 3
_BEGIN, _COMMIT = "BEGIN", "COMMIT"
#: The role whose transactions read of many tenants (``hemvist.db.Audience.LANDLORD``).
_OF_EVERY_TENANT = "hemvist_landlord"

_Params = Sequence[Any] | Mapping[str, Any] | None

#: The texts that a statement is made of, and what carries it out.
_Step = tuple[tuple[Any, ...], Callable[[], object]]


class Watcher(Protocol):
    """Learns of every statement, and of whom it is carried out for."""

    def acting(self, tenant_id: UUID | None) -> None:
        """A transaction of the present thread is for ``tenant_id``."""

    def began(self, tenant_id: UUID | None, query: Any) -> object:
        """``query`` is about to be sent; gives what ``ended`` is to have back."""

    def ended(self, begun: object, error: BaseException | None, *, together: bool) -> None:
        """It has been answered; with others, in one round trip, where it was ``together``."""


_watcher: Watcher | None = None


def watch_statements(watcher: Watcher) -> None:
    """Let ``watcher`` learn of the statements of every connection of this process."""
    global _watcher
    _watcher = watcher


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
        self._waiting: list[Waiting] = []
        self._tenant_id: UUID | None = None
        #: SQLAlchemy's connection over this one, made once for as long as this one lives.
        self.orm: Any = None

    @classmethod
    def connect(cls, *args: Any, **kwargs: Any) -> Self:
        """A new connection; the parameters are psycopg's."""
        return super().connect(*args, **(kwargs | {"autocommit": True}))

    def act_for(self, tenant_id: UUID | None) -> None:
        """Say whom the transaction is for, to who watches; PostgreSQL is not told here."""
        self._tenant_id = tenant_id
        if _watcher is not None:
            _watcher.acting(tenant_id)

    def open_with(self, command: str) -> None:
        """Carry out ``command`` right after ``BEGIN``, with it; at once in a transaction that runs.

        It is sent as it is: it must not hold anything that somebody wrote. Its answer is lost.
        """
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            self.send()
            Cursor(self).execute(sql.SQL(command), prepare=False)
            return
        self._opening.append(command)

    def later(self, query: Any, params: _Params = None, *, row: bool = False) -> None:
        """Carry out ``query`` with the next statement, or with ``COMMIT``. Its answer is lost.

        ``row`` says that it is one INSERT of values by name, which may go together with others.
        """
        self._waiting.append(Waiting(self.bound(query), params, row))

    def bound(self, query: Any) -> Any:
        """``query`` as a database on many machines wants it, where it is one."""
        if self._tenant_id is None or not get_settings().database_distributed:
            return query
        # Landlords read views over every kommun: whom they act for is not whose the rows are.
        return query if self.info.user == _OF_EVERY_TENANT else by_value(query, self._tenant_id)

    def send(self, query: Any = None, last: Callable[[], object] | None = None) -> None:
        """Carry out what waits, and then ``last``, which carries out ``query``."""
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            opening, self._opening = "; ".join((_BEGIN, *self._opening)), []
            Cursor(self).execute(opening, prepare=False)
        waiting, self._waiting = self._waiting, []
        # The driver's cursor: ours would begin here again.
        steps: list[_Step] = [
            (made_of, partial(Cursor(self).execute, text, params))
            for text, params, made_of in joined(waiting)
        ]
        if last is not None:
            steps.append(((query,), last))
        if len(steps) < _TOGETHER:
            for step in steps:
                self._watched([step], step[1])
        else:
            self._watched(steps, lambda: self._in_one_trip(steps))

    def answers(self, questions: Sequence[tuple[Any, _Params]]) -> list[list[Any]]:
        """The rows of several questions, asked in one round trip: rows with names, for each.

        None of them sees less than what was done before; nothing else is in between.
        """
        self.send()
        cursors: list[Cursor[Any]] = [Cursor(self, row_factory=namedtuple_row) for _ in questions]
        steps: list[_Step] = [
            ((text,), partial(cursor.execute, text, params))
            for cursor, (text, params) in zip(cursors, questions, strict=True)
        ]
        self._watched(steps, lambda: self._in_one_trip(steps))
        return [cursor.fetchall() for cursor in cursors]

    def _in_one_trip(self, steps: Iterable[_Step]) -> None:
        with self.pipeline():
            for _, run in steps:
                run()

    def _watched(self, steps: Sequence[_Step], run: Callable[[], object]) -> None:
        watcher, error = _watcher, None
        if watcher is None:
            run()
            return
        texts = [text for made_of, _ in steps for text in made_of]
        begun = [watcher.began(self._tenant_id, text) for text in texts]
        try:
            run()
        except BaseException as raised:
            error = raised
            raise
        finally:
            for one in begun:
                watcher.ended(one, error, together=len(texts) > 1)

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
            self.send(_COMMIT, lambda: Cursor(self).execute(_COMMIT, prepare=False))
        elif self.pgconn.transaction_status == TransactionStatus.IDLE:
            # A transaction in which nothing was asked was never begun.
            self._opening.clear()
        else:
            self._watched([((_COMMIT,), super().commit)], super().commit)
        self._tenant_id = None

    def rollback(self) -> None:
        """Undo the transaction; what waits is forgotten."""
        self._opening.clear()
        self._waiting.clear()
        self._tenant_id = None
        super().rollback()


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
        query = connection.bound(query)
        connection.send(query, lambda: run(query, params, prepare=prepare, binary=binary))
        return self

    def executemany(
        self, query: Any, params_seq: Iterable[Any], *, returning: bool = False
    ) -> None:
        """Carry out ``query`` for each, after everything that waits."""
        connection = self.connection
        assert isinstance(connection, PipelinedConnection)
        run = super().executemany
        query = connection.bound(query)
        connection.send(query, lambda: run(query, params_seq, returning=returning))

    def copy(self, *args: Any, **options: Any) -> Any:
        """Start a COPY, after everything that waits."""
        connection = self.connection
        assert isinstance(connection, PipelinedConnection)
        connection.send()
        return super().copy(*args, **options)
