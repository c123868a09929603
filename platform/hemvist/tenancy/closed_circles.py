"""Which tables hang on a case, and what keeps a closed case's rows from who is not in its circle.

A case that is closed to a circle (sluten krets) is to be nowhere for anybody else: in no list, count or
search, whoever wrote the query. So the database hides it. Every table that staff read and that hangs on a
case, a household, a person or a letter's document gets one restrictive policy for the staff's role, and
which tables those are is derived from the tables' own references: a new one cannot be forgotten.

The policy asks ``hemvist_hidden(kind)`` once for each statement and table: the ids of cases, households or
persons that are hidden from the session's principal. They are a set that is searched by halves, and
comparing with it keeps every index in use. A table without a case of its own asks for the row that it
hangs on, which the same policy hides.

Source: OSL 26:1, SoLPUL (2001:454) section 10 (access by need alone); decision 0041.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    MetaData,
    SQLColumnExpression,
    Table,
    func,
    literal_column,
    select,
)

from hemvist.tenancy.declaration import Owned

#: The role whose sessions are somebody's. Workers act for the platform, and landlords read views.
BOUND_ROLE = "hemvist_staff"
POLICY = "closed_circle"
#: What is hidden by its own id.
ROOTS = {"cases": "case_id", "households": "household_id", "persons": "person_id"}
#: Hidden by their own ids too: they are written before what points at them.
KEPT_BY_ID = ("documents",)
#: What a hidden id is of.
KINDS = ("case", "circle", "document", "household", "person")
#: By table, and by column: the kind of the ids that are compared there.
_KIND = {
    **{table: column.removesuffix("_id") for table, column in ROOTS.items()},
    **{column: column.removesuffix("_id") for column in ROOTS.values()},
    "documents": "document",
}

#: Tables that hang on a case and are yet not hidden, with the reason.
OPEN: Mapping[str, str] = {
    "audit_entries": "who read what is reviewed by people outside the circle; ids and field names only",
    "case_openings": "an opening by break-glass is reviewed outside the circle; its words are sealed",
    "case_circles": "what hides cannot itself be hidden from what looks up; the reason is sealed",
    "circle_rows": "the ids that are hidden, read by what hides them",
    "circle_members": "who sees what is hidden, read by what hides it",
}


def _shown(column: str, kind: str) -> str:
    # In a SELECT of its own, by which PostgreSQL asks once and not for each row. A null is never true.
    return f"NOT {column} <@ (SELECT hemvist_hidden('{kind}'))"


def writing_guards() -> dict[str, str]:
    """Conditions under which staff change the tables that say what is hidden, by table."""
    shown = _shown("circle_id", "circle")
    return {
        # Whoever is outside can neither lift a circle nor let others or themselves in; a time-limited
        # membership rests on an opening, which is logged and reviewed.
        "case_circles": _shown("id", "circle"),
        "circle_rows": shown,
        "circle_members": f"opening_id IS NOT NULL OR {shown}",
    }


def not_hidden(case_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: the case is not hidden from the session's principal.

    For what the platform writes for somebody; in somebody's own session the database asks by itself.
    """
    hidden = select(func.hemvist_hidden(literal_column("'case'"))).scalar_subquery()
    within: ColumnElement[bool] = case_id.op("<@", is_comparison=True)(hidden)
    return ~within


def guards(metadata: MetaData) -> dict[str, tuple[str, str]]:
    """By table: the condition on what staff see and change, and the one on what they write."""
    found: dict[str, tuple[str, str]] = {}
    hanging = _hanging(metadata)
    for name in sorted(hanging):
        table = metadata.tables[name]
        if name in OPEN or not _staff(table):
            continue
        seen, written = [], []
        looked_up = False
        if name in ROOTS or name in KEPT_BY_ID:
            seen.append(_shown("id", _KIND[name]))
        else:
            for column, target in sorted(_ways(table, hanging)):
                compared = target in ROOTS or target == ""
                if not compared and not table.c[column].nullable:
                    if looked_up:
                        continue  # of the same case as the first
                    looked_up = True
                condition = (
                    _shown(column, _KIND[target or column])
                    if compared
                    else f"(SELECT true FROM {target} held WHERE held.tenant_id = {name}.tenant_id"  # noqa: S608 - names of our own tables
                    f" AND held.id = {name}.{column}) IS NOT NULL"
                )
                if table.c[column].nullable:
                    condition = f"({column} IS NULL OR {condition})"
                seen.append(condition)
                if compared:
                    written.append(condition)
        using = " AND ".join(seen)
        # A row may be written by the same statement as the one that it hangs on, which its check
        # would not see yet.
        found[name] = (using, using if name in ROOTS else " AND ".join(written) or "true")
    return found


def _hanging(metadata: MetaData) -> frozenset[str]:
    """Names of the tenant's tables that hang on a case, however far off."""
    known = {*ROOTS, *KEPT_BY_ID}
    known |= {
        table.name for table in _owned(metadata) for column in ROOTS.values() if column in table.c
    }
    while True:
        more = {
            table.name
            for table in _owned(metadata)
            if table.name not in known
            and any(target in known - {"documents"} for _, target in _references(table))
        }
        if not more:
            return frozenset(known)
        known |= more


def _ways(table: Table, hanging: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Columns by which the table hangs on a case, each with what it points at."""
    if "case_id" in table.c and not table.c["case_id"].nullable:
        # All else that the row points at is of the same case.
        yield "case_id", "cases"
        return
    pointing = dict(_references(table))
    for column in ROOTS.values():
        if column in table.c and column not in pointing:
            yield column, ""
    for column, target in pointing.items():
        if target in hanging and target not in (table.name, "documents"):
            yield column, target


@lru_cache(maxsize=1024)
def _references(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple(
        (column.name, constraint.referred_table.name)
        for constraint in table.foreign_key_constraints
        for column in constraint.columns
        if column.name != "tenant_id"
    )


def _owned(metadata: MetaData) -> Iterator[Table]:
    for table in metadata.tables.values():
        if isinstance(table.info.get("tenancy"), Owned):
            yield table


def _staff(table: Table) -> bool:
    declaration = table.info["tenancy"]
    return bool(declaration.grants.get(BOUND_ROLE))
