"""Indexes that an interrupted CREATE INDEX CONCURRENTLY left behind: written to and never read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import psycopg
from sqlalchemy import Connection, text

_BROKEN = text(
    "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE NOT i.indisvalid AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
)
#: What REINDEX CONCURRENTLY itself leaves when it is interrupted, beside the index that it makes anew.
_COPIES = ("_ccnew", "_ccold")


def broken(connection: Connection) -> list[str]:
    """The names of indexes that are not valid."""
    return list(connection.scalars(_BROKEN))


def steps(connection: Connection) -> Iterator[tuple[str, Callable[[], None]]]:
    """For each broken index, its name and what makes it whole."""
    for name in broken(connection):
        yield f"index {name} made anew", partial(_mend, connection, name)


def _mend(connection: Connection, name: str) -> None:
    """Outside a transaction, and with patience: nobody waits behind it."""
    copy = name.rstrip("0123456789").endswith(_COPIES)
    how = "DROP INDEX CONCURRENTLY IF EXISTS" if copy else "REINDEX INDEX CONCURRENTLY"
    connection.commit()
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, psycopg.Connection)
    driver.autocommit = True
    try:
        with driver.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1h'")
            cursor.execute("SET statement_timeout = 0")
            # A name out of the catalogue, quoted by the database where it needs to be.
            cursor.execute(f"{how} {name}")
            cursor.execute("RESET statement_timeout")
    finally:
        driver.autocommit = False
