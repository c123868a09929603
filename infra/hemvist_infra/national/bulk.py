"""The database while it is filled: without what is faster made afterwards, and without forgetting it.

Foreign keys and secondary indexes are taken away and made again at the end, by which every row is
checked. What was taken is written down in the same transaction, so a filling that was stopped
goes on, and the last step is taken by whoever ends it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from hemvist.errors import HemvistError
from hemvist_infra.database import OWNER_ROLE
from hemvist_infra.national.rows import TABLES

#: Tables that are filled in a kommun besides those of a life.
OTHERS = ("principals", "memberships", "pack_adoptions", "counters")
#: Tables that the database itself writes for a contract; their days are held apart at once.
WRITTEN = ("lettings",)
ALL = (*TABLES, *OTHERS, *WRITTEN)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS hemvist_load.run (parameters jsonb NOT NULL, finished boolean NOT NULL);
CREATE TABLE IF NOT EXISTS hemvist_load.chunk (code text PRIMARY KEY, rows jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS hemvist_load.taken (
    place bigint GENERATED ALWAYS AS IDENTITY, statement text NOT NULL
);
"""
_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0 AND conrelid::regclass::text = ANY(%s) ORDER BY 1, 2
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE NOT indisunique AND NOT indisexclusion AND indrelid::regclass::text = ANY(%s) ORDER BY 1
"""


@contextmanager
def owner(url: str) -> Iterator[psycopg.Connection]:
    """A connection as the owner of the tables, committed at the end of each statement."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True, connect_timeout=10) as connection:
        role = sql.Identifier(OWNER_ROLE)
        connection.execute("SET client_min_messages = warning")
        if not _has_schema(connection):
            connection.execute(sql.SQL("CREATE SCHEMA hemvist_load AUTHORIZATION {}").format(role))
        connection.execute(sql.SQL("SET ROLE {}").format(role))
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET statement_timeout = 0")
        yield connection


def begin(connection: psycopg.Connection, parameters: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Open the database for filling; what is there already: rows per table by the kommun's code.

    Raises ``HemvistError`` when it was filled with other parameters.
    """
    connection.execute("SET lock_timeout = '10s'")
    with connection.transaction():
        connection.execute(_SCHEMA)
        connection.execute("LOCK TABLE hemvist_load.run IN ACCESS EXCLUSIVE MODE")
        found = connection.execute("SELECT parameters FROM hemvist_load.run").fetchone()
        if found is None:
            connection.execute(
                "INSERT INTO hemvist_load.run VALUES (%s, false)", [json.dumps(parameters)]
            )
        elif found[0] != parameters:
            other = ", ".join(f"{name} {value}" for name, value in found[0].items())
            raise HemvistError(f"the database has national data of {other}: take an empty one")
        chunks = connection.execute("SELECT code, rows FROM hemvist_load.chunk").fetchall()
        there: dict[str, dict[str, int]] = dict(chunks)
        if not _taken(connection) and len(there) < parameters["kommuner"]:
            _take_away(connection)
    return there


def finish(connection: psycopg.Connection) -> Iterator[str]:
    """Make again what was taken away, which checks every row; yields what is being done.

    Raises ``psycopg.Error`` when a row does not hold: then nothing of that step is made.
    """
    connection.execute("SET lock_timeout = '60s'")
    connection.execute("SET maintenance_work_mem = '1GB'")
    connection.execute("SET work_mem = '512MB'")
    for place, statement in _taken(connection):
        yield statement
        with connection.transaction():
            connection.execute(statement.encode())
            connection.execute("DELETE FROM hemvist_load.taken WHERE place = %s", [place])
    for table in ALL:
        yield f"VACUUM {table}"
        connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
    connection.execute("UPDATE hemvist_load.run SET finished = true")


def refuse_others(connection: psycopg.Connection, codes: list[str], there: set[str]) -> None:
    """Raise ``HemvistError`` when a kommun to be filled is in the register from elsewhere."""
    found = connection.execute(
        "SELECT name FROM tenants WHERE kommun_code = ANY(%s)",
        [[code for code in codes if code not in there]],
    ).fetchone()
    if found is not None:
        raise HemvistError(f"{found[0]} is in the database already: take an empty database")


def _take_away(connection: psycopg.Connection) -> None:
    """Take away and write down how to make it again; indexes come first then, security last."""
    indexes = connection.execute(_INDEXES, [list(ALL)]).fetchall()
    keys = connection.execute(_FOREIGN_KEYS, [list(ALL)]).fetchall()
    made = [definition for _, definition in indexes]
    made += [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {rule}' for table, name, rule in keys]
    made += [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in ALL]
    connection.cursor().executemany(
        "INSERT INTO hemvist_load.taken (statement) VALUES (%s)", [[one] for one in made]
    )
    for table, name, _ in keys:
        connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}".encode())
    # Row security binds the owner by force only; COPY is not possible for whom it binds.
    for table in ALL:
        connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY".encode())


def _taken(connection: psycopg.Connection) -> list[tuple[int, str]]:
    return connection.execute(
        "SELECT place, statement FROM hemvist_load.taken ORDER BY place"
    ).fetchall()


def _has_schema(connection: psycopg.Connection) -> bool:
    return connection.execute("SELECT to_regnamespace('hemvist_load')").fetchone() != (None,)
