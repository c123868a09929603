"""Statements sent from an event loop: values as the driver sends them, errors, what is prepared."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import RawCursor
from psycopg.errors import DivisionByZero, InvalidSqlStatementName, QueryCanceled
from psycopg.pq import TransactionStatus

from hemvist import wire
from hemvist.lending import Lender
from hemvist.wire import Line, Unsendable, dumped, first_row

_ID = UUID("0193a3c4-5d6e-7f80-9a1b-2c3d4e5f6071")
_NOW = dt.datetime(2026, 11, 21, 13, 5, 7, 12, dt.timezone(dt.timedelta(hours=1)))
_KINDS = (
    ("text", "a 'word' åäö"),
    ("uuid", _ID),
    ("bytea", b"\0\xff'\\"),
    ("boolean", True),
    ("smallint", -32768),
    ("integer", 1 << 30),
    ("bigint", -(1 << 63)),
    ("date", dt.date(2026, 2, 28)),
    ("timestamptz", _NOW),
    ("text[]", ["a", 'b"\\,{}', "NULL", "", "å"]),
)


@pytest.fixture
def connection(postgres: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(postgres, autocommit=True) as made:
        yield made


def row(connection: psycopg.Connection[Any], sql: str, *values: Any) -> Any:
    line = Line.of(values)
    assert line is not None
    return asyncio.run(first_row(connection, sql.encode(), line.filled(())))


def test_values_arrive_as_the_driver_sends_them(connection: psycopg.Connection[Any]) -> None:
    sql = "SELECT " + ", ".join(
        f"${place}::{kind}::text" for place, (kind, _) in enumerate(_KINDS, 1)
    )
    values = [value for _, value in _KINDS]
    told = RawCursor(connection).execute(sql, values).fetchone()
    assert told is not None
    assert row(connection, sql, *values) == [text.encode() for text in told]


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")))
def test_a_list_of_any_texts_can_be_read_again(text: str) -> None:
    # PostgreSQL's own reading of it is above; here that no sign breaks out of its quotes.
    sent = dumped([text, text])[2]
    assert sent is not None
    inner = sent.decode()[2:-2].replace("\\\\", "").replace('\\"', "")
    assert inner.count('"') == 2


def test_nulls_go_there_and_back(connection: psycopg.Connection[Any]) -> None:
    assert row(connection, "SELECT $1::text, $2::uuid IS NULL", None, None) == [None, b"t"]
    assert row(connection, "SELECT 1 WHERE $1::text IS NOT NULL", None) is None


@pytest.mark.parametrize(
    "value",
    [1.5, Decimal(1), {}, (), [], [1], ["a\0"], "a\0", "\ud800", 1 << 63, dt.datetime(2026, 1, 1)],
)
def test_what_only_the_driver_knows_is_left_to_it(value: Any) -> None:
    with pytest.raises(Unsendable):
        dumped(value)
    assert Line.of([1, value]) is None


def test_places_are_given_anew(connection: psycopg.Connection[Any]) -> None:
    line = Line.of(["a", None, "c"])
    assert line is not None
    for own in ("x", "y"):
        sent = line.filled([(1, own)])
        found = asyncio.run(first_row(connection, b"SELECT $1::text || $2::text || $3", sent))
        assert found == [f"a{own}c".encode()]


def test_an_error_is_the_drivers_and_leaves_the_connection_whole(
    connection: psycopg.Connection[Any],
) -> None:
    for _ in range(2):
        with pytest.raises(DivisionByZero):
            row(connection, "SELECT 1 / $1::integer", 0)
        assert row(connection, "SELECT 1 / $1::integer", 1) == [b"1"]
    connection.execute("SET statement_timeout = 50")
    with pytest.raises(QueryCanceled):
        row(connection, "SELECT pg_sleep(5)")
    assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_statement_is_prepared_once_and_the_oldest_goes(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "KEPT_STATEMENTS", 3)
    for number in (1, 2, 3, 1, 4, 1, 4, 3, 1):
        assert row(connection, f"SELECT {number}") == [b"%d" % number]
    found = connection.execute("SELECT statement FROM pg_prepared_statements").fetchall()
    assert {text for (text,) in found} == {"SELECT 1", "SELECT 3", "SELECT 4"}


def test_what_somebody_else_forgot_is_prepared_anew(connection: psycopg.Connection[Any]) -> None:
    row(connection, "SELECT 1")
    connection.execute("DEALLOCATE ALL")
    with pytest.raises(InvalidSqlStatementName):
        row(connection, "SELECT 1")
    assert row(connection, "SELECT 1") == [b"1"]


def test_a_long_statement_and_a_long_answer(connection: psycopg.Connection[Any]) -> None:
    text = "å" * 3_000_000
    assert row(connection, "SELECT $1::text", text) == [text.encode()]


def test_several_go_on_at_once_and_who_is_cancelled_gives_no_busy_connection_back(
    postgres: str,
) -> None:
    made: list[Any] = []

    def connect() -> psycopg.Connection[Any]:
        made.append(psycopg.connect(postgres, autocommit=True))
        return made[-1]

    lender = Lender(connect, 3, 0.2)
    with lender.lent(), lender.lent(), lender.lent():
        pass

    async def slept(seconds: float) -> Any:
        with lender.at_hand() as lent:
            assert lent is not None
            line = Line.of([str(seconds)])
            assert line is not None
            return await first_row(lent, b"SELECT pg_sleep($1::float)", line.filled(()))

    async def all_of_them() -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        waiting = asyncio.create_task(slept(5))
        await asyncio.gather(slept(0.3), slept(0.3))
        assert loop.time() - began < 0.55
        with lender.at_hand(), lender.at_hand(), lender.at_hand() as none:
            assert none is None
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(all_of_them())
    assert sorted(connection.closed for connection in made) == [False, False, True]
    idle = [connection.pgconn.transaction_status for connection in made if not connection.closed]
    assert idle == [TransactionStatus.IDLE] * 2
    lender.close()
