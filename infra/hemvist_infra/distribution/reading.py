"""Reads a statement: its levels, the tables of each, and how every one is bound to its tenant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

TENANT = "tenant_id"
#: A parameter; the parser knows no name that begins with a digit.
_NAMED = re.compile(r"%\((\w+)\)s")
#: What the parser calls otherwise.
_PLAIN = {"rand": "random", "uuid": "gen_random_uuid"}
#: Rows before and after, in a trigger's function.
_ROWS = frozenset({"new", "old"})


class Unreadable(ValueError):
    """A text that the parser does not understand."""


class Bound(IntEnum):
    """How a table is bound to its tenant, the worst first."""

    NOT = 0
    LIST = 1
    #: By a column of a CTE, of a sub-select or of the level around it.
    HANDED = 2
    #: By a value, a parameter, or a table of the same level that is.
    VALUE = 3


@dataclass
class Level:
    """One SELECT, INSERT, UPDATE or DELETE with what stands in its own FROM."""

    node: exp.Expr
    #: Tables by the name that their columns have here.
    tables: dict[str, str] = field(default_factory=dict)
    #: Names of CTEs, sub-selects and functions that are selected from.
    others: set[str] = field(default_factory=set)
    conditions: list[exp.Expr] = field(default_factory=list)
    bound: dict[str, Bound] = field(default_factory=dict)
    #: Tables whose tenants are compared with each other.
    equal: list[tuple[str, str]] = field(default_factory=list)

    def groups(self) -> dict[str, str]:
        """For each table, one that stands for all whose tenant is the same."""
        found = {alias: alias for alias in self.tables}
        for one, two in self.equal:
            was, becomes = found[two], found[one]
            found = {alias: becomes if of == was else of for alias, of in found.items()}
        return found


@lru_cache(maxsize=4096)
def parsed(text: str) -> exp.Expr:
    """The statement as a tree. Raises ``Unreadable``; what is returned may not be changed."""
    try:
        found = sqlglot.parse_one(_NAMED.sub(r"%(p\1)s", text), dialect="postgres")
    except (SqlglotError, RecursionError) as error:
        raise Unreadable(str(error).split("\n")[0]) from None
    if isinstance(found, exp.Command):
        raise Unreadable(f"{found.name} is not understood")
    return found


def levels(tree: exp.Expr, variables: Collection[str] = ()) -> list[Level]:
    """Every level of ``tree``, from the outermost. ``variables`` are a function's own names."""
    found = []
    names = _cte_names(tree)
    for node in tree.find_all(exp.Select, exp.Insert, exp.Update, exp.Delete):
        level = Level(node)
        for source in _sources(node):
            _take(level, source, names)
        level.conditions += list(_conditions(node))
        _bind(level, {one.lower() for one in variables})
        found.append(level)
    return found


def _cte_names(tree: exp.Expr) -> set[str]:
    return {one.alias.lower() for one in tree.find_all(exp.CTE)}


