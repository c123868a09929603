"""What the audit log's marks and chain cost: commands and reads with marks and without, in turns.

Each is carried out as the portal sends it. Without marks the entry is written all the same, with no key
given to it, so that the difference is what the mark costs: two HMACs here, a trigger with two SHA-256 in
PostgreSQL, and 49 bytes of the row. Linking and looking through are the worker's, and measured by
themselves. Processor time is that of this process and of its connections' backends; ratios of one run
travel, milliseconds do not.
"""

from __future__ import annotations

import gc
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from report import Figure, report
from writes import Cpu
from writes_commands import Bench, Call
from writes_undo import Undo

HOUSEHOLDS = int(os.environ.get("BENCH_HOUSEHOLDS", "60"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "150"))
ENTRIES = int(os.environ.get("BENCH_ENTRIES", "20000"))
PARTS = os.environ.get("BENCH_PARTS", "chain reads commands").split()
#: A mark may add this much to an act.
GOAL = 1.10
#: Modules in which an act takes its entry's key.
_PLACES = ("hemvist.audit.service", "hemvist_graphql.compiled.execution")
_CASE = """query CasePage($id: ID!) { case(id: $id) { number stage
  household { members { person { givenName familyName personalNumber } } }
  obligations { id code dueOn } } }"""
_CASES = """{ cases(first: 50) { edges { node { number
  household { members { person { givenName familyName } } } } } } }"""


@contextmanager
def unmarked() -> Iterator[None]:
    """Entries are given no key inside."""
    from importlib import import_module

    modules: list[Any] = [import_module(name) for name in _PLACES]
    kept = modules[0].one_time_key
    for module in modules:
        module.one_time_key = lambda _keys: None
    try:
        yield
    finally:
        for module in modules:
            module.one_time_key = kept


def ratio(name: str, run: Callable[[], Any], undo: Callable[[], None], cpu: Cpu) -> list[Figure]:
    """An act with marks beside the same without, in turns."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    gc.disable()
    for turn in range(ROUNDS + 10):
        for marked in (True, False) if turn % 2 else (False, True):
            with unmarked() if not marked else _nothing():
                before = cpu.now()
                run()
                after = cpu.now()
            undo()
            if turn >= 10:
                spent[marked].append((sum(after) - sum(before)) / 1e6)
    gc.enable()
    with_marks, without = statistics.median(spent[True]), statistics.median(spent[False])
    return [
        Figure(f"{name}: with marks", with_marks, "ms"),
        Figure(f"{name}: without", without, "ms"),
        Figure(f"{name}: with / without", with_marks / without, "", GOAL),
    ]


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def commands(bench: Bench, superuser: Any, cpu: Cpu) -> Iterator[Figure]:
    """Commands, each undone before the next."""
    wanted = ("openCase", "answerQuestions")
    calls: list[Call] = [call for call in bench.calls() if call.name in wanted]
    for call in calls or [next(bench.calls())]:
        undo = Undo(superuser)
        call.run()
        undo.learn_and_restore(call.tables)
        yield from ratio(call.name, call.run, undo.restore, cpu)


def reads(bench: Bench, cpu: Cpu) -> Iterator[Figure]:
    """One case, and a list of fifty."""
    from hemvist_graphql.execution import execute_text
    from hemvist_graphql.ids import global_id

    actor = bench._actor("caseworker", "SOF-VUX")
    case = global_id("Case", bench._case().id)

    def run(document: str, **variables: Any) -> None:
        answer = execute_text(actor, document, variables)
        assert '"errors"' not in answer, answer

    yield from ratio("a case", lambda: run(_CASE, id=case), lambda: None, cpu)
    yield from ratio("a list of cases", lambda: run(_CASES), lambda: None, cpu)


def chain(bench: Bench, cpu: Cpu) -> Iterator[Figure]:
    """Linking and looking through, for each entry."""
    from hemvist import audit
    from hemvist.audit import linking, verifying
    from hemvist.identity import Actor
    from hemvist.ids import new_id
    from hemvist.tenancy import Audience, tenant_session

    linking.link(bench.tenant_id, None)
    actor = Actor.system(bench.tenant_id)
    for _ in range(ENTRIES // 500):
        with tenant_session(Audience.STAFF, bench.tenant_id) as session:
            for _ in range(500):
                audit.record(session, actor, "Case", kind="read", persons=[new_id(), new_id()])
    before = cpu.now()
    linked = linking.link(bench.tenant_id, None).entries
    after = cpu.now()
    assert linked >= ENTRIES
    yield Figure("linking", (sum(after) - sum(before)) / linked / 1e3, "µs an entry")
    before = cpu.now()
    report = verifying.verify(bench.tenant_id)
    after = cpu.now()
    assert report.findings == [], report.findings[:3]
    yield Figure("looking through", (sum(after) - sum(before)) / report.linked / 1e3, "µs an entry")
    # What was written in the last seconds is looked at again, in case something was committed late.
    for name, back in (
        ("nothing", timedelta()),
        (f"nothing, {linked} just linked", linking.RECENT),
    ):
        before, started = cpu.now(), time.monotonic()
        for _ in range(100):
            linking.link(bench.tenant_id, back)
        after, waited = cpu.now(), time.monotonic() - started
        yield Figure(f"{name} to link", (sum(after) - sum(before)) / 1e5, "µs")
        yield Figure(f"{name} to link, waiting", waited * 1e4, "µs")


def main() -> None:
    """Start a server, fill it, measure, report."""
    from hemvist_infra.embedded import EmbeddedPostgres
    from hemvist_infra.embedded.database import own_database

    os.environ.setdefault("HEMVIST_ENVIRONMENT", "test")
    os.environ.setdefault("HEMVIST_SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("HEMVIST_KEY_FOLDER", tempfile.mkdtemp(prefix="hemvist-bench-keys-"))
    os.environ.setdefault("HEMVIST_LOG_LEVEL", "ERROR")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        url = server.start()
        try:
            os.environ["HEMVIST_DATABASE_URL"] = own_database(url, "bench")
            import psycopg

            from hemvist_infra import demo
            from hemvist_infra.database import migrate

            migrate()
            demo.seed(lambda *_: None, {"helsingborg": HOUSEHOLDS})
            with psycopg.connect(url.rsplit("/", 1)[0] + "/bench", autocommit=True) as superuser:
                superuser.execute("ANALYZE")
                bench, cpu = Bench(), Cpu(superuser)
                parts = {
                    "chain": lambda: chain(bench, cpu),
                    "reads": lambda: reads(bench, cpu),
                    "commands": lambda: commands(bench, superuser, cpu),
                }
                figures = [figure for part in PARTS for figure in parts[part]()]
        finally:
            server.stop()
    report("audit", figures)


if __name__ == "__main__":
    main()
