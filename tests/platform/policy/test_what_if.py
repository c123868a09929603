"""Other values of a pack's parameters, tried out without a new version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from hemvist.policy import Label, Node, Pack, PolicyError, evaluate, what_if
from hemvist.policy.leaf import compile_leaf
from hemvist.policy.rules import Op
from hemvist_policy_random import SCOPE, Packs

ON = date(2026, 9, 1)


def test_the_rules_follow_and_the_pack_itself_stays(example: Pack) -> None:
    facts = {"group": "other"}
    tried = what_if(example, {"groups": ("other",)})
    assert evaluate(tried, "target_group", facts, ON).outcome == "true"
    assert evaluate(example, "target_group", facts, ON).outcome == "false"
    assert tried.param("groups", ON) == ("other",)
    told = evaluate(tried, "target_group", facts, ON).trace[0].because[1]
    assert (told.fact, told.value) == ("p.groups", ["other"])
    # Whatever the date: the value of 2027 is replaced as well.
    assert evaluate(tried, "target_group", facts, date(2027, 1, 1)).outcome == "true"


def test_nothing_changed_is_the_same_pack(example: Pack) -> None:
    assert what_if(example, {}) == example


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"grups": ("other",)}, "unknown_parameter"),
        ({"groups": ["other"]}, "wrong_type"),
        ({"groups": ()}, "wrong_type"),
        ({"groups": (1,)}, "wrong_type"),
        ({"groups": "other"}, "wrong_type"),
        ({"groups": ("no_such_group",)}, "parameter_unfit"),
    ],
)
def test_values_that_do_not_hold(example: Pack, params: dict[str, Any], code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        what_if(example, params)
    assert caught.value.rule == code


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("three", True),
        ("three", 10**14),
        ("three", "3"),
        ("yes", 1),
        ("word", 3),
        ("feb", "2026-02-28"),
        ("odd", (1, True)),
        ("limit", 1.5),
    ],
)
def test_a_parameter_keeps_its_type(name: str, value: Any) -> None:
    with pytest.raises(PolicyError, match=f"the parameter {name} cannot be that"):
        what_if(Packs(Random(1)).pack(1), {name: value})


def test_a_value_with_which_a_rule_could_overflow_is_refused() -> None:
    leaf = compile_leaf("p.three * h.m1 > 0", SCOPE)
    rule = Node("r0", "r0", Op.WHEN, Label("a", "b"), ("S",), leaf=leaf)
    pack = replace(Packs(Random(1)).pack(1), rules={"r0": rule})
    assert evaluate(what_if(pack, {"three": -9}), "r0", {"m1": 1}, ON).outcome == "false"
    with pytest.raises(PolicyError, match="r0: the number could grow too large") as caught:
        what_if(pack, {"three": 10**9})
    assert caught.value.rule == "parameter_unfit"
