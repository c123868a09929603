"""The real tables, policies and functions are such as Citus takes, and what it would refuse is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from hemvist.migrations.tables import metadata
from hemvist.tenancy import Global
from hemvist_infra import distribution
from hemvist_infra.database import migrating_connection
from hemvist_infra.distribution.keys import LEFT_OUT, MADE_BY_SCRIPT
from hemvist_infra.distribution.placement import Lying, placements
from hemvist_infra.distribution.routines import TAKEN_AWAY, statements_of


@pytest.fixture(scope="module")
def administrator(database: str) -> Iterator[Connection]:
    """A connection as the tables' owner."""
    with migrating_connection(database) as connection:
        yield connection


@pytest.fixture
def owner(administrator: Connection) -> Iterator[Connection]:
    """The same, and what is done on it is undone."""
    yield administrator
    administrator.rollback()
    administrator.execute(text("SET ROLE hemvist_owner"))
    administrator.commit()


def test_nothing_of_the_schema_would_be_refused(owner: Connection) -> None:
    assert [str(one) for one in distribution.problems(owner)] == []


def test_every_table_says_where_it_lies_and_why() -> None:
    placed = placements()
    assert set(metadata.tables) <= set(placed)
    assert all(one.reason for one in placed.values())
    for name, table in metadata.tables.items():
        if isinstance(table.info["tenancy"], Global):
            assert placed[name].lying is Lying.REFERENCE
    assert sum(one.lying is Lying.DISTRIBUTED for one in placed.values()) > 180


def test_what_the_script_leaves_out_is_there(owner: Connection) -> None:
    """A reference, trigger or type that is excused and gone is excused for nothing."""
    there = {
        (row[0], row[1])
        for row in owner.execute(
            text(
                "SELECT conrelid::regclass::text, confrelid::regclass::text"
                " FROM pg_constraint WHERE contype = 'f'"
            )
        )
    }
    assert set(LEFT_OUT) <= there
    triggers = {
        (row[0], row[1])
        for row in owner.execute(text("SELECT tgrelid::regclass::text, tgname FROM pg_trigger"))
    }
    assert set(TAKEN_AWAY) <= triggers
    types = {row[0] for row in owner.execute(text("SELECT typname FROM pg_type"))}
    assert types >= MADE_BY_SCRIPT


