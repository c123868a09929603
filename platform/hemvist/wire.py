"""One prepared statement sent and awaited on an event loop: no thread waits for it, no cursor.

A thread that waits for the database costs more than the wait: handing over, waking and taking turns
at the interpreter were a third of a planned read's processor time. So what is at hand and needs one
round trip goes from the loop itself, over connections that are otherwise lent to threads, by libpq's
own calls: parameters are sent as bytes, and the result stays bytes. Whatever cannot be sent this way
says so, and a thread does it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from psycopg import Connection
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

#: Statements that one connection keeps prepared for this module, besides the driver's own.
KEPT_STATEMENTS = 200

#: PostgreSQL's number of a type, whether it is sent in binary, and the bytes.
Dumped = tuple[int, int, bytes | None]
_TEXT, _BINARY = int(Format.TEXT), int(Format.BINARY)
_NULL: Dumped = (0, _TEXT, None)


class Unsendable(Exception):
    """A value of a kind that only the driver knows how to send."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Parameters as libpq takes them."""

    values: Sequence[bytes | None]
    types: tuple[int, ...]
    formats: Sequence[int]


@dataclass(frozen=True, slots=True)
class Line:
    """Parameters of which some are given anew each time."""

    values: tuple[bytes | None, ...]
    types: tuple[int, ...]
    formats: tuple[int, ...]

    @classmethod
    def of(cls, values: Iterable[Any]) -> Line | None:
        """The line of ``values``; None where one of them cannot be sent."""
        try:
            line = [dumped(value) for value in values]
        except Unsendable:
            return None
        return cls(
            tuple(value for _, _, value in line),
            tuple(type_ for type_, _, _ in line),
            tuple(format_ for _, format_, _ in line),
        )

    def filled(self, rest: Iterable[tuple[int, Any]]) -> Sent:
        """The line with values at their places. Raises ``Unsendable``."""
        values, types, formats = list(self.values), list(self.types), list(self.formats)
        for place, value in rest:
            types[place], formats[place], values[place] = dumped(value)
        return Sent(values, tuple(types), formats)


def dumped(value: Any) -> Dumped:
    """``value`` as it is sent, of the type that the driver gives it. Raises ``Unsendable``."""
    if value is None:
        return _NULL
    make = _DUMPERS.get(type(value))
    if make is None:
        raise Unsendable(type(value).__name__)
    return make(value)


def _text(value: str) -> Dumped:
    if "\0" in value:
        raise Unsendable("a text with NUL")
    try:
        return 0, _TEXT, value.encode()
    except UnicodeEncodeError:
        raise Unsendable("half a surrogate") from None


def _number(value: int) -> Dumped:
    size = value if value >= 0 else -value - 1
    if size >= 1 << 63:
        raise Unsendable("a number beyond 64 bits")
    type_ = 21 if size < 1 << 15 else 23 if size < 1 << 31 else 20
    return type_, _TEXT, b"%d" % value


def _instant(value: dt.datetime) -> Dumped:
    if value.tzinfo is None:
        raise Unsendable("an instant without a zone")
    return 1184, _TEXT, str(value).encode()


def _list(values: list[Any]) -> Dumped:
    if not values or not all(type(one) is str and "\0" not in one for one in values):
        raise Unsendable("a list of something else than texts")
    quoted = (one.replace("\\", "\\\\").replace('"', '\\"') for one in values)
    return 0, _TEXT, ("{" + ",".join(f'"{one}"' for one in quoted) + "}").encode()


_DUMPERS: dict[type, Callable[[Any], Dumped]] = {
    str: _text,
    UUID: lambda value: (2950, _BINARY, value.bytes),
    bytes: lambda value: (17, _BINARY, value),
    bool: lambda value: (16, _TEXT, b"t" if value else b"f"),
    int: _number,
    dt.date: lambda value: (1082, _TEXT, str(value).encode()),
    dt.datetime: _instant,
    list: _list,
}

_numbers = count(1)
_Key = tuple[bytes, tuple[int, ...]]
_prepared: WeakKeyDictionary[Connection[Any], OrderedDict[_Key, bytes]] = WeakKeyDictionary()


async def first_row(
    connection: Connection[Any], sql: bytes, sent: Sent
) -> list[bytes | None] | None:
    """The first row of ``sql``'s result, each value as PostgreSQL wrote it; None for no row.

    ``connection`` is lent to nobody else. Raises what the driver raises. Where the awaiting is
    cancelled the connection is left busy, and its lender closes it.
    """
    pgconn = connection.pgconn
    name = await _name_of(connection, sql, sent.types)
    pgconn.send_query_prepared(name, sent.values, param_formats=sent.formats)
    try:
        result = await _result(pgconn)
    except InvalidSqlStatementName:
        # Whoever is between us and the server has lost it: all are prepared anew.
        _prepared.pop(connection, None)
        raise
    if result.ntuples == 0:
        return None
    return [result.get_value(0, column) for column in range(result.nfields)]


async def _name_of(connection: Connection[Any], sql: bytes, types: tuple[int, ...]) -> bytes:
    names = _prepared.get(connection)
    if names is None:
        names = _prepared[connection] = OrderedDict()
    key = (sql, types)
    name = names.get(key)
    if name is not None:
        names.move_to_end(key)
        return name
    pgconn = connection.pgconn
    if len(names) >= KEPT_STATEMENTS:
        pgconn.send_close_prepared(names.popitem(last=False)[1])
        await _result(pgconn)
    name = b"hemvist_%d" % next(_numbers)
    pgconn.send_prepare(name, sql, types)
    await _result(pgconn)
    names[key] = name
    return name


async def _result(pgconn: PGconn) -> PGresult:
    while pgconn.flush():
        await _ready(pgconn.socket, writing=True)
        pgconn.consume_input()
    found: PGresult | None = None
    while True:
        while pgconn.is_busy():
            await _ready(pgconn.socket)
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            break
        found = result
    assert found is not None
    if found.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise error_from_result(found)
    return found


async def _ready(socket: int, *, writing: bool = False) -> None:
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[None] = loop.create_future()
    loop.add_reader(socket, _came, waiting)
    if writing:
        loop.add_writer(socket, _came, waiting)
    try:
        await waiting
    finally:
        loop.remove_reader(socket)
        if writing:
            loop.remove_writer(socket)


def _came(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
