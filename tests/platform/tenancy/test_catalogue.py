"""The database is as declared, and the check that says so sees every fault planted under it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from hemvist.migrations.tables import metadata
from hemvist.tenancy import Global, Owned
from hemvist_infra import catalogue
from hemvist_infra.database import migrating_connection
from hemvist_infra.revisions import differences, scratch


@pytest.fixture
def owner(database: str) -> Iterator[Connection]:
    """A connection as the tables' owner whose work is undone."""
    with migrating_connection(database) as connection:
        yield connection
        connection.rollback()


def test_every_table_is_as_declared(owner: Connection) -> None:
    assert catalogue.problems(owner) == []
    declarations = [table.info["tenancy"] for table in metadata.tables.values()]
    assert sum(isinstance(declaration, Owned) for declaration in declarations) > 20
    assert all(
        declaration.reason for declaration in declarations if isinstance(declaration, Global)
    )


def test_migrations_make_what_the_code_declares(database: str, owner: Connection) -> None:
    assert differences(owner) == []


#: A planted fault, the statements that plant it, and the line that must tell of it.
FAULTS = {
    "undeclared table": (
        ["CREATE TABLE planted (tenant_id uuid, id uuid)"],
        "planted: says neither whose rows it holds nor who may see them",
    ),
    "view": (
        ["CREATE VIEW planted AS SELECT * FROM persons"],
        "planted: not a plain table, and nothing declares it",
    ),
    "sequence": (["CREATE SEQUENCE planted"], "planted: a sequence; ids are made in Python"),
    "missing table": (["DROP TABLE counters"], "counters: declared but missing"),
    "definer function": (
        ["CREATE FUNCTION planted() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"],
        "function planted: runs with its owner's rights",
    ),
    "missing policy": (
        ["DROP POLICY tenant_isolation ON persons"],
        "persons: has 0 policies, not one",
    ),
    "second policy": (
        ["CREATE POLICY more ON persons USING (true)"],
        "persons: has 2 policies, not one",
    ),
    "policy that lets all through": (
        [
            "DROP POLICY tenant_isolation ON persons",
            "CREATE POLICY tenant_isolation ON persons USING (true)",
        ],
        "persons: policy tenant_isolation does not compare the tenant",
    ),
    "policy without a check on what is written": (
        ["ALTER POLICY tenant_isolation ON persons WITH CHECK (true)"],
        "persons: policy tenant_isolation does not compare the tenant",
    ),
    "policy for one role": (
        ["ALTER POLICY tenant_isolation ON persons TO hemvist_staff"],
        "persons: policy tenant_isolation is not for every command and role",
    ),
    "row security off": (
        ["ALTER TABLE persons DISABLE ROW LEVEL SECURITY"],
        "persons: row security is off",
    ),
    "row security not forced": (
        ["ALTER TABLE persons NO FORCE ROW LEVEL SECURITY"],
        "persons: row security does not bind its owner",
    ),
    "grant too many": (
        ["GRANT SELECT ON persons TO hemvist_landlord"],
        "persons: hemvist_landlord has SELECT undeclared",
    ),
    "grant to everybody": (
        ["GRANT SELECT ON persons TO PUBLIC"],
        "persons: PUBLIC has SELECT undeclared",
    ),
    "grant that may be handed on": (
        ["GRANT SELECT ON persons TO hemvist_staff WITH GRANT OPTION"],
        "persons: hemvist_staff may hand on SELECT",
    ),
    "grant on a column": (
        ["GRANT SELECT (given_name_sealed) ON persons TO hemvist_landlord"],
        "persons.given_name_sealed: has a grant of its own",
    ),
    "grant too few": (
        ["REVOKE INSERT ON persons FROM hemvist_staff"],
        "persons: hemvist_staff lacks INSERT",
    ),
    "unique across tenants": (
        ["CREATE UNIQUE INDEX planted ON persons (id)"],
        "persons: unique planted does not begin with tenant_id",
    ),
    "primary key without tenant": (
        [
            "ALTER TABLE counters DROP CONSTRAINT pk_counters",
            "ALTER TABLE counters ADD CONSTRAINT planted PRIMARY KEY (id)",
        ],
        "counters: primary key planted does not begin with tenant_id",
    ),
    "foreign key across tenants": (
        [
            "CREATE UNIQUE INDEX planted ON persons (id)",
            "ALTER TABLE counters ADD person_id uuid REFERENCES persons (id)",
        ],
        "counters: counters_person_id_fkey could point at another tenant's persons",
    ),
    "foreign key from global to tenant": (
        ["ALTER TABLE landlords ADD unit_tenant uuid, ADD unit_id uuid,"
         " ADD CONSTRAINT planted FOREIGN KEY (unit_tenant, unit_id) REFERENCES units"],
        "landlords: global, but planted points at units of a tenant",
    ),
    "numbered column": (
        ["ALTER TABLE counters ADD number bigint GENERATED ALWAYS AS IDENTITY"],
        "counters.number: numbered by a sequence",
    ),
    "nullable tenant": (
        ["ALTER TABLE counters DROP CONSTRAINT pk_counters",
         "ALTER TABLE counters ALTER tenant_id DROP NOT NULL"],
        "counters: tenant_id is not uuid NOT NULL",
    ),
    "global with a tenant": (
        ["ALTER TABLE landlords ADD tenant_id uuid"],
        "landlords: declared global but has tenant_id",
    ),
    "trigger": (
        [
            "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE TRIGGER planted BEFORE INSERT ON persons"
            " FOR EACH ROW EXECUTE FUNCTION planted()",
        ],
        "persons: trigger planted acts out of sight",
    ),
    "missing trigger": (
        ["DROP TRIGGER guarantee_postings_kept ON guarantee_postings"],
        "guarantee_postings: trigger guarantee_postings_kept is declared and does not act",
    ),
    "trigger that sleeps": (
        ["ALTER TABLE guarantee_entries DISABLE TRIGGER guarantee_entries_balance"],
        "guarantee_entries: trigger guarantee_entries_balance is declared and does not act",
    ),
    "column shown to landlords undeclared": (
        ["GRANT SELECT (given_name_sealed) ON persons TO hemvist_landlord_views"],
        "persons.given_name_sealed: hemvist_landlord_views has SELECT undeclared",
    ),
    "table shown to landlords whole": (
        ["GRANT SELECT ON units TO hemvist_landlord_views"],
        "units: hemvist_landlord_views has SELECT undeclared",
    ),
    "view's column not granted": (
        ["REVOKE SELECT (street_address) ON units FROM hemvist_landlord_views"],
        "units.street_address: hemvist_landlord_views lacks SELECT",
    ),
    "reach widened": (
        ["ALTER POLICY landlord_views_reach ON units USING (true)"],
        "units: policy landlord_views_reach is not as declared",
    ),
    "reach of a policy for everybody": (
        ["ALTER POLICY landlord_views_reach ON units TO PUBLIC"],
        "units: policy landlord_views_reach is missing",
    ),
    "reach not asked": (
        ["DROP POLICY landlord_views_reach ON units"],
        "units: policy landlord_views_reach is missing",
    ),
    "policy for the views' owner": (
        ["CREATE POLICY more ON persons FOR SELECT TO hemvist_landlord_views USING (true)"],
        "persons: policy more lets hemvist_landlord_views in undeclared",
    ),
    "view that shows more": (
        ["RESET ROLE", "SET ROLE hemvist_landlord_views",
         "CREATE OR REPLACE VIEW lv_districts WITH (security_barrier) AS"
         " SELECT tenant_id, id, landlord_id, name, version FROM landlord_districts"],
        "lv_districts: shows something else than is declared",
    ),
    "view that is no barrier": (
        ["RESET ROLE", "SET ROLE hemvist_landlord_views",
         "ALTER VIEW lv_units RESET (security_barrier)"],
        "lv_units: is no barrier",
    ),
    "view granted to another": (
        ["RESET ROLE", "SET ROLE hemvist_landlord_views",
         "GRANT SELECT ON lv_units TO hemvist_exchange"],
        "lv_units: granted hemvist_exchange SELECT, hemvist_landlord SELECT",
    ),
    "view that may be written": (
        ["RESET ROLE", "SET ROLE hemvist_landlord_views",
         "GRANT UPDATE ON lv_units TO hemvist_landlord"],
        "lv_units: granted hemvist_landlord SELECT, hemvist_landlord UPDATE",
    ),
    "undeclared view for landlords": (
        ["RESET ROLE", "SET ROLE hemvist_landlord_views",
         "CREATE VIEW lv_planted AS SELECT id FROM units"],
        "lv_planted: a view for landlords that nothing declares",
    ),
    "missing view": (
        ["RESET ROLE", "SET ROLE hemvist_landlord_views", "DROP VIEW lv_units"],
        "lv_units: declared but missing",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(owner: Connection, fault: str) -> None:
    statements, line = FAULTS[fault]
    for statement in statements:
        owner.execute(text(statement))
    assert line in catalogue.problems(owner)


#: Faults of the roles, which only an administrator can plant.
ROLE_FAULTS = {
    "audience that may become the owner": (
        "GRANT hemvist_owner TO hemvist_staff",
        "role hemvist_staff: may become hemvist_owner",
    ),
    "audience that makes tables": (
        "GRANT CREATE ON SCHEMA public TO hemvist_staff",
        "schema public: hemvist_staff has CREATE",
    ),
    "schema open to everybody": (
        "GRANT USAGE ON SCHEMA public TO PUBLIC",
        "schema public: PUBLIC has USAGE",
    ),
    "audience with powers": (
        "ALTER ROLE hemvist_staff CREATEROLE",
        "role hemvist_staff: has powers beyond its grants",
    ),
    "owner that logs in": ("ALTER ROLE hemvist_owner LOGIN", "role hemvist_owner: logs in"),
    "audience that may become the views' owner": (
        "GRANT hemvist_landlord_views TO hemvist_landlord",
        "role hemvist_landlord: may become hemvist_landlord_views",
    ),
    "views' owner that logs in": (
        "ALTER ROLE hemvist_landlord_views LOGIN",
        "role hemvist_landlord_views: logs in",
    ),
    "another schema": ("CREATE SCHEMA planted", "schema planted: not one of ours"),
}


@pytest.mark.parametrize("fault", ROLE_FAULTS)
def test_a_fault_of_the_roles_is_seen(owner: Connection, fault: str) -> None:
    statement, line = ROLE_FAULTS[fault]
    owner.execute(text("RESET ROLE"))
    owner.execute(text(statement))
    assert line in catalogue.problems(owner)


def test_metadata_alone_makes_the_same_constraints(database: str) -> None:
    """Alembic compares no CHECK constraints; PostgreSQL's own account of both does."""
    with migrating_connection(database) as connection:
        migrated = _definitions(connection, "public")
    with scratch(database) as connection:
        metadata.create_all(connection)
        made = _definitions(connection, "hemvist_revision_scratch")
    assert made == migrated
    assert len(made) > 100


def _definitions(connection: Connection, schema: str) -> set[tuple[str, str]]:
    constraints = connection.execute(
        text(
            "SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE connamespace = to_regnamespace(:schema)"
            " AND conrelid::regclass::text NOT LIKE '%alembic_version'"
            # Triggers are the migrations' alone; tables declare them by name.
            " AND contype <> 't'"
        ),
        {"schema": schema},
    ).all()
    indexes = connection.execute(
        text(
            "SELECT tablename, indexdef FROM pg_indexes"
            " WHERE schemaname = :schema AND tablename <> 'alembic_version'"
        ),
        {"schema": schema},
    ).all()
    return {
        (table.split(".")[-1], definition.replace(f"{schema}.", ""))
        for table, definition in [*constraints, *indexes]
    }
