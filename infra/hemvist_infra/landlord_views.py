"""Makes the landlords' views, and what their owner is granted, equal to what the code declares.

Views hold nothing, so they are no part of a migration's text: they go before the tables change
(``drop``) and are made after it (``make``). Whether they are as declared is told by a mark on each:
a digest of what was declared and one of what PostgreSQL made of it. Statements change hands within
the connection: the tables' owner grants, the views' owner makes views.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hemvist.db import Audience
from hemvist.migrations.landlord_views import VIEWS, VIEWS_ROLE, columns_read, guards

OWNER_ROLE = "hemvist_owner"
#: Lets the views' role past the kommun's own policy, and binds it to what is within reach.
OPENED, BOUND = "landlord_views", "landlord_views_reach"

#: What PostgreSQL says to a view that would lose or change a column, or that another role's stands for.
_NOT_IN_PLACE = (
    psycopg.errors.InvalidTableDefinition,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.WrongObjectType,
    psycopg.errors.DuplicateTable,
)

_VIEWS = text(
    "SELECT c.relname, pg_get_userbyid(c.relowner), pg_get_viewdef(c.oid),"
    " COALESCE(c.reloptions::text, ''), obj_description(c.oid, 'pg_class'),"
    " ARRAY(SELECT pg_get_userbyid(a.grantee) || ' ' || a.privilege_type"
    "  FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner ORDER BY 1)"
    " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'"
)
_POLICIES = text(
    "SELECT c.relname, p.polname, p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid),"
    " COALESCE(pg_get_expr(p.polwithcheck, p.polrelid), ''), obj_description(p.oid, 'pg_policy'),"
    " p.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = :role)]"
    " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    " WHERE c.relnamespace = 'public'::regnamespace"
    " AND (SELECT oid FROM pg_roles WHERE rolname = :role) = ANY(p.polroles)"
)
_COLUMNS = text(
    "SELECT c.relname, a.attname, x.privilege_type FROM pg_attribute a"
    " JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) x"
    " WHERE c.relnamespace = 'public'::regnamespace AND pg_get_userbyid(x.grantee) = :role"
)
_TABLES = text(
    "SELECT c.relname, x.privilege_type FROM pg_class c, aclexplode(c.relacl) x"
    " WHERE c.relnamespace = 'public'::regnamespace AND pg_get_userbyid(x.grantee) = :role"
    " AND x.grantee <> c.relowner"
)
_WHO = {"role": VIEWS_ROLE}


def problems(connection: Connection) -> list[str]:
    """Everything of the views and their owner that is not as declared, a line each."""
    return _view_problems(connection) + _policy_problems(connection) + _grant_problems(connection)


def declared_policies() -> set[tuple[str, str]]:
    """Table and name of every policy that is the views' role's own."""
    return {(table, name) for table in guards() for name in (OPENED, BOUND)}


def make(connection: Connection) -> bool:
    """Make the views where they are not as declared; whether anything was made.

    ``connection`` may become both owners; the caller commits.
    """
    found = steps(connection, tidy=True)
    for _, work in found:
        work()
    return bool(found)


def steps(connection: Connection, *, tidy: bool) -> list[tuple[str, Callable[[], None]]]:
    """What is to be done, a view or a table at a time, so that none of them is locked with another.

    What nothing declares any more goes only when ``tidy``: the version before may still read it.
    """
    todo: list[tuple[str, Callable[[], None]]] = []
    if _lacking(connection):
        todo.append(("rights of the landlords' views", partial(_grant, connection)))
    wrong = {line.split(":")[0] for line in _view_problems(connection)}
    for name in VIEWS:
        if name in wrong:
            todo.append((f"{name}: the landlords' view", partial(_make_view, connection, name)))
    wrong = {line.split(":")[0] for line in _policy_problems(connection)}
    for table in guards():
        if table in wrong:
            todo.append((f"{table}: landlords' policies", partial(_open, connection, table)))
    return [*todo, *_left_over(connection)] if tidy else todo


def _grant(connection: Connection) -> None:
    for table, columns in sorted(_lacking(connection).items()):
        _run(connection, f"GRANT SELECT ({', '.join(sorted(columns))}) ON {table} TO {VIEWS_ROLE}")


def _make_view(connection: Connection, name: str) -> None:
    """In its place, where it only gets more columns; else all are made anew, tables locked with them."""
    view = f"{name} WITH (security_barrier) AS {VIEWS[name].sql}"
    try:
        with connection.begin_nested(), _acting_as(connection, VIEWS_ROLE):
            _run(connection, f"CREATE OR REPLACE VIEW {view}")
            for grants in _granted_too_much(connection, name):
                _run(connection, f"REVOKE ALL ON {name} FROM {grants}")
            _run(connection, f"GRANT SELECT ON {name} TO {Audience.LANDLORD.value}")
    except DBAPIError as refused:
        if not isinstance(refused.orig, _NOT_IN_PLACE):
            raise
        _make_all_anew(connection)
    else:
        _mark(connection, name)


def _granted_too_much(connection: Connection, name: str) -> set[str]:
    found = {row[0]: row[5] for row in connection.execute(_VIEWS).all()}
    return {grant.rpartition(" ")[0] for grant in found.get(name, [])}


def _open(connection: Connection, table: str) -> None:
    for at, name, *_ in connection.execute(_POLICIES, _WHO).all():
        if at == table:
            _run(connection, f"DROP POLICY {name} ON {table}")
    _run(connection, *_policies(table))
    _mark(connection, table)


def _policies(table: str) -> tuple[str, str]:
    return (
        f"CREATE POLICY {OPENED} ON {table} FOR SELECT TO {VIEWS_ROLE} USING (true)",
        f"CREATE POLICY {BOUND} ON {table} AS RESTRICTIVE FOR SELECT TO {VIEWS_ROLE}"
        f" USING ({guards()[table]})",
    )


def _lacking(connection: Connection) -> dict[str, set[str]]:
    granted = {tuple(row) for row in connection.execute(_COLUMNS, _WHO)}
    found: dict[str, set[str]] = {}
    for table, columns in columns_read().items():
        for column in columns:
            if (table, column, "SELECT") not in granted:
                found.setdefault(table, set()).add(column)
    return found


def _left_over(connection: Connection) -> Iterator[tuple[str, Callable[[], None]]]:
    """For what is there and not declared: what it is, and what takes it away."""
    there = {name for name, owner, *_ in connection.execute(_VIEWS) if owner == VIEWS_ROLE}
    if names := sorted(there - set(VIEWS)):
        yield f"{', '.join(names)}: not shown any more", partial(_drop_views, connection, names)
    policies = {(table, name) for table, name, *_ in connection.execute(_POLICIES, _WHO)}
    for table, name in sorted(policies - declared_policies()):
        statement = f"DROP POLICY {name} ON {table}"
        yield f"{table}: policy {name} goes", partial(_run, connection, statement)
    wanted = columns_read()
    tables = {
        table
        for table, column, what in connection.execute(_COLUMNS, _WHO)
        if what != "SELECT" or column not in wanted.get(table, ())
    } | {table for table, *_ in connection.execute(_TABLES, _WHO)}
    for table in sorted(tables):
        yield f"{table}: rights that no view needs", partial(_regrant, connection, table)


def _drop_views(connection: Connection, names: list[str]) -> None:
    with _acting_as(connection, VIEWS_ROLE):
        _run(connection, f"DROP VIEW {', '.join(names)}")


def _regrant(connection: Connection, table: str) -> None:
    _run(connection, f"REVOKE ALL ON {table} FROM {VIEWS_ROLE}")
    columns = columns_read().get(table)
    if columns:
        _run(connection, f"GRANT SELECT ({', '.join(sorted(columns))}) ON {table} TO {VIEWS_ROLE}")


def _make_all_anew(connection: Connection) -> None:
    drop(connection)
    _grant(connection)
    with _acting_as(connection, VIEWS_ROLE):
        for name, view in VIEWS.items():
            _run(connection, f"CREATE VIEW {name} WITH (security_barrier) AS {view.sql}")
            _run(connection, f"GRANT SELECT ON {name} TO {Audience.LANDLORD.value}")
    for table in guards():
        _run(connection, *_policies(table))
    _mark(connection)


def drop(connection: Connection) -> None:
    """Remove the views and everything that their owner was granted; the caller commits."""
    for table, name, *_ in connection.execute(_POLICIES, _WHO).all():
        _run(connection, f"DROP POLICY {name} ON {table}")
    names = [name for name, owner, *_ in connection.execute(_VIEWS) if owner == VIEWS_ROLE]
    if names:
        with _acting_as(connection, VIEWS_ROLE):
            _run(connection, f"DROP VIEW {', '.join(sorted(names))}")
    granted = {table for table, *_ in connection.execute(_COLUMNS, _WHO)}
    granted |= {table for table, *_ in connection.execute(_TABLES, _WHO)}
    for table in sorted(granted):
        _run(connection, f"REVOKE ALL ON {table} FROM {VIEWS_ROLE}")


def _mark(connection: Connection, only: str = "") -> None:
    """Every view and policy that is declared; or those of the view or table ``only``."""
    with _acting_as(connection, VIEWS_ROLE):
        for name, _owner, made, *_ in connection.execute(_VIEWS).all():
            if name in VIEWS and only in ("", name):
                _run(connection, f"COMMENT ON VIEW {name} IS '{_digest(VIEWS[name].sql, made)}'")
    for table, name, _command, _permissive, made, *_ in connection.execute(_POLICIES, _WHO).all():
        if (table, name) in declared_policies() and only in ("", table):
            mark = _digest(guards()[table] if name == BOUND else "true", made)
            _run(connection, f"COMMENT ON POLICY {name} ON {table} IS '{mark}'")


def _digest(declared: str, made: str) -> str:
    return " ".join(hashlib.sha256(part.encode()).hexdigest()[:24] for part in (declared, made))


def _view_problems(connection: Connection) -> list[str]:
    found: list[str] = []
    seen = set()
    for name, owner, made, options, mark, grants in connection.execute(_VIEWS):
        if name not in VIEWS:
            if owner == VIEWS_ROLE:
                found.append(f"{name}: a view for landlords that nothing declares")
            continue
        seen.add(name)
        if owner != VIEWS_ROLE:
            found.append(f"{name}: owned by {owner}")
        if "security_barrier=true" not in options or "invoker" in options:
            found.append(f"{name}: is no barrier")
        if mark != _digest(VIEWS[name].sql, made):
            found.append(f"{name}: shows something else than is declared")
        if grants != [f"{Audience.LANDLORD.value} SELECT"]:
            found.append(f"{name}: granted {', '.join(grants) or 'to nobody'}")
    return found + [f"{name}: declared but missing" for name in VIEWS if name not in seen]


def _policy_problems(connection: Connection) -> list[str]:
    found: list[str] = []
    wanted = declared_policies()
    declared = guards()
    for row in connection.execute(_POLICIES, _WHO):
        table, name, command, permissive, made, check, mark, alone = row
        if (table, name) not in wanted:
            found.append(f"{table}: policy {name} lets {VIEWS_ROLE} in undeclared")
            continue
        wanted.discard((table, name))
        condition = declared[table] if name == BOUND else "true"
        as_declared = (command, permissive, check, alone) == ("r", name == OPENED, "", True)
        if not as_declared or mark != _digest(condition, made):
            found.append(f"{table}: policy {name} is not as declared")
    return found + [f"{table}: policy {name} is missing" for table, name in sorted(wanted)]


def _grant_problems(connection: Connection) -> list[str]:
    wanted = {
        (table, column, "SELECT") for table, columns in columns_read().items() for column in columns
    }
    granted = {tuple(row) for row in connection.execute(_COLUMNS, _WHO)}
    found = [
        f"{table}.{column}: {VIEWS_ROLE} has {what} undeclared"
        for table, column, what in granted - wanted
    ]
    found += [
        f"{table}.{column}: {VIEWS_ROLE} lacks {what}" for table, column, what in wanted - granted
    ]
    return found + [
        f"{table}: {VIEWS_ROLE} has {what} undeclared"
        for table, what in connection.execute(_TABLES, _WHO)
    ]


@contextmanager
def _acting_as(connection: Connection, role: str) -> Iterator[None]:
    _run(connection, f"SET LOCAL ROLE {role}")
    yield
    _run(connection, f"SET LOCAL ROLE {OWNER_ROLE}")


def _run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%"))
