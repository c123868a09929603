"""Every rule of every installed pack, on random cases: both back ends answer alike, node by node."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from hemvist.policy import Pack, evaluate
from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.columns import Columns, evaluate_columns
from hemvist_policy_random import Cases
from hemvist_registry import discovered

CASES = 60
_CODES = {"false": 0, "unknown": 1, "true": 2}
_PACKS = discovered().packs()


def _cases(pack: Pack, random: Random) -> list[dict[str, Any]]:
    maker = Cases(random)
    facts = {name: fact for name, fact in pack.facts.items() if name != DECISION_DATE}
    return [
        {name: maker.answer(fact) for name, fact in facts.items() if random.random() < known}
        for known in (1.0, 0.9, 0.5)
        for _ in range(CASES // 3)
    ]


@pytest.mark.parametrize("pack", _PACKS, ids=lambda pack: f"{pack.name} {pack.version}")
def test_both_back_ends_answer_alike(pack: Pack) -> None:
    cases = _cases(pack, Random(pack.name))
    rules = [id for id, rule in pack.rules.items() if rule.active]
    table = Columns.build(pack.facts, cases)
    days = {day for param in pack.params.values() for day, _ in param.values}
    for on in (pack.in_force.start, max((*days, pack.in_force.start))):
        _compare(pack, rules, cases, table, on)


def _compare(
    pack: Pack, rules: list[str], cases: list[dict[str, Any]], table: Columns, on: date
) -> None:
    judged = evaluate_columns(pack, rules, table, on, nodes=True, missing=True)
    assert judged.refused == {}
    for rule in rules:
        asked: dict[str, int] = {}
        for index, case in enumerate(cases):
            found = evaluate(pack, rule, case, on)
            assert judged.rules[rule][index] == _CODES[found.outcome], (rule, case)
            for node in found.trace:
                assert judged.nodes[node.path][index] == _CODES[node.outcome], (node.path, case)
            for fact in found.ask:
                asked[fact] = asked.get(fact, 0) + 1
        assert judged.missing[rule] == asked, rule
