"""Every table of a tenant in a statement is bound to the tenant, or the statement is not made.

Row security would hold without it. This is the second lock, as ``tenancy.session`` is on the
ordinary path, and it also keeps the tenant in every index condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Alias, BinaryExpression, Join, Select, Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import AsBoolean, False_

from hemvist_graphql.compiled.refusal import NotPlanned, Why

_DIALECT: Any = PGDialect_psycopg()  # type: ignore[no-untyped-call]
_COMPILER: Any = _DIALECT.statement_compiler(_DIALECT, None)


def require_bound(statement: Any) -> None:
    """Raise ``NotPlanned`` (UNBOUND) when a tenant's table is read without its tenant."""
    for part in visitors.iterate(statement):
        # A condition that is never met swallows the others, and nothing is read at that level.
        if isinstance(part, Select) and not _never(part):
            bound = set(_bound(part))
            for name, table in _tables(_froms(part)):
                if "tenant_id" in table.columns and name not in bound:
                    raise NotPlanned(Why.UNBOUND, table.name)


def _froms(select: Select[Any]) -> Sequence[Any]:
    """``select.get_final_froms()`` without its compiling the whole of ``select`` for it.

    That, for each sub-select of a statement, took ten times as long as everything else in a plan.
    """
    state: Any = select._compile_state_factory(select, _COMPILER)
    found: Sequence[Any] = state._get_display_froms()
    return found


def _never(part: Select[Any]) -> bool:
    condition: Any = part.whereclause
    if isinstance(condition, AsBoolean):
        condition = condition.element
    return isinstance(condition, False_)


def _tables(sources: Any) -> Iterator[tuple[str, Table]]:
    """The tables that are read, each by the name that its columns have here."""
    for source in sources:
        if isinstance(source, Join):
            yield from _tables((source.left, source.right))
        elif isinstance(source, Table):
            yield source.name, source
        elif isinstance(source, Alias) and isinstance(source.element, Table):
            yield source.name, source.element


def _bound(select: Select[Any]) -> Iterator[str]:
    """Names of tables whose ``tenant_id`` is compared for equality at this level."""
    conditions = [select.whereclause] if select.whereclause is not None else []
    conditions += [source.onclause for source in _joins(_froms(select))]
    while conditions:
        one = conditions.pop()
        if isinstance(one, BinaryExpression):
            if one.operator is operators.eq:
                for side in (one.left, one.right):
                    if getattr(side, "name", None) == "tenant_id" and hasattr(side, "table"):
                        yield side.table.name
        elif getattr(one, "operator", None) is operators.and_:
            conditions += list(one.clauses)


def _joins(sources: Any) -> Iterator[Any]:
    for source in sources:
        if isinstance(source, Join):
            yield source
            yield from _joins((source.left, source.right))
