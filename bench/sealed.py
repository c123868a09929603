"""What sealing costs: one value sealed, opened and found by its blind index, by its length.

And what a list costs whose 100 names are opened, as the compiled read path opens them. In one process,
without a database: everything else a read does is measured by ``make bench-graphql``.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable

from report import Figure, report

from hemvist.ids import new_id

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "20000"))
LENGTHS = (10, 100, 1_000, 100_000)
FIELD = "things.note"


def main() -> None:
    """Measure, and say what was found."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HEMVIST_KEY_FOLDER"] = folder
        report("sealed", measured())


def measured() -> list[Figure]:
    """Microseconds for each value."""
    # Settings are read once: after the folder is named.
    from hemvist.tenancy.keys import tenant_keys

    tenant = new_id()
    keys = tenant_keys(tenant)
    figures = []
    for length in LENGTHS:
        value = os.urandom(length)
        sealed = keys.seal_bytes(FIELD, value)
        rounds = max(200, ROUNDS // max(1, length // 1_000))
        figures += [
            Figure(
                f"seal {length} bytes",
                each(lambda v=value: keys.seal_bytes(FIELD, v), rounds),
                "µs",
            ),
            Figure(
                f"open {length} bytes",
                each(lambda s=sealed: keys.open_bytes(FIELD, s), rounds),
                "µs",
            ),
        ]
    number = "198001012380"
    names = [keys.seal(FIELD, f"Namn{at}") for at in range(100)]
    return [
        *figures,
        Figure("blind index", each(lambda: keys.blind_index(FIELD, number), ROUNDS), "µs"),
        Figure("keys looked up", each(lambda: tenant_keys(tenant), ROUNDS), "µs"),
        Figure("open 100 names", each(lambda: [keys.open(FIELD, one) for one in names], 200), "µs"),
    ]


def each(do: Callable[[], object], rounds: int) -> float:
    """The best of five runs, for one."""
    best = float("inf")
    for _ in range(5):
        started = time.process_time()
        for _ in range(rounds):
            do()
        best = min(best, time.process_time() - started)
    return best / rounds * 1e6


if __name__ == "__main__":
    main()
