"""Every statement of the portal's pages goes through indexes that begin with the kommun, also when
the planner knows no values (generic plans), in a kommun of thousands of households among others."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import RawCursor, sql

from hemvist.db import Audience, audience_url
from hemvist.identity import Actor
from hemvist_graphql.ids import global_id
from hemvist_multitude import multiply
from hemvist_paths import forget, planned
from hemvist_portal.documents import document
from hemvist_portal_reads import READS, given, reader_of_everything
from hemvist_reads import DEEP, LIST, PEOPLE, TODAY
from hemvist_world import as_owner

FACTS = """{ indicatorFacts(code: "waiting", area: "Dalhem", fromMonth: "2020-01-01", first: 50) {
  edges { node { begins area programmeLabel case { number } } } } }"""
#: How many times the kommun has what it had.
TIMES = 300
#: Rows of a table from which on reading all of it is a fault.
LARGE = 1_000
#: Rows that one look-up inside another may read on average, and a whole statement.
PER_LOOK_UP, IN_ALL = 60, 60_000


@dataclass(frozen=True)
class Large:
    """A large kommun, who reads everything there, and how many rows the tables have."""

    world: Any
    somebody: Actor
    rows: dict[str, int]
    tables: dict[str, str]


@pytest.fixture(scope="module")
def large(populated: Any) -> Large:
    somebody = reader_of_everything(populated.world)
    multiply(populated.other.tenant_id, TIMES // 4)
    multiply(populated.world.tenant_id, TIMES)
    with psycopg.connect(os.environ["HEMVIST_DATABASE_URL"]) as connection:
        rows = dict(
            connection.execute(
                "SELECT c.relname, c.reltuples::int FROM pg_class c WHERE c.relkind IN ('r', 'p')"
                " AND relrowsecurity"
            ).fetchall()
        )
        tables = dict(connection.execute("SELECT indexname, tablename FROM pg_indexes").fetchall())
    assert rows["households"] > 2_000 and rows["cases"] > 2_000
    return Large(populated.world, somebody, rows, tables)


Statement = tuple[bytes, list[Any]]


@contextmanager
def _noted() -> Iterator[list[Statement]]:
    """The statements of plans, as they are sent."""
    found: list[Statement] = []

    class Noting(RawCursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            found.append((query if isinstance(query, bytes) else str(query).encode(), params))
            return super().execute(query, params, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hemvist_graphql.compiled.carrying.RawCursor", Noting)
        yield found


@contextmanager
def _staff() -> Iterator[psycopg.Connection[Any]]:
    url = audience_url(Audience.STAFF).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        connection.execute("SET jit = off")
        yield connection
        connection.rollback()


def _explained(statement: Statement, mode: str) -> dict[str, Any]:
    """The statement's plan, carried out, with what each node of it read."""
    text, values = statement
    with _staff() as connection:
        connection.execute(f"SET plan_cache_mode = {mode}")
        connection.execute(b"PREPARE asked AS " + text)
        given = sql.SQL(", ").join(sql.Literal(value) for value in values or ())
        row = connection.execute(
            sql.SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE asked{}").format(
                sql.SQL("({})").format(given) if values else sql.SQL("")
            )
        ).fetchone()
    assert row is not None
    found: dict[str, Any] = row[0][0]["Plan"]
    return found


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _faults(plan: dict[str, Any], large: Large) -> list[str]:
    found = []
    in_all = 0.0
    for node in _nodes(plan):
        kind, table = node["Node Type"], node.get("Relation Name", "")
        if kind == "Seq Scan" and large.rows.get(table, 0) >= LARGE:
            found.append(f"reads all of {table}: {node.get('Filter')}")
        if kind in ("Index Scan", "Index Only Scan", "Bitmap Index Scan"):
            table = table or large.tables.get(node["Index Name"], "")
            condition = node.get("Index Cond", "")
            if table in large.rows and "tenant_id" not in condition:
                found.append(f"{node['Index Name']} of {table} without the kommun: {condition}")
        if table in large.rows:
            read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            loops = node["Actual Loops"]
            in_all += read * loops
            if loops > 3 and read > PER_LOOK_UP:
                found.append(f"{loops} look-ups of {read} rows each in {table}: {node}")
    if in_all > IN_ALL:
        found.append(f"reads {in_all:.0f} rows")
    return found


def _check(large: Large, who: Actor, text: str, variables: dict[str, Any]) -> int:
    forget()
    with _noted() as statements:
        planned(who, text, variables)
    _unlogged(large)
    for statement in statements:
        for mode in ("force_generic_plan", "force_custom_plan"):
            assert _faults(_explained(statement, mode), large) == [], (mode, statement[0].decode())
    return len(statements)


def _unlogged(large: Large) -> None:
    """Let a statement be carried out again: its audit entry has an id of its own."""
    with as_owner(large.world.tenant_id) as connection:
        connection.execute("DELETE FROM audit_entries")


@pytest.mark.parametrize("name", READS)
def test_a_page_of_the_portal(name: str, large: Large) -> None:
    count = _check(large, large.somebody, document(name), given(name, large.world))
    # Some of them read guidelines alone.
    assert count or name.startswith("pol")


@pytest.mark.parametrize("who", ["caseworker SOF-VUX", "manager SOF-VUX", "property"])
@pytest.mark.parametrize(
    "text",
    [LIST, DEEP, PEOPLE, TODAY, FACTS],
    ids=["list", "one", "people", "today", "facts"],
)
def test_a_list_and_a_case(who: str, text: str, large: Large) -> None:
    from hemvist.cases.models import Case

    variables = {"id": global_id("Case", large.world.rows(Case)[0].id)} if "$id" in text else {}
    assert _check(large, large.world[who], text, variables) == 1


def test_the_check_can_fail(large: Large) -> None:
    """A function around a column hides its index: each look-up reads the whole kommun."""
    loose = (
        b"WITH asking AS MATERIALIZED (SELECT set_config('hemvist.tenant_id', $1, true)::uuid AS t)"
        b" SELECT (SELECT count(*) FROM cases other WHERE other.tenant_id = asking.t"
        b" AND upper(other.household_id::text) = upper(c.household_id::text))"
        b" FROM asking, LATERAL (SELECT * FROM cases WHERE tenant_id = asking.t LIMIT 20) c"
    )
    plan = _explained((loose, [str(large.world.tenant_id)]), "force_generic_plan")
    assert any("look-ups" in fault for fault in _faults(plan, large))


def test_without_its_tenant_a_statement_finds_nothing(large: Large) -> None:
    """The policy holds when the statement sets something else; also its audit row is refused then."""
    forget()
    with _noted() as statements:
        planned(large.world["caseworker SOF-VUX"], "{ cases { totalCount } units { totalCount } }")
        planned(large.world["property"], "{ cases { totalCount } units { totalCount } }")
    _unlogged(large)
    [(text, values)] = statements
    assert _counts(text, values) > 0
    unset = text.replace(b"'hemvist.tenant_id'", b"'hemvist.elsewhere'")
    assert unset != text
    assert _counts(unset, values) == 0


def _counts(text: bytes, values: list[Any]) -> int:
    """The sum of the counts that a statement finds on a connection that has asked nothing yet."""
    with _staff() as connection, RawCursor(connection) as cursor:
        found = cursor.execute(text, values).fetchone()
    assert found is not None
    return sum(json.loads(one)["totalCount"] for one in found)
