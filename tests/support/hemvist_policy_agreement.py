"""Both back ends and CEL over the same random rules and cases: where they differ, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from hemvist.policy.columns import Columns, Judged, Question, judge
from hemvist.policy.evaluation import environment, evaluate
from hemvist.policy.pack import Pack
from hemvist.policy.what_if import what_if
from hemvist_policy_cel import Oracle, data, rule
from hemvist_policy_random import FACTS, LATER, ON, Cases, Packs

_CODES = {"false": 0, "unknown": 1, "true": 2}
_TRUTH = (False, None, True)
#: Values of parameters to try in place of the pack's own.
_OTHER: dict[str, Any] = {"three": 2, "months": 5, "feb": LATER, "word": "c", "words": ("b",)}


def differences(seed: int, *, rows: int = 8, rules: int = 3, look_every: int = 1) -> Iterator[str]:
    """Every answer of one random pack over ``rows`` random cases that is not given by all.

    The cases are judged on two days, and by the pack as it is and with other parameter values.
    Compared are the outcome of every rule and how often each fact is asked for; in each
    ``look_every``-th case also every node of the trace, and the outcome with CEL's.
    """
    random = Random(seed)
    pack = Packs(random).pack(rules)
    other = what_if(pack, _OTHER)
    maker = Cases(random)
    # What nobody was asked has no column at all.
    unasked = set(random.sample(sorted(FACTS), random.choice((0, 0, 4))))
    cases = [
        {name: raw for name, raw in maker.case().items() if name not in unasked}
        for _ in range(rows)
    ]
    names = tuple(id for id, one in pack.rules.items() if one.active)
    table = Columns.from_bytes(Columns.build(FACTS, cases).to_bytes(compress=False))
    asked = [(pack, ON), (pack, LATER), (other, ON)]
    questions = [Question(one, names, on) for one, on in asked]
    judged = judge(questions, table, nodes=True, missing=True)
    for (one, on), found in zip(asked, judged, strict=True):
        where = f"seed {seed} on {on}{'' if one is pack else ' with other values'}"
        if found.refused:
            yield f"{where}: refused {found.refused}"
        for name in names:
            # The second and third are compared where they are looked at closely anyway.
            few = cases if (one, on) == (pack, ON) else cases[:look_every]
            yield from _rule(one, name, on, few, found, f"{where} {name}", look_every)


def _rule(
    pack: Pack,
    name: str,
    on: date,
    cases: list[dict[str, Any]],
    judged: Judged,
    where: str,
    look_every: int,
) -> Iterator[str]:
    oracle = Oracle(rule(pack, pack.rules[name]))
    values = {name: param.on(on) for name, param in pack.params.items()}
    asked: dict[str, int] = {}
    for index, case in enumerate(cases):
        found = evaluate(pack, name, case, on)
        for fact in found.ask:
            asked[fact] = asked.get(fact, 0) + 1
        if judged.rules[name][index] != _CODES[found.outcome]:
            yield f"{where}: columns {judged.rules[name][index]}, closures {found.outcome}: {case}"
        if index % look_every:
            continue
        above: set[str | None] = {None}
        for node in found.trace:
            if node.parent not in above:
                yield f"{where} {node.path}: stands under {node.parent}, which is not in the trace"
            above.add(node.path)
            answer = judged.nodes[node.path][index]
            if answer != _CODES[node.outcome]:
                yield f"{where} {node.path}: columns {answer}, closures {node.outcome}: {case}"
        second = oracle.value(data(environment(pack, case, on).facts, values))
        if _TRUTH[_CODES[found.outcome]] is not second:
            yield f"{where}: CEL {second}, closures {found.outcome}: {case}"
    if len(cases) == len(judged.rules[name]) and asked != judged.missing[name]:
        yield f"{where}: columns ask {judged.missing[name]}, closures {asked}"
