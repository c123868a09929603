"""Reading and counting one kommun's rows as the tables' owner, and the owner's connection for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import make_url

from hemvist.tenancy.declaration import TENANT_SETTING
from hemvist_infra.database import OWNER_ROLE, administrator_url
from hemvist_infra.leaving.problem import LeavingProblem
from hemvist_infra.leaving.tables import Sheet, sheets

Connection = psycopg.Connection[Any]

#: Rows that are on their way at once; fewer where each may bring files of some megabytes.
_ROWS, _ROWS_OF_FILES = 1000, 4
_WAIT = "15s"
_COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attname)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname
"""


class Row(NamedTuple):
    """A row as it stands in its file, with the line's end, and its files' contents by column."""

    line: bytes
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Registered:
    """A kommun as the register has it."""

    id: UUID
    slug: str
    kommun_code: str
    name: str
    status: str
    created_at: str
    protection_days: int


@contextmanager
def owner(slug: str, prepare: str = "") -> Iterator[Connection]:
    """The tables' owner, alone with the kommun's life: nobody else exports, imports or erases it meanwhile.

    ``prepare`` is carried out first, as the administrator. Raises ``LeavingProblem`` where somebody else is
    at it, and where the tables are not as declared.
    """
    url = make_url(administrator_url()).set(drivername="postgresql")
    address = url.render_as_string(hide_password=False)
    try:
        connection = psycopg.connect(address, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise LeavingProblem(str(error).strip().splitlines()[0]) from None
    with connection:
        for statement in (
            "SET TIME ZONE 'UTC'",
            "SET datestyle = 'ISO'",
            "SET statement_timeout = 0",
            "SET jit = off",
        ):
            connection.execute(statement)
        number = int.from_bytes(
            hashlib.sha256(f"leaving {slug}".encode()).digest()[:8], "big", signed=True
        )
        try:
            # The server takes a moment to see that a process that had it was killed.
            connection.execute(f"SET lock_timeout = '{_WAIT}'")
            connection.execute("SELECT pg_advisory_lock(%s)", [number])
            connection.execute("SET lock_timeout = '60s'")
        except psycopg.errors.LockNotAvailable:
            raise LeavingProblem(
                f"{slug} is being exported, imported or erased by somebody else now"
            ) from None
        if prepare:
            connection.execute(prepare.encode())
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER_ROLE)))
        _require_declared(connection)
        yield connection


def within(connection: Connection, tenant_id: UUID) -> None:
    """Enter the kommun until the transaction ends: row security binds the owner too."""
    connection.execute("SELECT set_config(%s, %s, true)", [TENANT_SETTING, str(tenant_id)])


def registered(connection: Connection, slug: str) -> Registered:
    """The kommun in the register. Raises ``LeavingProblem``."""
    found = connection.execute(
        "SELECT id, slug, kommun_code, name, status, to_json(created_at)#>>'{}', protection_days"
        " FROM tenants WHERE slug = %s AND kind = 'kommun'",
        [slug],
    ).fetchone()
    if found is None:
        raise LeavingProblem(f"there is no kommun {slug[:60]!r} in the register")
    return Registered(*found)


def revision(connection: Connection) -> str:
    """The migration that the database is at."""
    ((found,),) = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    return str(found)


def counted(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    """Rows of the kommun by table, empty ones too; in the caller's transaction."""
    return {one.name: count(connection, one, tenant_id) for one in sheets()}


def count(connection: Connection, sheet: Sheet, tenant_id: UUID) -> int:
    """How many rows of the table are the kommun's."""
    ((found,),) = connection.execute(
        sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s").format(sql.Identifier(sheet.name)),
        [tenant_id],
    ).fetchall()
    return int(found)


def rows(
    connection: Connection,
    sheet: Sheet,
    tenant_id: UUID,
    *,
    files: bool = False,
    back: Mapping[str, str] | None = None,
) -> Iterator[Row]:
    """The table's rows by id, in the caller's transaction; so many at a time, however many there are.

    ``files`` says whether files' contents come too. ``back`` gives ids of shared rows as the export names
    them, where they are others here.
    """
    shown = ", ".join(one.read for one in sheet.fields)
    contents = [one.name for one in sheet.files] if files else []
    beside = "".join(f', f."{name}"' for name in contents)
    statement = (
        f"SELECT convert_to(CAST(row_to_json(said) AS text), 'UTF8'){beside}"  # noqa: S608 - names of our own tables
        f' FROM "{sheet.name}" f CROSS JOIN LATERAL (SELECT {shown}) said'
        " WHERE f.tenant_id = %(tenant)s ORDER BY f.id"
    )
    values = {"tenant": tenant_id, "table": sheet.name, "back": Jsonb(dict(back or {}))}
    with connection.cursor(name="leaving", binary=True) as cursor:
        cursor.itersize = _ROWS_OF_FILES if contents else _ROWS
        cursor.execute(statement.encode(), values)
        for line, *found in cursor:
            held = zip(contents, found, strict=True)
            yield Row(line + b"\n", {name: value for name, value in held if value is not None})


def _require_declared(connection: Connection) -> None:
    """What the database has and the code does not know would be left behind."""
    there = dict(connection.execute(_COLUMNS).fetchall())
    known = {one.name for one in sheets()}
    for table, columns in there.items():
        if "tenant_id" in columns and table not in known:
            raise LeavingProblem(f"{table} is no table that this version knows: hemvist db check")
    for sheet in sheets():
        if there.get(sheet.name) != sorted(one.name for one in sheet.fields):
            raise LeavingProblem(
                f"{sheet.name} has other columns than this version knows: hemvist db migrate, then"
                " hemvist db check"
            )
