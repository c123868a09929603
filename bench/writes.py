"""Commands through the service, beside the same rows written by hand, in turns in one process.

Each command is carried out as the portal sends it (``execute_text``: limits, authorisation, guideline
and law, journal, audit, outbox, idempotency, reply). By hand are the statements that it sent, prepared
and with their values ready: ``rows`` the writes alone, ``rows and reads`` its reads and its reply too.
Every run is undone before the next, so that all begin with the same rows. Processor time is that of
this process and of its connections' backends; figures that matter are ratios of the same run.
"""

from __future__ import annotations

import cProfile
import gc
import os
import pstats
import secrets
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report import Figure, report
from writes_commands import Bench, Call
from writes_undo import Undo

HOUSEHOLDS = int(os.environ.get("BENCH_HOUSEHOLDS", "120"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
#: Where a statement belongs, by the first of these functions that sent it.
PHASES = {
    "earlier_answer": "idempotency key", "keep_answer": "idempotency key",
    "answer_text": "reply", "find": "loading rows", "case_for": "authorisation",
    "household_for": "authorisation", "require": "authorisation",
    "own": "guideline", "evaluate": "guideline", "findings": "guideline", "facts_of": "facts",
    "criteria": "facts", "lay_out": "obligations", "plan": "obligations",
    "person_ids": "journal, audit, outbox", "record": "journal, audit, outbox",
    "commit": "commit", "_flush": "rows", "lock": "loading rows", "change": "loading rows",
    "get": "loading rows", "refresh": "loading rows",
}  # fmt: skip
_OUTSIDE = ("BEGIN", "COMMIT", "ROLLBACK", "SET ", "SELECT set_config", "SELECT pg_advisory")


@dataclass
class Sent:
    """One statement that a command sent."""

    text: Any
    values: Any
    phase: str

    @property
    def writes(self) -> bool:
        """Whether it changes rows."""
        if self.outside or self.words.startswith("WITH asking"):
            return False
        return "INSERT INTO" in self.words or not self.words.startswith(("SELECT", "WITH"))

    @property
    def words(self) -> str:
        """The statement's text."""
        text = self.text.decode() if isinstance(self.text, bytes) else str(self.text)
        return text.lstrip()

    @property
    def outside(self) -> bool:
        """Whether it begins, ends or sets the transaction."""
        return self.words.startswith(_OUTSIDE)


class Tracing:
    """Everything that is sent to the driver while it lasts."""

    def __enter__(self) -> list[Sent]:
        import psycopg

        self.sent: list[Sent] = []
        self.kept = psycopg.Cursor.execute
        before, sent = self.kept, self.sent

        def execute(cursor: Any, query: Any, params: Any = None, **more: Any) -> Any:
            sent.append(Sent(query, params, _phase()))
            return before(cursor, query, params, **more)

        def executemany(cursor: Any, query: Any, many: Any, **more: Any) -> Any:
            given = list(many)
            sent.extend(Sent(query, params, _phase()) for params in given)
            return self.many(cursor, query, given, **more)

        self.many = psycopg.Cursor.executemany
        psycopg.Cursor.execute = execute  # type: ignore[method-assign,assignment]
        psycopg.Cursor.executemany = executemany  # type: ignore[method-assign]
        return self.sent

    def __exit__(self, *_: Any) -> None:
        import psycopg

        psycopg.Cursor.execute = self.kept  # type: ignore[method-assign]
        psycopg.Cursor.executemany = self.many  # type: ignore[method-assign]


def _phase() -> str:
    frame: Any = sys._getframe(2)
    nearest = ""
    while frame is not None:
        found = PHASES.get(frame.f_code.co_name)
        if found is not None and "hemvist" in frame.f_code.co_filename:
            return found
        if frame.f_code.co_name in ("_flush", "refresh", "get", "commit"):
            return PHASES[frame.f_code.co_name]
        path = Path(frame.f_code.co_filename)
        if not nearest and "hemvist" in str(path) and path.stem not in ("pipelined", "statements"):
            nearest = f"{path.parent.name}.{path.stem}"
        frame = frame.f_back
    return nearest or "other"


def by_hand(sent: list[Sent], tenant: str) -> Callable[[], None]:
    """What somebody would write: one transaction on one prepared connection of the same role."""
    import psycopg

    from hemvist.db import Audience, audience_url

    url = audience_url(Audience.STAFF).set(drivername="postgresql")
    connection = psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
    raw = {True: psycopg.RawCursor, False: psycopg.Cursor}

    def run() -> None:
        cursor = connection.cursor()
        cursor.execute(
            f"BEGIN; SET LOCAL hemvist.tenant_id = '{tenant}'; SET LOCAL hemvist.principal_id = ''",
            prepare=False,
        )
        for one in sent:
            kind = raw[not isinstance(one.values, dict)]
            with kind(connection) as writing:
                writing.execute(one.text, one.values, prepare=True)
                if writing.description:
                    writing.fetchall()
        cursor.execute("COMMIT", prepare=False)

    return run


class Cpu:
    """Nanoseconds on a processor, of this process and of its backends."""

    def __init__(self, superuser: Any) -> None:
        self._superuser = superuser

    def now(self) -> tuple[int, int]:
        """This process, and the backends of every connection but the superuser's."""
        own = time.process_time_ns()
        pids = self._superuser.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchall()
        spent = sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for (pid,) in pids)
        return own, spent


def measure(bench: Bench, call: Call, superuser: Any) -> list[Figure]:
    """One command: counts, phases, and every way in turns."""
    print(f"\n{call.name}", flush=True)
    undo = Undo(superuser)
    call.run()
    undo.learn_and_restore(call.tables)
    for _ in range(8):
        call.run()
        undo.restore()
    with Tracing() as sent:
        call.run()
    undo.restore()
    inside = [one for one in sent if not one.outside]
    writes = [one for one in inside if one.writes]
    phases = Counter(one.phase for one in inside)
    print(f"  {len(sent)} statements, {len(writes)} of them write; by phase: "
          + ", ".join(f"{phase} {count}" for phase, count in phases.most_common()))  # fmt: skip
    tenant = str(bench.tenant_id)
    ways: dict[str, Callable[[], Any]] = {
        "service": call.run,
        "rows by hand": by_hand(writes, tenant),
        "rows and reads by hand": by_hand(inside, tenant),
    }
    cpu = Cpu(superuser)
    own: dict[str, list[float]] = {way: [] for way in ways}
    whole: dict[str, list[float]] = {way: [] for way in ways}
    gc.disable()
    for turn in range(ROUNDS + 5):
        for way, run in ways.items():
            before = cpu.now()
            run()
            after = cpu.now()
            undo.restore()
            if turn >= 5:
                own[way].append((after[0] - before[0]) / 1e6)
                whole[way].append((after[0] - before[0] + after[1] - before[1]) / 1e6)
    gc.enable()
    figures = [Figure(f"{call.name}: statements", len(sent), "")]
    for way in ways:
        figures.append(Figure(f"{call.name}, {way}: server", statistics.median(own[way]), "ms"))
        figures.append(
            Figure(
                f"{call.name}, {way}: server and PostgreSQL", statistics.median(whole[way]), "ms"
            )
        )
    for way in list(ways)[1:]:
        ratio = statistics.median(whole[way]) / statistics.median(whole["service"])
        figures.append(Figure(f"{call.name}: {way} / service", ratio, "of the goal 0.5"))
    profile(call, undo)
    return figures


def profile(call: Call, undo: Undo) -> None:
    """Where this process spends its time, by the library whose code is running."""
    profiler = cProfile.Profile(time.process_time)
    for _ in range(20):
        profiler.enable()
        call.run()
        profiler.disable()
        undo.restore()
    spent: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        spent[_library(file, name)] += own
    total = sum(spent.values())
    print("  own time: " + ", ".join(f"{name} {100 * part / total:.0f} %"
                                     for name, part in spent.most_common(9)))  # fmt: skip


def _library(file: str, name: str) -> str:
    for part in ("sqlalchemy", "psycopg", "strawberry", "graphql/", "opentelemetry"):
        if f"site-packages/{part}" in file:
            return part.strip("/")
    for part in ("hemvist/policy", "hemvist/evaluations", "hemvist_graphql", "hemvist/"):
        if part in file:
            return part.strip("/")
    return "built-in" if file == "~" else "python"


def main() -> None:
    """Start a server, fill it, measure, report."""
    from hemvist_infra.embedded import EmbeddedPostgres
    from hemvist_infra.embedded.database import own_database

    os.environ.setdefault("HEMVIST_ENVIRONMENT", "test")
    os.environ.setdefault("HEMVIST_SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("HEMVIST_KEY_FOLDER", tempfile.mkdtemp(prefix="hemvist-bench-keys-"))
    os.environ.setdefault("HEMVIST_LOG_LEVEL", "ERROR")
    os.environ.setdefault("HEMVIST_COMPILED_READS", "true")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        url = server.start()
        try:
            os.environ["HEMVIST_DATABASE_URL"] = own_database(url, "bench")
            from hemvist_infra import demo
            from hemvist_infra.database import migrate

            migrate()
            started = time.monotonic()
            demo.seed(lambda *_: None, {"helsingborg": HOUSEHOLDS})
            print(f"filled in {time.monotonic() - started:.0f} s", flush=True)
            import psycopg

            with psycopg.connect(url.rsplit("/", 1)[0] + "/bench", autocommit=True) as superuser:
                superuser.execute("ANALYZE")
                bench = Bench()
                figures = [
                    figure for call in bench.calls() for figure in measure(bench, call, superuser)
                ]
        finally:
            server.stop()
    report("writes", figures)


if __name__ == "__main__":
    main()
