"""What reading the record's facts for a matching costs: of many cases at once beside case by case.

Two hundred cases of a kommun made with the tests' own hands (``tests/support``); the same cases, the
same day, in turns in one process. Time of waiting and CPU of this process, the best of several
rounds; that both answer the same is asserted.

    make bench-matching_facts
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from report import Figure, report

CASES, ROUNDS = 200, 7
SUPPORT = Path(__file__).parent.parent / "tests" / "support"


def main() -> None:
    """Fill a database, measure, report."""
    os.environ.setdefault("HEMVIST_ENVIRONMENT", "test")
    os.environ.setdefault("HEMVIST_SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("HEMVIST_KEY_FOLDER", tempfile.mkdtemp(prefix="hemvist-bench-keys-"))
    with _filled():
        report("matching_facts", measured())


@contextmanager
def _filled() -> Iterator[None]:
    from hemvist_infra.embedded import EmbeddedPostgres
    from hemvist_infra.embedded.database import own_database

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        os.environ["HEMVIST_DATABASE_URL"] = own_database(server.start(), "bench")
        try:
            hemvist = str(Path(sys.executable).with_name("hemvist"))
            subprocess.run([hemvist, "db", "migrate"], check=True, stdout=subprocess.DEVNULL)
            yield
        finally:
            server.stop()


def measured() -> list[Figure]:
    """Both ways, in turns."""
    from sqlalchemy import select

    # Every concept that answers facts has said so once it is imported.
    import hemvist.follow_ups
    import hemvist.guarantees
    import hemvist.takeovers.facts  # noqa: F401 - each says which facts it has
    from hemvist.cases.derived import derived_facts, derived_facts_of
    from hemvist.cases.models import Case
    from hemvist.clock import today
    from hemvist.db import Audience
    from hemvist.tenancy import tenant_session

    sys.path.insert(0, str(SUPPORT))
    from hemvist_world import adult, new_world

    world = new_world()
    for number in range(CASES):
        world.case(adult(), *([adult("partner")] if number % 2 else []))
    world.housed(world.case())
    day = today()
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        cases = session.scalars(select(Case).order_by(Case.id).limit(CASES)).all()

        def one_by_one() -> Any:
            return {case.id: derived_facts(session, case, day) for case in cases}

        def at_once() -> Any:
            return derived_facts_of(session, cases, day)

        assert one_by_one() == at_once()
        before, after = _in_turns(one_by_one, at_once)
    per = 1_000_000 / len(cases)
    return [
        Figure("cases", float(len(cases)), "cases"),
        Figure("case by case: waiting", before[0] * per, "µs a case"),
        Figure("case by case: CPU of the process", before[1] * per, "µs a case"),
        Figure("at once: waiting", after[0] * per, "µs a case"),
        Figure("at once: CPU of the process", after[1] * per, "µs a case"),
        Figure("case by case beside at once: waiting", before[0] / after[0], "ratio"),
        Figure("case by case beside at once: CPU", before[1] / after[1], "ratio"),
    ]


def _in_turns(*ways: Callable[[], Any]) -> list[tuple[float, float]]:
    """Waiting and CPU of each, the best of the rounds."""
    best = [(float("inf"), float("inf"))] * len(ways)
    for _ in range(ROUNDS):
        for number, way in enumerate(ways):
            clock, cpu = time.perf_counter(), time.process_time()
            way()
            found = (time.perf_counter() - clock, time.process_time() - cpu)
            best[number] = (min(best[number][0], found[0]), min(best[number][1], found[1]))
    return best


if __name__ == "__main__":
    main()
