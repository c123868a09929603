"""The database attacked through what a role may do in its own kommun: rows that point at another's,
rows that would have another's id, and functions that are given another's ids.

Row security does not bind foreign keys and unique indexes: PostgreSQL checks them over all rows. So an
id of another kommun's row must be answered exactly as an id of nothing is, else it can be guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hemvist.db import Audience
from hemvist.ids import new_id
from hemvist.tenancy import Owned
from hemvist.tenancy.declaration import PRINCIPAL_SETTING, TENANT_SETTING
from hemvist_attack import Tally
from hemvist_attack_sql import Door, own_door
from hemvist_rows import made_up, owned_tables

#: SQLSTATE: foreign key violation.
_NO_SUCH_ROW = "23503"
_FUNCTIONS = text(
    "SELECT p.oid::int, p.proname, p.prosecdef, coalesce(p.proconfig::text, ''),"
    " p.prorettype = 'trigger'::regtype, p.proargtypes::regtype[]::text[]"
    " FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    " ORDER BY p.proname, p.oid"
)


def _enter(connection: Connection, tenant_id: UUID) -> None:
    for name, value in ((TENANT_SETTING, str(tenant_id)), (PRINCIPAL_SETTING, str(new_id()))):
        connection.execute(text("SELECT set_config(:n, :v, true)"), {"n": name, "v": value})


def _tried(connection: Connection, statement: sa.Executable, given: Any = None) -> tuple[str, Any]:
    """SQLSTATE and constraint, or what came back; undone at once."""
    savepoint = connection.begin_nested()
    try:
        result = connection.execute(statement, given)
        return "", [tuple(map(str, row)) for row in result] if result.returns_rows else None
    except DBAPIError as error:
        diagnosis = getattr(error.orig, "diag", None)
        state = getattr(error.orig, "sqlstate", "") or "?"
        return state, getattr(diagnosis, "constraint_name", None)
    finally:
        savepoint.rollback()


def attack_pointers(
    tally: Tally,
    victim: Mapping[str, UUID],
    own: Mapping[str, UUID],
    *,
    door: Door = own_door,
    only: frozenset[str] = frozenset(),
) -> None:
    """Every table a role may write × every column that points at a row × a row of another kommun.

    ``victim`` and ``own`` are what ``fill`` gave, with the kommun's id under ``tenants``.
    """
    for table in owned_tables():
        said = table.info["tenancy"]
        assert isinstance(said, Owned)
        if only and table.name not in only:
            continue
        for role, rights in said.grants.items():
            if "INSERT" not in rights or role not in set(Audience):
                continue
            with door(Audience(role)) as connection:
                _enter(connection, own["tenants"])
                # Deferred checks would come at the end, and nothing here has one.
                connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
                for column, target in _pointing(table):
                    tally.strike("columns that point at rows", f"{table.name}.{column}")
                    _point(tally, connection, table, column, target, victim, own, role, rights)
                if "id" in table.c:
                    tally.strike("ids that are another's", table.name)
                    _take_id(tally, connection, table, victim, own, role)


def _pointing(table: sa.Table) -> Iterator[tuple[str, str]]:
    for constraint in table.foreign_key_constraints:
        for column, element in zip(constraint.columns, constraint.elements, strict=True):
            target = element.column.table
            if column.name != "tenant_id" and isinstance(target.info["tenancy"], Owned):
                yield column.name, target.name


def _row(table: sa.Table, own: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        **made_up(table, own["tenants"], dict(own)),
        **({"id": new_id()} if "id" in table.c else {}),
    }


def _point(
    tally: Tally,
    connection: Connection,
    table: sa.Table,
    column: str,
    target: str,
    victim: Mapping[str, UUID],
    own: Mapping[str, UUID],
    role: str,
    rights: tuple[str, ...],
) -> None:
    if target not in victim:
        return
    row = _row(table, own)
    ways = [lambda row_id: (table.insert(), {**row, column: row_id})]
    if "UPDATE" in rights and "id" in table.c:
        # A second row beside the first may be one too many, whatever it points at.
        mine = (table.c.tenant_id == own["tenants"]) & (table.c.id == own[table.name])
        ways.append(lambda row_id: (table.update().where(mine).values({column: row_id}), None))
    for way in ways:
        said = []
        for row_id in (new_id(), victim[target]):
            tally.tried()
            said.append(_tried(connection, *way(row_id)))
        if said[0][0] == _NO_SUCH_ROW:
            break
    if said[0][0] == _NO_SUCH_ROW:
        # Not refused for something else before it was looked where it points.
        tally.strike("columns that are held to their kommun", f"{table.name}.{column}")
    if not said[1][0]:
        tally.find(f"{role} points {table.name}.{column} at another kommun's row")
    elif said[0] != said[1]:
        tally.find(f"{role} tells by {table.name}.{column} another kommun's row from none")


def _take_id(
    tally: Tally,
    connection: Connection,
    table: sa.Table,
    victim: Mapping[str, UUID],
    own: Mapping[str, UUID],
    role: str,
) -> None:
    """A row of one's own with an id that another kommun has: as with any other new id."""
    row = _row(table, own)
    said = [
        _tried(connection, table.insert(), {**row, "id": row_id})
        for row_id in (new_id(), victim[table.name])
    ]
    tally.tried(2)
    if not said[0][0]:
        tally.strike("ids that are taken beside another's", table.name)
    if said[0] != said[1]:
        tally.find(f"{role} tells by an id of {table.name} that another kommun has it")


