"""Leaves from a stranger: bounded before they cost anything."""

from __future__ import annotations

import sys
import time

import pytest

from hemvist.policy.facts import MAX_ORE, FactType
from hemvist.policy.leaf import LeafError, Scope, compile_leaf
from hemvist_policy_scope import SCOPE, env, fact


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(" * 500 + "true" + ")" * 400, "nested deeper"),
        ("!" * 900 + "true", "nested deeper"),
        ("-" * 900 + "1 == 1", "nested deeper"),
        ("size(" * 180, "nested deeper"),
        ("h.r1.exists(x, " * 60, "nested deeper"),
        ("1" + " + 1" * 30 + " == 31", "nested deeper"),
        ("h.b1" + "||h.b1" * 110, "more than 200 parts"),
        ("true && " * 200 + "true", "longer than 1000"),
        ("h.n1 > " + "9" * 900, "larger than"),
        ("h.n1 > 1000000000001", "larger than"),
        ("h.c1 == '" + "a" * 201 + "'", "longer than 200"),
        ("true " + " " * 1000, "longer than 1000"),
        ("h.n1 > 1\u0000", "unexpected character"),
        ("h.ñ1", "unexpected character"),
        ("h.b１", "unexpected character"),
        ("h.n1 > ١", "unexpected character"),
        ("h.__class__", "unknown fact"),
        ("h.b1.__class__", "nothing here has a part"),
        ("__import__('os')", "not in the language"),
        ("h.r1.exists(x, x.__class__ == 1)", "unknown field"),
    ],
)
def test_bombs_and_tricks_are_refused_at_once(text: str, message: str) -> None:
    started = time.thread_time()
    with pytest.raises(LeafError, match=message):
        compile_leaf(text, SCOPE)
    assert time.thread_time() - started < 0.5


def test_what_could_overflow_is_refused_when_loaded() -> None:
    scope = Scope({"m": fact("m", FactType.MONEY)}, {})
    compile_leaf("h.m * 900 > 0", scope)
    with pytest.raises(LeafError, match="could grow too large"):
        compile_leaf("h.m * h.m * h.m > 0", scope)
    for one_sided in ("sum(h.r.map(x, x.m)) * 999999 > 0", "0 - sum(h.r.map(x, x.m)) * 999999 < 0"):
        field = fact("m", FactType.MONEY, minimum=0)
        scope = Scope({"r": fact("r", FactType.RECORDS, fields={"m": field})}, {})
        with pytest.raises(LeafError, match="could grow too large"):
            compile_leaf(one_sided, scope)


def test_a_date_moved_by_a_free_number_is_refused() -> None:
    scope = Scope({"n": fact("n", FactType.INT), "d": fact("d", FactType.DATE)}, {})
    with pytest.raises(LeafError, match="give the number a min and a max"):
        compile_leaf("addMonths(h.d, h.n) == h.d", scope)


def test_the_largest_allowed_values_judge_without_error() -> None:
    leaf = compile_leaf("addMonths(h.d1, h.n1 * 100) > p.day && h.n1 * h.n2 / 2 < 9", SCOPE)
    for day in ("1850-01-01", "2200-12-31"):
        for number in (0, 3):
            assert leaf.value(env({"d1": day, "n1": number, "n2": number})) is not None


def test_cost_is_linear_in_the_records() -> None:
    leaf = compile_leaf("h.r1.all(x, x.n < 9) && sum(h.r1.map(x, x.n)) >= 0", SCOPE)
    facts = env({"r1": [{"k": "a", "n": 1}] * 1000})
    started = time.thread_time()
    assert leaf.value(facts) is True
    assert time.thread_time() - started < 0.2


def test_the_deepest_allowed_leaf_stays_far_from_the_stack_limit() -> None:
    limit = sys.getrecursionlimit()
    leaf = compile_leaf("(" * 20 + "h.b1 && " + "!" * 3 + "h.b2" + ")" * 20, SCOPE)
    sys.setrecursionlimit(400)
    try:
        assert leaf.value(env({"b1": True})) is None
    finally:
        sys.setrecursionlimit(limit)
    assert MAX_ORE < 2**63
