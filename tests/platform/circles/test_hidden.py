"""What the database says is hidden, by kind: equal to what the rows say, for everybody, and asked once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from hemvist.circles import glass
from hemvist.circles import service as circles
from hemvist.db import Audience, audience_url
from hemvist.identity import Membership, Role
from hemvist.ids import new_id
from hemvist.tenancy.closed_circles import KINDS
from hemvist.tenancy.declaration import THE_PLATFORM
from hemvist_world import World, adult, as_owner, child, new_world

MANAGER, CASEWORKER = "manager SOF-VUX", "caseworker SOF-VUX"
OTHERS = tuple(f"caseworker {number}" for number in range(6))
#: Whether the opening of whoever broke the glass still lets them see it.
LET_IN = {"open": True, "approved": True, "questioned": False, "over": False}


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun with five closed households, some people in some circles, and openings of all sorts."""
    made = new_world()
    for name in OTHERS:
        made.add(name, Membership(Role.CASEWORKER, "SOF-VUX"))
    dice = random.Random(3)
    closed = []
    for number in range(5):
        case = made.case(adult(), child())
        made.case()
        inside = [CASEWORKER, *dice.sample(OTHERS, number % 3)]
        made.act(
            MANAGER,
            circles.close,
            case_id=case.id,
            members=[made[one].principal_id for one in inside],
            reason="Hot.",
            expected_version=case.version,
        )
        closed.append(case)
    for state, number in zip(LET_IN, range(4), strict=True):
        breaker = made.add(state, Membership(Role.CASEWORKER, "SOF-VUX"))
        made.act(breaker, glass.break_glass, number=closed[number].number, reason="Hon ringer.")
        with as_owner(made.tenant_id) as connection:
            if state == "over":
                connection.execute(
                    "UPDATE circle_members SET until = now() - interval '1 second'"
                    " WHERE principal_id = %s",
                    (breaker.principal_id,),
                )
            elif state != "open":
                connection.execute(
                    "UPDATE case_openings SET state = %s, reviewed_at = now(), reviewed_by = %s,"
                    " remark_sealed = '\\x00' WHERE principal_id = %s",
                    (state, made[MANAGER].principal_id, breaker.principal_id),
                )
    # A person of a closed household who is in another closed one too, and one who was put out.
    with as_owner(made.tenant_id) as connection:
        connection.execute(
            "INSERT INTO circle_rows (tenant_id, id, circle_id, row_id, kind)"
            " SELECT r.tenant_id, gen_random_uuid(), c.id, r.row_id, 'person' FROM circle_rows r,"
            " case_circles c WHERE r.kind = 'person' AND c.id <> r.circle_id"
            " ON CONFLICT DO NOTHING"
        )
        connection.execute(
            "UPDATE circle_members SET removed_at = now(), removed_by = added_by"
            " WHERE id = (SELECT id FROM circle_members WHERE until IS NULL"
            " AND principal_id = ANY (%s) ORDER BY id LIMIT 1)",
            ([made[one].principal_id for one in OTHERS],),
        )
    return made


@contextmanager
def staff(world: World, principal: UUID | None) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the staff's role, as somebody."""
    url = audience_url(Audience.STAFF).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        connection.execute(
            "SELECT set_config('hemvist.tenant_id', %s, true),"
            " set_config('hemvist.principal_id', %s, true)",
            (str(world.tenant_id), "" if principal is None else str(principal)),
        )
        yield connection
        connection.rollback()


def told(world: World, principal: UUID | None) -> dict[str, set[UUID]]:
    """What the database hides from somebody, by kind."""
    found = {}
    with staff(world, principal) as connection:
        for kind in KINDS:
            rows = connection.execute(
                "SELECT lower(one), upper(one) FROM unnest(hemvist_hidden(%s)) one", (kind,)
            ).fetchall()
            assert all(first == last for first, last in rows)
            found[kind] = {first for first, _ in rows}
    return found


