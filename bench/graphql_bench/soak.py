"""``make load``: users who read pages and write, for minutes; no error, no leak, nobody else's row."""

from __future__ import annotations

import argparse
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from graphql_bench.cluster import Cluster
from graphql_bench.driver import Load, Outcome
from graphql_bench.operations import Ask, Operation, operations
from graphql_bench.processes import PostgresClock, Server
from graphql_bench.scene import Person, Scene, scene
from graphql_bench.variants import Fleet, Variant, variants

#: Of a hundred requests: the API's operations, the portal's pages as a browser gets them, a command.
SHARES = {"q1": 8, "q2": 12, "today": 14, "cases": 14, "case": 12, "household": 8, "follow_ups": 8}
PAGES = {"today": 6, "cases": 6, "cases/{case}": 5, "households": 2}
WRITES = 5
REQUESTS = 12_000
#: Seconds until caches are full; memory is judged after them.
WARM = 120
#: Seconds over which the users come.
RAMP = 60.0
SAMPLE_EVERY = 5.0
MOST_GROWTH = 1.0


def soak(at: Cluster, given: argparse.Namespace) -> None:
    """Run the load, print and write what came of it; ends with status 1 where a promise is broken."""
    who = scene(at, given.places)
    server = given.server
    with Fleet(at, given.output.parent / "logs", given.sample) as fleet:
        fleet.start({server})
        running = fleet.servers[server]
        way = next(one for one in variants(who) if one.name == "compiled")
        load = mixed(at, who, way, running, given.users, given.minutes * 60, given.think)
        print(
            f"{given.users} users, {len(load.requests)} different requests of"
            f" {len(set(load.of))} kommuner, {len(load.owners)} known rows, for {given.minutes:g} min"
        )
        told = _run(load, running, PostgresClock(at.pid))
        alive = running.process.poll() is None
    told |= {"server": server, "users": given.users, "think": given.think, "alive": alive}
    file = given.output.with_name(f"load-{server}.json")
    file.write_text(json.dumps(told, indent=1) + "\n")
    for name, value in told.items():
        if name != "samples":
            print(f"  {name}: {value}")
    slope = told["growth_mb_per_minute"]
    if told["errors"] or not alive or slope is None or slope > MOST_GROWTH:
        raise SystemExit("the load did not hold")


