"""Stages with guards, questions that concern the case, and who is responsible."""

from __future__ import annotations

from datetime import date

import pytest

from hemvist.policy import (
    GuardRefused,
    Outcome,
    Pack,
    PolicyError,
    next_stage,
    relevant,
    responsible,
)

ON = date(2026, 9, 1)
ENTITLED = {
    "registered_kommun": "0001",
    "has_own_lease": False,
    "roofless": True,
    "group": "addiction",
}


def test_an_event_moves_the_stage_when_its_guard_is_true(example: Pack) -> None:
    args = ("municipal_contract", "assessment", "support_granted")
    assert next_stage(example, *args, ENTITLED, ON) == "waiting"
    assert (
        next_stage(example, "municipal_contract", "waiting", "decision_granted", {}, ON) == "housed"
    )
    assert next_stage(example, "municipal_contract", "waiting", "offer_made", {}, ON) is None
    assert next_stage(example, "rent_guarantee", "any", "offer_made", {}, ON) is None


@pytest.mark.parametrize(
    ("facts", "outcome", "ask"),
    [
        ({"roofless": None}, Outcome.UNKNOWN, ("roofless", "current_contract_form")),
        ({"group": "other"}, Outcome.FALSE, ()),
    ],
)
def test_a_guard_that_is_not_true_says_why(
    example: Pack, facts: dict[str, object], outcome: Outcome, ask: tuple[str, ...]
) -> None:
    with pytest.raises(GuardRefused) as caught:
        next_stage(
            example, "municipal_contract", "assessment", "support_granted", ENTITLED | facts, ON
        )
    assert caught.value.rule == "entitled"
    assert (caught.value.evaluation.outcome, caught.value.evaluation.ask) == (outcome, ask)


@pytest.mark.parametrize(
    ("stage", "event", "message"),
    [("gone", "offer_made", "no stage 'gone'"), ("waiting", "boom", "no event 'boom'")],
)
def test_unknown_stages_and_events(example: Pack, stage: str, event: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        next_stage(example, "municipal_contract", stage, event, {}, ON)


@pytest.mark.parametrize(
    ("children", "outcome"), [(0, Outcome.FALSE), (1, Outcome.TRUE), (None, Outcome.UNKNOWN)]
)
def test_a_question_concerns_some_cases_only(
    example: Pack, children: int | None, outcome: Outcome
) -> None:
    facts = {"children_under_18": children}
    assert relevant(example, "child_at_risk", facts, ON) is outcome
    assert relevant(example, "roofless", {}, ON) is Outcome.TRUE


def test_each_departments_own_rule_says_whether_it_is_responsible(example: Pack) -> None:
    found = responsible(example, {"group": "addiction"}, ON)
    assert {code: one.outcome for code, one in found.items()} == {"SOF-VUX": Outcome.TRUE}
