"""Deleting one case and all that hangs on it, as the thinning role, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData

from hemvist.retention.fates import fates
from hemvist.retention.plan import plan_of
from hemvist.tenancy import TenantSession

# Every statement is made of the tables' own names; what comes from data is a parameter.
_LAST = (
    "SELECT DISTINCT gone.household_id FROM cases gone WHERE gone.tenant_id = %(tenant)s"
    " AND gone.id = ANY(%(cases)s) AND NOT EXISTS (SELECT FROM cases other"
    " WHERE other.tenant_id = %(tenant)s AND other.household_id = gone.household_id"
    " AND other.id <> ALL(%(cases)s))"
)


def counted(
    session: TenantSession, metadata: MetaData, cases: Sequence[UUID], aged_before: date
) -> dict[str, int]:
    """How many rows of each table would go with the cases; nothing is changed."""
    values = _values(session, cases)
    plan = plan_of(metadata)
    counts: dict[str, int] = {}
    for step in plan.rows:
        counts[step.table] = _number(
            session,
            f"SELECT count(*) FROM {step.table} WHERE {step.condition}",  # noqa: S608 - names of our own tables
            values,
        )
    counts |= {table: len(_ids(session, plan.pointing[table], values)) for table in plan.pointing}
    counts["households"] = len(values["households"])
    for table in fates().aged:
        counts[table] = _number(
            session,
            f"SELECT count(*) FROM {table} WHERE {_old(table)}",  # noqa: S608 - names of our own tables
            {**values, "before": aged_before},
        )
    return {table: count for table, count in sorted(counts.items()) if count}


def delete_case(session: TenantSession, metadata: MetaData, case_id: UUID) -> dict[str, int]:
    """Delete a case with everything that hangs on it; rows by table.

    What another case, household or letter still points at stays. Raises ``IntegrityError`` where a row
    of another case points at one of this, and where a hold was placed meanwhile.
    """
    values = _values(session, [case_id])
    plan = plan_of(metadata)
    candidates = {
        table: _ids(session, statement, values) for table, statement in plan.pointing.items()
    }
    counts = {
        step.table: _run(session, f"DELETE FROM {step.table} WHERE {step.condition}", values)  # noqa: S608 - names of our own tables
        for step in plan.rows
    }
    for step in plan.shared:
        counts[step.table] = _run(
            session,
            f"DELETE FROM {step.table} WHERE {step.condition}",  # noqa: S608 - names of our own tables
            {**values, "ids": candidates[step.table]},
        )
    return {table: count for table, count in sorted(counts.items()) if count}


def delete_aged(session: TenantSession, before: date) -> dict[str, int]:
    """Delete rows of files from before a day; rows by table."""
    counts = {
        table: _run(session, f"DELETE FROM {table} WHERE {_old(table)}", {"before": before})  # noqa: S608 - names of our own tables
        for table in fates().aged
    }
    return {table: count for table, count in counts.items() if count}


def _old(table: str) -> str:
    one = fates().aged[table]
    return (
        f"{table}.tenant_id = %(tenant)s AND {table}.{one.column} IN (SELECT id FROM {one.parent}"  # noqa: S608 - names of our own tables
        f" WHERE tenant_id = %(tenant)s AND {one.day} < %(before)s)"
    )


def _values(session: TenantSession, cases: Sequence[UUID]) -> dict[str, Any]:
    values: dict[str, Any] = {"cases": list(cases)}
    return {**values, "households": _ids(session, _LAST, values)}


def _run(session: TenantSession, statement: str, values: Mapping[str, Any]) -> int:
    cursor = session.sent().cursor()
    cursor.execute(statement.encode(), {**values, "tenant": session.tenant_id})
    return cursor.rowcount


def _ids(session: TenantSession, statement: str, values: Mapping[str, Any]) -> list[UUID]:
    cursor = session.sent().cursor()
    cursor.execute(statement.encode(), {**values, "tenant": session.tenant_id})
    return [one for (one,) in cursor.fetchall()]


def _number(session: TenantSession, statement: str, values: Mapping[str, Any]) -> int:
    [found] = _ids(session, statement, values)
    return int(found)
