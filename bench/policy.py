"""What an explained answer costs: the whole entry rule with its trace against its leaves alone.

One case of the installed packs' entry rules is evaluated with the full trace, and in turn the same
facts are only checked for their types. The figure says how much of an answer is judging and
explaining; a second figure gives the time of one answer on this machine, for orientation.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date

from report import Figure, report

from hemvist.policy import Registry, check_answer, evaluate
from hemvist.policy.facts import FactType

ROUNDS = 2_000
DAY = date(2026, 9, 1)


def timed(run: Callable[[], object]) -> float:
    """Seconds that ``run`` takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def some_value(kind: FactType, options: list[str]) -> object:
    """A value of the fact's type."""
    return {
        FactType.BOOL: True,
        FactType.INT: 1,
        FactType.MONEY: 100,
        FactType.DATE: DAY,
        FactType.TEXT: "text",
        FactType.CHOICE: options[0] if options else "",
        FactType.CHOICE_LIST: options[:1],
        FactType.RECORDS: [],
    }[kind]


def main() -> None:
    """Measure every installed pack's entry rules and report."""
    figures: list[Figure] = []
    for pack in Registry.discover().packs():
        for rule in dict.fromkeys(programme.entry for programme in pack.programmes.values()):
            facts = {
                name: some_value(pack.fact(name).type, list(pack.fact(name).options))
                for name in pack.facts_of(rule)
                if name != "decision_date"
            }
            judged: list[float] = []
            checked: list[float] = []
            for _ in range(ROUNDS):
                judged.append(timed(lambda: evaluate(pack, rule, facts, DAY)))  # noqa: B023
                checked.append(
                    timed(lambda: [check_answer(pack.fact(n), v) for n, v in facts.items()])  # noqa: B023
                )
            ratios = [a / b for a, b in zip(judged, checked, strict=True)]
            name = f"{pack.name} {rule}"
            figures += [
                Figure(f"{name}: judged / types checked", statistics.median(ratios), "x"),
                Figure(f"{name}: one answer", statistics.median(judged) * 1e6, "µs"),
            ]
    report("policy", figures)


if __name__ == "__main__":
    main()
