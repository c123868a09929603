"""The twelve rules in zen-engine, its unknowns written by hand: 0 false, 1 unknown, 2 true."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import zen
from policy_cases import LONG_AGO, RULES


def _if_known(name: str, condition: str) -> str:
    return f"({name} == null ? 1 : ({condition} ? 2 : 0))"


def _smallest(*parts: str) -> str:
    return f"min([{', '.join(parts)}])"


def _largest(*parts: str) -> str:
    return f"max([{', '.join(parts)}])"


_EXPRESSIONS = {
    "adult": _if_known("age", "age >= 18"),
    "registered": _largest(
        _if_known("registered_kommun", "registered_kommun == '0001'"),
        _if_known("crime_victim", "crime_victim"),
    ),
    "no_other_way": _if_known("need_met_otherwise", "not need_met_otherwise"),
    "no_own_contract": _largest(
        _if_known("has_own_contract", "not has_own_contract"),
        _smallest(
            _if_known("office", "office == 'BUF'"), _if_known("child_at_risk", "child_at_risk")
        ),
    ),
    "homeless": _largest(
        _if_known("lacks_roof", "lacks_roof"),
        _if_known("current_housing", "current_housing in ['training_flat', 'transit_flat']"),
    ),
    "several_difficulties": _if_known(
        "obstacles", "('addiction' in obstacles or len(obstacles) >= 2)"
    ),
    "rent_debts_small": (
        "debts == null ? 1 : (len(debts) == 0 ? 2 : min(map(debts, #.kind != 'rent' ? 2 : "
        "(#.amount == null ? 1 : (#.amount <= 1000000 ? 2 : 0)))))"
    ),
    "few_debts": _if_known("debts", "len(debts) <= 5"),
    "homeless_for_long": _if_known("homeless_since", f"homeless_since <= {LONG_AGO.toordinal()}"),
    "rent_affordable": "rent == null or income == null ? 1 : (rent * 100 <= income * 40 ? 2 : 0)",
    "plan": _smallest(_if_known("plan_agreed", "plan_agreed"), _if_known("age", "age < 100")),
    "entitled": _smallest(*(f"$.{rule}" for rule in RULES[:-1])),
}
_TRUTH = (False, None, True)


class Zen:
    """The twelve rules as one decision."""

    def __init__(self) -> None:
        place = {"x": 0, "y": 0}
        expressions = [
            {"id": key, "key": key, "value": value} for key, value in _EXPRESSIONS.items()
        ]
        nodes = [
            {"id": "in", "type": "inputNode", "name": "in", "position": place},
            {
                "id": "rules",
                "type": "expressionNode",
                "name": "rules",
                "position": place,
                "content": {"expressions": expressions},
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": place},
        ]
        edges = [
            {"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"}
            for a, b in (("in", "rules"), ("rules", "out"))
        ]
        self.decision = zen.ZenEngine().create_decision(
            json.dumps({"nodes": nodes, "edges": edges})
        )

    def ready(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """A person's answers as zen takes them; nothing is checked."""
        since = case["homeless_since"]
        day = None if since is None else date.fromisoformat(since).toordinal()
        return {**case, "homeless_since": day}

    def judge(self, facts: Mapping[str, Any]) -> tuple[bool | None, ...]:
        """The twelve outcomes from facts made ready."""
        found = self.decision.evaluate(facts)["result"]
        return tuple(_TRUTH[int(found[rule])] for rule in RULES)