def reckoned(world: World, principal: UUID | None) -> dict[str, set[UUID]]:
    """The same by the rows, in Python."""
    with as_owner(world.tenant_id) as connection:
        rows = connection.execute("SELECT circle_id, row_id, kind FROM circle_rows").fetchall()
        members = connection.execute(
            "SELECT m.circle_id, m.principal_id, m.removed_at, m.until, o.state FROM circle_members m"
            " LEFT JOIN case_openings o ON o.tenant_id = m.tenant_id AND o.id = m.opening_id"
        ).fetchall()
    now = datetime.now(UTC)
    within = {
        circle
        for circle, who, removed, until, state in members
        if who == principal
        and removed is None
        and (until is None or (until > now and state != "questioned"))
    }
    shown = {row for circle, row, _ in rows if circle in within}
    return {kind: {row for _, row, of in rows if of == kind} - shown for kind in KINDS}


def test_it_is_what_the_rows_say_for_everybody(world: World) -> None:
    everything = reckoned(world, None)
    assert {kind: len(ids) for kind, ids in everything.items()} == {
        **dict.fromkeys(("case", "circle", "household"), 5),
        "person": 10,
        "document": 0,
    }
    seen = set()
    for name, actor in world.people.items():
        hidden = told(world, actor.principal_id)
        assert hidden == reckoned(world, actor.principal_id), name
        seen.add(len(hidden["case"]))
        if name in LET_IN:
            assert len(hidden["case"]) == (4 if LET_IN[name] else 5), name
    assert {0, 4, 5} <= seen


def test_whoever_names_nobody_or_a_stranger_sees_none_and_the_platform_all(world: World) -> None:
    for principal in (None, new_id()):
        assert told(world, principal) == reckoned(world, None)
    assert told(world, THE_PLATFORM) == {kind: set() for kind in KINDS}


def test_each_row_is_of_the_kind_that_it_says(world: World) -> None:
    tables = {
        "case": "cases",
        "circle": "case_circles",
        "household": "households",
        "person": "persons",
        "document": "documents",
    }
    assert set(tables) == set(KINDS)
    with as_owner(world.tenant_id) as connection:
        for kind, table in tables.items():
            query = (
                "SELECT count(*) FROM circle_rows"
                f" WHERE kind = %s AND row_id NOT IN (SELECT id FROM {table})"
            )
            assert connection.execute(query.encode(), (kind,)).fetchone() == (0,)


@pytest.mark.parametrize("kind", ["cases", "", None])
def test_a_kind_that_there_is_none_of_hides_nothing_and_is_refused(
    world: World, kind: str | None
) -> None:
    with (
        staff(world, new_id()) as connection,
        pytest.raises(psycopg.errors.InvalidParameterValue),
    ):
        connection.execute("SELECT hemvist_hidden(%s)", (kind,))


def _plan(connection: psycopg.Connection[Any], query: str) -> str:
    return "\n".join(line for (line,) in connection.execute(f"EXPLAIN {query}".encode()))


def test_it_is_asked_once_for_a_table_and_not_for_each_row(world: World) -> None:
    with staff(world, new_id()) as connection:
        for table in ("cases", "persons", "case_events"):
            plan = _plan(connection, f"SELECT * FROM {table}")
            assert "InitPlan" in plan
            assert "SubPlan" not in plan, plan


def test_statements_may_be_shared_out_among_processes(world: World) -> None:
    with staff(world, new_id()) as connection:
        hidden = connection.execute("SELECT count(*) FROM case_events").fetchone()
        for setting, value in (
            ("parallel_setup_cost", "0"),
            ("parallel_tuple_cost", "0"),
            ("min_parallel_table_scan_size", "0"),
            ("max_parallel_workers_per_gather", "2"),
            ("enable_bitmapscan", "off"),
            ("enable_indexscan", "off"),
            ("enable_indexonlyscan", "off"),
        ):
            connection.execute(f"SET LOCAL {setting} = {value}".encode())
        query = "SELECT count(*) FROM case_events"
        assert "Parallel Seq Scan" in _plan(connection, query)
        assert connection.execute(query.encode()).fetchone() == hidden
