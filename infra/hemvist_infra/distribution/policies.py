"""Policies that Citus takes: those with a sub-select have it moved into a function of their own.

Citus refuses a policy that holds a sub-select on a table that it spreads. What a policy asks may stand in
a function: it says the same of the same row. ``wrapped`` makes that function of a policy's own text, so
that nothing is written twice, and the tests hold that a database with wrapped policies hides what it hid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlglot import exp

from hemvist.landlords.views import VIEWS_ROLE
from hemvist_infra.database import OWNER_ROLE
from hemvist_infra.distribution.placement import Lying, lying
from hemvist_infra.distribution.reading import Unreadable, parsed
from hemvist_infra.distribution.rules import Problem, Rule

_POLICIES = text(
    "SELECT c.relname, p.polname, p.polcmd::text AS command, p.polpermissive AS permissive,"
    " COALESCE((SELECT string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname)"
    "  FROM pg_roles r WHERE r.oid = ANY(p.polroles)), 'PUBLIC') AS roles,"
    " pg_get_expr(p.polqual, p.polrelid) AS shown, pg_get_expr(p.polwithcheck, p.polrelid) AS written"
    " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    " WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.relname, p.polname"
)
_COLUMN_TYPES = text(
    "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a"
    " JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace"
    " AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
)
_COMMANDS = {"*": "ALL", "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}
_SELECTS = re.compile(r"\bSELECT\b", re.IGNORECASE)
#: Functions that stand in a policy's place; dropped again on the way back.
PREFIX = "hemvist_policy_"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of the catalogue, with its conditions as PostgreSQL prints them."""

    table: str
    name: str
    command: str
    permissive: bool
    roles: str
    shown: str | None
    written: str | None

    @property
    def selects(self) -> bool:
        """Whether a condition holds a sub-select."""
        return any(one and _SELECTS.search(one) for one in (self.shown, self.written))

    def created(self, shown: str | None, written: str | None) -> str:
        """The statement that makes the policy with these conditions."""
        kind = "PERMISSIVE" if self.permissive else "RESTRICTIVE"
        made = (
            f"CREATE POLICY {self.name} ON {self.table} AS {kind} FOR {_COMMANDS[self.command]}"
            f" TO {self.roles}"
        )
        made += f" USING ({shown})" if shown else ""
        return made + (f" WITH CHECK ({written})" if written else "")


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A policy with its sub-selects in functions: what makes these, and the policy."""

    policy: Policy
    functions: tuple[str, ...]
    #: Who makes the functions and owns them.
    role: str
    shown: str | None
    written: str | None

    @property
    def created(self) -> str:
        """The statement that makes the policy anew."""
        return self.policy.created(self.shown, self.written)


def read(connection: Connection) -> list[Policy]:
    """Every policy of the schema."""
    return [Policy(*row) for row in connection.execute(_POLICIES)]


def column_types(connection: Connection) -> dict[tuple[str, str], str]:
    """By table and column, the type as SQL."""
    return {(table, name): kind for table, name, kind in connection.execute(_COLUMN_TYPES)}


def wrapped(policy: Policy, types: dict[tuple[str, str], str]) -> Wrapped:
    """``policy`` with each condition that holds a sub-select in a function."""
    functions: list[str] = []
    shown = _condition(policy, policy.shown, "shown", types, functions)
    written = (
        shown
        if policy.written == policy.shown
        else _condition(policy, policy.written, "written", types, functions)
    )
    return Wrapped(policy, tuple(functions), _maker(policy), shown, written)


def _maker(policy: Policy) -> str:
    return VIEWS_ROLE if policy.roles == VIEWS_ROLE else OWNER_ROLE


def function_name(policy: Policy, which: str) -> str:
    """The function in place of a condition: a name that PostgreSQL does not shorten."""
    short = {"closed_circle": "circle", "landlord_views_reach": "reach"}.get(
        policy.name, policy.name.removeprefix("closed_circle_").removeprefix("landlord_views_")
    )
    return f"{PREFIX}{policy.table}_{short}_{which}"


def names_of(made: Wrapped) -> list[str]:
    """The names of its functions."""
    return [one.split("(")[0].removeprefix("CREATE FUNCTION ") for one in made.functions]


def _condition(
    policy: Policy,
    condition: str | None,
    which: str,
    types: dict[tuple[str, str], str],
    functions: list[str],
) -> str | None:
    if condition is None or not _SELECTS.search(condition):
        return condition
    tree = parsed(condition).copy()
    own: list[str] = []
    for column in list(tree.find_all(exp.Column)):
        whose = column.table.lower()
        # Inside a sub-select PostgreSQL names the table of each column.
        outside = not whose and column.find_ancestor(exp.Select) is None
        if (outside or whose == policy.table) and column.name not in own:
            own.append(column.name)
    body = _with_parameters(condition, tree, policy.table, own)
    name = function_name(policy, which)
    parameters = ", ".join(f"row_{one} {types[policy.table, one]}" for one in own)
    # A sub-select of a policy asks as the view's owner, for whom the policy is; a function does so only
    # if it says so.
    rights = " SECURITY DEFINER" if _maker(policy) == VIEWS_ROLE else ""
    functions.append(
        f"CREATE FUNCTION {name}({parameters}) RETURNS boolean LANGUAGE sql STABLE{rights}"
        f" AS $policy$ SELECT {body} $policy$"
    )
    return f"{name}({', '.join(own)})"


def _with_parameters(condition: str, tree: exp.Expr, table: str, own: list[str]) -> str:
    """``condition`` as PostgreSQL printed it, with the row's own columns as parameters.

    It prints columns of the policy's table with the table's name inside a sub-select and without
    outside; columns of other tables always with a name.
    """
    made = condition
    for one in own:
        made = re.sub(rf"(?<![\w.]){table}\.{one}\b", f"row_{one}", made)
        made = re.sub(rf"(?<![\w.\"']){one}\b(?!\s*\()(?!')", f"row_{one}", made)
    return made


def problems(connection: Connection) -> list[Problem]:
    """Policies that hold a sub-select and cannot be wrapped."""
    found = []
    types = column_types(connection)
    for policy in read(connection):
        if not policy.selects or lying(policy.table) is Lying.LOCAL:
            continue
        where = f"{policy.table}, policy {policy.name}"
        try:
            wrapped(policy, types)
        except (Unreadable, KeyError) as error:
            found.append(Problem(where, f"holds a sub-select: {error}", Rule.POLICY))
    return found
