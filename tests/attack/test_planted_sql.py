"""Holes planted in the database: the attack finds each of them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from hemvist.ids import new_id
from hemvist_attack import Tally
from hemvist_attack_pointers import attack_functions, attack_pointers
from hemvist_attack_sql import (
    attack_circle,
    attack_roles,
    attack_tables,
    close_made_up_circle,
    planted_door,
)
from hemvist_rows import owner_engine, set_context

pytestmark = pytest.mark.slow


@pytest.fixture
def owner(postgres: str, database: str) -> Iterator[Connection]:
    """A connection as the tables' owner whose work is undone. ``RESET ROLE`` makes it the server's
    administrator, who may be every role in turn."""
    name = urlsplit(database).path.removeprefix("/")
    engine = create_engine(
        make_url(postgres).set(drivername="postgresql+psycopg", database=name), poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text("SET ROLE hemvist_owner"))
        yield connection
        connection.rollback()


#: What is planted, where it is looked for, and what must be told of it.
HOLES = {
    "a policy that lets all through": (
        [
            "DROP POLICY tenant_isolation ON persons",
            "CREATE POLICY tenant_isolation ON persons USING (true)",
        ],
        "persons",
        "hemvist_staff in another kommun reads persons",
    ),
    "a policy that shows and does not let write": (
        [
            "DROP POLICY tenant_isolation ON persons",
            "CREATE POLICY tenant_isolation ON persons USING (true) WITH CHECK"
            " (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)",
        ],
        "persons",
        "hemvist_staff in none reads persons",
    ),
    "a policy without a check of what is written": (
        ["ALTER POLICY tenant_isolation ON households WITH CHECK (true)"],
        "households",
        "hemvist_staff in another kommun inserts into households (done)",
    ),
    "row security off": (
        ["ALTER TABLE cases DISABLE ROW LEVEL SECURITY"],
        "cases",
        "hemvist_staff in none changes cases",
    ),
    "a stray table": (
        [
            "CREATE TABLE planted (name text)",
            "INSERT INTO planted VALUES ('Alva Testsson')",
            "GRANT SELECT ON planted TO hemvist_landlord",
        ],
        "planted",
        "hemvist_landlord in none reads planted",
    ),
    "a copy of a table without its policies": (
        [
            "CREATE TABLE planted AS SELECT gen_random_uuid() AS id, id AS tenant_id FROM tenants",
            "GRANT SELECT, DELETE ON planted TO hemvist_worker",
        ],
        "planted",
        "hemvist_worker in another kommun deletes planted",
    ),
    "a view by somebody whom no policy binds": (
        [
            "RESET ROLE",
            "CREATE VIEW planted AS SELECT * FROM persons",
            "GRANT SELECT ON planted TO hemvist_exchange",
        ],
        "planted",
        "hemvist_exchange in none reads planted",
    ),
    "a right too many on what is of nobody": (
        ["GRANT DELETE ON networks TO hemvist_staff"],
        "networks",
        "hemvist_staff in none has DELETE on networks",
    ),
    "a table that may be emptied": (
        ["GRANT TRUNCATE ON audit_entries TO hemvist_operator"],
        "audit_entries",
        # It is pointed at, which is what it fails for: not for a right that is missing.
        "hemvist_operator in none empties audit_entries (0A000)",
    ),
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_is_found(
    hole: str, owner: Connection, filled: dict[str, UUID], other: UUID
) -> None:
    statements, relation, told = HOLES[hole]
    for statement in statements:
        owner.execute(text(statement))
    owner.execute(text("RESET ROLE"))
    found = Tally()
    attack_tables(found, filled, other, door=planted_door(owner), only=frozenset({relation}))
    assert told in found.finds


def test_without_a_hole_nothing_is_found_this_way(
    owner: Connection, filled: dict[str, UUID], other: UUID
) -> None:
    """A control: it is the hole that is found, not the way of looking."""
    owner.execute(text("RESET ROLE"))
    found = Tally()
    relations = frozenset(one for _, one, _ in HOLES.values())
    attack_tables(found, filled, other, door=planted_door(owner), only=relations)
    assert found.finds == []


#: What is planted in how rows point at rows, where it is looked for, and what must be told of it.
POINTERS = {
    "a reference that leaves the kommun out": (
        [
            "ALTER TABLE notices DROP CONSTRAINT {notices_case}",
            "CREATE UNIQUE INDEX planted ON cases (id)",
            "ALTER TABLE notices ADD CONSTRAINT planted FOREIGN KEY (case_id) REFERENCES cases (id)",
        ],
        "notices",
        "hemvist_staff points notices.case_id at another kommun's row",
    ),
    "no reference at all": (
        ["ALTER TABLE notices DROP CONSTRAINT {notices_case}"],
        "notices",
        "hemvist_staff points notices.case_id at another kommun's row",
    ),
    "ids that are one kommun's only": (
        ["CREATE UNIQUE INDEX planted ON households (id)"],
        "households",
        "hemvist_staff tells by an id of households that another kommun has it",
    ),
}


@pytest.mark.parametrize("hole", POINTERS)
def test_a_row_that_points_too_far_is_found(
    hole: str, owner: Connection, filled: dict[str, UUID], other_rows: dict[str, UUID]
) -> None:
    statements, table, told = POINTERS[hole]
    found = Tally()
    owner.execute(text("RESET ROLE"))
    attack_pointers(found, filled, other_rows, door=planted_door(owner), only=frozenset({table}))
    assert found.finds == []
    owner.execute(text("SET ROLE hemvist_owner"))
    names = {"notices_case": _reference(owner, "notices", "case_id")}
    for statement in statements:
        owner.execute(text(statement.format(**names)))
    owner.execute(text("RESET ROLE"))
    attack_pointers(found, filled, other_rows, door=planted_door(owner), only=frozenset({table}))
    assert told in found.finds


def _reference(owner: Connection, table: str, column: str) -> str:
    """The name of the foreign key that a column is in."""
    return str(
        owner.scalar(
            text(
                "SELECT c.conname FROM pg_constraint c JOIN pg_attribute a"
                " ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
                " WHERE c.contype = 'f' AND c.conrelid = CAST(:t AS regclass) AND a.attname = :c"
            ),
            {"t": table, "c": column},
        )
    )


#: Functions that are planted, and what must be told of them.
FUNCTIONS = {
    "one that works with its owner's rights": (
        "CREATE FUNCTION planted(who uuid) RETURNS bigint LANGUAGE sql SECURITY DEFINER"
        " SET search_path = public"
        " AS 'SELECT count(*) FROM persons WHERE tenant_id = who'",
        "hemvist_landlord learns by planted of another kommun",
    ),
    "one that believes its caller's names": (
        "CREATE FUNCTION planted() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "planted works as its owner, by whatever names its caller has made",
    ),
}


@pytest.mark.parametrize("hole", FUNCTIONS)
def test_a_function_that_tells_too_much_is_found(
    hole: str, owner: Connection, filled: dict[str, UUID], other_rows: dict[str, UUID]
) -> None:
    statement, told = FUNCTIONS[hole]
    owner.execute(text("RESET ROLE"))
    owner.execute(text(statement))
    found = Tally()
    attack_functions(
        found, filled, other_rows, door=planted_door(owner), only=frozenset({"planted"})
    )
    assert told in found.finds


@pytest.mark.parametrize("table", ["notices", "cases", "decisions"])
def test_a_table_that_the_circle_does_not_hide_is_found(
    table: str, owner: Connection, filled: dict[str, UUID]
) -> None:
    set_context(owner, filled["tenants"])
    close_made_up_circle(owner)
    owner.execute(text(f"DROP POLICY closed_circle ON {table}"))
    owner.execute(text("RESET ROLE"))
    found = Tally()
    attack_circle(found, filled["tenants"], new_id(), door=planted_door(owner))
    assert f"an outsider reads {table} of a closed case" in found.finds


@pytest.mark.parametrize(
    ("grant", "undo", "told"),
    [
        (
            "GRANT hemvist_owner TO hemvist_staff",
            "REVOKE hemvist_owner FROM hemvist_staff",
            "hemvist_staff: SET ROLE hemvist_owner (done)",
        ),
        (
            "GRANT CREATE ON SCHEMA public TO hemvist_landlord",
            "REVOKE CREATE ON SCHEMA public FROM hemvist_landlord",
            "hemvist_landlord: CREATE TABLE public.planted (a int) (done)",
        ),
    ],
)
def test_a_role_that_can_do_more_is_found(database: str, grant: str, undo: str, told: str) -> None:
    found = Tally()
    with owner_engine().begin() as connection:
        connection.execute(text(grant))
    try:
        attack_roles(found)
    finally:
        with owner_engine().begin() as connection:
            connection.execute(text(undo))
    assert told in found.finds
