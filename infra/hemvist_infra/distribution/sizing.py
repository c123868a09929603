"""The plan on paper: what one country and ten countries need, reckoned from measured figures.

``hemvist citus plan`` prints it; a test holds docs/growing.md to it, and the measured figures to the pages
that they come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log2

from hemvist.migrations.tables import metadata
from hemvist_infra.distribution import measured as m
from hemvist_infra.distribution.placement import Lying, placements
from hemvist_infra.distribution.script import SHARDS

#: Connections of one web process for staff: readers and writers, twice the pool each.
CONNECTIONS = 4 * 8
#: Server connections for each core that PostgreSQL has: more only wait for each other.
PER_CORE = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """What is needed for so many countries of 290 kommuner each."""

    countries: int

    @property
    def kommuner(self) -> int:
        """Kommuner in all."""
        return int(m.KOMMUNER.value * self.countries)

    @property
    def requests(self) -> float:
        """Requests a second in the busiest hour."""
        return m.STAFF.value * self.countries * m.BUSY.value / m.THINKING.value

    @property
    def server_ms(self) -> float:
        """A web process's CPU for a request, in milliseconds."""
        return _mixed(m.LIST_SERVER.value, m.CASE_SERVER.value, m.COMMAND_SERVER.value)

    @property
    def database_ms(self) -> float:
        """PostgreSQL's CPU for a request, in milliseconds; on Citus what that is assumed to cost more."""
        cost = _mixed(m.LIST_DATABASE.value, m.CASE_DATABASE.value, m.COMMAND_DATABASE.value)
        return cost * (m.CITUS.value if self.distributed else 1)

    @property
    def distributed(self) -> bool:
        """Whether one database does not do: by its cores, or by what has to be restored."""
        return self.countries > 1

    @property
    def processes(self) -> int:
        """Web processes, one for each core."""
        return ceil(self.requests * self.server_ms / 1000 / m.FULL.value)

    @property
    def database_cores(self) -> int:
        """Cores of all database nodes that answer."""
        return ceil(self.requests * self.database_ms / 1000 / m.FULL.value)

    @property
    def connections(self) -> int:
        """Connections that web processes hold to PgBouncer."""
        return self.processes * CONNECTIONS

    @property
    def entries(self) -> float:
        """Entries of the audit log in a year: a page that is read is one."""
        return m.STAFF.value * self.countries * m.PAGES.value * m.DAYS.value

    @property
    def first_gb(self) -> float:
        """Gigabytes of ten years' history, as measured."""
        return m.BYTES.value * self.countries

    @property
    def yearly_gb(self) -> float:
        """Gigabytes that are added in a year: the log, and a tenth of the measured history."""
        return self.entries * m.AUDIT_ROW.value / 1e9 + self.first_gb / 10

    @property
    def data_gb(self) -> float:
        """Gigabytes at the end of the years that are bought for."""
        return self.first_gb + self.yearly_gb * m.YEARS.value

    @property
    def nodes(self) -> int:
        """Database nodes that answer: by cores or by data, whichever needs more."""
        if not self.distributed:
            return 1
        by_cores = ceil(self.database_cores / m.NODE_CORES.value)
        return max(2, by_cores, ceil(self.data_gb / m.NODE_DATA.value))

    @property
    def machines(self) -> int:
        """Database machines with their copies; a coordinator beside the nodes where there are several."""
        return int((self.nodes + (1 if self.distributed else 0)) * m.REPLICAS.value)

    @property
    def shards(self) -> int:
        """Shards of each table: nine kommuner to each, to the next power of two."""
        wanted = self.kommuner / m.KOMMUNER.value * SHARDS
        return int(2 ** ceil(log2(wanted)))

    @property
    def placements(self) -> int:
        """Tables that each node has in its catalogue."""
        spread = sum(one.lying is Lying.DISTRIBUTED for one in placements(metadata).values())
        return ceil(spread * self.shards / self.nodes) if self.distributed else len(metadata.tables)

    @property
    def server_connections(self) -> int:
        """Connections from PgBouncer to the database that pay."""
        return max(20, self.database_cores * PER_CORE)

    @property
    def worker_minutes(self) -> float:
        """Minutes of CPU that workers need in a day."""
        swept = m.SWEPT_ROWS.value * m.SWEPT_CPU.value / 1e6 + m.NIGHT.value
        rounds = m.KOMMUNER.value * 6 * 24 * m.ROUND.value / 1000
        linked = self.entries / self.countries / 365 * m.LINKED.value / 1e6
        return (swept + rounds + linked + m.CLEARED.value) * self.countries / 60

    @property
    def backup_gb(self) -> float:
        """Gigabytes of kept base backups at the end of the years."""
        return self.data_gb * m.BACKED_UP.value / m.FOLDER.value * m.KEPT.value

    @property
    def restore_hours(self) -> float:
        """Hours to open one node's backup, in one process."""
        return self.data_gb / self.nodes * 1000 / m.OPENED.value / 3600


