"""One whole run: servers up, answers compared, warmed, rounds, tables."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import time
from itertools import islice
from pathlib import Path
from typing import Any

from graphql_bench import results
from graphql_bench.cluster import SETTINGS, Cluster
from graphql_bench.comparing import COMPARED, compare
from graphql_bench.measuring import SLOW, Measuring
from graphql_bench.operations import operations
from graphql_bench.scene import scene
from graphql_bench.variants import TITLES, Fleet, variants


def run_all(at: Cluster, given: argparse.Namespace) -> None:
    """Measure as asked on the command line; prints tables, writes JSON and Markdown."""
    known = operations()
    asked = [known[name] for name in given.operations.split(",")]
    who = scene(at, given.places)
    ways = [one for one in variants(who) if one.name in given.variants.split(",")]
    print(f"{len(who.people)} caseworkers, {len(who.matters)} cases, {len(who.homes)} openings")
    before = os.getloadavg()
    cells = given.output.with_suffix(".jsonl")
    cells.parent.mkdir(parents=True, exist_ok=True)
    if not given.resume:
        cells.unlink(missing_ok=True)
    with Fleet(at, given.output.parent / "logs", given.sample, patience=60) as fleet:
        fleet.start({way.server for way in ways})
        for operation in asked:
            if not operation.writes:
                few = list(islice(operation.asks(who), COMPARED))
                print(operation.name, compare(operation, ways, fleet.servers, few), flush=True)
        measuring = Measuring(at, who, fleet.servers, cells)
        with _quiet(at):
            measuring.warm(asked, ways, given.warm)
            for number in range(given.rounds):
                _round(measuring, number, asked, ways, given)
    _tell(at, measuring, known, given, before)


def _round(measuring: Measuring, number: int, asked: Any, ways: Any, given: Any) -> None:
    if number >= given.slow_rounds:
        ways = [way for way in ways if way.name not in SLOW]
    several = [int(one) for one in filter(None, given.concurrency.split(","))]
    for cell in measuring.round(number, asked, ways, several, given.seconds):
        _say(cell)
    for rate in filter(None, given.rates.split(",")):
        # More connections than are ever busy: who waits, waits in the server.
        for cell in measuring.round(number, asked, ways, [128], given.seconds, float(rate)):
            _say(cell)


def _say(cell: Any) -> None:
    some = max(cell.requests, 1)
    print(
        f"{cell.round} {cell.operation:10} {cell.concurrency:3} {cell.variant:13}"
        f" {cell.requests / cell.seconds:7.0f}/s server {1e3 * cell.server_cpu / some:7.2f} ms"
        f" PG {1e3 * cell.postgres_cpu / some:7.2f} ms errors {cell.errors}",
        flush=True,
    )


class _quiet:
    """No vacuum of its own while it is measured; as before afterwards."""

    def __init__(self, at: Cluster) -> None:
        self._at = at

    def __enter__(self) -> None:
        self._set("off")

    def __exit__(self, *_: object) -> None:
        self._set("on")

    def _set(self, value: str) -> None:
        with self._at.connect() as connection:
            connection.execute(f"ALTER SYSTEM SET autovacuum = {value}")
            connection.execute("SELECT pg_reload_conf()")


def _tell(
    at: Cluster,
    measuring: Measuring,
    known: Any,
    given: argparse.Namespace,
    before: tuple[float, float, float],
) -> None:
    found = results.rows(measuring.cells.values())
    titles = {name: one.title for name, one in known.items()}
    table = results.tables(found, titles, TITLES)
    print(table)
    about = {
        "at": time.strftime("%Y-%m-%d %H:%M"),
        **_machine(at),
        "load_before": before,
        "command": _command(given),
    }
    results.write(found, about, given.output.with_suffix(".json"))
    Path(given.output.with_suffix(".md")).write_text(table)
    print(given.output.with_suffix(".json"))


def _machine(at: Cluster) -> dict[str, Any]:
    with at.connect() as connection:
        rows = connection.execute(
            "SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r' AND relname IN"
            " ('tenants', 'cases', 'households', 'persons', 'obligations', 'audit_entries')"
        ).fetchall()
        size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        version = connection.execute("SHOW server_version").fetchone()
    assert size is not None and version is not None
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return {
        "commit": commit.stdout.strip(),
        "processors": os.cpu_count(),
        "load_average": os.getloadavg(),
        "python": platform.python_version(),
        "postgres": version[0],
        "settings": SETTINGS,
        "rows_of": dict(rows),
        "database_gb": round(size[0] / 1e9, 1),
    }


def _command(given: argparse.Namespace) -> dict[str, Any]:
    return {name: str(value) for name, value in vars(given).items() if name != "folder"}
