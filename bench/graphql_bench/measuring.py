"""Rounds of cells: every variant in turn under one load, in an order shuffled anew each time."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from graphql_bench.cluster import Cluster
from graphql_bench.driver import Load, Outcome
from graphql_bench.operations import Ask, Operation
from graphql_bench.processes import PostgresClock, Server
from graphql_bench.scene import Scene
from graphql_bench.variants import Variant

#: Different requests of one cell.
DIFFERENT = 400
#: Ten to a hundred times dearer than the rest: fewer rounds say as much.
SLOW = frozenset({"ordinary", "orm"})
MOST_WRITES = 4_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One variant under one load for some seconds."""

    round: int
    operation: str
    concurrency: int
    variant: str
    #: Requests a second from outside, 0 for as fast as answers come.
    rate: float
    seconds: float
    requests: int
    errors: int
    server_cpu: float
    postgres_cpu: float
    driver_cpu: float
    bytes: int
    rss: int
    #: Milliseconds, sorted, thinned to a few hundred.
    latencies: list[float]

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from every other."""
        return self.round, self.operation, self.concurrency, self.variant, self.rate


class Measuring:
    """Runs cells and keeps them in a file, line by line; what stands there is not run again."""

    def __init__(self, at: Cluster, scene: Scene, servers: dict[str, Server], file: Path) -> None:
        self._at = at
        self._scene = scene
        self._servers = servers
        self._file = file
        self._postgres = PostgresClock(at.pid)
        self._dice = Random(11)
        self.cells = {cell.key: cell for cell in read(file)}

    def warm(
        self, operations: Iterable[Operation], variants: Iterable[Variant], seconds: float
    ) -> None:
        """Let every server prepare its statements and fill its caches."""
        for operation in operations:
            for variant in variants:
                self._load(operation, variant, 16, seconds, 0.0)

    def round(
        self,
        number: int,
        operations: list[Operation],
        variants: list[Variant],
        concurrencies: list[int],
        seconds: float,
        rate: float = 0.0,
    ) -> Iterator[Cell]:
        """Every cell of a round, those that are new given out."""
        loads = [(one, many) for one in operations for many in concurrencies]
        self._dice.shuffle(loads)
        for operation, concurrency in loads:
            order = list(variants)
            self._dice.shuffle(order)
            for variant in order:
                key = (number, operation.name, concurrency, variant.name, rate)
                if key in self.cells:
                    continue
                cell = self._cell(number, operation, variant, concurrency, seconds, rate)
                if cell is not None:
                    self.cells[cell.key] = cell
                    with self._file.open("a") as file:
                        file.write(json.dumps(asdict(cell)) + "\n")
                    yield cell

    def _cell(
        self,
        number: int,
        operation: Operation,
        variant: Variant,
        concurrency: int,
        seconds: float,
        rate: float,
    ) -> Cell | None:
        server = self._servers[variant.server]
        before, postgres = server.cpu, self._postgres()
        outcome = self._load(operation, variant, concurrency, seconds, rate)
        if outcome is None:
            return None
        spent, worked = server.cpu - before, self._postgres() - postgres
        latencies = sorted(outcome.latencies)
        if outcome.wrong:
            print(f"{variant.name} {operation.name}: {outcome.wrong[0][:600]!r}", file=sys.stderr)
        return Cell(
            number, operation.name, concurrency, variant.name, rate, outcome.seconds,
            len(latencies), outcome.errors, spent, worked, outcome.own_cpu, outcome.received,
            server.rss, thinned(latencies),
        )  # fmt: skip

    def _load(
        self,
        operation: Operation,
        variant: Variant,
        concurrency: int,
        seconds: float,
        rate: float,
    ) -> Outcome | None:
        server = self._servers[variant.server]
        asks = self._asks(operation)
        requests = [variant.encode(operation, ask, server.port) for ask in asks]
        if not requests or requests[0] is None:
            return None
        load = Load(
            "127.0.0.1", server.port, [one for one in requests if one is not None], concurrency,
            seconds, rate or None, once=operation.writes,
        )  # fmt: skip
        outcome = drive(load)
        if operation.writes:
            self._take_back()
        return outcome

    def _asks(self, operation: Operation) -> list[Ask]:
        asks = list(islice(operation.asks(self._scene), MOST_WRITES))
        self._dice.shuffle(asks)
        return asks if operation.writes else asks[:DIFFERENT]

    def _take_back(self) -> None:
        """Close what was opened, so that it can be opened again."""
        homes: dict[Any, list[Any]] = {}
        for person, household in self._scene.homes:
            homes.setdefault(person.tenant, []).append(household)
        with self._at.connect() as connection:
            for tenant, households in homes.items():
                connection.execute(
                    "UPDATE cases SET state = 'closed', closed_on = opened_on WHERE tenant_id = %s"
                    " AND household_id = ANY (%s) AND state = 'open'",
                    [tenant, households],
                )


def drive(load: Load) -> Outcome:
    """The load by the driver's own process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "load.pickle"
        path.write_bytes(pickle.dumps(load))
        subprocess.run([sys.executable, "-m", "graphql_bench.driver", str(path)], check=True)
        outcome: Outcome = pickle.loads(path.with_suffix(".out").read_bytes())
        return outcome


def thinned(values: list[float], most: int = 400) -> list[float]:
    """At most ``most`` of sorted values, evenly, with both ends: percentiles stay what they are."""
    if len(values) <= most:
        return [round(value, 3) for value in values]
    step = (len(values) - 1) / (most - 1)
    return [round(values[round(at * step)], 3) for at in range(most)]


def read(file: Path) -> list[Cell]:
    """The cells that a file holds."""
    if not file.exists():
        return []
    return [Cell(**json.loads(line)) for line in file.read_text().splitlines() if line]