def _sources(node: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(node, exp.Update | exp.Delete):
        yield node.this
    for key in ("from", "from_", "using"):
        given = node.args.get(key)
        for one in given if isinstance(given, list) else [given]:
            if isinstance(one, exp.From):
                yield one.this
            elif isinstance(one, exp.Expr):
                yield one
    for join in node.args.get("joins") or ():
        yield join.this
    yield from node.args.get("laterals") or ()


def _take(level: Level, source: exp.Expr, ctes: set[str]) -> None:
    for join in source.args.get("joins") or ():
        _take(level, join.this, ctes)
    if isinstance(source, exp.Table) and not isinstance(source.this, exp.Func):
        name, alias = source.name.lower(), (source.alias or source.name).lower()
        if name in ctes and not source.db:
            level.others.add(alias)
        else:
            level.tables[alias] = name
    elif isinstance(source, exp.Paren) or (
        isinstance(source, exp.Subquery) and isinstance(source.this, exp.Table)
    ):
        _take(level, source.this, ctes)
    else:
        level.others.add(source.alias_or_name.lower())


def _conditions(node: exp.Expr) -> Iterator[exp.Expr]:
    where = node.args.get("where")
    if where is not None:
        yield from _conjuncts(where.this)
    for join in _joins(node):
        on = join.args.get("on")
        if on is not None:
            yield from _conjuncts(on)


def _joins(node: exp.Expr) -> Iterator[exp.Expr]:
    waiting = [*_sources(node)]
    yield from node.args.get("joins") or ()
    while waiting:
        one = waiting.pop()
        if isinstance(one, exp.Table | exp.Paren | exp.Subquery):
            for join in one.args.get("joins") or ():
                yield join
                waiting.append(join.this)
            if isinstance(one.this, exp.Table | exp.Paren):
                waiting.append(one.this)


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(condition, exp.And):
        yield from _conjuncts(condition.left)
        yield from _conjuncts(condition.right)
    elif isinstance(condition, exp.Paren):
        yield from _conjuncts(condition.this)
    elif (
        isinstance(condition, exp.EQ)
        and isinstance(condition.left, exp.Tuple)
        and isinstance(condition.right, exp.Tuple)
    ):
        pairs = zip(condition.left.expressions, condition.right.expressions, strict=False)
        yield from (exp.EQ(this=left.copy(), expression=right.copy()) for left, right in pairs)
    else:
        yield condition


def _bind(level: Level, variables: set[str]) -> None:
    """Fill ``level.bound``: what each table's tenant is compared with, and what follows from that."""
    equal: list[tuple[str, str]] = []
    if any(isinstance(one, exp.Boolean) and not one.this for one in level.conditions):
        # Never met: nothing is read here, on any shard.
        level.bound = dict.fromkeys(level.tables, Bound.VALUE)
        return
    bound = dict.fromkeys(level.tables, Bound.NOT)
    for condition in level.conditions:
        for alias, other in _compared(level, condition):
            kind = _kind(level, other, variables)
            if isinstance(kind, str):
                equal.append((alias, kind))
            else:
                bound[alias] = max(bound[alias], kind)
    for _ in range(len(equal)):
        for one, two in equal:
            best = max(bound[one], bound[two])
            bound[one] = bound[two] = best
    level.bound, level.equal = bound, equal


def _compared(level: Level, condition: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    """Tables whose tenant ``condition`` compares for equality, and with what."""
    if isinstance(condition, exp.EQ):
        for one, other in (
            (condition.left, condition.right),
            (condition.right, condition.left),
        ):
            alias = _tenant_of(level, one)
            if alias is not None:
                yield alias, other
    elif isinstance(condition, exp.In):
        alias = _tenant_of(level, condition.this)
        if alias is not None:
            given = condition.expressions
            yield alias, given[0] if len(given) == 1 else condition


def _tenant_of(level: Level, given: exp.Expr) -> str | None:
    """The table here whose tenant ``given`` is."""
    if not isinstance(given, exp.Column) or given.name.lower() != TENANT:
        return None
    if given.table:
        alias = given.table.lower()
        return alias if alias in level.tables else None
    return next(iter(level.tables)) if len(level.tables) == 1 and not level.others else None


def _kind(level: Level, other: exp.Expr, variables: set[str]) -> Bound | str:
    """What a tenant is compared with; the name of a table where it is that one's tenant."""
    while isinstance(other, exp.Cast | exp.Paren):
        other = other.this
    alias = _tenant_of(level, other)
    if alias is not None:
        return alias
    if isinstance(other, exp.Any | exp.In):
        return Bound.LIST
    if isinstance(other, exp.Placeholder | exp.Parameter | exp.Literal):
        return Bound.VALUE
    if isinstance(other, exp.Column):
        name, of = other.name.lower(), other.table.lower()
        own = name in variables if not of else of in _ROWS | variables
        return Bound.VALUE if own else Bound.HANDED
    if any(True for _ in other.find_all(exp.Select, exp.Column)):
        return Bound.HANDED
    # A function of nothing but values: what it gives is known only when it runs.
    return Bound.HANDED if other.find(exp.Func) is not None else Bound.VALUE


def called(node: exp.Expr) -> Iterator[tuple[str, exp.Func]]:
    """Every function that ``node`` calls, by its name in lower case."""
    for one in node.find_all(exp.Func):
        name = one.name if isinstance(one, exp.Anonymous) else one.sql_name()
        yield _PLAIN.get(name.lower(), name.lower()), one


def targets(tree: exp.Expr) -> Mapping[int, str]:
    """The table that each INSERT writes, by the node's id."""
    found = {}
    for node in tree.find_all(exp.Insert):
        into = node.this
        table = into.this if isinstance(into, exp.Schema) else into
        found[id(node)] = table.name.lower()
    return found
