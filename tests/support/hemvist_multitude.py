"""A kommun made large: every row of its cases and households copied many times, by the database."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from psycopg import sql

from hemvist_rows import owned_tables
from hemvist_world import as_owner

#: What there is only once however many households there are.
_ONCE = {
    "audit_entries",
    "case_migrations",
    "command_receipts",
    "counters",
    "event_troubles",
    "inbox_receipts",
    "indicator_runs",
    "indicator_snapshots",
    "indicator_told",
    "login_attempts",
    "login_sessions",
    "memberships",
    "migrated_cases",
    "outbox_events",
    "pack_adoptions",
    "pack_version_events",
    "pack_version_files",
    "pack_versions",
    "principals",
    "seen_logout_tokens",
    "simulation_parts",
    "simulations",
    "snapshot_chunks",
}


def multiply(tenant_id: UUID, times: int) -> None:
    """Copy what ``tenant_id`` has ``times`` times, and tell the planner of it."""
    tables = [table for table in owned_tables() if table.name not in _ONCE]
    copied = {table.name for table in tables}
    with as_owner(tenant_id) as connection:
        for table in tables:
            names = [column.name for column in table.columns]
            values = [_value(table, column, copied) for column in table.columns]
            connection.execute(
                sql.SQL(
                    "INSERT INTO {} ({}) SELECT {} FROM {}, generate_series(1, %s) AS copy"
                    " WHERE tenant_id = %s"
                ).format(
                    sql.Identifier(table.name),
                    sql.SQL(", ").join(map(sql.Identifier, names)),
                    sql.SQL(", ").join(values),
                    sql.Identifier(table.name),
                ),
                (times, tenant_id),
            )
        connection.execute("SET ROLE hemvist_owner")
        connection.execute("ANALYZE")


def _value(table: sa.Table, column: sa.Column[object], copied: set[str]) -> sql.Composable:
    """A column of a copy: ids are derived, so that references hold; what is unique is numbered."""
    name = sql.Identifier(column.name)
    kept = {"tenant_id"} | {
        one.name
        for constraint in table.foreign_key_constraints
        for one, element in zip(constraint.columns, constraint.elements, strict=True)
        if element.column.table.name not in copied
    }
    if column.name in kept or column.name.endswith("_by"):
        return name
    if isinstance(column.type, sa.Uuid):
        return sql.SQL("md5({}::text || copy)::uuid").format(name)
    unique = {
        one.name
        for constraint in table.constraints
        if isinstance(constraint, sa.UniqueConstraint)
        for one in constraint.columns
    }
    # A whole number is unique within a row that is copied too.
    numbered = isinstance(column.type, sa.Text) and column.name in unique
    if numbered and column.name in ("number", "alias", "property_designation"):
        return sql.SQL("{} || '-' || copy").format(name)
    if column.name in unique and isinstance(column.type, sa.LargeBinary):
        return sql.SQL("sha256({} || int4send(copy))").format(name)
    return name
