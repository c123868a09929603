"""Rules that nobody could settle, because a question they need is hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hemvist.policy import Outcome, Pack, evaluate, load_pack, relevant
from hemvist.policy.dead_ends import DeadEnd, dead_ends

LEAF = "when: 'h.department == \"SOF-BUF\" && h.child_at_risk'"
GUARDED = "when: 'h.department == \"SOF-BUF\" && h.children_under_18 > 0 && h.child_at_risk'"


def test_a_hidden_question_that_a_rule_needs_is_found(example: Pack) -> None:
    found = DeadEnd("no_own_lease", "child_at_risk", "h.children_under_18 > 0")
    assert dead_ends(example) == (found,)
    # And it is one: the question is hidden, and the rule cannot be answered without it.
    facts = {"has_own_lease": True, "department": "SOF-BUF", "children_under_18": 0}
    on = date(2026, 9, 1)
    assert relevant(example, "child_at_risk", facts, on) is Outcome.FALSE
    assert evaluate(example, "no_own_lease", facts, on).ask == ("child_at_risk",)


def test_the_same_condition_in_the_leaf_leads_out(changed: Callable[..., Path]) -> None:
    assert dead_ends(load_pack(changed(("rules.yaml", LEAF, GUARDED)))) == ()


@pytest.mark.parametrize("seed", range(3))
def test_they_are_found_whatever_the_chance(example: Pack, seed: int) -> None:
    assert [end.rule for end in dead_ends(example, seed=seed)] == ["no_own_lease"]


def test_a_question_hidden_by_a_hidden_question(changed: Callable[..., Path]) -> None:
    hidden = "  roofless: {type: bool, ask_when: h.child_at_risk, label:"
    pack = load_pack(
        changed(
            ("facts.yaml", "  roofless: {type: bool, label:", hidden),
            ("rules.yaml", LEAF, GUARDED),
        )
    )
    assert [(end.rule, end.fact) for end in dead_ends(pack)] == [("homeless", "roofless")]


@pytest.mark.parametrize(
    ("shown_to", "found"), [("SOF-VUX", []), ("FF", [("for_adults", "group")])]
)
def test_a_department_answers_for_its_own_cases_only(
    changed: Callable[..., Path], shown_to: str, found: list[tuple[str, str]]
) -> None:
    label = "    label: {sv: Målgrupp, en: Target group}"
    shown = f"{label}\n    ask_when: h.department == '{shown_to}'"
    pack = load_pack(changed(("facts.yaml", label, shown)))
    assert [(end.rule, end.fact) for end in dead_ends(pack) if end.rule == "for_adults"] == found