def attack_functions(
    tally: Tally,
    victim: Mapping[str, UUID],
    own: Mapping[str, UUID],
    *,
    door: Door = own_door,
    only: frozenset[str] = frozenset(),
) -> None:
    """Every function of the catalogue as every role with ids of another kommun: as with ids of nothing.

    One that works with its owner's rights must say by which schema it reads names.
    """
    for audience in Audience:
        with door(audience) as connection:
            _enter(connection, own["tenants"])
            for oid, name, as_owner, settings, trigger, arguments in connection.execute(_FUNCTIONS):
                if only and name not in only:
                    continue
                tally.strike("functions", name)
                if as_owner and "search_path=" not in settings:
                    tally.find(f"{name} works as its owner, by whatever names its caller has made")
                if trigger or not _may(connection, oid):
                    continue
                _call(tally, connection, name, arguments, victim, audience)


def _may(connection: Connection, oid: int) -> bool:
    return bool(
        connection.scalar(text("SELECT has_function_privilege(:oid, 'EXECUTE')"), {"oid": oid})
    )


_PLAIN: Mapping[str, Any] = {
    "text": "x",
    "date": "2026-01-01",
    "jsonb": "{}",
    "integer": 1,
    "bigint": 1,
    "boolean": True,
    "oid": 1,
}


def _call(
    tally: Tally,
    connection: Connection,
    name: str,
    arguments: list[str],
    victim: Mapping[str, UUID],
    audience: Audience,
) -> None:
    holders = ", ".join(f"CAST(:a{n} AS {kind})" for n, kind in enumerate(arguments))
    statement = text(f"SELECT * FROM {name}({holders})")
    # The kommun's own id, and of each table the row that its first argument may mean.
    for meant in ("cases", "households", "persons", "units"):
        said = []
        for tenant, row in ((new_id(), new_id()), (victim["tenants"], victim[meant])):
            ids = iter([tenant])
            given = {
                f"a{n}": str(next(ids, row)) if kind == "uuid" else _PLAIN.get(kind)
                for n, kind in enumerate(arguments)
            }
            tally.tried()
            state, back = _tried(connection, statement, given)
            # What was sent may come back: that is no knowledge.
            said.append((state, str(back).replace(str(tenant), "…").replace(str(row), "…")))
        if said[0] != said[1]:
            tally.find(f"{audience.value} learns by {name} of another kommun")
