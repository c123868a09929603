"""Which rows go with a case, and in which order: from the tables' own foreign keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import MetaData, Table

from hemvist.retention.fates import Fates, fates

#: Parameters of every condition: the kommun, the cases, and the households whose last cases they are.
_OWN = "{table}.tenant_id = %(tenant)s"


@dataclass(frozen=True, slots=True)
class Step:
    """A table whose rows go, and the condition (SQL) that finds them."""

    table: str
    condition: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in an order in which nothing points at what is deleted.

    ``rows`` go with cases (and their last cases' households) as they are given; ``shared`` only where
    nothing points at them afterwards. ``pointing`` asks, before anything is deleted, which rows of a
    shared table the others point at.
    """

    rows: tuple[Step, ...]
    shared: tuple[Step, ...]
    pointing: Mapping[str, str]


@lru_cache(maxsize=8)
def plan_of(metadata: MetaData) -> Plan:
    """The plan for these tables. Raises ``ValueError`` where a row would hang on nothing."""
    known = fates()
    rows, shared = [], []
    for table in reversed(metadata.sorted_tables):
        if table.name in known.case | known.household:
            rows.append(Step(table.name, _condition(table, known)))
        elif table.name in known.shared:
            shared.append(Step(table.name, _unreferenced(table, metadata)))
    return Plan(tuple(rows), tuple(shared), _pointing(metadata, known, rows))


def _pointing(metadata: MetaData, known: Fates, rows: Sequence[Step]) -> dict[str, str]:
    found: dict[str, list[str]] = {table: [] for table in sorted(known.shared)}
    for step in rows:
        for name, parent in _parents(metadata.tables[step.table]):
            if parent.name in found:
                found[parent.name].append(
                    f"SELECT {step.table}.{name} FROM {step.table}"  # noqa: S608 - names
                    f" WHERE {step.table}.{name} IS NOT NULL AND {step.condition}"
                )
    return {table: " UNION ".join(asked) for table, asked in found.items()}


def _condition(table: Table, known: Fates) -> str:
    own = _OWN.format(table=table.name)
    if table.name == "cases":
        return f"{own} AND cases.id = ANY(%(cases)s)"
    column = table.c.get("case_id")
    if column is not None and not column.nullable:
        # Of this case whatever else it points at: what is another case's stays, or stands in the way.
        return f"{own} AND {table.name}.case_id = ANY(%(cases)s)"
    ways = [
        f"{table.name}.{name} IN (SELECT {parent.name}.id FROM {parent.name}"  # noqa: S608 - names
        f" WHERE {_condition(parent, known)})"
        for name, parent in _parents(table)
        if parent.name in known.case and parent.name != "cases"
    ]
    if "household_id" in table.c:
        ways.append(f"{table.name}.household_id = ANY(%(households)s)")
    if not ways:
        raise ValueError(f"{table.name}: nothing leads from it to a case")
    found = " OR ".join(sorted(ways))
    if column is not None:
        found = (
            f"{table.name}.case_id = ANY(%(cases)s) OR ({table.name}.case_id IS NULL AND ({found}))"
        )
    return f"{own} AND ({found})"


def _unreferenced(table: Table, metadata: MetaData) -> str:
    """The row with one of the ids that nothing points at any more."""
    pointing = [
        f"NOT EXISTS (SELECT FROM {other.name} WHERE {other.name}.tenant_id = %(tenant)s"
        f" AND {other.name}.{name} = {table.name}.id)"
        for other in metadata.sorted_tables
        for name, parent in _parents(other)
        if parent is table and other is not table
    ]
    own = _OWN.format(table=table.name)
    return " AND ".join([own, f"{table.name}.id = ANY(%(ids)s)", *pointing])


def _parents(table: Table) -> Iterator[tuple[str, Table]]:
    """Columns that point at rows of the same kommun, each with the table."""
    for constraint in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
        for element in constraint.elements:
            if element.parent.name != "tenant_id" and element.column.table is not table:
                yield element.parent.name, element.column.table
