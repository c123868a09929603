"""The database attacked: every relation of the catalogue, as every role, with every context.

Relations are those that PostgreSQL has, declared or not. A role is tried by ``Door``, which gives a
connection as that role: the real one, or one inside a transaction in which a hole was planted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hemvist.db import Audience, engine
from hemvist.ids import new_id
from hemvist.migrations.tables import metadata
from hemvist.tenancy import Global, Owned
from hemvist.tenancy.closed_circles import guards
from hemvist.tenancy.declaration import PRINCIPAL_SETTING, TENANT_SETTING, THE_PLATFORM
from hemvist_attack import Tally
from hemvist_rows import made_up

Door = Callable[[Audience], AbstractContextManager[Connection]]

#: SQLSTATE: insufficient privilege, which row security's WITH CHECK uses as well.
DENIED = "42501"
#: How often the migrations have run: of nobody.
_OURS = frozenset({"alembic_version"})
_RELATIONS = text(
    "SELECT c.relname, c.relkind, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid"
    " AND a.attname = 'tenant_id' AND NOT a.attisdropped) FROM pg_class c"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    " ORDER BY c.relname"
)


@contextmanager
def own_door(audience: Audience) -> Iterator[Connection]:
    """A connection as the role itself, whose work is undone."""
    with engine(audience).connect() as connection:
        yield connection
        connection.rollback()


def planted_door(owner: Connection) -> Door:
    """A door into the transaction of ``owner``, in which something was planted."""

    @contextmanager
    def door(audience: Audience) -> Iterator[Connection]:
        savepoint = owner.begin_nested()
        owner.execute(text(f"SET LOCAL ROLE {audience.value}"))
        try:
            yield owner
        finally:
            savepoint.rollback()

    return door


def relations(connection: Connection) -> dict[str, tuple[str, bool]]:
    """Every relation in the catalogue: its kind, and whether its rows have a tenant."""
    return {
        name: (kind, owned)
        for name, kind, owned in connection.execute(_RELATIONS)
        if name not in _OURS
    }


def answered(connection: Connection, statement: sa.Executable) -> tuple[str, int]:
    """SQLSTATE and number of rows that a statement gave; undone at once."""
    savepoint = connection.begin_nested()
    try:
        result = connection.execute(statement)
        found = len(result.fetchmany(2)) if result.returns_rows else result.rowcount
    except DBAPIError as error:
        return getattr(error.orig, "sqlstate", "") or "?", 0
    finally:
        savepoint.rollback()
    return "", found


def _enter(connection: Connection, tenant: str, principal: str = "") -> None:
    for name, value in ((TENANT_SETTING, tenant), (PRINCIPAL_SETTING, principal)):
        connection.execute(text("SELECT set_config(:n, :v, true)"), {"n": name, "v": value})


def attack_tables(
    tally: Tally,
    filled: Mapping[str, UUID],
    other: UUID,
    *,
    door: Door = own_door,
    only: frozenset[str] = frozenset(),
) -> None:
    """Every relation × every role × every context: nothing of ``filled`` is to be had.

    Contexts are no tenant, another tenant, and somebody there: one who is nobody, and the platform
    itself. ``filled`` is what ``hemvist_rows.fill`` gave of the kommun that is attacked, with its id
    under ``tenants``; ``other`` is a kommun with rows of its own. ``only`` are some of the relations.
    """
    victim = filled["tenants"]
    contexts = {
        "none": ("", ""),
        "another kommun": (str(other), ""),
        "another kommun as somebody": (str(other), str(new_id())),
        "another kommun as the platform": (str(other), str(THE_PLATFORM)),
    }
    for audience in Audience:
        tally.strike("roles", audience.value)
        for where, (tenant, principal) in contexts.items():
            with door(audience) as connection:
                _enter(connection, tenant, principal)
                for name, (kind, owned) in relations(connection).items():
                    if only and name not in only:
                        continue
                    who = f"{audience.value} in {where}"
                    tally.strike("tables and views", name)
                    _strike(tally, connection, name, kind, owned, who, victim, filled)


def _strike(
    tally: Tally,
    connection: Connection,
    name: str,
    kind: str,
    owned: bool,
    who: str,
    victim: UUID,
    filled: Mapping[str, UUID],
) -> None:
    declared = metadata.tables.get(name)
    said = declared.info.get("tenancy") if declared is not None else None
    if owned:
        theirs = f" WHERE tenant_id = '{victim}'"
    elif isinstance(said, Global):
        _strike_global(tally, connection, name, said, who)
        return
    else:
        # Nothing says whose rows these are: a view for somebody who is not named, or a stray table.
        theirs = ""
    for verb, statement in (
        ("reads", f"SELECT 1 FROM {name}{theirs} LIMIT 2"),
        ("locks", f"SELECT 1 FROM {name}{theirs} LIMIT 2 FOR UPDATE"),
        ("changes", f"UPDATE {name} SET tenant_id = tenant_id{theirs}"),
        ("deletes", f"DELETE FROM {name}{theirs}"),
    ):
        if not owned and verb == "changes":
            continue
        tally.strike("statements", f"{verb} {name}")
        _, rows = answered(connection, text(statement))
        if rows:
            tally.find(f"{who} {verb} {name}")
    if kind in "rp":
        state, _ = answered(connection, text(f"TRUNCATE {name}"))
        if state != DENIED:
            tally.find(f"{who} empties {name} ({state or 'done'})")
    if owned and kind in "rp":
        _, rows = answered(connection, text(f"UPDATE {name} SET tenant_id = '{victim}'"))
        if rows:
            tally.find(f"{who} moves rows of {name} to another kommun")
        if isinstance(said, Owned) and declared is not None:
            insert = declared.insert().values(made_up(declared, victim, dict(filled)))
            state, _ = answered(connection, insert)
            if state != DENIED:
                tally.find(f"{who} inserts into {name} ({state or 'done'})")


def _strike_global(tally: Tally, connection: Connection, name: str, said: Global, who: str) -> None:
    """Of nobody: what a role may do is what was declared, and nothing else."""
    held = said.grants.get(who.split()[0], ())
    for verb, statement in (
        ("SELECT", f"SELECT 1 FROM {name} LIMIT 1"),
        ("UPDATE", f"UPDATE {name} SET id = id WHERE false"),
        ("DELETE", f"DELETE FROM {name} WHERE false"),
        ("TRUNCATE", f"TRUNCATE {name}"),
    ):
        if verb in held:
            continue
        tally.strike("statements", f"{verb} {name}")
        state, _ = answered(connection, text(statement))
        if state not in (DENIED, "42703"):
            tally.find(f"{who} has {verb} on {name}")


#: By which a role would get out of what it is.
_ESCAPES = (
    "SET ROLE hemvist_owner",
    "SET ROLE hemvist_landlord_views",
    "SET SESSION AUTHORIZATION hemvist_owner",
    "CREATE TABLE public.planted (a int)",
    "CREATE FUNCTION public.planted() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE persons DISABLE ROW LEVEL SECURITY",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "COPY persons TO PROGRAM 'true'",
    "COPY tenants FROM PROGRAM 'true'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
)


def attack_roles(tally: Tally, *, door: Door = own_door) -> None:
    """No role becomes another, makes anything, or reaches the server's files."""
    for audience in Audience:
        with door(audience) as connection:
            for statement in (
                *_ESCAPES,
                *(f"SET ROLE {one.value}" for one in Audience if one is not audience),
            ):
                tally.strike("ways out of a role", statement)
                state, _ = answered(connection, text(statement))
                if state not in (DENIED, "42601", "0A000", "22023"):
                    tally.find(f"{audience.value}: {statement} ({state or 'done'})")
            # It turns row security into an error where it would hide something, never off.
            savepoint = connection.begin_nested()
            connection.execute(text("SET LOCAL row_security = off"))
            state, rows = answered(connection, text("SELECT 1 FROM persons LIMIT 1"))
            savepoint.rollback()
            if rows or not state:
                tally.find(f"{audience.value} turns row security off")


