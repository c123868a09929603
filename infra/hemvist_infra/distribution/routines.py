"""Triggers, functions and views of the real database, against what Citus asks of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlglot import exp

from hemvist_infra.distribution import statements
from hemvist_infra.distribution.placement import Lying, distributed, lying
from hemvist_infra.distribution.policies import PREFIX
from hemvist_infra.distribution.reading import Bound, Level, Unreadable, levels, parsed
from hemvist_infra.distribution.rules import Problem, Rule

_TRIGGERS = text(
    "SELECT c.relname, t.tgname, (t.tgtype & 1) = 1 AS by_row, (t.tgtype & 64) <> 0 AS instead"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
)
FUNCTIONS = text(
    "SELECT p.oid::regprocedure::text AS signature, p.proname, l.lanname, p.prosrc, p.prosecdef,"
    " COALESCE(p.proargnames, '{}') AS names, pg_get_functiondef(p.oid) AS definition"
    " FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
    " WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')"
    " AND l.lanname <> 'internal' AND NOT EXISTS (SELECT FROM pg_depend d"
    "  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))"
    " ORDER BY 1"
)
_VIEWS = text(
    "SELECT c.relname, c.relkind::text, pg_get_viewdef(c.oid) AS definition FROM pg_class c"
    " WHERE c.relkind IN ('v', 'm') AND c.relnamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass"
    "  AND d.objid = c.oid AND d.deptype = 'e')"
)
#: Triggers of reference tables that the script takes away, and who does their work instead.
TAKEN_AWAY = {
    ("tenants", "recount_unprotected_until"): (
        "`hemvist tenants` counts anew itself, in the kommun's own session, when it changes the days"
    ),
}
#: Functions that lock on the shard's node, and who meets them there.
LOCKS_ON_SHARD = {
    "hemvist_withhold": (
        "hemvist.households.protection.hold_still takes the same lock in a statement on the household's"
        " shard, so that both meet on one node"
    ),
}
_STRINGS = re.compile(r"'(?:[^']|'')*'")
_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_BEGINS = re.compile(
    r"(?<!FOR )(?<!DO )(?<!OF )\b(SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|PERFORM|WITH)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[()';]|\b(?:CASE|END|THEN|LOOP)\b", re.IGNORECASE)
_INTO = re.compile(
    r"\bINTO\s+(?:STRICT\s+)?\w+(?:\s*,\s*\w+)*(?=\s+FROM\b|\s*$|\s+WHERE\b)", re.IGNORECASE
)
_DECLARED = re.compile(r"^\s*(\w+)\s+(?:CONSTANT\s+)?[\w.\[\]%]+", re.MULTILINE)
_LOOPED = re.compile(r"\bFOR\s+(\w+)\s+IN\b", re.IGNORECASE)


def problems(connection: Connection) -> list[Problem]:
    """Every trigger, function and view that Citus would refuse or carry out on the wrong rows."""
    found = list(_triggers(connection))
    for row in connection.execute(FUNCTIONS):
        if not row.proname.startswith(PREFIX):
            found += function_problems(row.signature, row.prosrc, row.names)
    views = [(row.relname, row.relkind, row.definition) for row in connection.execute(_VIEWS)]
    names = frozenset(name for name, _, _ in views)
    for name, kind, definition in views:
        if kind == "m":
            found.append(Problem(name, "a materialised view lies on one node", Rule.VIEW))
        found += view_problems(name, definition, names)
    return found


def _triggers(connection: Connection) -> Iterator[Problem]:
    for row in connection.execute(_TRIGGERS):
        where = f"{row.relname}, trigger {row.tgname}"
        if lying(row.relname) is Lying.REFERENCE and (row.relname, row.tgname) not in TAKEN_AWAY:
            yield Problem(where, "acts on every node", Rule.TRIGGER_REFERENCE)
        if lying(row.relname) is Lying.DISTRIBUTED and not row.by_row:
            yield Problem(
                where, "acts once for a statement, that is once on every shard", Rule.TRIGGER_ROW
            )


def function_problems(name: str, body: str, parameters: list[str]) -> list[Problem]:
    """Statements of a function's body that would leave the row's tenant."""
    if any(name.startswith(f"{function}(") for function in _ON_COORDINATOR):
        return []
    clean = _COMMENTS.sub(" ", body)
    variables = {*parameters, *_declared(clean), *_LOOPED.findall(clean)}
    found = []
    for statement in statements_of(clean):
        for one in statements.problems(
            statement, f"function {name}", variables=variables, within=True
        ):
            if one.rule is Rule.NODE and name.partition("(")[0] in LOCKS_ON_SHARD:
                continue
            rule = one.rule if one.rule in (Rule.NODE, Rule.SETTING, Rule.READ) else Rule.ROUTINE
            found.append(Problem(one.where, f"{one.what}: {statements.shortened(statement)}", rule))
    return found


#: Called by no trigger that is left and by no policy: they run where the statement is planned.
_ON_COORDINATOR = ("hemvist_protection_days",)


def _declared(body: str) -> list[str]:
    before, begins, _ = body.partition("BEGIN")
    _, declares, names = before.partition("DECLARE")
    return _DECLARED.findall(names) if begins and declares else []


def statements_of(body: str) -> Iterator[str]:
    """The SQL statements in a function's body, without what only PL/pgSQL knows."""
    masked = _STRINGS.sub(lambda found: "'" + "x" * (len(found[0]) - 2) + "'", body)
    place = 0
    while (begin := _BEGINS.search(masked, place)) is not None:
        end = _end(masked, begin.start())
        statement = body[begin.start() : end].strip()
        statement = re.sub(r"^PERFORM\b", "SELECT", statement, flags=re.IGNORECASE)
        yield _INTO.sub("", statement) if statement[:6].upper() != "INSERT" else statement
        place = max(end, begin.end())


def _end(body: str, place: int) -> int:
    depth, cases = 0, 0
    for found in _WORDS.finditer(body, place):
        word = found[0].upper()
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
        elif word == "CASE":
            cases += 1
        elif word == "END":
            cases -= 1
        if depth < 0 or cases < 0:
            return found.start()
        if depth == 0 and (word == ";" or (word in ("THEN", "LOOP") and cases == 0)):
            return found.start()
    return len(body)


def view_problems(name: str, definition: str, views: frozenset[str]) -> list[Problem]:
    """Distributed tables of a view that are not joined by the distribution column."""
    try:
        tree = parsed(definition)
    except Unreadable as error:
        return [Problem(f"view {name}", str(error), Rule.READ)]
    found = []
    spread = distributed() | views
    read = levels(tree)
    for at, level in enumerate(read):
        if at and not _correlated(level, read):
            # Carried out by itself before the rest, and its answer sent along.
            continue
        own = [alias for alias, table in level.tables.items() if table in spread]
        groups = level.groups()
        loose = [
            alias
            for alias in own
            if level.bound[alias] not in (Bound.VALUE, Bound.HANDED)
            and (at or groups[alias] != groups[own[0]])
        ]
        found += [
            Problem(
                f"view {name}",
                f"{level.tables[alias]} ({alias}) is not joined with {level.tables[own[0]]} by its tenant",
                Rule.VIEW,
            )
            for alias in loose
        ]
    return found


def _correlated(level: Level, read: list[Level]) -> bool:
    """Whether a sub-select names a column of a level around it."""
    below = {id(node) for node in level.node.walk()}
    inside = {name for one in read if id(one.node) in below for name in (*one.tables, *one.others)}
    around = {name for one in read if id(one.node) not in below for name in one.tables} - inside
    return any(column.table.lower() in around for column in level.node.find_all(exp.Column))
