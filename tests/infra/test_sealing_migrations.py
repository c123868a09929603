"""Migrations that seal: what stood in clear is sealed for its kommun, and comes back whole."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hemvist.ids import new_id
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.sealed import sealed_columns
from hemvist_infra import database as databases
from hemvist_infra.revisions import scratch
from hemvist_rows import fill_in, owned_tables

_PERSON = """
INSERT INTO persons (tenant_id, id, department, given_name, family_name, number_sealed,
                     number_index, number_kind, birth_date, protection, version)
VALUES (:tenant, :id, 'SOF-VUX', :given, 'Åkesson', 'x', :index, 'personal', '1980-01-01', 'unknown', 1)
"""


_DOCUMENT = """
INSERT INTO documents (tenant_id, id, kind, file_name, media_type, content, sha256, template,
                       template_version, pack, pack_version, made_at)
VALUES (:tenant, :id, 'letter.decision', 'beslut.pdf', 'application/pdf', :content,
        encode(sha256(:content), 'hex'), 't', '1', '', '', now())
"""
_CHUNK = """
INSERT INTO snapshot_chunks (tenant_id, id, pack, number, case_ids, facts, about)
VALUES (:tenant, :id, 'p', 1, '{}', '{"age": [1, null]}', '{"programme": [null, "x"]}')
"""
PDF = b"%PDF-1.7 Till Eva \x00\xff"


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


def test_a_document_is_sealed_although_it_is_kept_and_comes_back(database: str) -> None:
    tenant, document = new_id(), new_id()
    with scratch(database) as connection:
        config = databases.alembic_config(connection)
        migration = revision_of(config, "documents_and_letters_sealed")
        command.upgrade(config, migration.down_revision)
        _registered(connection, tenant)
        connection.execute(text(_DOCUMENT), {"tenant": tenant, "id": document, "content": PDF})
        command.upgrade(config, migration.revision)
        _within(connection, tenant)
        content, digest = connection.execute(
            text("SELECT content_sealed, sha256_sealed FROM documents")
        ).one()
        keys = tenant_keys(tenant)
        assert keys.open_bytes("documents.content", bytes(content)) == PDF
        assert keys.open("documents.sha256", bytes(digest)) == hashlib.sha256(PDF).hexdigest()
        assert b"Eva" not in bytes(content)
        with pytest.raises(DBAPIError, match="kept as it was given out"), connection.begin_nested():
            connection.execute(text("UPDATE documents SET content_sealed = '\\x01'"))
        command.downgrade(config, migration.down_revision)
        _within(connection, tenant)
        kept = connection.execute(text("SELECT content, sha256 FROM documents")).one()
        assert (bytes(kept[0]), kept[1]) == (PDF, hashlib.sha256(PDF).hexdigest())
        with pytest.raises(DBAPIError, match="kept as it was given out"), connection.begin_nested():
            connection.execute(text("DELETE FROM documents"))


def test_documents_of_json_are_sealed_and_come_back(database: str) -> None:
    tenant, chunk = new_id(), new_id()
    with scratch(database) as connection:
        config = databases.alembic_config(connection)
        migration = revision_of(config, "where_nobody_may_live_sealed")
        command.upgrade(config, migration.down_revision)
        _registered(connection, tenant)
        connection.execute(text(_CHUNK), {"tenant": tenant, "id": chunk})
        command.upgrade(config, migration.revision)
        _within(connection, tenant)
        facts = connection.execute(text("SELECT facts_sealed FROM snapshot_chunks")).scalar_one()
        opened = tenant_keys(tenant).open("snapshot_chunks.facts", bytes(facts))
        assert json.loads(opened) == {"age": [1, None]}
        command.downgrade(config, migration.down_revision)
        _within(connection, tenant)
        row = connection.execute(text("SELECT facts, about FROM snapshot_chunks")).one()
        assert tuple(row) == ({"age": [1, None]}, {"programme": [None, "x"]})


def test_every_table_goes_down_and_up_again_with_what_it_holds(database: str) -> None:
    tenant = new_id()
    keys = tenant_keys(tenant)
    # What a text or a document is not to be: a list of texts, and a file's own hash.
    meant = {
        "home_needs.unsuitable_areas": '["Norr, och \\"öst\\"", "Syd"]',
        "documents.content": "{}",
        "documents.sha256": hashlib.sha256(b"{}").hexdigest(),
    }
    with scratch(database) as connection:
        config = databases.alembic_config(connection)
        first = revision_of(config, "documents_and_letters_sealed")
        command.upgrade(config, "head")
        _registered(connection, tenant)
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        connection.execute(text("SET LOCAL hemvist.resealing = 'on'"))
        fill_in(connection, tenant)
        for field, value in meant.items():
            table, column = field.split(".")
            connection.execute(
                text(f"UPDATE {table} SET {column}_sealed = :sealed"),
                {"sealed": keys.seal(field, value)},
            )
        connection.execute(text("SET LOCAL hemvist.resealing = ''"))
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        before = _everything(connection, tenant)
        command.downgrade(config, first.down_revision)
        # What only later versions know has nowhere to go down to.
        for table in list(before):
            there = text("SELECT to_regclass(:table) IS NOT NULL")
            if not connection.execute(there, {"table": table}).scalar_one():
                del before[table]
        _within(connection, tenant)
        areas = connection.execute(text("SELECT unsuitable_areas FROM home_needs")).scalar_one()
        assert areas == json.loads(meant["home_needs.unsuitable_areas"])
        command.upgrade(config, "head")
        after = _everything(connection, tenant)
        assert {table: after[table] for table in before} == before
    assert len(before) > 150
    assert before["decisions"][0]["motivation_sealed"] == {}


def _everything(connection: Connection, tenant: UUID) -> dict[str, list[dict[str, Any]]]:
    """Every row of the kommun's, with what is sealed opened."""
    _within(connection, tenant)
    keys = tenant_keys(tenant)
    found: dict[str, list[dict[str, Any]]] = {}
    for table in owned_tables():
        sealed = dict(sealed_columns(table))
        found[table.name] = [
            {
                name: _meant(keys.open(sealed[name], bytes(value)))
                if value is not None and name in sealed
                else value
                for name, value in row._mapping.items()
            }
            for row in connection.execute(table.select().order_by(table.c.id))
        ]
    return found


def _meant(said: str) -> Any:
    """What is said, but for how a document is spaced and ordered."""
    try:
        return json.loads(said)
    except ValueError:
        return said


def _registered(connection: Connection, tenant: UUID) -> None:
    connection.execute(
        text(
            "INSERT INTO tenants (id, slug, name, kommun_code, kind, status, created_at)"
            " VALUES (:id, 'prov-x', 'Provkommun', '9990', 'kommun', 'active', now())"
        ),
        {"id": tenant},
    )
    _within(connection, tenant)