#: A planted violation, what plants it, and by what it is found: where, and which rule.
PLANTED = {
    "a table of nobody": (["CREATE TABLE planted (tenant_id uuid, id uuid)"], "planted", "PLACED"),
    "unique across kommuner": (
        ["CREATE UNIQUE INDEX planted ON persons (id)"],
        "persons.planted",
        "KEY",
    ),
    "primary key without the tenant": (
        [
            "ALTER TABLE counters DROP CONSTRAINT pk_counters",
            "ALTER TABLE counters ADD CONSTRAINT planted PRIMARY KEY (id)",
        ],
        "counters.planted",
        "KEY",
    ),
    "no primary key": (["ALTER TABLE counters DROP CONSTRAINT pk_counters"], "counters", "KEY"),
    "tenant that may be null": (
        [
            "ALTER TABLE counters DROP CONSTRAINT pk_counters",
            "ALTER TABLE counters ALTER tenant_id DROP NOT NULL",
        ],
        "counters.tenant_id",
        "COLUMN",
    ),
    "reference across kommuner": (
        [
            "CREATE UNIQUE INDEX planted ON persons (id)",
            "ALTER TABLE counters ADD person_id uuid CONSTRAINT planted_ref REFERENCES persons (id)",
        ],
        "counters.planted_ref",
        "COLOCATED",
    ),
    "reference to another table's tenant": (
        [
            "ALTER TABLE counters ADD other uuid, ADD person_id uuid",
            "ALTER TABLE counters ADD CONSTRAINT planted FOREIGN KEY (other, person_id)"
            " REFERENCES persons (tenant_id, id)",
        ],
        "counters.planted",
        "COLOCATED",
    ),
    "reference from a reference table": (
        [
            "ALTER TABLE landlords ADD a uuid, ADD b uuid",
            "ALTER TABLE landlords ADD CONSTRAINT planted FOREIGN KEY (a, b)"
            " REFERENCES persons (tenant_id, id)",
        ],
        "landlords.planted",
        "TO_REFERENCE",
    ),
    "set null on delete": (
        [
            "ALTER TABLE counters ADD person_id uuid",
            "ALTER TABLE counters ADD CONSTRAINT planted FOREIGN KEY (tenant_id, person_id)"
            " REFERENCES persons (tenant_id, id) ON DELETE SET NULL",
        ],
        "counters.planted",
        "KEY_ACTION",
    ),
    "exclusion without the tenant": (
        ["ALTER TABLE counters ADD CONSTRAINT planted EXCLUDE USING gist (id WITH =)"],
        "counters.planted",
        "EXCLUSION",
    ),
    "a sequence": (["CREATE SEQUENCE planted"], "planted", "NUMBERED"),
    "a numbered column": (
        ["ALTER TABLE counters ADD number bigint GENERATED ALWAYS AS IDENTITY"],
        "counters.number",
        "NUMBERED",
    ),
    "a type that stays on one node": (
        ["RESET ROLE", "CREATE TYPE planted AS RANGE (SUBTYPE = date)"],
        "planted",
        "TYPE",
    ),
    "a trigger of the statement": (
        [
            "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER planted AFTER INSERT ON persons EXECUTE FUNCTION planted()",
        ],
        "persons, trigger planted",
        "TRIGGER_ROW",
    ),
    "a trigger of a reference table": (
        [
            "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER planted AFTER INSERT ON landlords"
            " FOR EACH ROW EXECUTE FUNCTION planted()",
        ],
        "landlords, trigger planted",
        "TRIGGER_REFERENCE",
    ),
    "a function that leaves its kommun": (
        [
            "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " UPDATE persons SET protection = 'none' WHERE id = NEW.id; RETURN NEW; END $$"
        ],
        "function planted()",
        "ROUTINE",
    ),
    "a function that asks all kommuner": (
        [
            "CREATE FUNCTION planted() RETURNS bigint LANGUAGE plpgsql STABLE AS $$"
            " DECLARE many bigint; BEGIN"
            " SELECT count(*) INTO many FROM persons; RETURN many; END $$"
        ],
        "function planted()",
        "ROUTINE",
    ),
    "a function that sets the tenant": (
        [
            "CREATE FUNCTION planted() RETURNS void LANGUAGE plpgsql AS $$ BEGIN"
            " PERFORM set_config('hemvist.tenant_id', 'x', true); END $$"
        ],
        "function planted()",
        "SETTING",
    ),
    "a view across kommuner": (
        [
            "CREATE VIEW planted AS SELECT c.id FROM cases c JOIN households h ON h.id = c.household_id"
        ],
        "view planted",
        "VIEW",
    ),
    "a view that looks elsewhere": (
        [
            "CREATE VIEW planted AS SELECT c.id FROM cases c"
            " WHERE EXISTS (SELECT FROM households h WHERE h.id = c.household_id)"
        ],
        "view planted",
        "VIEW",
    ),
    "rows apart": (["ALTER TABLE counters SET UNLOGGED"], "counters", "INHERITED"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_violation_is_found(owner: Connection, planted: str) -> None:
    lines, where, rule = PLANTED[planted]
    for statement in lines:
        owner.execute(text(statement))
    found = distribution.problems(owner)
    assert (where, rule) in {(one.where, one.rule.name) for one in found}, found
    told = next(str(one) for one in found if (one.where, one.rule.name) == (where, rule))
    assert told.startswith(f"{where}: ") and "Citus " in told


def test_statements_of_a_function_are_found() -> None:
    body = """
    DECLARE one uuid; BEGIN
        -- UPDATE nothing
        IF EXISTS (SELECT FROM cases c WHERE c.tenant_id = NEW.tenant_id) THEN
            INSERT INTO counters (tenant_id) VALUES (NEW.tenant_id);
        END IF;
        SELECT id INTO one FROM persons WHERE tenant_id = NEW.tenant_id FOR UPDATE;
        PERFORM hemvist_withhold(NEW.tenant_id, m.id) FROM household_members m;
        RETURN CASE WHEN one IS NULL THEN NULL ELSE NEW END;
    END
    """.replace("-- UPDATE nothing", "")
    assert [one.split()[0] for one in statements_of(body)] == [
        "SELECT",
        "INSERT",
        "SELECT",
        "SELECT",
    ]
    assert "INTO" not in list(statements_of(body))[2]
