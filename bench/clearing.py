"""What a clearing costs: a country of 290 kommuner with 1 000 and with 3 000 requests, made up, seed fixed.

CPU time of the whole, from the instance to the plan with its certificate, the best of several rounds in
one process; and the same as a multiple of an empty loop of ten million steps, timed in turns with
it, which is what travels from machine to machine. Each plan is proved by the checker, which is
not in the time.
"""

from __future__ import annotations

import time

from clearing_instances import made_up
from report import Figure, report

from hemvist.clearing import Instance, check, clear

ROUNDS = 3
#: Kommuner, requests, flats, credit.
SIZES = (
    (30, 50, 35, 0),
    (290, 1000, 300, 1),
    (290, 1000, 700, 0),
    (290, 1000, 700, 2),
    (290, 1000, 1000, 2),
    (290, 3000, 2100, 2),
)


def main() -> None:
    """Measure, print and write the figures."""
    figures: list[Figure] = []
    for members, requests, flats, credit in SIZES:
        of = made_up(members, requests, flats, credit=credit)
        rounds = ROUNDS if requests <= 1000 else 1
        loop = min(_loop() for _ in range(rounds))
        seconds = min(_clearing(of) for _ in range(rounds))
        loop = min(loop, _loop())
        plan = clear(of, 1)
        assert check(of, plan) == [], "the plan is not proved"
        name = f"{members} x {requests}, {flats} flats, credit {credit}"
        figures += [
            Figure(name, seconds, "s of CPU", 1.0 if requests == 1000 else None),
            Figure(f"{name}: times an empty loop of 10 000 000", seconds / loop, "ratio"),
            Figure(f"{name}: moves", float(plan.objective.moves), "households"),
        ]
    report("clearing", figures)


def _clearing(of: Instance) -> float:
    start = time.process_time()
    clear(of, 1)
    return time.process_time() - start


def _loop() -> float:
    start = time.process_time()
    for _ in range(10_000_000):
        pass
    return time.process_time() - start


if __name__ == "__main__":
    main()