def mixed(
    at: Cluster, who: Scene, way: Variant, server: Server, users: int, seconds: float, think: float
) -> Load:
    """The requests of everybody in a random order, with whose they are and what must be in them."""
    dice = Random(23)
    known = operations()
    numbers = {person.tenant: at_ for at_, person in enumerate(who.people)}
    cookies = _sessions(who)
    made: list[tuple[bytes, int, bytes, str]] = []
    for name, share in {**SHARES, "q3": WRITES}.items():
        operation = known[name]
        for ask in _some(operation, who, REQUESTS * share // 100, dice):
            request = way.encode(operation, ask, server.port)
            assert request is not None
            made.append((request, numbers[ask.person.tenant], ask.holds.encode(), name))
    for path, share in PAGES.items():
        for ask in _some(known["q2"], who, REQUESTS * share // 100, dice):
            person = ask.person
            page = _page(person, path.format(case=ask.holds), cookies, server.port)
            made.append((page, numbers[person.tenant], f"/{person.slug}/".encode(), f"/{path}"))
    dice.shuffle(made)
    return Load(
        "127.0.0.1",
        server.port,
        [one for one, _, _, _ in made],
        users,
        seconds,
        think=think,
        ramp=min(RAMP, seconds / 5),
        holds=[one for _, _, one, _ in made],
        owners=_owners(at, numbers),
        kinds=[one for _, _, _, one in made],
        of=[one for _, one, _, _ in made],
    )


def _some(operation: Operation, who: Scene, many: int, dice: Random) -> Iterator[Ask]:
    asks = list(islice(operation.asks(who), 5_000))
    if operation.writes:
        # The same key twice is the same command: it must be answered, and not carried out again.
        return iter([asks[number % len(asks)] for number in range(many)])
    return (dice.choice(asks) for _ in range(many))


def _page(person: Person, path: str, cookies: dict[Any, str], port: int) -> bytes:
    return (
        f"GET /{person.slug}/{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Accept: text/html\r\nAccept-Language: sv\r\nCookie: {cookies[person.principal]}\r\n\r\n"
    ).encode()


def _sessions(who: Scene) -> dict[Any, str]:
    """A session of the portal for everybody, as a login opens it."""
    from hemvist.db import Audience
    from hemvist.identity import use_directory
    from hemvist.identity.models import Principal
    from hemvist.identity.sessions import cookie_name, open_session
    from hemvist.tenancy import tenant_session
    from hemvist_tenants import directory_of, load_tenants

    use_directory(directory_of(load_tenants()))
    found = {}
    for person in who.people:
        with tenant_session(Audience.STAFF, person.tenant, person.principal) as session:
            principal = session.find(Principal, person.principal)
            opened = open_session(session, person.slug, principal)
        found[person.principal] = f"{cookie_name()}={opened.cookie}"
    return found


def _owners(at: Cluster, numbers: dict[Any, int]) -> dict[bytes, int]:
    """The ids of every case, household, person and unit of the kommuner, and whose they are."""
    from hemvist_graphql.ids import global_id

    tables = {"cases": "Case", "households": "Household", "persons": "Person", "units": "Unit"}
    found = {}
    with at.connect() as connection:
        for table, type_name in tables.items():
            rows = connection.execute(
                f"SELECT tenant_id, id FROM {table} WHERE tenant_id = ANY (%s)",
                [list(numbers)],
            )
            for tenant, row in rows:
                found[global_id(type_name, row).encode()] = numbers[tenant]
    return found


def _run(load: Load, server: Server, postgres: PostgresClock) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "load.pickle"
        path.write_bytes(pickle.dumps(load))
        began, cpu, worked = time.monotonic(), server.cpu, postgres()
        driver = subprocess.Popen([sys.executable, "-m", "graphql_bench.driver", str(path)])
        samples: list[tuple[float, float]] = []
        while driver.poll() is None and server.process.poll() is None:
            samples.append((time.monotonic() - began, server.rss / 1e6))
            time.sleep(SAMPLE_EVERY)
        if server.process.poll() is not None:
            driver.kill()
            return {"errors": -1, "growth_mb_per_minute": None, "samples": samples}
        cpu, worked = server.cpu - cpu, postgres() - worked
        outcome: Outcome = pickle.loads(path.with_suffix(".out").read_bytes())
    latencies = sorted(outcome.latencies)
    many = max(len(latencies), 1)
    warm = min(WARM, load.seconds / 3)
    return {
        "requests": len(latencies),
        "errors": outcome.errors,
        "wrong": [one[-400:].decode(errors="replace") for one in outcome.wrong],
        "kinds": {
            kind: f"{len(times)} requests, {failed} errors, p50 {sorted(times)[len(times) // 2]:.0f} ms"
            for kind, (times, failed) in sorted(outcome.by_kind.items())
        },
        "rows_recognised": outcome.recognised,
        "per_second": round(len(latencies) / outcome.seconds, 1),
        "p50_ms": round(latencies[many // 2], 1),
        "p95_ms": round(latencies[many * 95 // 100], 1),
        "p99_ms": round(latencies[many * 99 // 100], 1),
        "server_ms": round(1e3 * cpu / many, 2),
        "postgres_ms": round(1e3 * worked / many, 2),
        "driver_ms": round(1e3 * outcome.own_cpu / many, 2),
        "rss_mb_after_warming": round(next((mb for at, mb in samples if at >= warm), 0.0), 1),
        "rss_mb_at_end": round(samples[-1][1], 1),
        "growth_mb_per_minute": slope([one for one in samples if one[0] >= warm]),
        "samples": [(round(at), round(mb, 1)) for at, mb in samples],
    }


def slope(samples: list[tuple[float, float]]) -> float | None:
    """Megabytes a minute by least squares; None for too few samples to say."""
    if len(samples) < 4:
        return None
    middle = sum(at for at, _ in samples) / len(samples)
    mean = sum(mb for _, mb in samples) / len(samples)
    spread = sum((at - middle) ** 2 for at, _ in samples)
    return round(60 * sum((at - middle) * (mb - mean) for at, mb in samples) / spread, 3)
