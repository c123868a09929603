"""Whether Citus would carry out a statement on one shard, and what stands against it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlglot import exp

from hemvist_infra.distribution.placement import Lying, distributed, lying
from hemvist_infra.distribution.reading import (
    TENANT,
    Bound,
    Level,
    Unreadable,
    called,
    levels,
    parsed,
    targets,
)
from hemvist_infra.distribution.rules import Problem, Rule

#: Functions that give another value each time, and those that give another in each transaction.
_VOLATILE = frozenset(
    {
        "clock_timestamp",
        "random",
        "gen_random_uuid",
        "set_config",
        "nextval",
        "setval",
        "txid_current",
    }
    | {"pg_advisory_lock", "pg_advisory_xact_lock", "pg_notify", "uuidv7", "statement_timestamp"}
)
_STABLE = frozenset(
    {
        "now",
        "current_timestamp",
        "current_date",
        "current_time",
        "localtimestamp",
        "current_setting",
    }
    | {"transaction_timestamp", "hemvist_hidden"}
)
_LOCKS = frozenset(
    {
        "pg_advisory_lock",
        "pg_advisory_xact_lock",
        "pg_try_advisory_lock",
        "pg_try_advisory_xact_lock",
    }
)
_OF_A_NODE = frozenset(
    {"nextval", "setval", "currval", "lastval", "pg_notify", "pg_listening_channels"}
)
_TOLD = {
    Bound.NOT: (Rule.TENANT, "is not compared with its tenant"),
    Bound.LIST: (Rule.LISTED, "is asked for a list of tenants"),
    Bound.HANDED: (Rule.HANDED, "has its tenant from another level"),
}


def problems(
    text: str, where: str = "", *, variables: Collection[str] = (), within: bool = False
) -> list[Problem]:
    """What Citus would refuse or spread over all shards in the statement ``text``.

    ``where`` names it in messages. ``within`` says that it stands in a function that acts on a shard,
    with ``variables`` of its own.
    """
    where = where or shortened(text)
    try:
        tree = parsed(text)
    except Unreadable as error:
        return [Problem(where, str(error), Rule.READ)]
    found: list[Problem] = []
    spread = distributed()
    read = levels(tree, variables)
    touched = False
    for level in read:
        for alias, name in level.tables.items():
            if name in spread:
                touched = True
                if level.bound[alias] is not Bound.VALUE and not _written(level, alias):
                    rule, what = _TOLD[level.bound[alias]]
                    found.append(Problem(where, f"{_named(name, alias)} {what}", rule))
    into = targets(tree)
    for level in read:
        if isinstance(level.node, exp.Insert) and into[id(level.node)] in spread:
            touched = True
            found += _inserted(where, into[id(level.node)], level.node)
        if isinstance(level.node, exp.Update):
            found += _moved(where, level.node)
    one_shard = not found
    if not one_shard:
        found += _needs_one_shard(where, tree, read)
    found += _functions(where, tree, touched=touched, within=within, one_shard=one_shard)
    return sorted(set(found))


def shortened(text: str) -> str:
    """A statement's beginning, to find it by."""
    return " ".join(text.split())[:90]


def _named(name: str, alias: str) -> str:
    return name if name == alias else f"{name} ({alias})"


def _written(level: Level, alias: str) -> bool:
    return isinstance(level.node, exp.Insert)


def _inserted(where: str, table: str, node: exp.Insert) -> Iterator[Problem]:
    columns = [one.name.lower() for one in getattr(node.this, "expressions", ())]
    if TENANT not in columns:
        yield Problem(where, f"{table} is written without {TENANT}", Rule.INSERT)
        return
    place = columns.index(TENANT)
    given = node.expression
    if isinstance(given, exp.Select):
        taken = given.expressions[place] if place < len(given.expressions) else None
        inner = taken.unalias() if taken is not None else None
        if inner is not None and any(True for _ in inner.find_all(exp.Func, exp.Select)):
            cast = inner.this if isinstance(inner, exp.Cast) else inner
            if not isinstance(cast, exp.Placeholder | exp.Parameter | exp.Literal | exp.Column):
                yield Problem(
                    where, f"{table} takes its tenant from {inner.sql()[:60]}", Rule.INSERT_SELECT
                )


