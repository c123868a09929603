"""Rules over a table: chunks, what-if values, values a pack does not take, several packs at once."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import numpy as np
import pytest

from hemvist.policy import Pack, PolicyError, evaluate, what_if
from hemvist.policy.columns import (
    Columns,
    Numbers,
    Question,
    Truths,
    evaluate_columns,
    judge,
    judging,
    transitions,
)
from hemvist_policy_random import FACTS, ON, Cases, Packs

TODAY = date(2026, 9, 1)
_CODES = {"false": 0, "unknown": 1, "true": 2}


def _debts(*amounts: int | None) -> list[dict[str, Any]]:
    return [{"kind": "rent", "amount": amount} for amount in amounts]


def _one(pack: Pack, rule: str, case: dict[str, Any], on: date = TODAY) -> int:
    return _CODES[evaluate(pack, rule, case, on).outcome]


CASES: list[dict[str, Any]] = [
    {},
    {"group": "other", "registered_kommun": "0001", "debts": []},
    {"group": "addiction", "registered_kommun": "0002", "debts": _debts(1_000_000)},
    {"group": "disability", "has_own_lease": False, "debts": _debts(None)},
    {"registered_kommun": "0001", "has_own_lease": False, "roofless": True, "group": "addiction"},
]


def test_a_caseload_is_judged_as_each_case_is(example: Pack) -> None:
    rules = [id for id, rule in example.rules.items() if rule.active]
    table = Columns.build(example.facts, CASES)
    judged = evaluate_columns(example, rules, table, TODAY, nodes=True, missing=True)
    for rule in rules:
        found = [evaluate(example, rule, case, TODAY) for case in CASES]
        assert judged.rules[rule].tolist() == [_CODES[one.outcome] for one in found]
        for index, one in enumerate(found):
            for node in one.trace:
                assert judged.nodes[node.path][index] == _CODES[node.outcome], node.path
        for fact in example.facts_of(rule):
            asked = sum(fact in one.ask for one in found)
            assert judged.missing[rule].get(fact, 0) == asked, (rule, fact)


def test_only_the_nodes_asked_for_are_told(example: Pack) -> None:
    table = Columns.build(example.facts, CASES)
    judged = evaluate_columns(
        example, ["entitled"], table, TODAY, nodes={"target_group", "no_own_lease"}
    )
    assert set(judged.nodes) == {"target_group", "no_own_lease"}
    assert evaluate_columns(example, ["entitled"], table, TODAY).nodes == {}


@pytest.mark.parametrize("seed", range(12))
def test_chunks_do_not_show(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)
    pack, maker = Packs(random).pack(4), Cases(random)
    table = Columns.build(FACTS, [maker.case() for _ in range(100)])
    rules = [id for id, rule in pack.rules.items() if rule.active]
    whole = evaluate_columns(pack, rules, table, ON, nodes=True, missing=True)
    monkeypatch.setattr(judging, "CHUNK_ROWS", 7)
    monkeypatch.setattr(judging, "CHUNK_ELEMENTS", 4)
    heard: list[tuple[int, int]] = []
    parts = evaluate_columns(
        pack,
        rules,
        table,
        ON,
        nodes=True,
        missing=True,
        progress=lambda done, rows: heard.append((done, rows)),
    )
    for name, found in whole.nodes.items():
        assert np.array_equal(found, parts.nodes[name])
    assert {rule: whole.rules[rule].tolist() for rule in rules} == {
        rule: parts.rules[rule].tolist() for rule in rules
    }
    assert whole.missing == parts.missing
    assert heard[-1] == (100, 100) and [done for done, _ in heard] == sorted(
        {done for done, _ in heard}
    )
    assert len(heard) >= 100 / 7


def test_the_one_who_hears_of_progress_can_end_it(example: Pack) -> None:
    def stop(done: int, rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate_columns(
            example, ["entitled"], Columns.build(example.facts, CASES), TODAY, progress=stop
        )


def test_an_empty_table_has_no_answers(example: Pack) -> None:
    judged = evaluate_columns(example, ["entitled"], Columns.build({}, []), TODAY, missing=True)
    assert judged.rules["entitled"].tolist() == [] and judged.missing == {"entitled": {}}


def test_questions_that_do_not_hold(example: Pack) -> None:
    table = Columns.build(example.facts, CASES)
    for rule, on, code in (
        ("entiteld", TODAY, "unknown_rule"),
        ("sober", TODAY, "rule_off"),
        ("entitled", date(2026, 6, 30), "not_in_force"),
    ):
        with pytest.raises(PolicyError) as caught:
            evaluate_columns(example, [rule], table, on)
        assert caught.value.rule == code


def test_other_values_of_parameters_are_tried_out(example: Pack) -> None:
    table = Columns.build(example.facts, CASES)
    rules = ["target_group", "debts_small"]
    tried = evaluate_columns(example, rules, table, TODAY, params={"groups": ("other",)})
    assert tried.rules["target_group"].tolist() == [1, 2, 0, 0, 0]
    changed = what_if(example, {"groups": ("other",)})
    for index, case in enumerate(CASES):
        assert tried.rules["target_group"][index] == _one(changed, "target_group", case)
    assert evaluate_columns(example, rules, table, TODAY).rules["target_group"].tolist() == [
        *(1, 0, 2, 2, 2)
    ]


def test_what_a_pack_does_not_take_is_unknown_and_counted(example: Pack) -> None:
    other = Columns.build(
        {**example.facts, "n1": FACTS["n1"]}, [{**case, "n1": 3} for case in CASES]
    )
    assert evaluate_columns(example, ["entitled"], other, TODAY).refused == {}
    strange = Columns.of(
        2,
        {
            # Another kind of value altogether.
            "group": Truths(np.array([2, 1], np.int8)),
            "has_own_lease": Truths(np.array([0, 0], np.int8)),
        },
    )
    judged = evaluate_columns(example, ["target_group", "no_own_lease"], strange, TODAY)
    assert judged.refused == {"group": 1}
    assert judged.rules["target_group"].tolist() == [1, 1]
    assert judged.rules["no_own_lease"].tolist() == [2, 2]


def test_an_option_or_number_out_of_bounds_is_unknown() -> None:
    random = Random(5)
    pack = Packs(random).pack(1)
    wide = {**FACTS, "n1": FACTS["n2"], "c1": FACTS["c2"], "l1": FACTS["l2"]}
    cases: list[dict[str, Any]] = [
        {"n1": 21, "c1": "d", "l1": ["d"], "r1": []},
        {"n1": 20, "c1": "c", "l1": ["c"]},
        {},
    ]
    from hemvist.policy.columns.fitting import fit

    table = Columns.build(wide, cases)
    for name, index in (("n1", 0), ("c1", 0), ("l1", 0)):
        fitted, count = fit(FACTS[name], table[name])
        assert count == 1 and fitted is not None
        assert fitted.cell(index) is None
        assert fitted.cell(1) is not None and fitted.cell(2) is None
    assert fit(FACTS["n2"], table["n1"]) == (table["n1"], 0)
    assert fit(FACTS["r1"], table["n1"]) == (None, 2)
    assert pack.rules


def test_records_must_have_the_packs_own_fields() -> None:
    from dataclasses import replace

    from hemvist.policy.columns.fitting import fit

    cases = [{"r2": [{"k": "a"}, {"k": "b", "on": "2026-01-31"}]}, {"r2": []}, {"r2": [{"k": "c"}]}]
    column = Columns.build(FACTS, cases)["r2"]
    fact = FACTS["r2"]
    fields = dict(fact.fields)
    strict = replace(fact, fields={**fields, "on": replace(fields["on"], optional=False)})
    more = replace(fact, fields={**fields, "n": replace(FACTS["n1"], name="n")})
    less = replace(fact, fields={"k": fields["k"]})
    for definition, refused in ((fact, 0), (strict, 2), (more, 2), (less, 2)):
        fitted, count = fit(definition, column)
        assert count == refused
        assert fitted is not None and fitted.cell(1) == ()
        assert (fitted.cell(0) is None) is (refused > 0)


def test_two_versions_at_once_answer_as_each_alone() -> None:
    random = Random(11)
    pack, maker = Packs(random).pack(4), Cases(random)
    other = what_if(pack, {"three": 5, "word": "a", "months": 12})
    table = Columns.build(FACTS, [maker.case() for _ in range(200)])
    rules = tuple(id for id, rule in pack.rules.items() if rule.active)
    questions = [
        Question(pack, rules, ON),
        Question(other, rules, ON),
        Question(pack, rules, TODAY),
    ]
    for question, judged in zip(questions, judge(questions, table), strict=True):
        alone = evaluate_columns(question.pack, rules, table, question.on)
        for rule in rules:
            assert np.array_equal(judged.rules[rule], alone.rules[rule])


def test_transitions_are_counted_by_group() -> None:
    before = np.array([0, 0, 1, 2, 2], np.int8)
    after = np.array([0, 2, 1, 1, 2], np.int8)
    assert transitions(before, after).tolist() == [[1, 0, 1], [0, 1, 0], [0, 1, 1]]
    groups = np.array([0, 1, 0, 1, 1])
    found = transitions(before, after, groups=groups, count=3)
    assert found.sum(axis=0).tolist() == transitions(before, after).tolist()
    assert found[1].tolist() == [[0, 0, 1], [0, 0, 0], [0, 1, 1]]
    assert found[2].sum() == 0
    assert transitions(before, after, groups=groups).shape == (2, 3, 3)


def test_the_largest_sums_do_not_overflow() -> None:
    from hemvist.policy.facts import MAX_ORE
    from hemvist.policy.leaf import compile_leaf
    from hemvist_policy_random import SCOPE, environment_of, values_on

    leaf = compile_leaf("sum(h.r1.map(x, x.m)) * 900 == p.most * 900000", SCOPE)
    records = [{"k": "a", "m": MAX_ORE}] * 1000
    assert leaf.value(environment_of({"r1": records})) is True
    from hemvist.policy.columns.leaves import Leaves

    table = Columns.build(FACTS, [{"r1": records}, {"r1": records[1:]}, {}])
    leaves = Leaves(3, table.columns, values_on(ON), ON)
    assert np.asarray(leaves.truth(leaf.tree, leaves.whole)).tolist() == [2, 0, 1]
    assert isinstance(Columns.build(FACTS, [{"m1": -MAX_ORE}])["m1"], Numbers)
