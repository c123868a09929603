"""The quick check of answers is never milder than ``check_answer``, nor otherwise."""

from __future__ import annotations

from datetime import date, datetime
from random import Random
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from hemvist.policy import PolicyError
from hemvist.policy.checking import quick_check
from hemvist.policy.facts import MAX_TEXT, FactDef, check_answer
from hemvist_policy_random import FACTS, Cases

_SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.integers(-6, 22),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["a", "b", "d", " a", "a ", "", "2026-02-28", "2026-02-30", "20260228"]),
    st.sampled_from(["2026-W09-6", "1849-12-31", "2201-01-01", "２０２６-02-28", "x\ty", "x\x07"]),
    st.sampled_from(
        ["\u00a0a", "a\u2028", "x" * MAX_TEXT, "x" * (MAX_TEXT + 1), " " + "x" * MAX_TEXT]
    ),
    st.dates(),
    st.datetimes(),
)
_RECORDS = st.dictionaries(st.sampled_from([*"knm", "on", "yes", "note", "other"]), _SCALARS)
_ANSWERS = st.one_of(
    _SCALARS,
    st.lists(_SCALARS, max_size=4),
    st.lists(st.sampled_from("abcd"), max_size=4),
    st.lists(_RECORDS, max_size=3),
    st.tuples(_RECORDS),
    _RECORDS,
)


def _both(fact: FactDef, raw: object) -> None:
    quick = quick_check(fact)(raw)
    try:
        slow = check_answer(fact, raw)
    except PolicyError:
        assert quick is None, (fact.name, raw)
        return
    assert quick is None or (quick == slow and type(quick) is type(slow)), (fact.name, raw)


@given(st.sampled_from(sorted(FACTS)), _ANSWERS)
@example("b1", 1)
@example("b1", 0)
@example("n1", True)
@example("d1", datetime(2026, 1, 1))
@example("r2", [{"k": "a", "other": None}])
@example("r2", [{"k": "a", "on": None, "n": 1}])
@example("l1", [["a"]])
def test_any_answer(name: str, raw: object) -> None:
    _both(FACTS[name], raw)


def test_answers_that_hold_are_settled_at_once() -> None:
    maker = Cases(Random(1))
    for _ in range(500):
        for name, raw in maker.case(0.2).items():
            if raw is not None:
                _both(FACTS[name], raw)
                told = quick_check(FACTS[name])(raw)
                assert (
                    told is not None or name == "t1" or "x\ny" in str(raw) or isinstance(raw, list)
                )


def test_a_date_is_taken_as_text_or_as_a_date() -> None:
    check = quick_check(FACTS["d1"])
    assert check("2026-02-28") == check(date(2026, 2, 28)) == date(2026, 2, 28)
