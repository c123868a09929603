"""The typed tree to Python closures: three-valued answers and the facts that would settle them.

``None`` is unknown. Closures only, no generated text: there is nothing to escape from.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hemvist.policy.leaf.tree import (
    Arithmetic,
    Compare,
    Constant,
    Element,
    ElementField,
    Fact,
    Junction,
    Negate,
    Not,
    Parameter,
    Quantifier,
    Shift,
    Size,
    Total,
    Tree,
    Within,
)
from hemvist.policy.months import add_days, add_months


@dataclass(frozen=True, slots=True)
class Env:
    """Checked facts (missing ones absent) and the parameters' values on the day."""

    facts: Mapping[str, Any]
    params: Mapping[str, Any]


Run = Callable[[Env, Any], Any]
#: Adds to the set the facts that would settle a part; called only where the part is unknown.
Ask = Callable[[Env, Any, dict[str, None]], None]


@dataclass(frozen=True, slots=True)
class Compiled:
    """One part: its value, and what to ask where it has none."""

    run: Run
    ask: Ask


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _divide(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


_ARITHMETIC: Mapping[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
}


def compile_tree(tree: Tree) -> Compiled:
    """Closures with the meaning of ``tree``."""
    match tree:
        case Constant(value=value):
            return Compiled(lambda env, item: value, _nothing)
        case Parameter(name=name):
            return Compiled(lambda env, item: env.params[name], _nothing)
        case Fact(name=name):
            return Compiled(lambda env, item: env.facts.get(name), _asks(name))
        case Element(source=source):
            return Compiled(lambda env, item: item, _asks(source))
        case ElementField(source=source, field=field):
            # No element: a body asked about while its list is not known.
            return Compiled(lambda env, item: None if item is None else item[field], _asks(source))
        case Not(operand=operand):
            return _strict(operator.not_, operand)
        case Negate(operand=operand):
            return _strict(operator.neg, operand)
        case Compare(op=op, left=left, right=right):
            return _strict(_COMPARE[op], left, right)
        case Arithmetic(op=op, left=left, right=right):
            return _strict(_ARITHMETIC[op], left, right)
        case Shift(unit=unit, day=day, count=count):
            return _strict(add_months if unit == "months" else add_days, day, count)
        case Size(source=list_):
            return _strict(len, list_)
        case Within():
            return _within(tree)
        case Junction():
            return _junction(tree)
        case Quantifier():
            return _quantifier(tree)
        case Total():
            return _total(tree)


def _nothing(env: Env, item: Any, asked: dict[str, None]) -> None:
    """Constants and parameters are never unknown."""


def _asks(name: str) -> Ask:
    def ask(env: Env, item: Any, asked: dict[str, None]) -> None:
        asked[name] = None

    return ask


def _ask_unknown(parts: tuple[Compiled, ...]) -> Ask:
    """Ask what the unknown parts ask; a settled part has nothing left to ask."""

    def ask(env: Env, item: Any, asked: dict[str, None]) -> None:
        for part in parts:
            if part.run(env, item) is None:
                part.ask(env, item, asked)

    return ask


def _strict(function: Callable[..., Any], *operands: Tree) -> Compiled:
    """Unknown as soon as one operand is."""
    parts = tuple(compile_tree(operand) for operand in operands)

    def run(env: Env, item: Any) -> Any:
        values = [part.run(env, item) for part in parts]
        return None if None in values else function(*values)

    return Compiled(run, _ask_unknown(parts))


def _within(tree: Within) -> Compiled:
    item_part, list_part = compile_tree(tree.item), compile_tree(tree.container)

    def run(env: Env, item: Any) -> bool | None:
        container = list_part.run(env, item)
        if container == ():
            return False
        value = item_part.run(env, item)
        return None if value is None or container is None else value in container

    return Compiled(run, _ask_unknown((item_part, list_part)))


def _junction(tree: Junction) -> Compiled:
    parts = tuple(compile_tree(part) for part in tree.parts)
    deciding = not tree.every

    def run(env: Env, item: Any) -> bool | None:
        unknown = False
        for part in parts:
            value: bool | None = part.run(env, item)
            if value is deciding:
                return deciding
            unknown = unknown or value is None
        return None if unknown else not deciding

    return Compiled(run, _ask_unknown(parts))


def _quantifier(tree: Quantifier) -> Compiled:
    source, body = tree.source.name, compile_tree(tree.body)
    deciding = not tree.every

    def run(env: Env, item: Any) -> bool | None:
        elements = env.facts.get(source)
        if elements is None:
            return None
        unknown = False
        for element in elements:
            value: bool | None = body.run(env, element)
            if value is deciding:
                return deciding
            unknown = unknown or value is None
        return None if unknown else not deciding

    return Compiled(run, _ask_elements(source, body))


def _total(tree: Total) -> Compiled:
    source, body = tree.source.name, compile_tree(tree.body)

    def run(env: Env, item: Any) -> int | None:
        elements = env.facts.get(source)
        if elements is None:
            return None
        values = [body.run(env, element) for element in elements]
        return None if None in values else sum(values)

    return Compiled(run, _ask_elements(source, body))


def _ask_elements(source: str, body: Compiled) -> Ask:
    def ask(env: Env, item: Any, asked: dict[str, None]) -> None:
        elements = env.facts.get(source)
        if elements is None:
            asked[source] = None
        # The list's answer is not enough where the body itself lacks a fact of the case.
        for element in (None,) if elements is None else elements:
            if body.run(env, element) is None:
                body.ask(env, element, asked)

    return ask
