"""Migrations that seal: what stood in clear is sealed for its kommun, and comes back whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from hemvist.ids import new_id
from hemvist.tenancy.keys import tenant_keys
from hemvist_infra import database as databases
from hemvist_infra.revisions import scratch

_PERSON = """
INSERT INTO persons (tenant_id, id, department, given_name, family_name, number_sealed,
                     number_index, number_kind, birth_date, protection, version)
VALUES (:tenant, :id, 'SOF-VUX', :given, 'Åkesson', 'x', :index, 'personal', '1980-01-01', 'unknown', 1)
"""


def revision_of(config: Config, name: str) -> Any:
    """The migration of that name, whatever its number."""
    script = ScriptDirectory.from_config(config)
    [found] = [one for one in script.walk_revisions() if one.path.endswith(f"_{name}.py")]
    return found


def _within(connection: Connection, tenant_id: UUID) -> None:
    connection.execute(
        text("SELECT set_config('hemvist.tenant_id', :tenant, true)"), {"tenant": str(tenant_id)}
    )


def test_names_are_sealed_for_their_kommun_and_come_back(database: str) -> None:
    people = {new_id(): new_id(), new_id(): new_id()}
    with scratch(database) as connection:
        config = databases.alembic_config(connection)
        migration = revision_of(config, "names_of_persons_sealed")
        command.upgrade(config, migration.down_revision)
        for place, (tenant, person) in enumerate(people.items()):
            connection.execute(
                text(
                    "INSERT INTO tenants (id, slug, name, kommun_code, kind, status, created_at)"
                    " VALUES (:id, :slug, 'Provkommun', :code, 'kommun', 'active', now())"
                ),
                {"id": tenant, "slug": f"prov-{place}", "code": f"999{place}"},
            )
            _within(connection, tenant)
            connection.execute(
                text(_PERSON),
                {"tenant": tenant, "id": person, "given": f"Eva {place}", "index": person.bytes},
            )
        command.upgrade(config, migration.revision)
        for place, (tenant, person) in enumerate(people.items()):
            _within(connection, tenant)
            given, family = connection.execute(
                text("SELECT given_name_sealed, family_name_sealed FROM persons WHERE id = :id"),
                {"id": person},
            ).one()
            keys = tenant_keys(tenant)
            assert keys.open("persons.given_name", given) == f"Eva {place}"
            assert keys.open("persons.family_name", family) == "Åkesson"
            assert b"Eva" not in bytes(given)
        command.downgrade(config, migration.down_revision)
        for place, (tenant, person) in enumerate(people.items()):
            _within(connection, tenant)
            assert connection.execute(
                text("SELECT given_name, family_name FROM persons WHERE id = :id"), {"id": person}
            ).one() == (f"Eva {place}", "Åkesson")
