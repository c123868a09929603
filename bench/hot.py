"""Where one planned request spends its time: CPU of this process and of PostgreSQL, in turns.

The real application is called in-process as a server would call it (no sockets), with a token and
with the portal's session; beside it a statement written by hand sent from bare ASGI, the same request
layer by layer, and with telemetry off, at no, 1 % and all traces. Ratios of one run are what matters.
``HEMVIST_DATABASE_URL`` with ``HEMVIST_TENANTS_DIR`` names a database of ``hemvist demo national``
with its keys in ``HEMVIST_SECRET_KEY`` and ``HEMVIST_KEY_FOLDER``; else one is made.

    make bench-hot          BENCH_ROUNDS=20 BENCH_EACH=20, and log lines go to 2>/dev/null
"""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from graphql_bench.processes import UNRATIONED
from hot_phases import layers, sink, telemetry
from hot_requests import LIST, ONE, Asking, bare, by_hand, request
from report import Figure, report

Way = Callable[[], Awaitable[Any]]

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "20"))
EACH = int(os.environ.get("BENCH_EACH", "20"))
#: The share of traces that are kept; the first is what others are compared with.
RATIOS = {"off": None, "no traces": 0.0, "1 % of traces": 0.01, "all traces": 1.0}


def main() -> None:
    """Start what is missing, measure, report."""
    os.environ.setdefault("HEMVIST_ENVIRONMENT", "test")
    os.environ.setdefault("HEMVIST_SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("HEMVIST_KEY_FOLDER", tempfile.mkdtemp(prefix="hemvist-bench-keys-"))
    os.environ.setdefault("HEMVIST_COMPILED_READS", "true")
    os.environ.setdefault("HEMVIST_LOG_LEVEL", "INFO")
    os.environ.update(UNRATIONED)
    with _filled(), sink() as collector:
        os.environ["HEMVIST_OTLP_ENDPOINT"] = collector
        report("hot", measured())


@contextmanager
def _filled() -> Iterator[None]:
    if "HEMVIST_DATABASE_URL" in os.environ:
        yield
        return
    from hemvist_infra.embedded import EmbeddedPostgres
    from hemvist_infra.embedded.database import own_database

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        os.environ["HEMVIST_DATABASE_URL"] = own_database(server.start(), "bench")
        os.environ["HEMVIST_TENANTS_DIR"] = f"{folder}/tenants"
        try:
            hemvist = str(Path(sys.executable).with_name("hemvist"))
            size = ["--kommuner", "2", "--households", "2000", "--seed", "3"]
            national = ["demo", "national", *size, "--audit-rows", "20000"]
            for command in (["db", "migrate"], [*national, "--folder", f"{folder}/tenants"]):
                subprocess.run([hemvist, *command], check=True, stdout=subprocess.DEVNULL)
            yield
        finally:
            server.stop()


def measured() -> list[Figure]:
    """Every way of asking, in turns."""
    import psycopg

    asking = Asking.prepared()
    with psycopg.connect(os.environ["HEMVIST_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("ANALYZE")
    figures: list[Figure] = []
    with asyncio.Runner(loop_factory=_loop) as runner:
        for name, document, variables in (
            ("Q1", LIST, {"filter": {"state": "open"}}),
            ("Q2", ONE, {"id": asking.case}),
        ):
            telemetry(0.01)
            ways = _ways(asking, name, document, variables)
            figures += runner.run(_compared(name, ways))
            parts = layers(asking, document, variables)
            figures += runner.run(_compared(f"{name} in layers", parts))
            real = list(ways.values())[-1]
            kept = {f"telemetry {how}": real for how in RATIOS}
            before = {f"telemetry {how}": ratio for how, ratio in RATIOS.items()}
            figures += runner.run(
                _compared(name, kept, lambda way, before=before: telemetry(before[way]))
            )
        runner.run(by_hand.close())
    return figures


def _loop() -> Any:
    import uvloop

    return uvloop.new_event_loop()


def _ways(asking: Any, name: str, document: str, variables: dict[str, Any]) -> dict[str, Way]:
    hand = by_hand(asking, name)
    ways: dict[str, Way] = {
        "by hand, bare ASGI": lambda: bare(hand, document, variables),
    }
    for how, headers in (("token", asking.bearer), ("session", asking.session)):
        ways[f"real, {how}"] = lambda headers=headers: request(  # type: ignore[misc]
            asking.app, asking.path, headers, document, variables
        )
    return ways


async def _compared(
    name: str, ways: dict[str, Way], before: Callable[[str], None] = lambda _: None
) -> list[Figure]:
    for way, run in ways.items():
        before(way)
        for _ in range(10):
            said = await run()
        said = said.decode() if isinstance(said, bytes) else said
        assert said.startswith('{"data":{') and '"errors"' not in said[-2000:], (way, said[:300])
    server: dict[str, list[float]] = {way: [] for way in ways}
    database: dict[str, list[float]] = {way: [] for way in ways}
    pids = _pids()
    gc.collect()
    for _ in range(ROUNDS):
        for way, run in ways.items():
            before(way)
            there, here = _cpu_of(pids), time.process_time_ns()
            for _ in range(EACH):
                await run()
            here, there = time.process_time_ns() - here, _cpu_of(pids) - there
            server[way].append(here / EACH / 1e3)
            database[way].append(there / EACH / 1e3)
    figures = []
    limit = next(iter(ways))
    for way in ways:
        figures.append(Figure(f"{name} {way}: server", _usual(server[way]), "µs CPU"))
        figures.append(Figure(f"{name} {way}: PostgreSQL", _usual(database[way]), "µs CPU"))
        if way != limit:
            both = [
                (a + b) / (c + d)
                for a, b, c, d in zip(
                    server[limit], database[limit], server[way], database[way], strict=True
                )
            ]
            alone = [a / b for a, b in zip(server[limit], server[way], strict=True)]
            figures.append(Figure(f"{name} {limit} / {way}: server", _usual(alone), "x"))
            figures.append(Figure(f"{name} {limit} / {way}: both", _usual(both), "x"))
    return figures


def _usual(values: list[float]) -> float:
    return statistics.median(values)


def _pids() -> list[int]:
    """The backends of our connections, on this machine."""
    import psycopg

    with psycopg.connect(os.environ["HEMVIST_DATABASE_URL"], autocommit=True) as owner:
        rows = owner.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return [pid for (pid,) in rows if Path(f"/proc/{pid}/schedstat").exists()]


def _cpu_of(pids: list[int]) -> int:
    """Nanoseconds that the processes have been on a CPU."""
    found = 0
    for pid in pids:
        # One that has ended meanwhile has done nothing for us.
        with suppress(FileNotFoundError, ProcessLookupError):
            found += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    return found


if __name__ == "__main__":
    threading.current_thread().name = "bench"
    main()
