"""Figures to steer by in a whole country: counting, a night's snapshot, and the start page.

On national data (docs/national-data.md), whose kommuner it counts: the largest, the one in the middle and
the smallest. The page is asked for by a member of the steering group, over and over, of one web process
as it is served; answers around which the machine's host took processors away are left out and told of.

    HEMVIST_DATABASE_URL=… HEMVIST_TENANTS_DIR=.local/national make bench-figures      # FIGURES_ASKED=300

With ``FIGURES_COUNTRY=290`` so many kommuner, the largest first, are counted and told before, one after
the other, and it is said how many of them have enough told for a forecast.
"""

from __future__ import annotations

import http.client
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx2
from graphql_bench.paced import AFTER, Host
from graphql_bench.processes import UNRATIONED, free_port, serving
from report import Figure, report

ASKED = int(os.environ.get("FIGURES_ASKED", "300"))
COUNTRY = int(os.environ.get("FIGURES_COUNTRY", "0"))
#: Milliseconds for the start page's 95th percentile, and seconds for a kommun's nightly snapshot.
PAGE_GOAL, NIGHT_GOAL = 100.0, 2.0
STEERING = "steering-1"


@dataclass(frozen=True, slots=True)
class Measured:
    """A kommun that is measured, and how many cases it has."""

    tenant_id: UUID
    slug: str
    cases: int


