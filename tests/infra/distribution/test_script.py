"""The script covers every table, can be carried out in its order and back again, and hides what was hidden.

Citus's own functions are not there: what stands in for them refuses what Citus refuses of a table at that
moment, and writes down what it was given.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from hemvist.db import Audience, audience_url
from hemvist.ids import new_id
from hemvist.migrations.landlord_views import VIEWS
from hemvist.migrations.tables import metadata
from hemvist.tenancy.closed_circles import guards
from hemvist_infra import catalogue
from hemvist_infra.database import is_spread, migrating_connection
from hemvist_infra.distribution import policies, script
from hemvist_infra.distribution.placement import Lying, placements
from hemvist_landlord_town import Town, made_town
from hemvist_rows import fill, owner_engine, set_context
from hemvist_testing import new_tenant

GOLDEN = Path(__file__).with_name("calls.sql")

STAND_INS = """
CREATE TABLE public.stood_in (seq serial, what text, relation text, beside text);
CREATE FUNCTION run_command_on_all_nodes(command text) RETURNS void LANGUAGE sql AS 'SELECT';
CREATE FUNCTION run_command_on_workers(command text) RETURNS void LANGUAGE sql AS
  $$ INSERT INTO stood_in (what, relation) VALUES ('everywhere', command) $$;
CREATE FUNCTION stand_in(what text, relation regclass, beside text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_policy WHERE polrelid = relation
      AND (polqual::text LIKE '%SUBLINK%' OR polwithcheck::text LIKE '%SUBLINK%')) THEN
    RAISE 'Subqueries are not supported in policies on distributed tables: %', relation;
  END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND relation IN (conrelid, confrelid)) THEN
    RAISE 'a reference is there: %', relation;
  END IF;
  IF what = 'reference' AND EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND NOT tgisinternal) THEN
    RAISE 'triggers are not supported on reference tables: %', relation;
  END IF;
  IF beside <> 'none' AND NOT EXISTS (SELECT FROM stood_in s
      WHERE s.what = 'distributed' AND s.relation = stand_in.beside) THEN
    RAISE 'relation % is not distributed', beside;
  END IF;
  INSERT INTO stood_in (what, relation, beside) VALUES (what, relation::text, beside);
END $$;
CREATE FUNCTION create_reference_table(relation regclass) RETURNS void LANGUAGE sql AS
  $$ SELECT stand_in('reference', relation, 'none') $$;
CREATE FUNCTION create_distributed_table(relation regclass, by_column text, colocate_with text,
  shard_count int DEFAULT 32) RETURNS void LANGUAGE sql AS
  $$ SELECT stand_in('distributed', relation, colocate_with) $$;
CREATE FUNCTION undistribute_table(relation regclass) RETURNS void LANGUAGE sql AS
  $$ INSERT INTO stood_in (what, relation) VALUES ('back', relation::text) $$;
