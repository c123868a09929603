"""Writes the figures of a run into docs/benchmarks/graphql.md, between its two marks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graphql_bench import results
from graphql_bench.operations import operations
from graphql_bench.results import Row
from graphql_bench.variants import TITLES

PAGE = Path("docs/benchmarks/graphql.md")
BEGIN, END = "<!-- figures -->\n", "<!-- end of the figures -->\n"
LOAD_BEGIN, LOAD_END = "<!-- load -->\n", "<!-- end of the load -->\n"
SERVER_TITLES = {
    "compiled": "uvicorn, uvloop and httptools; psycopg in C, in threads",
    "plain": "uvicorn, asyncio and h11; psycopg in C, in threads",
    "granian": "granian; psycopg in C, in threads",
    "psycopg-python": "uvicorn, uvloop and httptools; psycopg in Python, in threads",
}
#: Goals are judged at this concurrency, as in the trial that set them.
AT = 16


def write(file: Path) -> None:
    """Put the figures of ``file``, a run's JSON, into the page."""
    _put(LOAD_BEGIN, LOAD_END, _loads(file.parent))
    told = json.loads(file.read_text())
    rows = [Row(**row) for row in told["rows"]]
    titles = {name: one.title for name, one in operations().items()}
    parts = [_about(told), _goals(rows), results.tables(rows, titles, TITLES)]
    _put(BEGIN, END, "\n".join(parts))


def _put(begin: str, end: str, text: str) -> None:
    before, rest = PAGE.read_text().split(begin)
    _, after = rest.split(end)
    PAGE.write_text(before + begin + text + end + after)


def _loads(folder: Path) -> str:
    """A line for every server that has stood the load."""
    lines = [
        "",
        "| Server | users, pause | minutes | requests | errors | req/s | p50 | p95 | p99 | server ms"
        " | PG ms | MB warm, end | MB a minute | known rows checked |",
        "|---" * 14 + "|",
    ]
    for file in sorted(folder.glob("load-*.json")):
        told = json.loads(file.read_text())
        minutes = told["samples"][-1][0] / 60
        lines.append(
            f"| {SERVER_TITLES[told['server']]} | {told['users']}, {told['think']:g} s | {minutes:.0f}"
            f" | {told['requests']:,} | {told['errors']} | {told['per_second']} | {told['p50_ms']}"
            f" | {told['p95_ms']} | {told['p99_ms']} | {told['server_ms']} | {told['postgres_ms']}"
            f" | {told['rss_mb_after_warming']:.0f}, {told['rss_mb_at_end']:.0f}"
            f" | {told['growth_mb_per_minute']} | {told['rows_recognised']:,} |"
        )
    return "\n".join(lines) + "\n\n"


def _about(told: dict[str, Any]) -> str:
    rows = ", ".join(f"{count:,} {name}" for name, count in sorted(told["rows_of"].items()))
    given = told["command"]
    return (
        f"\nMeasured {told['at']} at commit {told['commit']}: {told['processors']} processors, Python"
        f" {told['python']}, PostgreSQL {told['postgres']}, {told['database_gb']} GB ({rows})."
        f" {given['rounds']} rounds of {given['seconds']} s a cell, {given['places']} kommuner, load"
        f" average of the machine {told['load_before'][0]:.1f} before and"
        f" {told['load_average'][0]:.1f} after.\n"
    )


def _goals(rows: list[Row]) -> str:
    at = {(row.operation, row.variant): row for row in rows if row.concurrency == AT}
    lines = [f"### Goals, at concurrency {AT}\n", "| Goal | Figure | |", "|---|---|---|"]

    def told(goal: str, value: float | None, least: float) -> None:
        if value is not None:
            met = "met" if value >= least else "**missed**"
            lines.append(f"| {goal}, at least {least:g} | {value:.2f} | {met} |")

    for name, of_peer in (("q1", 1.3), ("q2", 2.5)):
        own, peer = at.get((name, "compiled")), at.get((name, "postgraphile"))
        limit, bare = at.get((name, "hand")), at.get((name, "hand_bare"))
        if own is None:
            continue
        title = name.upper()
        told(f"{title}: share of the statement by hand, server + PG", own.share_all, 0.75)
        if peer is None:
            continue
        told(f"{title}: times PostGraphile, server", peer.server_ms / own.server_ms, 4)
        whole = own.server_ms + own.postgres_ms
        theirs = peer.server_ms + peer.postgres_ms
        told(f"{title}: times PostGraphile, server + PG", theirs / whole, of_peer)
        if limit is not None and bare is not None:
            audit = limit.postgres_ms - bare.postgres_ms + limit.server_ms - bare.server_ms
            words = f"{title}: the same, an audit row's cost added to PostGraphile"
            told(words, (theirs + max(audit, 0.0)) / whole, of_peer)
        told(f"{title}: PostGraphile's p99 over ours", peer.p99 / own.p99, 1)
    own = at.get(("q3", "compiled"))
    if own is not None:
        told("Q3: share of the bare SQL, server + PG", own.share_all, 0.5)
    return "\n".join(lines) + "\n"
