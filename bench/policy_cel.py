"""The twelve rules in CEL, by cel-expr-python: the official C++ implementation.

Every clause is an expression of its own, as the trace has it, and one activation serves them all,
which is the quickest way found. An unknown fact is left out, which CEL calls an error; its logic
then is Kleene's. Days are given as numbers, and the month arithmetic done beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cel_expr_python import cel
from policy_cases import LONG_AGO

_PARAMS = {
    "kommun": "0001",
    "adult_age": 18,
    "exempt_housing": ["training_flat", "transit_flat"],
    "debt_limit": 1_000_000,
    "rent_share": 40,
    "long_ago": LONG_AGO.toordinal(),
}
_CLAUSES = (
    "h.age >= p.adult_age",
    "h.registered_kommun == p.kommun",
    "h.crime_victim",
    "!h.need_met_otherwise",
    "!h.has_own_contract",
    'h.office == "BUF" && h.child_at_risk',
    "h.lacks_roof || h.current_housing in p.exempt_housing",
    '"addiction" in h.obstacles || size(h.obstacles) >= 2',
    'h.debts.all(d, d.kind != "rent" || d.amount <= p.debt_limit)',
    "size(h.debts) <= 5",
    "h.homeless_since <= p.long_ago",
    "h.rent * 100 <= h.income * p.rent_share",
    "h.plan_agreed && h.age < 100",
)


class Cel:
    """The twelve rules, compiled."""

    def __init__(self) -> None:
        anything = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
        self.env = cel.NewEnv(variables={"h": anything, "p": anything})
        self.clauses = [self.env.compile(clause) for clause in _CLAUSES]

    def ready(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """A person's answers as CEL takes them; nothing is checked."""
        found: dict[str, Any] = {}
        for name, value in case.items():
            if value is None:
                continue
            if name == "debts":
                value = [{k: v for k, v in debt.items() if v is not None} for debt in value]
            elif name == "homeless_since":
                value = date.fromisoformat(value).toordinal()
            found[name] = value
        return found

    def judge(self, facts: Mapping[str, Any]) -> tuple[bool | None, ...]:
        """The twelve outcomes from facts made ready."""
        activation = self.env.Activation({"h": facts, "p": _PARAMS})
        found: list[bool | None] = []
        for clause in self.clauses:
            value = clause.eval(activation).value()
            found.append(value if value is True or value is False else None)
        a, b, victim, c, d, danger, *others = found
        rules = (a, _either(b, victim), c, _either(d, danger), *others)
        entitled = False if False in rules else None if None in rules else True
        return (*rules, entitled)


def _either(left: bool | None, right: bool | None) -> bool | None:
    if left is True or right is True:
        return True
    return None if left is None or right is None else False