def _moved(where: str, node: exp.Update) -> Iterator[Problem]:
    for one in node.expressions:
        if isinstance(one, exp.EQ) and one.left.name.lower() == TENANT:
            yield Problem(where, f"{node.this.name} is given another tenant", Rule.MOVED)


def _needs_one_shard(where: str, tree: exp.Expr, read: list[Level]) -> Iterator[Problem]:
    for level in read:
        if level.node.args.get("locks"):
            names = ", ".join(level.tables.values())
            yield Problem(where, f"locks rows of {names} on several shards", Rule.LOCKED)
    for one in tree.find_all(exp.With):
        if one.recursive:
            yield Problem(where, "WITH RECURSIVE over several shards", Rule.RECURSIVE)
    for sample in tree.find_all(exp.TableSample):
        yield Problem(where, f"{sample.sql()[:40]} over several shards", Rule.RECURSIVE)
    for group in tree.find_all(exp.Cube, exp.Rollup, exp.GroupingSets):
        yield Problem(where, f"{group.sql()[:40]} over several shards", Rule.RECURSIVE)
    for cte in tree.find_all(exp.CTE):
        if isinstance(cte.this, exp.Insert | exp.Update | exp.Delete):
            yield Problem(
                where, f"the CTE {cte.alias} changes rows on several shards", Rule.MODIFYING
            )


def _functions(
    where: str, tree: exp.Expr, *, touched: bool, within: bool, one_shard: bool
) -> Iterator[Problem]:
    for name, call in called(tree):
        if name in _OF_A_NODE:
            yield Problem(where, f"{name} belongs to one node", Rule.NODE)
        elif name in _LOCKS and (within or (touched and not one_shard)):
            yield Problem(where, f"{name} locks on the shard's node alone", Rule.NODE)
        elif name == "set_config" and (within or touched):
            yield Problem(where, "set_config reaches no other node", Rule.SETTING)
        elif touched and name in _VOLATILE and _changes_by(call):
            yield Problem(where, f"{name} in what says which rows change", Rule.VOLATILE)
        elif touched and name in _VOLATILE | _STABLE and _chooses(call):
            yield Problem(where, f"{name} inside CASE, COALESCE or DO UPDATE", Rule.MUTABLE)
    for temporary in tree.find_all(exp.TemporaryProperty):
        yield Problem(where, f"{temporary.sql()} table", Rule.NODE)


def _changes_by(call: exp.Expr) -> bool:
    """Whether ``call`` stands in the condition of an UPDATE or a DELETE."""
    above = call.find_ancestor(exp.Where, exp.Select)
    return isinstance(above, exp.Where) and isinstance(above.parent, exp.Update | exp.Delete)


def _chooses(call: exp.Expr) -> bool:
    """Whether ``call`` stands in CASE, COALESCE or DO UPDATE of what changes rows, at its own level."""
    above = call.find_ancestor(exp.Case, exp.Coalesce, exp.OnConflict, exp.Select, exp.Where)
    if not isinstance(above, exp.Case | exp.Coalesce | exp.OnConflict):
        return False
    level = above.find_ancestor(exp.Select, exp.Insert, exp.Update, exp.Delete)
    return isinstance(level, exp.Insert | exp.Update | exp.Delete)


def of_a_tenant(text: str) -> bool:
    """Whether the statement reads or writes a table that is spread by kommun."""
    try:
        tree = parsed(text)
    except Unreadable:
        return False
    return any(lying(table.name.lower()) is Lying.DISTRIBUTED for table in tree.find_all(exp.Table))
