"""The migration that says of each hidden row what it is finds that out of the rows of the version before."""

from __future__ import annotations

from uuid import UUID

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from hemvist.ids import new_id
from hemvist.tenancy.closed_circles import KINDS
from hemvist_infra import database as databases
from hemvist_infra.revisions import scratch
from hemvist_rows import fill_in


def _hidden(connection: Connection, tenant: UUID) -> set[tuple[str, UUID]]:
    connection.execute(
        text("SELECT set_config('hemvist.tenant_id', :tenant, true)"), {"tenant": str(tenant)}
    )
    return {
        (kind, row)
        for kind, row in connection.execute(text("SELECT kind, row_id FROM circle_rows"))
    }


def test_rows_of_the_version_before_are_of_the_kind_that_they_are(database: str) -> None:
    tenant = new_id()
    with scratch(database) as connection:
        config = databases.alembic_config(connection)
        script = ScriptDirectory.from_config(config)
        [migration] = [
            one
            for one in script.walk_revisions()
            if one.path.endswith("_what_is_hidden_by_kind.py")
        ]
        command.upgrade(config, "head")
        connection.execute(
            text(
                "INSERT INTO tenants (id, slug, name, kommun_code, kind, status, created_at)"
                " VALUES (:id, 'prov-x', 'Provkommun', '9990', 'kommun', 'active', now())"
            ),
            {"id": tenant},
        )
        _hidden(connection, tenant)
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        fill_in(connection, tenant)
        # The made-up circle gathers what hangs on it: one of each kind.
        connection.execute(text("DELETE FROM circle_rows"))
        connection.execute(text("UPDATE case_circles SET in_force = false"))
        connection.execute(text("UPDATE case_circles SET in_force = true"))
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        before = _hidden(connection, tenant)
        assert {kind for kind, _ in before} == set(KINDS)
        command.downgrade(config, migration.down_revision)
        command.upgrade(config, "head")
        assert _hidden(connection, tenant) == before
