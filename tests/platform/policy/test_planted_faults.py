"""The oracle is only worth something if it notices: each fault put into the engine is found."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hemvist.policy.leaf import compile_leaf, compiler
from hemvist_policy_oracle import Maker, names, text, three
from hemvist_policy_scope import SCOPE, env


def _disagreements(count: int) -> int:
    """How many of the first ``count`` random cases the engine and the oracle judge apart."""
    found = 0
    for seed in range(count):
        maker = Maker(seed)
        expr = maker.truth_value(3)
        facts = maker.knowledge(set(names(expr)))
        leaf = compile_leaf(text(expr), SCOPE)
        try:
            value = leaf.value(env(facts))
        except TypeError:
            # A fault may also show as a crash; the engine as it is never does.
            value = None
            found += 1
        found += value is not (False, None, True)[three(expr, facts)]
    return found


def _chained(day: Any, months: int) -> Any:
    """Months counted one after the other, each clamped: the classic mistake."""
    step = 1 if months > 0 else -1
    for _ in range(abs(months)):
        day = _ADD_MONTHS(day, step)
    return day


def _missing_is_false(*operands: Any) -> Any:
    compiled = _STRICT(*operands)
    return compiler.Compiled(lambda env, item: compiled.run(env, item) or False, compiled.ask)


_ADD_MONTHS = compiler.add_months
_STRICT = compiler._strict


def _comparing(
    symbol: str, wrong: Callable[[Any, Any], bool]
) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setitem(compiler._COMPARE, symbol, wrong)  # type: ignore[arg-type]


def _calculating(
    symbol: str, wrong: Callable[[int, int], int]
) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setitem(compiler._ARITHMETIC, symbol, wrong)  # type: ignore[arg-type]


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "<= taken as <": _comparing("<=", operator.lt),
    "> taken as >=": _comparing(">", operator.ge),
    "!= taken as ==": _comparing("!=", operator.eq),
    "- turned round": _calculating("-", lambda a, b: b - a),
    "division rounds up": _calculating("/", lambda a, b: -(-a // b)),
    "missing is false": lambda patch: patch.setattr(compiler, "_strict", _missing_is_false),
    "months chained": lambda patch: patch.setattr(compiler, "add_months", _chained),
    "every taken as any": lambda patch: patch.setattr(
        compiler, "_junction", lambda tree, make=compiler._junction: make(_turned(tree))
    ),
    "all taken as exists": lambda patch: patch.setattr(
        compiler, "_quantifier", lambda tree, make=compiler._quantifier: make(_turned(tree))
    ),
}


def _turned(tree: Any) -> Any:
    return replace(tree, every=not tree.every)


def test_the_engine_as_it_is_agrees() -> None:
    assert _disagreements(1500) == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    assert _disagreements(1500) > 0
