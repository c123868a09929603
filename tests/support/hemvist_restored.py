"""A kommun as a backup brings it back: its rows of some day, put in the place of those of now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Table

from hemvist.migrations.tables import metadata
from hemvist.tenancy import Owned
from hemvist_world import as_owner

#: The log is of its own time, and what the broker has taken over is not taken back.
_NOT_RESTORED = {"audit_entries", "audit_links", "audit_anchors", "outbox_events", "inbox_receipts"}


def backup(tenant_id: UUID) -> Mapping[str, list[Any]]:
    """Every row of the kommun, by table."""
    with as_owner(tenant_id) as connection:
        return {
            table.name: [
                row
                for (row,) in connection.execute(
                    sql.SQL("SELECT to_jsonb(t) FROM {} t").format(sql.Identifier(table.name))
                )
            ]
            for table in _tables()
        }


def restore(server: str, database: str, tenant_id: UUID, kept: Mapping[str, list[Any]]) -> None:
    """Put the rows back, whatever has become of them: as the server's administrator, as a restore does."""
    place = urlsplit(server)._replace(path=urlsplit(database).path)
    with psycopg.connect(place.geturl()) as connection:
        # No triggers, and no references between its steps.
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in _tables():
            name = sql.Identifier(table.name)
            connection.execute(
                sql.SQL("DELETE FROM {} WHERE tenant_id = %s").format(name), (tenant_id,)
            )
            columns = sql.SQL(", ").join(
                sql.Identifier(one.name) for one in table.columns if one.computed is None
            )
            statement = sql.SQL(
                "INSERT INTO {name} ({columns}) SELECT {columns}"
                " FROM jsonb_populate_record(NULL::{name}, %s)"
            ).format(name=name, columns=columns)
            for row in kept[table.name]:
                connection.execute(statement, (Jsonb(row),))


def _tables() -> list[Table]:
    return [
        table
        for table in metadata.sorted_tables
        if isinstance(table.info["tenancy"], Owned) and table.name not in _NOT_RESTORED
    ]
