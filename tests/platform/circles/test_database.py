"""The circle is the database's: whatever the staff's role asks or writes, in every table that hangs
on a case, and with plans that use the same indexes as before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text

from hemvist.db import Audience, audience_url
from hemvist.ids import new_id
from hemvist.migrations.tables import metadata
from hemvist.tenancy.closed_circles import OPEN, POLICY, guards
from hemvist.tenancy.declaration import THE_PLATFORM
from hemvist_infra import circle_policies
from hemvist_infra.database import migrating_connection
from hemvist_rows import fill, owner_engine, set_context
from hemvist_testing import new_tenant

GUARDED = sorted(guards(metadata))


class Filled:
    """A kommun with a row in every table, all of one case; the case closed, with one person in."""

    def __init__(self) -> None:
        self.tenant_id = new_tenant()
        self.ids = fill(self.tenant_id)
        self.inside = self.ids["principals"]
        self.outside = new_id()
        with owner_engine().begin() as owner:
            set_context(owner, self.tenant_id)
            # The made-up circle: its member is named, and it comes into force.
            owner.execute(text("UPDATE circle_members SET until = NULL, opening_id = NULL,"
                               " removed_at = NULL, removed_by = NULL"))  # fmt: skip
            owner.execute(text("DELETE FROM circle_rows"))
            owner.execute(text("UPDATE case_circles SET in_force = false"))
            owner.execute(text("UPDATE case_circles SET in_force = true"))


@pytest.fixture(scope="module")
def filled(database: str) -> Filled:
    return Filled()


@contextmanager
def staff(filled: Filled, principal: UUID | None) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the staff's role in the kommun, as somebody; undone at the end."""
    url = audience_url(Audience.STAFF).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        connection.execute(
            "SELECT set_config('hemvist.tenant_id', %s, true),"
            " set_config('hemvist.principal_id', %s, true)",
            (str(filled.tenant_id), "" if principal is None else str(principal)),
        )
        yield connection
        connection.rollback()


def readable(table: str) -> bool:
    return "SELECT" in metadata.tables[table].info["tenancy"].grants.get("hemvist_staff", ())


@pytest.mark.parametrize("table", [name for name in GUARDED if readable(name)])
def test_who_is_outside_reads_no_row_of_it(table: str, filled: Filled) -> None:
    query = f"SELECT count(*) FROM {table}".encode()
    with staff(filled, filled.inside) as connection:
        assert connection.execute(query).fetchone() != (0,)
    for other in (filled.outside, None):
        with staff(filled, other) as connection:
            assert connection.execute(query).fetchone() == (0,)


def test_nor_changes_or_removes_one(filled: Filled) -> None:
    tried = 0
    for table in GUARDED:
        granted = metadata.tables[table].info["tenancy"].grants["hemvist_staff"]
        if not readable(table):
            continue
        for privilege, statement in (
            ("UPDATE", f"UPDATE {table} SET id = id"),
            ("DELETE", f"DELETE FROM {table}"),
        ):
            if privilege in granted:
                with staff(filled, filled.outside) as connection:
                    assert connection.execute(statement.encode()).rowcount == 0, table
                tried += 1
    assert tried > 30


