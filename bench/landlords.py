"""What a landlord's pages cost: 500 landlords, 60 000 units, 30 kommuner, 16 users at once.

The real web processes, one for each of two cores, with a real session of each of 1 500 people. Users
read the start page, their units and their quotas, first with a person's pauses, then as fast as
answers come. No answer may hold a unit of another landlord. Then, in this process and in turns, the
start page's own document beside the same things read by hand: three statements on the tables with the
reach written out, and a dict.

    make bench-landlords                 # LANDLORD_UNITS=6000 LANDLORD_SECONDS=10 for a try
"""

from __future__ import annotations

import os
import pickle
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from graphql_bench.driver import Load, Outcome
from graphql_bench.processes import UNRATIONED, free_port, serving
from graphql_bench.variants import hemvist
from landlords_data import KOMMUNER, LANDLORDS, MEMBERS, UNITS, fill
from landlords_hand import by_hand
from report import Figure, report
from sweep import _server

#: One web process for each core, each with its part of the users.
USERS, PROCESSES, THINK, GOAL_MS = 16, 2, 1.0, 50.0
PAGES = {"start": 6, "units": 3, "quotas": 1}
REQUESTS, TURNS = 6_000, 200
#: Seconds of the same load beforehand: connections, plans and templates are made.
WARM = 10.0


