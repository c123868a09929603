"""The facts and parameters of the policy oracle, as the engine knows them."""

from __future__ import annotations

from typing import Any

from hemvist.policy.facts import FactDef, FactType, check_answer
from hemvist.policy.labels import Label
from hemvist.policy.leaf import Env, Scope
from hemvist.policy.params import Param, ParamType
from hemvist_policy_oracle import PARAMS

_LABEL = Label("x", "x")
_OPTIONS = dict.fromkeys("abc", _LABEL)
_TYPES = {
    "two": ParamType.INT,
    "words": ParamType.TEXT_LIST,
    "odd": ParamType.INT_LIST,
    "day": ParamType.DATE,
    "later": ParamType.DATE,
    "chained": ParamType.DATE,
    "yes": ParamType.BOOL,
}


def fact(name: str, type: FactType, **more: Any) -> FactDef:
    """A fact with a label of no interest."""
    return FactDef(name, type, _LABEL, **more)


def _number(name: str, **more: Any) -> FactDef:
    return fact(name, FactType.INT, minimum=0, maximum=3, **more)


def _choice(name: str, type: FactType = FactType.CHOICE) -> FactDef:
    return fact(name, type, options=_OPTIONS)


_FIELDS = {"k": _choice("k"), "n": _number("n", optional=True)}
FACTS: dict[str, FactDef] = {
    **{name: fact(name, FactType.BOOL) for name in ("b1", "b2", "b3")},
    **{name: _number(name) for name in ("n1", "n2")},
    **{name: _choice(name) for name in ("c1", "c2")},
    "d1": fact("d1", FactType.DATE),
    "l1": _choice("l1", FactType.CHOICE_LIST),
    "r1": fact("r1", FactType.RECORDS, fields=_FIELDS),
}
SCOPE = Scope(
    FACTS,
    {
        name: Param(name, type, ((PARAMS["day"], PARAMS[name]),), ())
        for name, type in _TYPES.items()
    },
)


def env(facts: dict[str, Any]) -> Env:
    """Known facts, checked as answers are."""
    return Env({name: check_answer(FACTS[name], value) for name, value in facts.items()}, PARAMS)
