"""Both back ends and CEL over the same random rules and cases: where they differ, in words."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from hemvist.policy.columns import Columns, evaluate_columns
from hemvist.policy.evaluation import environment, evaluate
from hemvist.policy.pack import Pack
from hemvist_policy_cel import Oracle, data, rule
from hemvist_policy_random import FACTS, ON, VALUES, Cases, Packs

_CODES = {"false": 0, "unknown": 1, "true": 2}
_TRUTH = (False, None, True)


def differences(seed: int, *, rows: int = 8, rules: int = 3, look_every: int = 1) -> Iterator[str]:
    """Every answer of one random pack over ``rows`` random cases that is not given by all.

    Compared are the outcome of every rule and how often each fact is asked for; in each
    ``look_every``-th case also every node of the trace, and the outcome with CEL's.
    """
    random = Random(seed)
    pack = Packs(random).pack(rules)
    maker = Cases(random)
    cases = [maker.case() for _ in range(rows)]
    names = [id for id, one in pack.rules.items() if one.active]
    table = Columns.from_bytes(Columns.build(FACTS, cases).to_bytes(compress=False))
    judged = evaluate_columns(pack, names, table, ON, nodes=True, missing=True)
    if judged.refused:
        yield f"seed {seed}: refused {judged.refused}"
    for name in names:
        yield from _rule(pack, name, cases, judged, f"seed {seed} {name}", look_every)


def _rule(
    pack: Pack, name: str, cases: list[dict[str, Any]], judged: Any, where: str, look_every: int
) -> Iterator[str]:
    oracle = Oracle(rule(pack, pack.rules[name]))
    asked: dict[str, int] = {}
    for index, case in enumerate(cases):
        found = evaluate(pack, name, case, ON)
        for fact in found.ask:
            asked[fact] = asked.get(fact, 0) + 1
        if judged.rules[name][index] != _CODES[found.outcome]:
            yield f"{where}: columns {judged.rules[name][index]}, closures {found.outcome}: {case}"
        if index % look_every:
            continue
        for node in found.trace:
            if judged.nodes[node.path][index] != _CODES[node.outcome]:
                yield f"{where}/{node.path}: columns {judged.nodes[node.path][index]}, {node.outcome}"
        facts = environment(pack, case, ON).facts
        second = oracle.value(data(facts, VALUES))
        if _TRUTH[_CODES[found.outcome]] is not second:
            yield f"{where}: CEL {second}, closures {found.outcome}: {case}"
    if asked != {fact: count for fact, count in judged.missing[name].items() if count}:
        yield f"{where}: asked {judged.missing[name]}, closures {asked}"