def close_made_up_circle(connection: Connection) -> None:
    """Close the case of a kommun that ``fill`` filled: the made-up member is in. Owner's connection,
    with the kommun's context."""
    for statement in (
        "UPDATE circle_members SET until = NULL, opening_id = NULL, removed_at = NULL,"
        " removed_by = NULL",
        "DELETE FROM circle_rows",
        "UPDATE case_circles SET in_force = false",
        "UPDATE case_circles SET in_force = true",
    ):
        connection.execute(text(statement))


def attack_circle(tally: Tally, tenant_id: UUID, outsider: UUID, *, door: Door = own_door) -> None:
    """Staff of the kommun itself, outside of the circle: every table that hangs on the closed case."""
    with door(Audience.STAFF) as connection:
        for who, principal in (("an outsider", str(outsider)), ("nobody", "")):
            _enter(connection, str(tenant_id), principal)
            for name in sorted(guards(metadata)):
                tally.strike("tables of a closed case", name)
                for verb, statement in (
                    ("reads", f"SELECT 1 FROM {name} LIMIT 2"),
                    ("changes", f"UPDATE {name} SET tenant_id = tenant_id"),
                    ("deletes", f"DELETE FROM {name}"),
                ):
                    _, rows = answered(connection, text(statement))
                    if rows:
                        tally.find(f"{who} {verb} {name} of a closed case")
            for statement in (
                "UPDATE case_circles SET in_force = false",
                "DELETE FROM circle_rows",
                f"UPDATE circle_members SET principal_id = '{outsider}'",
            ):
                _, rows = answered(connection, text(statement))
                if rows:
                    tally.find(f"{who} lifts the circle: {statement}")