def main() -> None:
    """Fill a database, serve, measure, report."""
    units = int(os.environ.get("LANDLORD_UNITS", UNITS))
    seconds = float(os.environ.get("LANDLORD_SECONDS", 60))
    os.environ.setdefault("HEMVIST_ENVIRONMENT", "development")
    os.environ.setdefault("HEMVIST_SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("HEMVIST_KEY_FOLDER", tempfile.mkdtemp(prefix="hemvist-bench-keys-"))
    ports = [free_port() for _ in range(PROCESSES)]
    port = ports[0]
    os.environ["HEMVIST_BASE_URL"] = f"http://127.0.0.1:{port}"
    Path("build/bench").mkdir(parents=True, exist_ok=True)
    with _server() as url, psycopg.connect(url) as connection:
        fill(connection, units)
        (made,) = connection.execute("SELECT count(*) FROM units").fetchone() or (0,)
        connection.commit()
        people = _people(connection)
        owners = _owners(connection)
        figures = [
            Figure("landlords", float(LANDLORDS), ""),
            Figure("their people", float(len(people)), ""),
            Figure("kommuner", float(KOMMUNER), ""),
            Figure("units", float(made), ""),
        ]
        log = Path("build/bench/landlords.log")
        settings = {"HEMVIST_LOG_LEVEL": "WARNING", **UNRATIONED}
        with ExitStack() as running:
            for one in ports:
                name = f"hemvist-{one}"
                running.enter_context(serving(name, hemvist(one), one, settings, log))
            requests = _requests(people, port)
            _loaded(requests, owners, ports, WARM, THINK)
            figures += _told("a person's pace", _loaded(requests, owners, ports, seconds, THINK))
            figures += _told("no pauses", _loaded(requests, owners, ports, seconds / 2, 0.0))
        figures += _beside(connection, people)
    report("landlords", figures)


def _people(connection: psycopg.Connection[Any]) -> list[tuple[UUID, int, str]]:
    """Each person's principal, the number of their landlord, and the cookie of a session."""
    from hemvist.db import Audience
    from hemvist.identity import use_directory
    from hemvist.identity.models import Principal
    from hemvist.identity.sessions import cookie_name, open_session
    from hemvist.tenancy import tenant_session
    from hemvist.tenancy.platform import PLATFORM_SLUG, PLATFORM_TENANT
    from hemvist_tenants import directory_of, login_tenants

    use_directory(directory_of(login_tenants()))
    rows = connection.execute(
        "SELECT p.id, l.n FROM principals p JOIN landlord_members m ON m.principal_id = p.id"
        " JOIN bench_landlords l ON l.landlord_id = m.landlord_id ORDER BY p.subject"
    ).fetchall()
    connection.commit()
    found = []
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        for principal_id, number in rows:
            opened = open_session(session, PLATFORM_SLUG, session.find(Principal, principal_id))
            found.append((principal_id, number, f"{cookie_name()}={opened.cookie}"))
    assert len(found) == LANDLORDS * MEMBERS
    return found


def _owners(connection: psycopg.Connection[Any]) -> dict[bytes, int]:
    """The number of the landlord of each unit, by the id that pages show."""
    from hemvist_graphql.ids import global_id

    rows = connection.execute(
        "SELECT u.id, l.n FROM units u JOIN bench_landlords l ON l.landlord_id = u.landlord_id"
    ).fetchall()
    connection.commit()
    return {global_id("Unit", unit).encode(): number for unit, number in rows}


def _requests(people: list[tuple[UUID, int, str]], port: int) -> list[tuple[bytes, int, str]]:
    dice = Random(11)
    pages = [page for page, share in PAGES.items() for _ in range(share)]
    made = []
    for number in range(REQUESTS):
        _, landlord, cookie = dice.choice(people)
        page = pages[number % len(pages)]
        text = (
            f"GET /hyresvard/{page} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n"
            f"Accept-Language: sv\r\nCookie: {cookie}\r\n\r\n"
        )
        made.append((text.encode(), landlord, page))
    dice.shuffle(made)
    return made


def _loaded(
    requests: list[tuple[bytes, int, str]],
    owners: dict[bytes, int],
    ports: list[int],
    seconds: float,
    think: float,
) -> list[Outcome]:
    """What came of the load at each process, all at the same time."""
    beside = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with tempfile.TemporaryDirectory() as folder:
        running = []
        for at, port in enumerate(ports):
            mine = requests[at :: len(ports)]
            load = Load(
                "127.0.0.1",
                port,
                [text for text, _, _ in mine],
                USERS // len(ports),
                seconds,
                think=think,
                never=(b"Traceback",),
                owners=owners,
                of=[landlord for _, landlord, _ in mine],
                kinds=[page for _, _, page in mine],
            )
            path = Path(folder) / f"load-{at}.pickle"
            path.write_bytes(pickle.dumps(load))
            command = [sys.executable, "-m", "graphql_bench.driver", str(path)]
            running.append((path, subprocess.Popen(command, env=beside)))
        if any(driver.wait() for _, driver in running):
            raise SystemExit("a driver failed")
        outcomes: list[Outcome] = [
            pickle.loads(path.with_suffix(".out").read_bytes()) for path, _ in running
        ]
    for outcome in outcomes:
        if outcome.errors:
            raise SystemExit(outcome.wrong[0].decode(errors="replace"))
    return outcomes


def _told(pace: str, outcomes: list[Outcome]) -> Iterator[Figure]:
    answers = sum(len(one.latencies) / one.seconds for one in outcomes)
    yield Figure(f"{pace}: answers", answers, "a second")
    recognised = sum(one.recognised for one in outcomes)
    yield Figure(f"{pace}: units recognised as one's own", float(recognised), "")
    for page in PAGES:
        ordered = sorted(time_ for one in outcomes for time_ in one.by_kind[page][0])
        goal = GOAL_MS if (page, pace) == ("start", "a person's pace") else None
        yield Figure(f"{pace}: {page}, median", ordered[len(ordered) // 2], "ms")
        yield Figure(f"{pace}: {page}, p95", ordered[len(ordered) * 95 // 100], "ms", goal)


def _beside(
    connection: psycopg.Connection[Any], people: list[tuple[UUID, int, str]]
) -> Iterator[Figure]:
    from hemvist.identity import Membership, Role
    from hemvist.identity.models import Principal
    from hemvist.identity.principals import actor_for
    from hemvist.tenancy import Audience, tenant_session
    from hemvist.tenancy.platform import PLATFORM_TENANT
    from hemvist_graphql.landlord import execute
    from hemvist_portal.documents import LANDLORDS as DOCUMENTS
    from hemvist_portal.documents import document

    chosen = Random(5).sample(people, TURNS)
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        earned = frozenset({Membership(Role.LANDLORD_AGENT)})
        actors = [
            actor_for(session.find(Principal, principal), earned) for principal, _, _ in chosen
        ]
    start = document("start", DOCUMENTS)

    def platform(at: int) -> None:
        answer = execute(actors[at], start, {"lang": "sv"})
        assert "errors" not in answer, answer

    def hand(at: int) -> None:
        by_hand(connection, chosen[at][0])

    for at in range(20):
        platform(at)
        hand(at)
    costs: dict[str, list[float]] = {"platform": [], "hand": []}
    ways: list[tuple[str, Callable[[int], None]]] = [("platform", platform), ("hand", hand)]
    for at in range(TURNS):
        for place in range(2):
            name, way = ways[(at + place) % 2]
            began = time.perf_counter()
            way(at)
            costs[name].append(time.perf_counter() - began)
    for name, found in costs.items():
        yield Figure(f"start document: {name}, median", statistics.median(found) * 1e3, "ms")
    yield Figure(
        "start document: platform beside hand",
        statistics.median(costs["platform"]) / statistics.median(costs["hand"]),
        "x",
    )


if __name__ == "__main__":
    main()
