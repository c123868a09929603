"""Makes the policies of closed circles equal to what the tables' references say.

They are no part of a migration's text: a table that is added later gets its own by being there. Made
after every migration (``make``); a mark on each says what was declared and what PostgreSQL made of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache, partial

from sqlalchemy import Connection, text

from hemvist.migrations.tables import metadata
from hemvist.tenancy.closed_circles import BOUND_ROLE, POLICY, guards, writing_guards

#: Policies of the tables that say what is hidden, by the command that each is for.
_WRITING = {"a": "INSERT", "w": "UPDATE", "d": "DELETE"}
_POLICIES = text(
    "SELECT c.relname, p.polname, p.polcmd, p.polpermissive,"
    " p.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = :role)],"
    " COALESCE(pg_get_expr(p.polqual, p.polrelid), ''),"
    " COALESCE(pg_get_expr(p.polwithcheck, p.polrelid), ''), obj_description(p.oid, 'pg_policy')"
    " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    " WHERE c.relnamespace = 'public'::regnamespace AND p.polname LIKE :name"
)
_OF_TABLE = text(f"{_POLICIES.text} AND c.relname = :table")
_WHO = {"role": BOUND_ROLE, "name": f"{POLICY}%"}

_Key = tuple[str, str]


@lru_cache(maxsize=1)
def _declared() -> dict[_Key, tuple[str, str]]:
    found = {
        (table, POLICY): ("*", f"USING ({using}) WITH CHECK ({written})")
        for table, (using, written) in guards(metadata).items()
    }
    for table, condition in writing_guards().items():
        for letter in _WRITING:
            clause = "WITH CHECK" if letter == "a" else "USING"
            found[table, f"{POLICY}_{_WRITING[letter].lower()}"] = (
                letter,
                f"{clause} ({condition})",
            )
    return found


def declared() -> dict[_Key, tuple[str, str]]:
    """Every policy of the circles by table and name: its command, and its conditions as SQL."""
    return dict(_declared())


def problems(connection: Connection) -> list[str]:
    """Every policy of the circles that is missing, too many or another than declared, a line each."""
    found: list[str] = []
    wanted = declared()
    for table, name, command, permissive, bound, using, check, mark in connection.execute(
        _POLICIES, _WHO
    ):
        of = wanted.pop((table, name), None)
        if of is None:
            found.append(f"{table}: policy {name} is not declared")
        elif (command, permissive, bound) != (of[0], False, True) or mark != _digest(
            of[1], using, check
        ):
            found.append(f"{table}: policy {name} is not as declared")
    return found + [f"{table}: policy {name} is missing" for table, name in wanted]


def make(connection: Connection) -> bool:
    """Make the policies where they are not as declared; whether anything was made.

    ``connection`` is the tables' owner's; the caller commits.
    """
    found = steps(connection)
    for _, work in found:
        work()
    return bool(found)


def steps(connection: Connection) -> list[tuple[str, Callable[[], None]]]:
    """What is to be done, a table at a time, so that no two of them need be locked together."""
    wanted = declared()
    todo: dict[str, list[str]] = {}
    for table, name, command, permissive, bound, using, check, mark in connection.execute(
        _POLICIES, _WHO
    ).all():
        of = wanted.get((table, name))
        if (
            of is not None
            and (command, permissive, bound) == (of[0], False, True)
            and mark == _digest(of[1], using, check)
        ):
            del wanted[table, name]
        else:
            todo.setdefault(table, []).append(f"DROP POLICY {name} ON {table}")
    for (table, name), (letter, clauses) in sorted(wanted.items()):
        todo.setdefault(table, []).append(
            f"CREATE POLICY {name} ON {table} AS RESTRICTIVE"
            f" FOR {_WRITING.get(letter, 'ALL')} TO {BOUND_ROLE} {clauses}"
        )
    return [
        (f"{table}: policies of closed circles", partial(_carry_out, connection, table, statements))
        for table, statements in todo.items()
    ]


def _carry_out(connection: Connection, table: str, statements: list[str]) -> None:
    for statement in statements:
        connection.execute(text(statement.replace(":", r"\:")))
    wanted = declared()
    for _, name, _command, _permissive, _bound, using, check, _mark in connection.execute(
        _OF_TABLE, {**_WHO, "table": table}
    ).all():
        digest = _digest(wanted[table, name][1], using, check)
        connection.execute(text(f"COMMENT ON POLICY {name} ON {table} IS '{digest}'"))


def _digest(declared_as: str, *made: str) -> str:
    parts = (declared_as, "\n".join(made))
    return " ".join(hashlib.sha256(part.encode()).hexdigest()[:24] for part in parts)