def main() -> None:
    """Count, take a night's snapshot, ask for the page; report."""
    if "HEMVIST_DATABASE_URL" not in os.environ:
        raise SystemExit("HEMVIST_DATABASE_URL must name a database with national data")
    os.environ.setdefault("HEMVIST_ENVIRONMENT", "test")
    os.environ.setdefault("HEMVIST_SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("HEMVIST_LOG_LEVEL", "ERROR")
    every = kommuner()
    found = [every[0], every[len(every) // 2], every[-1]]
    figures = country(every[:COUNTRY]) if COUNTRY else []
    for which, one in zip(("largest", "middle", "smallest"), found, strict=True):
        figures += counted(which, one)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        environment = {**UNRATIONED, "HEMVIST_PORT": str(port), "HEMVIST_BASE_URL": address}
        command = [sys.executable, "-m", "uvicorn", "hemvist_infra.app:create_app", "--factory"]
        with serving(
            "web", [*command, "--port", str(port)], port, environment, Path(folder) / "web.log"
        ):
            for which, one in zip(("largest", "middle", "smallest"), found, strict=True):
                figures += asked(which, one, address)
    report("figures", figures)


def kommuner() -> list[Measured]:
    """All kommuner, the one with the most cases first."""
    import psycopg

    with psycopg.connect(os.environ["HEMVIST_DATABASE_URL"]) as owner:
        tenants = owner.execute(
            "SELECT id, slug FROM tenants WHERE kind = 'kommun' AND status = 'active'"
        ).fetchall()
        sizes = []
        for tenant_id, slug in tenants:
            owner.execute("SELECT set_config('hemvist.tenant_id', %s, true)", (str(tenant_id),))
            row = owner.execute("SELECT count(*) FROM cases").fetchone()
            sizes.append((row[0] if row else 0, slug, tenant_id))
    sizes.sort(reverse=True)
    print(f"{len(sizes)} kommuner, {sum(size for size, _, _ in sizes)} cases", flush=True)
    return [Measured(tenant_id, slug, cases) for cases, slug, tenant_id in sizes]


def country(found: Sequence[Measured]) -> list[Figure]:
    """Many kommuner in one process: from nothing, all months told, a night with nothing new."""
    from hemvist.clock import today
    from hemvist.indicators.forecasting.reading import read_basis
    from hemvist.tenancy import Audience, tenant_session
    from hemvist_workers import figures

    for one in found:
        forget(one)
    took = []
    for work in (figures.everything, figures.count_changed, figures.tell):
        began = time.perf_counter()
        for one in found:
            work(one.tenant_id)
        took.append(time.perf_counter() - began)
    forecast = of_homes = 0
    for one in found:
        with tenant_session(Audience.WORKER, one.tenant_id) as session:
            basis = read_basis(session, today())
        if basis is not None and not basis.lacks(today()):
            forecast += 1
            of_homes += basis.homes is not None
    name = f"{len(found)} kommuner"
    return [
        Figure(f"{name}: counted from nothing, kept and told", took[0], "s"),
        Figure(f"{name}: what changed counted, of nothing", took[1], "s"),
        Figure(f"{name}: told, of nothing new", took[2], "s"),
        Figure(f"{name}: with enough told for a forecast", forecast, "kommuner"),
        Figure(f"{name}: of which homes are told too", of_homes, "kommuner"),
    ]


def counted(which: str, one: Measured) -> list[Figure]:
    """From nothing, ten years of months told, and then a night like any other at a month's end."""
    from hemvist.clock import today
    from hemvist.indicators.snapshots import month_of
    from hemvist_workers import figures

    name = f"{which} ({one.cases} cases)"
    forget(one)
    began = time.perf_counter()
    place = figures.count_slice(one.tenant_id, None)
    while place is not None:
        place = figures.count_slice(one.tenant_id, place)
    whole = time.perf_counter() - began
    began = time.perf_counter()
    # All months but one.
    figures.tell(one.tenant_id, month_of(today()) - timedelta(days=1))
    history = time.perf_counter() - began
    began = time.perf_counter()
    figures.count_changed(one.tenant_id)
    figures.tell(one.tenant_id, month_of(today()))
    night = time.perf_counter() - began
    began = time.perf_counter()
    figures.count_changed(one.tenant_id)
    figures.tell(one.tenant_id, month_of(today()))
    again = time.perf_counter() - began
    return [
        Figure(f"{name}: counted from nothing", whole, "s"),
        Figure(f"{name}: all months before kept and told", history, "s"),
        Figure(f"{name}: a month's snapshot and telling", night, "s", NIGHT_GOAL),
        Figure(f"{name}: a night with nothing new", again, "s"),
    ]


def forget(one: Measured) -> None:
    """Take away what an earlier run counted, kept and told: what is kept is never kept again."""
    import psycopg

    with psycopg.connect(os.environ["HEMVIST_DATABASE_URL"]) as owner:
        owner.execute("SELECT set_config('hemvist.tenant_id', %s, true)", (str(one.tenant_id),))
        for table in ("indicator_told", "indicator_snapshots", "indicator_facts", "indicator_runs"):
            owner.execute(f"DELETE FROM {table} WHERE tenant_id = %s", (one.tenant_id,))


def asked(which: str, one: Measured, address: str) -> list[Figure]:
    """The start page's times, as somebody of the steering group waits for it."""
    path, name = f"/{one.slug}/figures", f"{which}: start page"
    with httpx2.Client(base_url=address, trust_env=False, follow_redirects=False) as client:
        begun = client.get(f"/{one.slug}/login").headers["location"]
        given = dict(httpx2.QueryParams(begun.split("?", 1)[1]))
        back = client.post(
            f"/dev-issuer/{one.slug}/authorize", data={**given, "username": STEERING}
        ).headers["location"]
        client.get(back)
        first = client.get(path)
        if first.status_code != 200:
            raise SystemExit(f"{path}: {first.status_code} {first.text[:300]}")
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)
    times, left_out = paced(int(address.rsplit(":", 1)[1]), path, cookies)
    return [
        Figure(f"{name}, median", statistics.median(times), "ms"),
        Figure(f"{name}, 95th percentile", quantile(times, 0.95), "ms", PAGE_GOAL),
        Figure(f"{name}, left out as disturbed", 100 * left_out, "%"),
    ]


def paced(port: int, path: str, cookies: str) -> tuple[list[float], float]:
    """Milliseconds of each answer that the host left alone, and the share of the others."""
    found: list[tuple[float, float]] = []
    with Host() as machine:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(ASKED):
            time.sleep(0.05)
            due = time.monotonic()
            connection.request("GET", path, headers={"Cookie": cookies})
            answer = connection.getresponse()
            answer.read()
            found.append((due, (time.monotonic() - due) * 1000))
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")
        time.sleep(AFTER)
    alone = [took for due, took in found if machine.left_alone(due)]
    return alone or [took for _, took in found], 1 - len(alone) / len(found)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that so large a share lie at or below."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


if __name__ == "__main__":
    main()
