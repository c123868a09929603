"""What the deadline sweep costs: 290 kommuner with 3 million obligations, beside the bare statement.

Two ways in turns, each on days of its own that the other has not swept: what the worker does in every
kommun (``chores.mark_overdue``, row security in force, a transaction for each slice), and the same rows
changed and written by one statement by hand for the whole country as a superuser. Once with an
ordinary day, once with a month that nobody swept.

    make bench-sweep                     # SWEEP_OBLIGATIONS=300000 SWEEP_KOMMUNER=29 for a try
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from report import Figure, report
from sweep_bare import BARE
from sweep_data import CASES, KOMMUNER, OBLIGATIONS, TODAY, day, fill

TURNS = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of waiting, seconds of processor time of this process and its backends, and rows."""

    clock: float
    cpu: float
    rows: int


@dataclass
class Country:
    """The database, and how far its days have been swept."""

    connection: psycopg.Connection
    tenants: list[UUID]
    swept: int = 0

    def service(self, on: date) -> int:
        """What the workers do."""
        from hemvist_workers import chores

        rows = 0
        for tenant_id in self.tenants:
            while found := chores.mark_overdue(tenant_id, on):
                rows += found
                if found < chores.SWEPT:
                    break
        return rows

    def bare(self, on: date) -> int:
        """One statement by hand."""
        with self.connection.transaction():
            found = self.connection.execute(BARE, {"on": on}).fetchone()
            assert found is not None
            return int(found[0])

    def turns(self, days: int, turns: int = TURNS) -> dict[str, list[Cost]]:
        """Each way ``turns`` times, in turns, over ``days`` more days every time."""
        ways = (self.service, self.bare)
        found: dict[str, list[Cost]] = {way.__name__: [] for way in ways}
        for turn in range(turns):
            for place in range(len(ways)):
                way = ways[(turn + place) % len(ways)]
                self.swept += days
                found[way.__name__].append(self.cost(way, day(self.swept)))
        return found

    def cost(self, way: Callable[[date], int], on: date) -> Cost:
        """What one way costs."""
        before, clock = self._cpu(), time.perf_counter()
        rows = way(on)
        seconds = time.perf_counter() - clock
        return Cost(seconds, self._cpu() - before, rows)

    def _cpu(self) -> float:
        ticks = 0
        backends = self.connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        ).fetchall()
        self.connection.commit()
        for (pid,) in backends:
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(stat[11]) + int(stat[12])
        return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Fill a database, measure, report."""
    kommuner = int(os.environ.get("SWEEP_KOMMUNER", KOMMUNER))
    obligations = int(os.environ.get("SWEEP_OBLIGATIONS", OBLIGATIONS))
    os.environ.setdefault("HEMVIST_ENVIRONMENT", "test")
    os.environ.setdefault("HEMVIST_SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("HEMVIST_KEY_FOLDER", tempfile.mkdtemp(prefix="hemvist-bench-keys-"))
    with _server() as url, psycopg.connect(url) as connection:
        fill(connection, kommuner, obligations)
        (size,) = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (
            0,
        )
        tenants = [id for (id,) in connection.execute("SELECT id FROM tenants ORDER BY id")]
        connection.commit()
        country = Country(connection, tenants)
        figures = [
            Figure("kommuner", float(len(tenants)), "kommuner"),
            Figure("obligations", float(obligations), "rows"),
            Figure("database", size / 2**30, "GiB"),
        ]
        # The first time plans are made and pages read, for each.
        country.turns(1, 1)
        figures += _figures("a day", country.turns(1))
        figures += _figures("a month", country.turns(30))
        # The first look goes over index entries of what has just been marked, and forgets them.
        country.cost(country.service, day(country.swept))
        nothing = country.cost(country.service, day(country.swept))
        assert nothing.rows == 0
        figures.append(
            Figure("nothing due: waiting", nothing.clock / len(tenants) * 1000, "ms a kommun")
        )
        figures += _laying_out(country)
    report("sweep", figures)


def _figures(what: str, found: dict[str, list[Cost]]) -> Iterator[Figure]:
    service = found["service"]
    yield Figure(f"{what}: rows marked", statistics.mean(one.rows for one in service), "rows")
    for name, costs in found.items():
        clock = statistics.median(one.clock / one.rows for one in costs)
        cpu = statistics.median(one.cpu / one.rows for one in costs)
        yield Figure(f"{what}: {name}, waiting", clock * 1e6, "µs a row")
        yield Figure(f"{what}: {name}, CPU", cpu * 1e6, "µs a row")
    for part, label in (("clock", "waiting"), ("cpu", "CPU")):
        ratios = [
            (getattr(ours, part) / ours.rows) / (getattr(bare, part) / bare.rows)
            for ours, bare in zip(service, found["bare"], strict=True)
        ]
        yield Figure(f"{what}: service beside bare, {label}", statistics.median(ratios), "x", 2.0)


def _laying_out(country: Country) -> Iterator[Figure]:
    """A night in which one case in 91 has something new within the horizon, and one with nothing."""
    from hemvist_workers import chores

    def night(on: date) -> int:
        rows = 0
        for tenant_id in country.tenants:
            made, after = chores.lay_out_obligations(tenant_id, on)
            rows += made
            while after is not None:
                made, after = chores.lay_out_obligations(tenant_id, on, after)
                rows += made
        return rows

    # As if every case had been looked at tonight, overdue duties and all.
    with country.connection.transaction():
        country.connection.execute(
            "UPDATE obligation_horizons h SET events = (SELECT count(*) FROM case_events e"
            " WHERE e.tenant_id = h.tenant_id AND e.case_id = h.case_id)"
        )
    country.connection.autocommit = True
    country.connection.execute("VACUUM (ANALYZE) obligation_horizons, case_events")
    kommuner, cases = len(country.tenants), CASES // 91
    tonight = country.cost(night, TODAY + timedelta(days=1))
    again = country.cost(night, TODAY + timedelta(days=1))
    each = (tonight.clock - again.clock) / (kommuner * cases)
    yield Figure("a night: cases looked at", float(kommuner * cases), "cases")
    yield Figure("a night: laid out", float(tonight.rows), "rows")
    yield Figure("a night: waiting", tonight.clock, "s")
    yield Figure("a night: nothing to lay out", again.clock / kommuner * 1000, "ms a kommun")
    yield Figure("a case looked at", each * 1000, "ms")
    yield Figure("every case looked at, as before", each * kommuner * CASES, "s")


@contextmanager
def _server() -> Iterator[str]:
    from hemvist_infra.embedded import EmbeddedPostgres
    from hemvist_infra.embedded.database import own_database

    with tempfile.TemporaryDirectory(dir="build/bench") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder).resolve() / "postgres")
        superuser = server.start()
        try:
            os.environ["HEMVIST_DATABASE_URL"] = own_database(superuser, "bench")
            hemvist = str(Path(sys.executable).with_name("hemvist"))
            subprocess.run([hemvist, "db", "migrate"], check=True, stdout=subprocess.DEVNULL)
            yield superuser.removesuffix("/postgres") + "/bench"
        finally:
            server.stop()


if __name__ == "__main__":
    main()
