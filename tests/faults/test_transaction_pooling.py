"""Behind a pooler in transaction mode, where kommuner take turns on one connection of the server."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import QueryCanceled
from sqlalchemy import func, select

from hemvist.db import Audience, audience_url, reading_connection
from hemvist.identity import Actor
from hemvist.identity.sessions import authenticate_session, revoke_session
from hemvist.outages import Outage, outage_of
from hemvist.outbox import InboxReceipt, OutboxEvent
from hemvist.tenancy import tenant_session
from hemvist_api import command
from hemvist_graphql.execution import execute_text
from hemvist_graphql.ids import global_id
from hemvist_infra.database import prepare_roles
from hemvist_infra.embedded import EmbeddedValkey
from hemvist_login import onboard_demo, session_cookie
from hemvist_paths import Told, ordinary, planned
from hemvist_pooler import follows_prepared, pooler
from hemvist_reads import DEEP, LIST
from hemvist_testing import open_folder, owner_connection
from hemvist_web import Web, locked, served_web, until
from hemvist_workshop import Workshop, wait_for
from hemvist_world import World, adult, new_world

WHO = "caseworker SOF-VUX"
PEOPLE_OF_THE_DEMO = (("helsingborg", "aida.lindqvist"), ("karlstad", "petra.solberg"))
#: Reads of each kommun at the same time, all of them over one connection.
READS, THREADS = int(os.environ.get("HEMVIST_TEST_POOLED_READS", "60")), 4


@pytest.fixture(scope="module")
def kommuner(database: str) -> list[World]:
    """Two kommuner whose households are named after them, with something of everything."""
    worlds = [new_world(), new_world()]
    for at, world in enumerate(worlds):
        for _ in range(3):
            world.case(adult(given_name=_name_of(at)))
    worlds[0].housed(worlds[0].case(adult(given_name=_name_of(0))))
    return worlds


def _name_of(at: int) -> str:
    return ("Alva", "Bertil")[at]


@pytest.fixture(scope="module", params=["unprepared", "prepared"])
def pooled(request: pytest.FixtureRequest, database: str, kommuner: list[World]) -> Iterator[bool]:
    """One connection of the server for all; whether statements are prepared."""
    prepared = request.param == "prepared"
    if prepared and not follows_prepared():
        pytest.skip("this PgBouncer is older than 1.21 and follows no prepared statements")
    with pooler(database, 1, prepared=prepared):
        yield prepared


NAMES = """query Names($first: Int) { cases(first: $first) { totalCount edges { cursor node { number
  household { members { person { givenName } } } timeline { recordedAt } } } } }"""


@pytest.mark.usefixtures("pooled")
def test_two_kommuner_take_turns_on_one_connection(kommuner: list[World]) -> None:
    wrong: list[str] = []

    def read(at: int, thread: int) -> None:
        who = kommuner[at][WHO]
        for turn in range(READS):
            # By a plan, and now and then by the other path, in a transaction.
            document = (
                NAMES if turn % 20 else NAMES.replace("{ cases", "{ __schema { __typename } cases")
            )
            variables = {"first": 1 + (turn + thread) % 3}
            try:
                told = _data(execute_text(who, document, variables))
                _belongs(told, at, variables["first"])
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")

    threads = [
        threading.Thread(target=read, args=(at, thread))
        for at in (0, 1)
        for thread in range(THREADS)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert not wrong, wrong[:3]
    # It was one: the pooler has no other.
    assert _server_connections() == 1


def _data(text: str) -> str:
    answer = json.loads(text)
    assert set(answer) == {"data"}, text[:500]
    return json.dumps(answer["data"])


def _belongs(told: str, at: int, count: int) -> None:
    edges = json.loads(told)["cases"]["edges"]
    assert len(edges) == count
    names = {
        member["person"]["givenName"]
        for edge in edges
        for member in edge["node"]["household"]["members"]
    }
    assert names == {_name_of(at)}, f"kommun {at} was told of {names}"


def _server_connections() -> int:
    with owner_connection() as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'hemvist_staff'"
            " AND datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.usefixtures("pooled")
def test_nothing_is_left_on_the_servers_connection(kommuner: list[World]) -> None:
    for world in kommuner:
        assert isinstance(planned(world[WHO], NAMES, {}), Told)
        assert not ordinary(world[WHO], NAMES, {}).failed
        url = audience_url(Audience.STAFF).set(drivername="postgresql")
        with psycopg.connect(
            url.render_as_string(hide_password=False), autocommit=True, prepare_threshold=None
        ) as connection:
            for setting in ("hemvist.tenant_id", "hemvist.principal_id"):
                row = connection.execute(f"SELECT current_setting('{setting}', true)").fetchone()
                assert row is not None and not row[0], setting
            # And without a kommun there are no rows.
            rows = connection.execute("SELECT count(*) FROM cases").fetchone()
            assert rows == (0,)


@pytest.mark.usefixtures("pooled")
@pytest.mark.parametrize("document", [LIST, DEEP], ids=["list", "one"])
def test_both_paths_agree_behind_the_pooler(kommuner: list[World], document: str) -> None:
    from hemvist.cases.models import Case

    for world in kommuner:
        cases = world.rows(Case)
        variables = {"id": global_id("Case", cases[-1].id)} if "$id" in document else {"first": 2}
        for _ in range(8):
            by_plan = planned(world[WHO], document, variables)
            assert by_plan == ordinary(world[WHO], document, variables)


@pytest.mark.usefixtures("pooled")
def test_commands_are_carried_out_once_behind_the_pooler(kommuner: list[World]) -> None:
    """Also those of both kommuner at the same time, each sent twice."""
    for at, world in enumerate(kommuner):
        household = global_id("Household", world.household(adult(given_name=_name_of(at))).id)
        given = {"householdId": household, "department": "SOF-VUX", "idempotencyKey": str(uuid4())}
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(_opened, [world[WHO]] * 4, [given] * 4))
        assert len({json.dumps(one) for one in answers}) == 1, answers
        assert answers[0]["__typename"] == "OpenCaseDone"


def _opened(who: Actor, given: dict[str, Any]) -> Any:
    return command(who, "openCase", given, "case { number }")


@pytest.mark.usefixtures("pooled", "valkey")
def test_sessions_are_found_behind_the_pooler() -> None:
    """Each in its kommun, by a statement that sets it itself; a shut one is gone at once."""
    onboard_demo()
    opened = [session_cookie(*one) for one in PEOPLE_OF_THE_DEMO]
    for _ in range(20):
        for _, cookie, session in opened:
            found = authenticate_session(cookie)
            assert found is not None
            assert found.actor.tenant_id == session.actor.tenant_id
            assert found.actor.name == session.actor.name
    assert revoke_session(opened[0][1]) is not None
    assert authenticate_session(opened[0][1]) is None
    assert authenticate_session(opened[1][1]) is not None


@pytest.mark.usefixtures("pooled")
def test_a_roles_own_time_limit_holds_behind_the_pooler(database: str) -> None:
    """docs/pooling.md: a pooler takes no settings from us, so reads have their limit from the role."""
    with owner_connection() as connection:
        connection.execute("ALTER ROLE hemvist_staff SET statement_timeout = '200ms'")
    try:
        _end_server_connections()
        with (
            pytest.raises(QueryCanceled) as stopped,
            reading_connection(Audience.STAFF) as lent,
        ):
            lent.execute("SELECT pg_sleep(5)")
        assert outage_of(stopped.value) is Outage.TIMEOUT
    finally:
        with owner_connection() as connection:
            connection.execute("ALTER ROLE hemvist_staff RESET statement_timeout")
        _end_server_connections()


def _end_server_connections() -> None:
    with owner_connection() as connection:
        connection.execute("GRANT hemvist_staff TO CURRENT_USER")
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE usename = 'hemvist_staff' AND datname = current_database()"
        )
        # The policies on staff would bind the owner in every test after this one.
        connection.execute("REVOKE hemvist_staff FROM CURRENT_USER")


@pytest.fixture(scope="module")
def web(pooled: bool, postgres: str, valkey: str) -> Iterator[Web]:
    """The web process behind the pooler, with limits that no test waits for."""
    with served_web(
        postgres, compiled_reads="true", read_time_limit="60", command_time_limit="60"
    ) as web:
        yield web


@pytest.mark.parametrize("more", ["", '__type(name: "Case") { name }'], ids=["planned", "ordinary"])
def test_a_caller_who_leaves_stops_the_statement_behind_the_pooler(web: Web, more: str) -> None:
    """The pooler passes the cancellation on, and to nobody else: all have one connection."""
    document = f"{{ cases {{ edges {{ node {{ number }} }} }} {more} }}"
    for _ in range(3):
        with locked("cases"):
            web.leave(document)
            assert until(lambda: web.running() == 0, 30)
        # Who has the connection next is not cancelled in its place.
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(web.ask, [document] * 12))
        assert [one.status_code for one in answers] == [200] * 12


@pytest.mark.usefixtures("pooled", "valkey")
def test_a_worker_handles_events_behind_the_pooler(kommuner: list[World]) -> None:
    """A worker's process, with both kommuner's events at once, on one connection for each audience."""
    with open_folder() as folder:
        workshop = Workshop(folder, EmbeddedValkey(folder / "valkey"))
        try:
            workshop.worker()
            for world in kommuner:
                world.case(adult())
            assert workshop.relayed() == 0
            wait_for("all are handled", lambda: not any(_unhandled(one) for one in kommuner))
        finally:
            workshop.close()


def _unhandled(world: World) -> int:
    """Events of the kommun that wait for the relay, and for which nobody has a receipt."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        waiting = select(func.count()).where(OutboxEvent.relayed_at.is_(None))
        if session.scalar(waiting):
            return 1
        receipts = session.scalar(select(func.count(InboxReceipt.event_id.distinct())))
    return 0 if receipts else 1


@pytest.mark.usefixtures("pooled")
def test_migrating_gives_the_roles_their_limits(database: str) -> None:
    """In this database alone, so that what asks without a transaction has them behind any pooler."""
    prepare_roles(database)
    with owner_connection() as connection:
        told = connection.execute(
            "SELECT r.rolname, s.setconfig FROM pg_db_role_setting s"
            " JOIN pg_roles r ON r.oid = s.setrole JOIN pg_database d ON d.oid = s.setdatabase"
            " WHERE d.datname = current_database()"
        ).fetchall()
    found = {name: set(settings) for name, settings in told}
    assert found["hemvist_staff"] == {"statement_timeout=5000ms", "jit=off"}
    assert found["hemvist_thinning"] == {"statement_timeout=60000ms"}
    assert len(found) == len(Audience)
