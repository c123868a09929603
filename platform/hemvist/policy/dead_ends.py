"""Dead ends: a rule that stays unknown although every question of the form is answered.

A question is hidden where its ``ask_when`` is false. If a rule still needs its answer there, nobody
can settle the case. Found by trying random cases in which every question shown is answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.evaluation import environment, evaluate
from hemvist.policy.facts import FactDef, FactType
from hemvist.policy.pack import Pack
from hemvist.policy.rules import Node

#: The fact of the catalogue that names the case's own department.
_DEPARTMENT = "department"
_NUMBER = re.compile(r"\b[0-9]{1,9}\b")


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """``rule`` can stay unknown for want of ``fact``, which is hidden when ``ask_when`` is false."""

    rule: str
    fact: str
    ask_when: str


def dead_ends(pack: Pack, samples: int = 200, seed: int = 0) -> tuple[DeadEnd, ...]:
    """The dead ends met in ``samples`` random cases on the pack's first day, each once.

    Named at the rule that reads the fact itself; rules that refer to it share its end. A rule that
    says when a department is responsible is tried in that department's own cases: elsewhere its
    questions may be hidden, since no other department answers for it.
    The same ``seed`` tries the same cases. None found is no proof that there is none.
    """
    maker = _Cases(pack, Random(seed))  # noqa: S311 - chooses cases to try, guards nothing
    own = {id: frozenset(_facts(rule)) for id, rule in pack.rules.items() if rule.active}
    answering: dict[str, set[object]] = {}
    for code, department in pack.departments.items():
        if department.responsible is not None and _DEPARTMENT in pack.facts:
            answering.setdefault(department.responsible, set()).add(code)
    found: dict[tuple[str, str], DeadEnd] = {}
    for _ in range(samples):
        facts = maker.case()
        for id, reads in own.items():
            if facts.get(_DEPARTMENT) not in answering.get(id, {facts.get(_DEPARTMENT)}):
                continue
            for name in reads.intersection(evaluate(pack, id, facts, pack.in_force.start).ask):
                condition = pack.facts[name].ask_when
                if condition is not None:
                    found.setdefault((id, name), DeadEnd(id, name, condition.text))
    return tuple(found[key] for key in sorted(found))


def _facts(node: Node) -> Iterator[str]:
    """The facts that a rule reads itself, not through another."""
    if node.leaf is not None:
        yield from node.leaf.facts
    for child in (*node.children, *node.unless):
        yield from _facts(child)


class _Cases:
    """Random cases on the values at which the pack's rules turn."""

    def __init__(self, pack: Pack, random: Random) -> None:
        self.pack = pack
        self.random = random
        self.numbers = {0, 1}
        self.words = {"x"}
        for param in pack.params.values():
            for _, value in param.values:
                for one in value if isinstance(value, tuple) else (value,):
                    if isinstance(one, str):
                        self.words.add(one)
                    elif isinstance(one, int):
                        self.numbers |= {one - 1, one, one + 1}
        for rule in pack.rules.values():
            self._written_numbers(rule)

    def _written_numbers(self, node: Node) -> None:
        if node.leaf is not None:
            for written in _NUMBER.findall(node.leaf.text):
                self.numbers |= {int(written) - 1, int(written), int(written) + 1}
        for child in (*node.children, *node.unless):
            self._written_numbers(child)

    def case(self) -> dict[str, object]:
        """Every fact known, but for those whose question is hidden by the others."""
        facts: dict[str, object] = {
            name: self.value(fact)
            for name, fact in self.pack.facts.items()
            if name != DECISION_DATE
        }
        hidden: set[str] | None = None
        # Hiding one question can hide the next; each round hides at least one.
        while hidden is None or hidden:
            env = environment(self.pack, facts, self.pack.in_force.start)
            hidden = {
                name
                for name in facts
                if (condition := self.pack.facts[name].ask_when) is not None
                and condition.value(env) is False
            }
            facts = {name: value for name, value in facts.items() if name not in hidden}
        return facts

    def value(self, fact: FactDef) -> object:
        """A value the fact can have."""
        random = self.random
        match fact.type:
            case FactType.BOOL:
                return random.random() < 0.5
            case FactType.INT | FactType.MONEY:
                low, high = fact.bounds
                return min(max(random.choice(sorted(self.numbers)), low), high)
            case FactType.DATE:
                days = random.choice((-800, -365, -31, -1, 0, 1, 31))
                return self.pack.in_force.start + timedelta(days=days)
            case FactType.TEXT:
                return random.choice(sorted(self.words))
            case FactType.CHOICE:
                return random.choice(list(fact.options))
            case FactType.CHOICE_LIST:
                return [code for code in fact.options if random.random() < 0.3]
            case FactType.RECORDS:
                count = random.randrange(3)
                return [
                    {name: self.value(field) for name, field in fact.fields.items()}
                    for _ in range(count)
                ]
