"""Rules on cases: outcome, trace, what to ask, and which values hold on the day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hemvist.policy import Outcome, Pack, PolicyError, evaluate, load_pack
from hemvist.policy.evaluation import Evaluation

ON = date(2026, 9, 1)
ENTITLED = {
    "registered_kommun": "0001",
    "has_own_lease": False,
    "roofless": True,
    "group": "addiction",
}


def _ask(pack: Pack, rule: str, on: date = ON, **facts: object) -> Evaluation:
    return evaluate(pack, rule, facts, on)


def test_true_with_what_was_asked_and_no_more(example: Pack) -> None:
    found = _ask(example, "entitled", **ENTITLED)
    assert (found.outcome, found.ask, found.version) == (Outcome.TRUE, (), "2026.2.0")


def test_one_failed_criterion_settles_it_and_nothing_is_asked(example: Pack) -> None:
    found = _ask(example, "entitled", registered_kommun="0002")
    assert (found.outcome, found.ask) == (Outcome.FALSE, ())
    assert found.node("homeless").outcome is Outcome.UNKNOWN


def test_unknown_asks_only_what_would_still_settle_it(example: Pack) -> None:
    found = _ask(example, "entitled", **ENTITLED | {"roofless": None, "has_own_lease": None})
    assert found.outcome is Outcome.UNKNOWN
    assert found.ask == (
        *("has_own_lease", "department", "child_at_risk"),
        *("roofless", "current_contract_form"),
    )


def test_an_exception_is_a_node_of_its_own(example: Pack) -> None:
    facts = {"has_own_lease": True, "department": "SOF-BUF", "child_at_risk": True}
    found = _ask(example, "no_own_lease", **facts)
    rule, exception = found.trace
    assert (rule.outcome, rule.value) == (Outcome.TRUE, False)
    assert (exception.kind, exception.outcome, exception.parent) == (
        *("exception", Outcome.TRUE),
        "no_own_lease",
    )
    assert exception.cite == ("RL §2.1",)


def test_an_exception_that_cannot_apply_is_not_asked_about(example: Pack) -> None:
    assert _ask(example, "no_own_lease", has_own_lease=False).ask == ()
    found = _ask(example, "no_own_lease", has_own_lease=True, department="SOF-VUX")
    assert (found.outcome, found.ask) == (Outcome.FALSE, ())


def test_the_trace_says_from_whom_each_value_is(example: Pack) -> None:
    facts = {"has_own_lease": True, "department": "SOF-BUF", "child_at_risk": None}
    found = _ask(example, "no_own_lease", **facts)
    reasons = [(one.fact, one.value, one.kind) for node in found.trace for one in node.because]
    assert reasons == [
        ("has_own_lease", True, "asked"),
        ("department", "SOF-BUF", "derived"),
        ("child_at_risk", None, "assessment"),
    ]
    target = _ask(example, "target_group", group="other").trace[0]
    assert target.because[1].as_json() == {
        "fact": "p.groups",
        "value": ["addiction", "disability"],
        "kind": "param",
    }


def test_advice_is_shown_and_never_decides(example: Pack) -> None:
    found = _ask(example, "entitled", **ENTITLED, obstacles=["debts"])
    assert found.outcome is Outcome.TRUE
    advice = found.node("searches_actively")
    assert (advice.outcome, advice.force) == (Outcome.FALSE, "advice")
    assert "obstacles" not in _ask(example, "entitled").ask


def test_a_rule_off_by_law_is_left_out_and_cannot_be_asked(example: Pack) -> None:
    found = _ask(example, "entitled", **ENTITLED)
    assert "sober" not in {node.id for node in found.trace}
    with pytest.raises(PolicyError, match="off by its legal flag"):
        _ask(example, "sober")


def test_a_rule_stands_in_the_trace_once_however_often_it_is_used(example: Pack) -> None:
    found = _ask(example, "guarantee_possible", **ENTITLED, debts=[])
    paths = [node.path for node in found.trace]
    assert len(paths) == len(set(paths))
    parents = {node.path: node.parent for node in found.trace}
    assert parents["no_own_lease"] == "entitled" and parents["entitled"] == "guarantee_possible"
    assert parents["guarantee_possible"] is None


def test_lists_with_a_field_left_out(example: Pack) -> None:
    rent = {"kind": "rent", "amount": None}
    assert _ask(example, "debts_small", debts=[rent]).ask == ("debts",)
    known = [{"kind": "other", "amount": 1_000_000}]
    assert _ask(example, "debts_small", debts=known).outcome is Outcome.TRUE
    known = [{"kind": "other", "amount": 1_000_001}]
    assert _ask(example, "debts_small", debts=known).outcome is Outcome.FALSE


def test_the_value_of_the_day_decides(example: Pack) -> None:
    facts = {"group": "disability"}
    assert _ask(example, "target_group", date(2026, 12, 31), **facts).outcome is Outcome.TRUE
    assert _ask(example, "target_group", date(2027, 1, 1), **facts).outcome is Outcome.FALSE


def test_moving_a_parameters_date_moves_the_answer(
    example: Pack, changed: Callable[..., Path]
) -> None:
    old = "2027-01-01: [addiction]"
    moved = load_pack(changed(("pack.yaml", old, "2026-08-01: [addiction]")))
    assert _ask(example, "target_group", group="disability").outcome is Outcome.TRUE
    assert _ask(moved, "target_group", group="disability").outcome is Outcome.FALSE


def test_the_decision_date_is_known_and_cannot_be_another(
    example: Pack, changed: Callable[..., Path]
) -> None:
    leaf = "h.decision_date >= addMonths(h.decision_date, 0) && h.has_own_lease"
    pack = load_pack(changed(("rules.yaml", "when: '!h.has_own_lease'", f"when: {leaf}")))
    found = _ask(pack, "no_own_lease", has_own_lease=True)
    assert found.outcome is Outcome.TRUE
    assert found.trace[0].because[0].value == "2026-09-01"
    assert _ask(example, "registered", decision_date="2026-09-01").ask == ("registered_kommun",)
    with pytest.raises(PolicyError, match="but the question is for 2026-09-01") as caught:
        _ask(example, "registered", decision_date="2026-09-02")
    assert caught.value.fact == "decision_date"


def test_before_the_pack_is_in_force_it_has_no_answer(example: Pack) -> None:
    with pytest.raises(PolicyError, match="in force from 2026-07-01, not on 2026-06-30"):
        _ask(example, "registered", date(2026, 6, 30))


def test_after_it_a_pinned_case_still_has_one(changed: Callable[..., Path]) -> None:
    pack = load_pack(
        changed(("pack.yaml", "{from: 2026-07-01}", "{from: 2026-07-01, to: 2026-07-31}"))
    )
    assert _ask(pack, "registered", ON, registered_kommun="0001").outcome is Outcome.TRUE


@pytest.mark.parametrize(
    ("rule", "facts", "message", "code"),
    [
        ("entiteld", {}, "did you mean 'entitled'", "unknown_rule"),
        (
            "entitled",
            {"rooflos": True},
            "no fact 'rooflos'; did you mean 'roofless'",
            "unknown_fact",
        ),
        ("entitled", {"roofless": "no"}, "roofless must be true or false", "wrong_type"),
    ],
)
def test_questions_that_do_not_hold(
    example: Pack, rule: str, facts: dict[str, object], message: str, code: str
) -> None:
    with pytest.raises(PolicyError, match=message) as caught:
        evaluate(example, rule, facts, ON)
    assert caught.value.rule == code


def test_json_has_the_stable_shape(example: Pack) -> None:
    found = _ask(example, "target_group")
    assert json.loads(json.dumps(found.as_json())) == {
        "outcome": "unknown",
        "ask": ["group"],
        "version": "2026.2.0",
        "trace": [
            {
                "id": "target_group",
                "cite": ["RL §2.1"],
                "label": {"sv": "Hör till målgruppen", "en": "In the target group"},
                "outcome": "unknown",
                "value": None,
                "because": [
                    {"fact": "group", "value": None, "kind": "asked"},
                    {"fact": "p.groups", "value": ["addiction", "disability"], "kind": "param"},
                ],
                "path": "target_group",
                "parent": None,
                "kind": "when",
                "force": "must",
            }
        ],
    }


def test_the_facts_of_a_rule_are_all_it_can_need(example: Pack) -> None:
    assert example.facts_of("no_own_lease") == ("has_own_lease", "department", "child_at_risk")
    assert "obstacles" in example.facts_of("guarantee_possible")
    assert "debts" in example.facts_of("guarantee_possible")


def test_the_same_question_has_the_same_answer(example: Pack) -> None:
    facts = dict(ENTITLED)
    first = evaluate(example, "guarantee_possible", facts, ON)
    assert evaluate(example, "guarantee_possible", facts, ON) == first
    assert facts == ENTITLED
