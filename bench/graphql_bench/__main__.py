"""``python -m graphql_bench data|hold|run|load|page``; the Makefile's targets call it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

FOLDER = Path(os.environ.get("BENCH_FOLDER", ".local/bench-graphql"))
OPERATIONS = "q1,q2,q3,today,cases,case,household,follow_ups"
VARIANTS = "hand,hand_bare,compiled,ordinary,postgraphile,orm"


def main() -> None:
    """Read the command line and do what it asks for."""
    parser = argparse.ArgumentParser(prog="graphql_bench", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="cluster, keys and tenants")
    parser.add_argument("--kommuner", type=int, default=290)
    parser.add_argument("--households", type=int, default=120_000)
    parser.add_argument("--audit-rows", type=int, default=None)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("data", help="make the data and stop")
    commands.add_parser("hold", help="keep the cluster running for several runs")
    run = commands.add_parser("run", help="measure")
    run.add_argument("--operations", default=OPERATIONS)
    run.add_argument("--variants", default=VARIANTS)
    run.add_argument("--concurrency", default="1,4,16,64")
    run.add_argument("--rounds", type=int, default=3)
    run.add_argument("--slow-rounds", type=int, default=1, help="of the ordinary path and the ORM")
    run.add_argument("--seconds", type=float, default=2.0, help="of each cell")
    # Less is not enough at national size: each connection has each statement of ours to prepare.
    run.add_argument("--warm", type=float, default=8.0, help="seconds of each warming")
    run.add_argument("--rates", default="", help="open loop: requests a second, with commas")
    run.add_argument("--places", type=int, default=40, help="kommuner that are asked in")
    run.add_argument("--sample", type=float, default=0.01, help="share of traces that is kept")
    run.add_argument("--output", type=Path, default=Path("build/bench/graphql"))
    run.add_argument("--resume", action="store_true", help="go on with the cells of OUTPUT")
    load = commands.add_parser("load", help="many users for minutes: errors, memory, whose rows")
    load.add_argument("--minutes", type=float, default=10.0)
    load.add_argument("--users", type=int, default=64)
    load.add_argument("--think", type=float, default=1.0, help="seconds between two requests")
    load.add_argument("--server", default="compiled", help="see variants.SERVERS")
    load.add_argument("--places", type=int, default=10)
    load.add_argument("--sample", type=float, default=0.01)
    load.add_argument("--output", type=Path, default=Path("build/bench/load"))
    page = commands.add_parser("page", help="write a run's figures into docs/benchmarks/graphql.md")
    page.add_argument("file", type=Path, nargs="?", default=Path("build/bench/graphql.json"))
    given = parser.parse_args()
    given.folder = given.folder.absolute()
    from graphql_bench.cluster import cluster, fill, hold

    if given.command == "hold":
        hold(given.folder)
        return
    if given.command == "page":
        from graphql_bench.page import write

        write(given.file)
        return
    with cluster(given.folder) as at:
        fill(at, _size(given))
        os.environ.update(at.environment())
        if given.command == "run":
            from graphql_bench.running import run_all

            run_all(at, given)
        elif given.command == "load":
            from graphql_bench.soak import soak

            soak(at, given)


def _size(given: argparse.Namespace) -> list[str]:
    size = ["--kommuner", str(given.kommuner), "--households", str(given.households)]
    return size + (["--audit-rows", str(given.audit_rows)] if given.audit_rows is not None else [])


if __name__ == "__main__":
    main()
