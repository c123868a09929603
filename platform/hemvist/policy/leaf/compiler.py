"""The typed tree to Python closures: three-valued answers and the facts that would settle them.

``None`` is unknown. Closures only, no generated text: there is nothing to escape from. A part that
is read often, a comparison of a fact with a number say, has a closure of its own shape.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from hemvist.policy.catalogue import DECISION_DATE
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

#: What a leaf reads: facts by name, parameters as ``p.name``, a loop's element under ``ELEMENT``.
#: An unknown fact is ``None``. A loop writes its element here, so no two leaves may share one
#: at the same time.
Values = dict[str, Any]
ELEMENT = ""


class _Known(dict[str, Any]):
    """Values in which everything else is unknown."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Env:
    """Checked facts (missing ones absent) and the parameters' values on the day."""

    facts: Mapping[str, Any]
    params: Mapping[str, Any]
    values: Values = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        values = _Known({param_key(name): value for name, value in self.params.items()})
        values.update(self.facts)
        object.__setattr__(self, "values", values)


def param_key(name: str) -> str:
    """Where ``Values`` have a parameter; no fact has a dot in its name."""
    return f"p.{name}"


Run = Callable[[Values], Any]
#: Adds to the set the facts that would settle a part; called only where the part is unknown.
Ask = Callable[[Values, dict[str, None]], None]


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
            return Compiled(lambda values: value, _nothing)
        case Parameter(name=name):
            return Compiled(itemgetter(param_key(name)), _nothing)
        case Fact(name=name):
            return Compiled(itemgetter(name), _asks(name))
        case Element(source=source):
            return Compiled(itemgetter(ELEMENT), _asks(source))
        case ElementField(source=source, field=name):
            return Compiled(_field(name), _asks(source))
        case Not(operand=operand):
            return _strict(operator.not_, operand)
        case Negate(operand=Constant(value=int(value))):
            below_zero = -value
            return Compiled(lambda values: below_zero, _nothing)
        case Negate(operand=operand):
            return _strict(operator.neg, operand)
        case Compare(op=op, left=left, right=right):
            return _strict(_COMPARE[op], left, right)
        case Arithmetic(op=op, left=left, right=right):
            return _strict(_ARITHMETIC[op], left, right)
        case Shift(unit=unit, day=day, count=count):
            move = add_months if unit == "months" else add_days
            if _of_the_day(day) and _of_the_day(count):
                return _shift_of_the_day(move, day, count)
            return _strict(move, day, count)
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


def _of_the_day(tree: Tree) -> bool:
    """Whether a part follows from the date alone."""
    match tree:
        case Constant() | Parameter() | Negate(operand=Constant()):
            return True
        case Fact(name=name):
            return name == DECISION_DATE
        case _:
            return False


def _shift_of_the_day(move: Callable[[Any, int], Any], day: Tree, count: Tree) -> Compiled:
    """A shift that one case after another has in common: the last one is kept."""
    first, second = compile_tree(day).run, compile_tree(count).run
    last: tuple[Any, Any, Any] = (None, None, None)

    def run(values: Values) -> Any:
        nonlocal last
        start, steps = first(values), second(values)
        from_day, by, found = last
        if start is not from_day or steps is not by:
            found = move(start, steps)
            last = (start, steps, found)
        return found

    return Compiled(run, _nothing)


def _nothing(values: Values, asked: dict[str, None]) -> None:
    """Constants and parameters are never unknown."""


def _asks(name: str) -> Ask:
    def ask(values: Values, asked: dict[str, None]) -> None:
        asked[name] = None

    return ask


def _field(name: str) -> Run:
    def run(values: Values) -> Any:
        element = values[ELEMENT]
        # No element: a body asked about while its list is not known.
        return None if element is None else element[name]

    return run


def _ask_unknown(parts: tuple[Compiled, ...]) -> Ask:
    """Ask what the unknown parts ask; a settled part has nothing left to ask."""

    def ask(values: Values, asked: dict[str, None]) -> None:
        for part in parts:
            if part.run(values) is None:
                part.ask(values, asked)

    return ask


def _strict(function: Callable[..., Any], *operands: Tree) -> Compiled:
    """Unknown as soon as one operand is."""
    parts = tuple(compile_tree(operand) for operand in operands)
    if len(operands) == 1:
        run = _strict_one(function, parts[0], operands[0])
    else:
        run = _strict_two(function, parts, operands)
    return Compiled(run, _ask_unknown(parts))