"""


def test_the_calls_are_as_written_down() -> None:
    """Which table lies where is read in a review: make the file anew with a table, and look at it."""
    made = "".join(f"{one};\n" for one in script.calls())
    if os.environ.get("HEMVIST_WRITE_GOLDEN"):
        GOLDEN.write_text(made, encoding="utf-8")
    assert GOLDEN.read_text(encoding="utf-8") == made


def test_every_table_is_called_once() -> None:
    named = [re.findall(r"'(\w+)'", one)[0] for one in script.calls()]
    assert sorted(named) == sorted(metadata.tables)
    kinds = {name: "reference" if "reference" in one else "distributed"
             for name, one in zip(named, script.calls(), strict=True)}  # fmt: skip
    assert kinds == {name: placements()[name].lying.value for name in metadata.tables}
    assert named.index(script.ANCHOR) == sum(kind == "reference" for kind in kinds.values())


class Filled:
    """A kommun with a row in every table, its case closed to a circle, and the landlord of its homes."""

    def __init__(self) -> None:
        self.town: Town = made_town()
        self.tenant_id = new_tenant()
        ids = fill(self.tenant_id)
        self.inside, self.outside = ids["principals"], new_id()
        with owner_engine().begin() as owner:
            set_context(owner, self.tenant_id)
            owner.exec_driver_sql(
                "UPDATE circle_members SET until = NULL, opening_id = NULL, removed_at = NULL,"
                " removed_by = NULL"
            )
            owner.exec_driver_sql("DELETE FROM circle_rows")
            owner.exec_driver_sql("UPDATE case_circles SET in_force = false")
            owner.exec_driver_sql("UPDATE case_circles SET in_force = true")

    def seen(self) -> dict[tuple[str, str], int]:
        """How many rows each of several people see in each table or view."""
        tables = [
            table
            for table in sorted(guards(metadata))
            if "SELECT" in metadata.tables[table].info["tenancy"].grants["hemvist_staff"]
        ]
        found = {}
        for who, principal in {"inside": self.inside, "outside": self.outside}.items():
            found |= _counted(Audience.STAFF, self.tenant_id, principal, who, tables)
        for who in ("owner", "other", "narrow", "nobody"):
            principal = getattr(self.town, who).principal_id
            found |= _counted(Audience.LANDLORD, None, principal, who, VIEWS)
        return found


def _counted(
    role: Audience, tenant: UUID | None, principal: UUID | None, who: str, names: Iterable[str]
) -> dict[tuple[str, str], int]:
    url = audience_url(role).set(drivername="postgresql")
    found = {}
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        connection.execute(
            "SELECT set_config('hemvist.tenant_id', %s, true),"
            " set_config('hemvist.principal_id', %s, true)",
            (str(tenant or ""), str(principal or "")),
        )
        for name in names:
            row = connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone()
            assert row is not None
            found[who, name] = int(row[0])
    return found


@pytest.fixture(scope="module")
def spread(database: str) -> dict[str, Any]:
    """The database before, while it is spread, and after it was put together again."""
    filled = Filled()
    with migrating_connection(database) as connection:
        forward, backward = script.forward(connection), script.backward(connection)
        before = _definitions(database)
        assert catalogue.problems(connection) == []
    seen = filled.seen()
    with psycopg.connect(database, autocommit=True) as administrator:
        administrator.execute(STAND_INS.encode())
        administrator.execute(b"GRANT ALL ON stood_in, stood_in_seq_seq TO PUBLIC")
        _carry_out(administrator, forward)
        while_spread = filled.seen()
        noted = administrator.execute("SELECT what, relation FROM stood_in ORDER BY seq").fetchall()
        _carry_out(administrator, backward)
        after = filled.seen()
        for name in ("run_command_on_all_nodes", "run_command_on_workers", "create_reference_table",
                     "create_distributed_table", "undistribute_table", "stand_in"):  # fmt: skip
            administrator.execute(f"DROP FUNCTION {name}".encode())
        administrator.execute(b"DROP TABLE stood_in")
    return {
        "forward": forward, "seen": seen, "while": while_spread, "after": after, "noted": noted,
        "same": before == _definitions(database),
    }  # fmt: skip


def _carry_out(connection: psycopg.Connection[Any], parts: list[script.Part]) -> None:
    for part in parts:
        connection.execute(f"SET ROLE {part.role}".encode() if part.role else b"RESET ROLE")
        for statement in part.statements:
            connection.execute(statement.encode())
    connection.execute(b"RESET ROLE")


def _definitions(database: str) -> set[tuple[str, str]]:
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
            " UNION ALL SELECT polrelid::regclass::text, concat(polname, polcmd, polpermissive,"
            " pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) FROM pg_policy"
            " UNION ALL SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE NOT tgisinternal"
            " UNION ALL SELECT proname::text, prosrc FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace"
        ).fetchall()
    return {(str(one), str(two)) for one, two in rows}


def test_every_table_is_laid_where_it_belongs(spread: dict[str, Any]) -> None:
    laid = {relation: what for what, relation in spread["noted"] if what != "everywhere"}
    assert laid == {
        name: one.lying.value for name, one in placements().items() if one.lying is not Lying.LOCAL
    }


def test_functions_and_types_are_made_everywhere(spread: dict[str, Any]) -> None:
    everywhere = [text for what, text in spread["noted"] if what == "everywhere"]
    in_place = (f"{policies.PREFIX}cases_circle_shown(", f"{policies.PREFIX}units_reach_shown(")
    for name in (
        "hemvist_hidden(",
        "hemvist_join_circle(",
        "TYPE hemvist_ids",
        "btree_gist",
        *in_place,
    ):
        assert sum(name in text.split(" AS ")[0] for text in everywhere) == 1, name


def test_what_is_hidden_stays_hidden_and_nothing_more(spread: dict[str, Any]) -> None:
    seen = spread["seen"]
    assert spread["while"] == seen
    # Or the comparison would say nothing.
    assert all(seen["outside", table] == 0 for who, table in seen if who == "outside")
    assert sum(seen["inside", table] > 0 for who, table in seen if who == "inside") > 80
    shown = sum(seen["owner", view] > 0 for who, view in seen if who == "owner")
    other = sum(seen["other", view] > 0 for who, view in seen if who == "other")
    assert shown > 25 and other < shown


def test_a_spread_database_is_known(database: str) -> None:
    """``hemvist db migrate`` refuses one: it would make policies that Citus does not take."""
    with migrating_connection(database) as connection:
        assert not is_spread(connection)
        connection.exec_driver_sql("CREATE TABLE pg_dist_partition (logicalrelid regclass)")
        assert not is_spread(connection)
        connection.exec_driver_sql("INSERT INTO pg_dist_partition VALUES ('cases')")
        assert is_spread(connection)
        connection.rollback()


def test_the_way_back_leaves_the_database_as_it_was(spread: dict[str, Any]) -> None:
    assert spread["same"]
    assert spread["after"] == spread["seen"]
