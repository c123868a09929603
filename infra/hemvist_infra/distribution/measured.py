"""Figures that were measured, each with the page and the words that hold it; and what is only assumed."""

from __future__ import annotations

from dataclasses import dataclass

_GRAPHQL = "benchmarks/graphql.md"
_SWEEP = "benchmarks/sweep.md"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure: ``words`` stand in ``page`` of docs, and say it."""

    value: float
    unit: str
    what: str
    page: str
    words: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """A figure that nobody has measured, and why it was taken. Whoever knows better puts in their own."""

    value: float
    unit: str
    what: str
    why: str


KOMMUNER = Figure(290, "kommuner", "in a country", _GRAPHQL, "290 tenants")
HOUSEHOLDS = Figure(120_000, "households", "in a country", _GRAPHQL, "120,000 households")
BYTES = Figure(15.3, "GB", "tables and indexes after ten years", _GRAPHQL, "15.3 GB")
AUDIT_ROWS = Figure(
    20_011_288, "rows", "of the audit log in them", _GRAPHQL, "20,011,288 audit_entries"
)
LIST_SERVER = Figure(
    0.61,
    "ms",
    "web process, a list of 50 cases",
    _GRAPHQL,
    "| Hemvist | 471 | 33.6 | 54.3 | 0.61 | 3.22 |",
)
LIST_DATABASE = Figure(
    3.22,
    "ms",
    "PostgreSQL, a list of 50 cases",
    _GRAPHQL,
    "| Hemvist | 471 | 33.6 | 54.3 | 0.61 | 3.22 |",
)
CASE_SERVER = Figure(
    4.5, "ms", "web process, the page of a case", _GRAPHQL, "7.3-8.0 ms became 4.0-4.5"
)
CASE_DATABASE = Figure(
    0.99,
    "ms",
    "PostgreSQL, one case three levels deep",
    _GRAPHQL,
    "| Hemvist | 0.59 | 3.57 | 0.44 | 0.99 |",
)
COMMAND_SERVER = Figure(
    2.8, "ms", "web process, a case is opened", _GRAPHQL, "2.1-2.8 ms of the server"
)
COMMAND_DATABASE = Figure(
    1.4, "ms", "PostgreSQL, a case is opened", _GRAPHQL, "1.2-1.4 of PostgreSQL"
)
PROCESS_MEMORY = Figure(248, "MB", "a web process", _GRAPHQL, "| 58.0 | 248 | 0 |")
SWEPT_ROWS = Figure(
    3_559, "rows", "marked overdue on an ordinary day", _SWEEP, "| an ordinary day | 3 559 | 302 |"
)
SWEPT_CPU = Figure(302, "µs", "a row that is swept", _SWEEP, "| an ordinary day | 3 559 | 302 |")
NIGHT = Figure(
    120,
    "s",
    "obligations laid out further, a night",
    _SWEEP,
    "| the night's work (under load) | 120 s |",
)
ROUND = Figure(
    2.7,
    "ms",
    "a round in a kommun in which nothing is due",
    _SWEEP,
    "took 2.7 ms a kommun under that load",
)
LINKED = Figure(
    80,
    "µs",
    "an entry of the log is chained",
    "benchmarks/audit.md",
    "| linking, an entry | 60-80 |",
)
CLEARED = Figure(
    0.96,
    "s",
    "a clearing of 290 kommuner with 1 000 requests",
    "benchmarks/clearing.md",
    "| 290 × 1 000, 700 flats, 2 | 0.96 |",
)
FOLDER = Figure(
    105,
    "MB",
    "a server's folder",
    "benchmarks/restore.md",
    "| the server's folder when it was killed | 105 MB |",
)
BACKED_UP = Figure(
    8.4,
    "MB",
    "its base backup, packed and sealed",
    "benchmarks/restore.md",
    "| base backup, compressed and sealed | 8.4 MB |",
)
OPENED = Figure(
    32,
    "MB/s",
    "a backup opened, one process (65 MB in 2 s, the slower figure)",
    "benchmarks/restore.md",
    "Opening took between 1 and 2 s for about 65 MB of data",
)

MEASURED = tuple(one for one in list(vars().values()) if isinstance(one, Figure))

STAFF = Assumption(
    12_000, "people", "who work in it, in a country", "ten households to each of them"
)
THINKING = Assumption(
    30, "s", "between two pages of one of them, in the busiest hour", "half of them at it at once"
)
BUSY = Assumption(
    0.5, "", "of them at work in the busiest hour", "the others are out, in meetings, off"
)
PAGES = Assumption(
    150, "pages", "a day for each of them", "a page in two minutes and a half of six hours"
)
DAYS = Assumption(220, "days", "of work in a year", "a Swedish year without leave")
LISTS = Assumption(0.45, "", "of what is asked are lists", "between today, lists and searches")
COMMANDS = Assumption(
    0.1, "", "of what is asked changes something", "one page in ten is a form that is sent"
)
AUDIT_ROW = Assumption(
    600,
    "bytes",
    "an entry of the audit log with its indexes",
    "15.3 GB over 20 million entries leave 760 if all else weighed nothing",
)
FULL = Assumption(
    0.5,
    "",
    "of a processor is used in the busiest hour",
    "the rest is for peaks and for a node that fails",
)
NODE_CORES = Assumption(16, "cores", "of a database node", "an ordinary machine")
NODE_DATA = Assumption(1_000, "GB", "of data on a database node", "restored within a night")
REPLICAS = Assumption(
    2, "copies", "of each node's data", "one that takes over beside the one that answers"
)
YEARS = Assumption(5, "years", "of growth to buy for", "the life of a machine")
KEPT = Assumption(14, "base backups", "that are kept", "a fortnight")
CITUS = Assumption(
    1.2,
    "times",
    "PostgreSQL's CPU on Citus",
    "planning twice, on the coordinator and on the node; to be measured first of all",
)

ASSUMED = tuple(one for one in list(vars().values()) if isinstance(one, Assumption))