def _strict_one(function: Callable[[Any], Any], part: Compiled, operand: Tree) -> Run:
    inner = part.run
    if isinstance(operand, Fact):
        key = operand.name

        def run(values: Values) -> Any:
            value = values[key]
            return None if value is None else function(value)

    else:

        def run(values: Values) -> Any:
            value = inner(values)
            return None if value is None else function(value)

    return run


def _strict_two(
    function: Callable[[Any, Any], Any], parts: tuple[Compiled, ...], operands: tuple[Tree, ...]
) -> Run:
    first, second = parts[0].run, parts[1].run
    match operands:
        case Fact(name=key), Constant(value=constant):

            def run(values: Values) -> Any:
                left = values[key]
                return None if left is None else function(left, constant)

        case Fact(name=key), Parameter(name=name):
            param = param_key(name)

            def run(values: Values) -> Any:
                left = values[key]
                return None if left is None else function(left, values[param])

        case ElementField(field=key), Constant(value=constant):

            def run(values: Values) -> Any:
                element = values[ELEMENT]
                left = None if element is None else element[key]
                return None if left is None else function(left, constant)

        case ElementField(field=key), Parameter(name=name):
            param = param_key(name)

            def run(values: Values) -> Any:
                element = values[ELEMENT]
                left = None if element is None else element[key]
                return None if left is None else function(left, values[param])

        case _, Constant(value=constant):

            def run(values: Values) -> Any:
                left = first(values)
                return None if left is None else function(left, constant)

        case _:

            def run(values: Values) -> Any:
                left = first(values)
                if left is None:
                    return None
                right = second(values)
                return None if right is None else function(left, right)

    return run


def _within(tree: Within) -> Compiled:
    parts = (compile_tree(tree.item), compile_tree(tree.container))
    item, container = parts[0].run, parts[1].run
    match tree.item, tree.container:
        case Constant(value=constant), Fact(name=key):

            def run(values: Values) -> bool | None:
                among = values[key]
                return None if among is None else constant in among

        case _:

            def run(values: Values) -> bool | None:
                among = container(values)
                # Nothing is in an empty list, not even what is unknown.
                if among == ():
                    return False
                value = item(values)
                return None if value is None or among is None else value in among

    return Compiled(run, _ask_unknown(parts))


def _junction(tree: Junction) -> Compiled:
    parts = tuple(compile_tree(part) for part in tree.parts)
    runs = tuple(part.run for part in parts)
    first, second = runs[:2]
    deciding = not tree.every
    opposite = tree.every

    def of_two(values: Values) -> bool | None:
        left: bool | None = first(values)
        if left is deciding:
            return left
        right: bool | None = second(values)
        return right if left is opposite or right is deciding else None

    def of_many(values: Values) -> bool | None:
        answer: bool | None = opposite
        for part in runs:
            value: bool | None = part(values)
            if value is deciding:
                return value
            if value is None:
                answer = None
        return answer

    return Compiled(of_two if len(runs) == 2 else of_many, _ask_unknown(parts))


def _quantifier(tree: Quantifier) -> Compiled:
    source, body = tree.source.name, compile_tree(tree.body)
    judge = body.run
    deciding = not tree.every

    def run(values: Values) -> bool | None:
        elements = values[source]
        if elements is None:
            return None
        answer: bool | None = not deciding
        for values[ELEMENT] in elements:
            value: bool | None = judge(values)
            if value is deciding:
                return deciding
            if value is None:
                answer = None
        return answer

    return Compiled(run, _ask_elements(source, body))


def _total(tree: Total) -> Compiled:
    source, body = tree.source.name, compile_tree(tree.body)
    number = body.run

    def run(values: Values) -> int | None:
        elements = values[source]
        if elements is None:
            return None
        found = 0
        for values[ELEMENT] in elements:
            one: int | None = number(values)
            if one is None:
                return None
            found += one
        return found

    return Compiled(run, _ask_elements(source, body))


def _ask_elements(source: str, body: Compiled) -> Ask:
    def ask(values: Values, asked: dict[str, None]) -> None:
        elements = values[source]
        if elements is None:
            asked[source] = None
        # The list's answer is not enough where the body itself lacks a fact of the case.
        for values[ELEMENT] in (None,) if elements is None else elements:
            if body.run(values) is None:
                body.ask(values, asked)

    return ask
