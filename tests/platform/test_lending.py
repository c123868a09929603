"""Lent connections: how many, which, for how long one waits, and what has died."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from hemvist.lending import Lender
from hemvist.outages import Busy


@pytest.fixture
def made() -> list[psycopg.Connection[Any]]:
    """Every connection that a test makes."""
    return []


@pytest.fixture
def lender(postgres: str, made: list[Any]) -> Iterator[Lender]:
    def connect() -> psycopg.Connection[Any]:
        made.append(psycopg.connect(postgres, autocommit=True))
        return made[-1]

    lender = Lender(connect, 2, 0.2)
    yield lender
    lender.close()


def test_the_last_one_given_back_is_lent_first(lender: Lender, made: list[Any]) -> None:
    with lender.lent() as one, lender.lent() as two:
        assert one is not two
    with lender.lent() as again:
        assert again is one
        assert again.execute("SELECT 1").fetchone() == (1,)
    assert len(made) == 2
    lender.close()
    assert all(connection.closed for connection in made)


def test_no_more_than_there_are(lender: Lender, made: list[Any]) -> None:
    with lender.lent(), lender.lent():
        began = time.monotonic()
        with pytest.raises(Busy), lender.lent():
            pass
        assert 0.1 < time.monotonic() - began < 20
    with lender.lent():
        assert len(made) == 2


def test_who_waits_gets_the_next_one(lender: Lender, made: list[Any]) -> None:
    lent, give_back = threading.Barrier(3), threading.Event()

    def keep() -> None:
        with lender.lent():
            lent.wait(5)
            give_back.wait(5)

    threads = [threading.Thread(target=keep) for _ in range(2)]
    for thread in threads:
        thread.start()
    lent.wait(5)
    threading.Timer(0.05, give_back.set).start()
    with lender.lent() as connection:
        assert connection in made
    for thread in threads:
        thread.join(5)
    assert len(made) == 2


def test_an_error_of_the_statement_keeps_the_connection(lender: Lender, made: list[Any]) -> None:
    for _ in range(3):
        with pytest.raises(psycopg.errors.DivisionByZero), lender.lent() as connection:
            connection.execute("SELECT 1/0")
    assert len(made) == 1


def test_what_has_died_takes_along_what_lies_there(
    lender: Lender, made: list[Any], postgres: str
) -> None:
    with lender.lent(), lender.lent():
        pass
    with psycopg.connect(postgres, autocommit=True) as superuser:
        for connection in made:
            superuser.execute(
                "SELECT pg_terminate_backend(%s, 10000)", [connection.info.backend_pid]
            )
    with pytest.raises(psycopg.OperationalError), lender.lent() as connection:
        connection.execute("SELECT 1")
    with lender.lent() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert len(made) == 3


def test_what_is_left_in_a_transaction_is_not_lent_again(lender: Lender, made: list[Any]) -> None:
    with lender.lent() as connection:
        connection.execute("BEGIN")
    assert connection.closed
    with lender.lent() as another:
        assert another is not connection


def test_a_server_that_is_away_is_an_error_at_once(made: list[Any]) -> None:
    def connect() -> psycopg.Connection[Any]:
        raise psycopg.OperationalError("away")

    lender = Lender(connect, 1, 60)
    for _ in range(3):
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError), lender.lent():
            pass
        assert time.monotonic() - began < 30


def test_a_closed_lender_closes_what_comes_back(lender: Lender) -> None:
    with lender.lent() as connection:
        lender.close()
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert connection.closed
