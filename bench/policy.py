"""What an explained answer costs: an entry rule with its trace against its bare outcome.

The cases are those that the installed packs' own ``cases.yaml`` puts to the rule. In turn each is
judged by ``evaluate``, with trace, reasons and what to ask, and by the same leaves alone: facts
checked alike, no trace, nothing looked at that can no longer change the outcome. Both must agree.
The ratio says what explaining costs; the time of one answer is for orientation on this machine.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from importlib.metadata import entry_points
from importlib.resources import files
from typing import Any

import yaml
from report import Figure, report

from hemvist.policy import Node, Outcome, Pack, evaluate, load_pack
from hemvist.policy.evaluation import environment
from hemvist.policy.leaf import Env
from hemvist.policy.registry import GROUP, pack_folders
from hemvist.policy.rules import Op
from hemvist.policy.sentences import CASES

ROUNDS = 200
Case = tuple[Mapping[str, Any], date]


def timed(run: Callable[[], object]) -> float:
    """Seconds that ``run`` takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def bare(pack: Pack, rule: str, facts: Mapping[str, Any], on: date) -> bool | None:
    """The outcome alone; None is unknown."""
    return _outcome(pack, pack.rules[rule], environment(pack, facts, on))


def _outcome(pack: Pack, node: Node, env: Env) -> bool | None:
    body = _body(pack, node, env)
    if body is True or not node.unless:
        return body
    exceptions = (_outcome(pack, one, env) for one in node.unless if one.decides)
    return _settle((body, *exceptions), True)


def _body(pack: Pack, node: Node, env: Env) -> bool | None:
    if node.leaf is not None:
        return node.leaf.value(env)
    if node.ref is not None:
        return _outcome(pack, pack.rules[node.ref], env)
    below = (_outcome(pack, one, env) for one in node.children if one.decides)
    if node.op is Op.NOT:
        found = next(below)
        return None if found is None else not found
    return _settle(below, node.op is Op.ANY)


def _settle(answers: Iterable[bool | None], deciding: bool) -> bool | None:
    unknown = False
    for answer in answers:
        if answer is deciding:
            return deciding
        unknown = unknown or answer is None
    return None if unknown else not deciding


def measured(pack: Pack, rule: str, cases: Sequence[Case]) -> list[Figure]:
    """The rule's figures over the cases."""
    explained: list[float] = []
    alone: list[float] = []
    for facts, on in cases:
        agree = evaluate(pack, rule, facts, on).outcome is Outcome.of(bare(pack, rule, facts, on))
        assert agree, f"{rule} has two outcomes for one case"
        pairs = [
            (
                timed(lambda: evaluate(pack, rule, facts, on)),  # noqa: B023
                timed(lambda: bare(pack, rule, facts, on)),  # noqa: B023
            )
            for _ in range(ROUNDS)
        ]
        explained.append(statistics.median(one for one, _ in pairs))
        alone.append(statistics.median(one for _, one in pairs))
    name = f"{pack.name} {rule}, {len(cases)} cases"
    return [
        Figure(f"{name}: explained / bare", sum(explained) / sum(alone), "x"),
        Figure(f"{name}: one explained answer", statistics.median(explained) * 1e6, "µs"),
    ]


def main() -> None:
    """Measure every installed pack's entry rules and report."""
    figures: list[Figure] = []
    for point in entry_points(group=GROUP):
        for folder in pack_folders(files(point.value)):
            pack, book = load_pack(folder), yaml.safe_load(folder.joinpath(CASES).read_bytes())
            for rule in dict.fromkeys(programme.entry for programme in pack.programmes.values()):
                cases = [
                    (
                        {
                            **book["households"].get(case.get("household"), {}),
                            **case.get("given", {}),
                        },
                        case["as_of"],
                    )
                    for case in book["cases"]
                    if case.get("rule") == rule
                ]
                figures += measured(pack, rule, cases)
    report("policy", figures)


if __name__ == "__main__":
    main()
