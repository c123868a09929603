"""The written form of an answer is a promise: records of years are compared with it byte for byte."""

from __future__ import annotations

from datetime import date

import pytest

from hemvist.policy import Pack, evaluate
from hemvist.policy.canonical import canonical_answer, canonical_json, canonical_trace

DAY = date(2026, 9, 1)


def test_the_form_does_not_move(example: Pack) -> None:
    """Whoever changes this text raises FORMAT and keeps writing the old form for old records."""
    department = next(iter(example.departments))
    facts = {"has_own_lease": True, "child_at_risk": None, "department": department}
    written = canonical_answer(evaluate(example, "no_own_lease", facts, DAY), DAY)
    assert written == (
        '{"ask":["child_at_risk"],"format":1,"on":"2026-09-01","outcome":"unknown",'
        '"rule":"no_own_lease","trace":[{"because":[{"fact":"has_own_lease","kind":"asked",'
        '"value":true}],"cite":["RL §2"],"force":"must","id":"no_own_lease","kind":"when",'
        '"label":{"en":"No own lease","sv":"Saknar eget kontrakt"},"outcome":"unknown",'
        '"parent":null,"path":"no_own_lease","value":false},{"because":[{"fact":"department",'
        f'"kind":"derived","value":"{department}"}},{{"fact":"child_at_risk","kind":"assessment",'
        '"value":null}],"cite":["RL §2.1"],"force":"must","id":"child_in_danger","kind":"exception",'
        '"label":{"en":"The child is in danger in the home","sv":"Barnet är i fara i hemmet"},'
        '"outcome":"unknown","parent":"no_own_lease","path":"no_own_lease/child_in_danger",'
        '"value":null}],"version":"2026.2.0"}'
    )


def test_the_order_of_keys_and_of_facts_is_nothing(example: Pack) -> None:
    facts = {"registered_kommun": "0001", "has_own_lease": False, "roofless": True}
    turned = dict(reversed(facts.items()))
    one, other = (
        canonical_answer(evaluate(example, "entitled", given, DAY), DAY)
        for given in (facts, turned)
    )
    assert one == other
    assert canonical_json({"b": 1, "a": "å"}) == '{"a":"å","b":1}'


def test_what_the_engine_comes_to_show_besides_is_left_out(example: Pack) -> None:
    node = evaluate(example, "no_own_lease", {}, DAY).trace[0].as_json()
    more = {**node, "new": 1, "because": [{**one, "new": 1} for one in node["because"]]}  # type: ignore[attr-defined]
    assert canonical_trace([more]) == canonical_trace([node])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_has_no_word_for_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"value": value})