def _mixed(lists: float, cases: float, commands: float) -> float:
    rest = 1 - m.LISTS.value - m.COMMANDS.value
    return m.LISTS.value * lists + rest * cases + m.COMMANDS.value * commands


def written() -> str:
    """The plan as tables in Markdown."""
    one, ten = Plan(1), Plan(10)
    lines = ["| | one country | ten countries |", "| --- | ---: | ---: |"]
    lines += [
        f"| {what} | {_of(one, name, how)} | {_of(ten, name, how)} |" for what, name, how in _ROWS
    ]
    taken = ["", "| Measured | | where |", "| --- | ---: | --- |"]
    taken += [
        f"| {f.what} | {_number(f.value)} {f.unit} | [{f.page}]({f.page}) |" for f in m.MEASURED
    ]
    taken += ["", "| Assumed | | because |", "| --- | ---: | --- |"]
    taken += [f"| {a.what} | {_number(a.value)} {a.unit} | {a.why} |" for a in m.ASSUMED]
    return "\n".join(lines + [one.rstrip() for one in taken])


_ROWS = (
    ("kommuner", "kommuner", "{:,.0f}"),
    ("requests a second in the busiest hour", "requests", "{:,.0f}"),
    ("CPU of the web process for one, ms", "server_ms", "{:.2f}"),
    ("CPU of PostgreSQL for one, ms", "database_ms", "{:.2f}"),
    ("web processes (a core and a quarter of a gigabyte each)", "processes", "{:,.0f}"),
    ("cores of the databases", "database_cores", "{:,.0f}"),
    ("database nodes that answer", "nodes", "{:,.0f}"),
    ("database machines with their copies and the coordinator", "machines", "{:,.0f}"),
    ("shards of each table", "shards", "{:,.0f}"),
    ("tables in a node's catalogue", "placements", "{:,.0f}"),
    ("connections to PgBouncer at most", "connections", "{:,.0f}"),
    ("connections from PgBouncer", "server_connections", "{:,.0f}"),
    ("CPU of workers a day, minutes", "worker_minutes", "{:,.0f}"),
    ("entries of the audit log a year, millions", "entries_m", "{:,.0f}"),
    ("data on the first day (ten years' history), GB", "first_gb", "{:,.0f}"),
    ("added a year, GB", "yearly_gb", "{:,.0f}"),
    ("data after five years, GB", "data_gb", "{:,.0f}"),
    ("kept backups after five years, GB", "backup_gb", "{:,.0f}"),
    ("hours to open one node's backup", "restore_hours", "{:.1f}"),
)


def _of(plan: Plan, name: str, how: str) -> str:
    value = plan.entries / 1e6 if name == "entries_m" else getattr(plan, name)
    return how.format(value).replace(",", " ")


def _number(value: float) -> str:
    return f"{value:,.10g}".replace(",", " ")
