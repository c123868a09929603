"""Tables and JSON of what was measured."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from graphql_bench.measuring import Cell

LIMIT = "hand"


@dataclass(frozen=True, slots=True)
class Row:
    """All rounds of one variant under one load."""

    operation: str
    concurrency: int
    rate: float
    variant: str
    rounds: int
    requests: int
    errors: int
    per_second: float
    p50: float
    p95: float
    p99: float
    #: Milliseconds of processor for one request.
    server_ms: float
    postgres_ms: float
    driver_ms: float
    kilobytes: float
    rss_mb: float
    #: Requests per second of processor, the statement written by hand being 1.
    share_server: float | None = None
    share_all: float | None = None


def rows(cells: Iterable[Cell]) -> list[Row]:
    """The figures of every variant under every load, in shares of the limit of the same load."""
    grouped: dict[tuple[str, int, float], dict[str, list[Cell]]] = defaultdict(dict)
    for cell in cells:
        load = (cell.operation, cell.concurrency, cell.rate)
        grouped[load].setdefault(cell.variant, []).append(cell)
    found = []
    for load, by_variant in grouped.items():
        made = {name: _row(*load, name, several) for name, several in by_variant.items()}
        limit = made.get(LIMIT)
        for row in made.values():
            if limit is not None and row.server_ms:
                whole = limit.server_ms + limit.postgres_ms
                row = Row(
                    **{
                        **asdict(row),
                        "share_server": limit.server_ms / row.server_ms,
                        "share_all": whole / (row.server_ms + row.postgres_ms),
                    }
                )
            found.append(row)
    return found


def _row(operation: str, concurrency: int, rate: float, variant: str, cells: list[Cell]) -> Row:
    answered = sum(cell.requests for cell in cells)
    some = max(answered, 1)
    spread: list[tuple[float, float]] = []
    for cell in cells:
        # Every kept latency stands for as many requests as were left out beside it.
        weight = cell.requests / max(len(cell.latencies), 1)
        spread += [(latency, weight) for latency in cell.latencies]
    spread.sort()
    return Row(
        operation,
        concurrency,
        rate,
        variant,
        len(cells),
        answered,
        sum(cell.errors for cell in cells),
        answered / sum(cell.seconds for cell in cells),
        _percentile(spread, 0.50),
        _percentile(spread, 0.95),
        _percentile(spread, 0.99),
        1e3 * sum(cell.server_cpu for cell in cells) / some,
        1e3 * sum(cell.postgres_cpu for cell in cells) / some,
        1e3 * sum(cell.driver_cpu for cell in cells) / some,
        sum(cell.bytes for cell in cells) / some / 1e3,
        max(cell.rss for cell in cells) / 1e6,
    )


def _percentile(spread: list[tuple[float, float]], part: float) -> float:
    whole = sum(weight for _, weight in spread)
    passed = 0.0
    for latency, weight in spread:
        passed += weight
        if passed >= part * whole:
            return latency
    return 0.0


_COLUMNS = (
    "variant | req/s | p50 | p95 | p99 | server ms | PG ms | share server | share server + PG"
    " | kB | RSS MB | errors"
)


def tables(found: list[Row], titles: dict[str, str], names: dict[str, str]) -> str:
    """Markdown: one table for each operation and load."""
    parts = []
    order = list(titles)
    loads = sorted(
        {(row.operation, row.concurrency, row.rate) for row in found},
        key=lambda load: (order.index(load[0]), load[2], load[1]),
    )
    for operation, concurrency, rate in loads:
        of = f"{rate:g} requests a second" if rate else f"concurrency {concurrency}"
        parts += [f"\n### {titles[operation]}, {of}\n", f"| {_COLUMNS} |", "|---" * 12 + "|"]
        chosen = [
            row
            for row in found
            if (row.operation, row.concurrency, row.rate) == (operation, concurrency, rate)
        ]
        for row in sorted(chosen, key=lambda row: list(names).index(row.variant)):
            parts.append(
                f"| {names[row.variant]} | {row.per_second:.0f} | {row.p50:.1f} | {row.p95:.1f}"
                f" | {row.p99:.1f} | {row.server_ms:.2f} | {row.postgres_ms:.2f}"
                f" | {_share(row.share_server)} | {_share(row.share_all)} | {row.kilobytes:.1f}"
                f" | {row.rss_mb:.0f} | {row.errors} |"
            )
    return "\n".join(parts) + "\n"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def write(found: list[Row], about: dict[str, object], file: Path) -> None:
    """The same figures as JSON."""
    told = {**about, "rows": [asdict(row) for row in found]}
    file.write_text(json.dumps(told, indent=1) + "\n")