@pytest.mark.parametrize("table", ["case_events", "notices", "decisions", "letters", "obligations"])
def test_nor_writes_one(table: str, filled: Filled) -> None:
    copied = (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, %s::jsonb)).*"
    ).encode()
    with staff(filled, filled.inside) as connection:
        row = connection.execute(f"SELECT to_jsonb(t) FROM {table} t LIMIT 1".encode()).fetchone()
    assert row is not None
    document = psycopg.types.json.Jsonb({**row[0], "id": str(uuid4())})
    with (
        staff(filled, filled.outside) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        connection.execute(copied, (document,))


ATTACKS = {
    "lifting it": "UPDATE case_circles SET in_force = false",
    "unhiding its rows": "DELETE FROM circle_rows",
    "taking its members away": "UPDATE circle_members SET removed_at = now()",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_who_is_outside_cannot_undo_it(attack: str, filled: Filled) -> None:
    with staff(filled, filled.outside) as connection:
        assert connection.execute(ATTACKS[attack].encode()).rowcount == 0


def test_nor_name_themselves(filled: Filled) -> None:
    with (
        staff(filled, filled.outside) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        connection.execute(
            "INSERT INTO circle_members (tenant_id, id, circle_id, principal_id, added_at, added_by)"
            " SELECT tenant_id, gen_random_uuid(), id, %s, now(), %s FROM case_circles",
            (filled.outside, filled.outside),
        )


def test_a_time_needs_an_opening_that_is_logged(filled: Filled) -> None:
    with (
        staff(filled, filled.outside) as connection,
        pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)),
    ):
        connection.execute(
            "INSERT INTO circle_members"
            " (tenant_id, id, circle_id, principal_id, added_at, added_by, until)"
            " SELECT tenant_id, gen_random_uuid(), id, %s, now(), %s, now() + interval '1 hour'"
            " FROM case_circles",
            (filled.inside, filled.inside),
        )


def test_workers_and_landlords_views_are_not_bound(filled: Filled) -> None:
    url = audience_url(Audience.WORKER).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        connection.execute(
            "SELECT set_config('hemvist.tenant_id', %s, true)", (str(filled.tenant_id),)
        )
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (1,)


def test_nor_is_what_the_platform_does_for_a_landlord(filled: Filled) -> None:
    with staff(filled, THE_PLATFORM) as connection:
        assert connection.execute("SELECT count(*) FROM offers").fetchone() == (1,)


def test_the_kommuns_index_is_still_used(filled: Filled) -> None:
    with staff(filled, filled.outside) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        for query in (
            "SELECT * FROM cases WHERE household_id = %s",
            "SELECT * FROM case_events WHERE case_id = %s",
            "SELECT * FROM contract_parties WHERE contract_id = %s",
        ):
            plan = "\n".join(
                line for (line,) in connection.execute(f"EXPLAIN {query}".encode(), (uuid4(),))
            )
            assert "Index Cond: ((tenant_id" in plan, plan


def test_every_table_that_hangs_on_a_case_is_guarded(database: str) -> None:
    with migrating_connection(database) as owner:
        made = {
            name
            for (name,) in owner.execute(
                text(
                    "SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
                    f" WHERE p.polname = '{POLICY}' AND NOT p.polpermissive"
                )
            )
        }
        # By the database's own account: what has a case, or points at what has one.
        pointing = owner.execute(
            text(
                "SELECT DISTINCT c.conrelid::regclass::text, c.confrelid::regclass::text"
                " FROM pg_constraint c WHERE c.contype = 'f'"
            )
        ).all()
        hanging = {
            name
            for (name,) in owner.execute(
                text(
                    "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
                    " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
                    " AND a.attname IN ('case_id', 'household_id', 'person_id')"
                )
            )
        } | {"cases", "households", "persons"}
    while more := {one for one, other in pointing if other in hanging} - hanging:
        hanging |= more
    read = {
        name
        for name in hanging
        if metadata.tables[name].info["tenancy"].grants.get("hemvist_staff")
    }
    assert read - made == set(OPEN)
    assert made - read == {"documents"}
    assert all(OPEN.values())


FAULTS = {
    "missing": ("DROP POLICY closed_circle ON decisions", "decisions: policy closed_circle is missing"),
    "lets all through": (
        "ALTER POLICY closed_circle ON decisions USING (true)",
        "decisions: policy closed_circle is not as declared",
    ),
    "for nobody": (
        "ALTER POLICY closed_circle ON decisions TO hemvist_operator",
        "decisions: policy closed_circle is not as declared",
    ),
    "lifting by anybody": (
        "DROP POLICY closed_circle_update ON case_circles",
        "case_circles: policy closed_circle_update is missing",
    ),
    "one more": (
        "CREATE POLICY closed_circle_more ON decisions USING (true)",
        "decisions: policy closed_circle_more is not declared",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen_and_mended(database: str, fault: str) -> None:
    statement, line = FAULTS[fault]
    with migrating_connection(database) as owner:
        assert circle_policies.problems(owner) == []
        owner.execute(text(statement))
        assert line in circle_policies.problems(owner)
        assert circle_policies.make(owner)
        assert circle_policies.problems(owner) == []
        assert not circle_policies.make(owner)
        owner.rollback()
