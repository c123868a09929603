"""A table of facts: built, cut, joined and brought back row by row."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import numpy as np
import pytest

from hemvist.policy import PolicyError
from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.columns import Columns, Lists, Numbers, Truths, Words
from hemvist.policy.facts import check_answer
from hemvist_policy_random import FACTS, Cases


def _cases(count: int, seed: int = 1) -> list[dict[str, Any]]:
    maker = Cases(Random(seed))
    return [maker.case() for _ in range(count)]


def _checked(case: dict[str, Any]) -> dict[str, Any]:
    return {
        name: check_answer(FACTS[name], raw)
        for name, raw in case.items()
        if raw is not None and name != DECISION_DATE
    }


def test_every_row_is_what_was_answered() -> None:
    cases = _cases(300)
    table = Columns.build(FACTS, cases)
    assert len(table) == 300
    assert [table.row(index) for index in range(300)] == [_checked(case) for case in cases]
    assert DECISION_DATE not in table


def test_an_answer_that_does_not_hold_is_refused_with_its_row() -> None:
    with pytest.raises(PolicyError, match="row 1: n1 must be between -5 and 20") as caught:
        Columns.build(FACTS, [{"n1": 20}, {"n1": 21}])
    assert (caught.value.rule, caught.value.fact) == ("out_of_range", "n1")
    with pytest.raises(PolicyError, match="row 0: there is no fact 'n9'"):
        Columns.build(FACTS, [{"n9": 1}])


@pytest.mark.parametrize("seed", range(5))
def test_rows_are_taken_in_any_order(seed: int) -> None:
    cases = _cases(60, seed)
    table = Columns.build(FACTS, cases)
    random = Random(seed)
    wanted = [random.randrange(60) for _ in range(90)]
    taken = table.take(wanted)
    assert [taken.row(index) for index in range(90)] == [_checked(cases[row]) for row in wanted]
    assert len(table.take([])) == 0


@pytest.mark.parametrize("seed", range(5))
def test_tables_are_joined_though_their_words_and_facts_differ(seed: int) -> None:
    parts = [_cases(count, seed + count) for count in (7, 0, 1, 30)]
    parts[0] = [{"t1": "first"}, {"c1": "c"}]
    parts[3].append({"t1": "först"})
    whole = Columns.concat([Columns.build(FACTS, part) for part in parts])
    cases = [case for part in parts for case in part]
    assert [whole.row(index) for index in range(len(cases))] == [_checked(case) for case in cases]


def test_some_rows_are_replaced_and_the_rest_stay() -> None:
    old, new = _cases(40, 1), _cases(3, 2)
    table = Columns.build(FACTS, old)
    replaced = table.replace_rows([5, 0, 39], Columns.build(FACTS, new))
    expected = list(old)
    expected[5], expected[0], expected[39] = new
    assert [replaced.row(index) for index in range(40)] == [_checked(case) for case in expected]
    assert [table.row(index) for index in range(40)] == [_checked(case) for case in old]
    with pytest.raises(ValueError, match="2 rows cannot be replaced by 3"):
        table.replace_rows([1, 2], Columns.build(FACTS, new))
    with pytest.raises(ValueError, match="rows are from 0 to 39"):
        table.replace_rows([1, 2, 40], Columns.build(FACTS, new))


def test_a_part_shares_memory_and_select_leaves_columns_out() -> None:
    cases = _cases(50)
    table = Columns.build(FACTS, cases)
    part = table.part(10, 20)
    assert [part.row(index) for index in range(10)] == [_checked(case) for case in cases[10:20]]
    whole, cut = table["n1"], part["n1"]
    assert isinstance(whole, Numbers) and isinstance(cut, Numbers)
    assert np.shares_memory(whole.values, cut.values)
    assert table.select(["n1", "unheard_of"]).names == ("n1",)
    assert 0 < part.nbytes < table.nbytes


def _flags(*values: bool) -> Any:
    return np.array(values, np.bool_)


def _numbers(*values: int) -> Any:
    return np.array(values, np.int64)


def test_typed_arrays_make_a_table_too() -> None:
    table = Columns.of(
        2,
        {
            "b1": Truths(np.array([2, 1], np.int8)),
            "d1": Numbers(_numbers(date(2026, 1, 31).toordinal(), 0), _flags(True, False), True),
            "l1": Lists(
                _numbers(0, 0, 1),
                {"": Words(np.array([1], np.int32), ("a", "b"))},
                _flags(True, True),
            ),
        },
    )
    assert table.row(0) == {"b1": True, "d1": date(2026, 1, 31), "l1": ()}
    assert table.row(1) == {"l1": ("b",)}


_WORDS = Words(np.array([0], np.int32), ("a",))


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (Truths(np.array([3, 0], np.int8)), "truth values are 0, 1 and 2"),
        (Truths(np.array([0, 1], np.int64)), "arrays of int8"),
        (Truths(np.array([0], np.int8)), "x has 1 rows, not 2"),
        (Truths(np.zeros((2, 1), np.int8)), "one-dimensional"),
        (Numbers(_numbers(1, 2), _flags(True)), "not equally long"),
        (Numbers(_numbers(1, 2), _flags(True, False)), "unknown numbers are written 0"),
        (Numbers(_numbers(-1, 2), _flags(True, True), True), "outside the calendar"),
        (Words(np.array([0, 1], np.int32), ("a",)), "a code has no word"),
        (Words(np.array([0, -2], np.int32), ("a",)), "a code has no word"),
        (Words(np.array([0, 0], np.int32), ("a", "a")), "listed twice"),
        (Words(np.array([0, 0], np.int32), (1,)), "words are texts"),  # type: ignore[arg-type]
        (Lists(_numbers(0, 1), {"": _WORDS}, _flags(True, True)), "not equally long"),
        (Lists(_numbers(0, 1, 0), {"": _WORDS}, _flags(True, True)), "from 0 to 1000"),
        (Lists(_numbers(0, 1001, 1001), {"": _WORDS}, _flags(True, True)), "from 0 to 1000"),
        (Lists(_numbers(1, 1, 1), {"": _WORDS}, _flags(True, True)), "begin at 0"),
        (Lists(_numbers(0, 0, 1), {"": _WORDS}, _flags(True, False)), "has no elements"),
        (Lists(_numbers(0, 1, 2), {"": _WORDS}, _flags(True, True)), "not have every element"),
        (Lists(_numbers(0, 0, 1), {}, _flags(True, True)), "have a field"),
        (
            Lists(
                _numbers(0, 0, 1),
                {"": Words(np.array([-1], np.int32), ("a",))},
                _flags(True, True),
            ),
            "all known",
        ),
    ],
)
def test_arrays_that_do_not_hold_are_refused(column: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Columns.of(2, {"x": column})


def test_kinds_do_not_mix() -> None:
    truth = Columns.of(1, {"x": Truths(np.array([2], np.int8))})
    number = Columns.of(1, {"x": Numbers(_numbers(3), _flags(True))})
    day = Columns.of(1, {"x": Numbers(_numbers(3), _flags(True), True)})
    for other in (truth, day):
        with pytest.raises(ValueError, match="x: .* do not go together"):
            Columns.concat([number, other])
