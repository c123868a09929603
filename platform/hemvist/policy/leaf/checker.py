"""Syntax to the typed tree. Every type error is found here, when the pack is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import NoReturn

from hemvist.policy.errors import PolicyError
from hemvist.policy.facts import MAX_RECORDS, FactDef, FactType
from hemvist.policy.leaf import syntax as s
from hemvist.policy.leaf.lexer import LeafError
from hemvist.policy.leaf.parser import MAX_DEPTH
from hemvist.policy.leaf.tree import (
    BOOL,
    Arithmetic,
    Compare,
    Constant,
    Element,
    ElementField,
    Fact,
    Junction,
    Kind,
    Negate,
    Not,
    Parameter,
    Quantifier,
    Shift,
    Size,
    Total,
    Tree,
    Type,
    Within,
)
from hemvist.policy.months import FIRST_DAY, LAST_DAY, add_days, add_months
from hemvist.policy.params import Param, ParamType

MAX_RESULT = 2**63 - 1
_RESERVED = frozenset(
    {"h", "p", "true", "false", "in", "size", "sum", "map", "exists", "all"}
    | {"addMonths", "addDays"}
)
_FUNCTIONS = ("size", "sum", "addMonths", "addDays")
_METHODS = ("exists", "all", "map")


@dataclass(frozen=True, slots=True)
class Scope:
    """The facts and parameters a leaf may name."""

    facts: Mapping[str, FactDef]
    params: Mapping[str, Param]


@dataclass(frozen=True, slots=True)
class _Loop:
    variable: str
    source: Fact
    definition: FactDef


def check(expression: s.Expr, scope: Scope) -> Tree:
    """The typed tree of a truth-valued expression. Raises ``LeafError``."""
    tree = _Checker(scope).of(expression)
    if tree.type.kind is not Kind.BOOL:
        raise LeafError(
            s.start(expression), f"the expression gives {tree.type.kind}, not a truth value"
        )
    return tree


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.loop: _Loop | None = None
        self.depth = 0

    def of(self, expression: s.Expr) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LeafError(expression.offset, f"nested deeper than {MAX_DEPTH}")
        tree = self.dispatch(expression)
        self.depth -= 1
        return tree

    def dispatch(self, expression: s.Expr) -> Tree:
        match expression:
            case s.Literal():
                return _constant(expression)
            case s.Name():
                return self.name(expression)
            case s.Member():
                return self.member(expression)
            case s.Call():
                return self.call(expression)
            case s.Unary():
                return self.unary(expression)
            case s.Logic():
                parts = tuple(self.need(part, Kind.BOOL) for part in expression.parts)
                return Junction(expression.op == "&&", parts)
            case s.Binary():
                return self.binary(expression)

    def need(self, expression: s.Expr, kind: Kind) -> Tree:
        tree = self.of(expression)
        if tree.type.kind is not kind:
            raise LeafError(s.start(expression), f"expected {kind}, found {tree.type.kind}")
        return tree

    # Names.

    def name(self, expression: s.Name) -> Tree:
        if expression.name in ("h", "p"):
            raise LeafError(expression.offset, f"write {expression.name}.name")
        loop = self.loop
        if loop is None or expression.name != loop.variable:
            raise LeafError(
                expression.offset, f"unknown name {expression.name!r}; facts are written h.name"
            )
        if loop.definition.type is FactType.RECORDS:
            raise LeafError(expression.offset, f"name a field: {loop.variable}.field")
        return Element(_fact_type(replace(loop.definition, type=FactType.CHOICE)), loop.source.name)

    def member(self, expression: s.Member) -> Tree:
        target = expression.target
        if not isinstance(target, s.Name):
            raise LeafError(expression.offset, f"nothing here has a part {expression.name!r}")
        if target.name == "h":
            fact = self.scope.facts.get(expression.name)
            if fact is None:
                _unknown("fact", expression, self.scope.facts)
            return Fact(_fact_type(fact), fact.name)
        if target.name == "p":
            param = self.scope.params.get(expression.name)
            if param is None:
                _unknown("parameter", expression, self.scope.params)
            return Parameter(param_type(param), param.name)
        loop = self.loop
        if loop is None or target.name != loop.variable:
            raise LeafError(target.offset, f"unknown name {target.name!r}; facts are written h.")
        field = loop.definition.fields.get(expression.name)
        if field is None:
            _unknown("field", expression, loop.definition.fields)
        return ElementField(_fact_type(field), loop.source.name, field.name)

    # Calls.

    def call(self, call: s.Call) -> Tree:
        if call.target is not None:
            return self.method(call, call.target)
        match call.name, len(call.arguments):
            case "size", 1:
                return self.size(call)
            case "sum", 1:
                return self.total(call)
            case (("addMonths" | "addDays"), 2):
                return self.shift(call)
        if call.name in _FUNCTIONS:
            wanted = 2 if call.name.startswith("add") else 1
            raise LeafError(call.offset, f"{call.name} takes {wanted} argument(s)")
        close = get_close_matches(call.name, _FUNCTIONS, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(_FUNCTIONS)}"
        raise LeafError(call.offset, f"{call.name} is not in the language; {hint}")

    def method(self, call: s.Call, target: s.Expr) -> Tree:
        if call.name not in _METHODS:
            raise LeafError(call.offset, f"{call.name} is not in the language")
        if call.name == "map":
            raise LeafError(call.offset, "map is only used as sum(list.map(x, x.field))")
        source, body = self.looped(call, target, Kind.BOOL)
        return Quantifier(call.name == "all", source, body)

    def looped(self, call: s.Call, target: s.Expr, kind: Kind) -> tuple[Fact, Tree]:
        if self.loop is not None:
            raise LeafError(call.offset, f"{call.name} inside another list is not allowed")
        source = self.of(target)
        if not isinstance(source, Fact) or source.type.kind not in (Kind.RECORDS, Kind.OPTIONS):
            raise LeafError(call.offset, f"{call.name} needs a fact that is a list")
        if len(call.arguments) != 2 or not isinstance(call.arguments[0], s.Name):
            raise LeafError(call.offset, f"write list.{call.name}(x, …)")
        variable = call.arguments[0]
        if variable.name in _RESERVED:
            raise LeafError(variable.offset, f"{variable.name!r} cannot name a loop variable")
        self.loop = _Loop(variable.name, source, self.scope.facts[source.name])
        body = self.need(call.arguments[1], kind)
        self.loop = None
        return source, body

    def size(self, call: s.Call) -> Tree:
        source = self.of(call.arguments[0])
        if source.type.kind not in (Kind.RECORDS, Kind.OPTIONS, Kind.TEXT_LIST, Kind.INT_LIST):
            raise LeafError(call.offset, f"size needs a list, found {source.type.kind}")
        return Size(Type(Kind.INT, low=0, high=MAX_RECORDS), source)

    def total(self, call: s.Call) -> Tree:
        inner = call.arguments[0]
        if not isinstance(inner, s.Call) or inner.target is None or inner.name != "map":
            raise LeafError(call.offset, "write sum(list.map(x, x.field))")
        source, body = self.looped(inner, inner.target, Kind.INT)
        low, high = min(0, body.type.low) * MAX_RECORDS, max(0, body.type.high) * MAX_RECORDS
        return Total(_number(call.offset, low, high), source, body)

    def shift(self, call: s.Call) -> Tree:
        unit = "months" if call.name == "addMonths" else "days"
        day = self.need(call.arguments[0], Kind.DATE)
        count = self.need(call.arguments[1], Kind.INT)
        move = add_months if unit == "months" else add_days
        try:
            low = move(date.fromordinal(day.type.low), count.type.low)
            high = move(date.fromordinal(day.type.high), count.type.high)
        except (PolicyError, OverflowError):
            raise LeafError(
                call.offset,
                f"{call.name} could leave the calendar; give the number a min and a max",
            ) from None
        return Shift(Type(Kind.DATE, low=low.toordinal(), high=high.toordinal()), unit, day, count)

    # Operators.

    def unary(self, expression: s.Unary) -> Tree:
        if expression.op == "!":
            return Not(self.need(expression.operand, Kind.BOOL))
        operand = self.need(expression.operand, Kind.INT)
        return Negate(Type(Kind.INT, low=-operand.type.high, high=-operand.type.low), operand)

    def binary(self, expression: s.Binary) -> Tree:
        if expression.op in ("+", "-", "*", "/"):
            return self.arithmetic(expression)
        left, right = self.of(expression.left), self.of(expression.right)
        if expression.op == "in":
            return _within(expression, left, right)
        kind = left.type.kind
        if kind is not right.type.kind:
            raise LeafError(expression.offset, f"cannot compare {kind} with {right.type.kind}")
        if kind not in (Kind.BOOL, Kind.INT, Kind.DATE, Kind.TEXT):
            raise LeafError(expression.offset, f"cannot compare {kind}")
        if expression.op not in ("==", "!=") and kind not in (Kind.INT, Kind.DATE):
            raise LeafError(expression.offset, f"{expression.op} needs numbers or dates")
        _check_options(expression, left, right)
        return Compare(expression.op, left, right)

    def arithmetic(self, expression: s.Binary) -> Tree:
        left = self.need(expression.left, Kind.INT)
        right = self.need(expression.right, Kind.INT)
        a, b = left.type, right.type
        match expression.op:
            case "+":
                corners = [a.low + b.low, a.high + b.high]
            case "-":
                corners = [a.low - b.high, a.high - b.low]
            case "*":
                corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
            case _:
                if not isinstance(right, Constant) or not right.value:
                    raise LeafError(expression.offset, "division is by a written number, not 0")
                corners = [a.low, a.high]
        result = _number(expression.offset, min(corners), max(corners))
        return Arithmetic(result, expression.op, left, right)


def _number(offset: int, low: int, high: int) -> Type:
    if low < -MAX_RESULT or high > MAX_RESULT:
        raise LeafError(offset, "the number could grow too large; give its facts a min and a max")
    return Type(Kind.INT, low=low, high=high)


def _constant(literal: s.Literal) -> Constant:
    value = literal.value
    if isinstance(value, bool):
        return Constant(BOOL, value)
    if isinstance(value, int):
        return Constant(Type(Kind.INT, low=value, high=value), value)
    return Constant(Type(Kind.TEXT, options=frozenset({value})), value)


def _within(expression: s.Binary, item: Tree, container: Tree) -> Tree:
    wanted = {
        Kind.TEXT_LIST: Kind.TEXT,
        Kind.OPTIONS: Kind.TEXT,
        Kind.INT_LIST: Kind.INT,
    }.get(container.type.kind)
    if wanted is None or not isinstance(container, Parameter | Fact):
        raise LeafError(expression.offset, "'in' needs a parameter list, or a fact with options")
    if item.type.kind is not wanted:
        raise LeafError(expression.offset, f"{item.type.kind} cannot be in {container.type.kind}")
    _check_options(expression, item, container)
    return Within(item, container)


def _check_options(expression: s.Binary, left: Tree, right: Tree) -> None:
    """A text compared with a choice must be one of its options: a misspelt one never matches."""
    for chosen, other in ((left, right), (right, left)):
        options = chosen.type.options
        if options is None or isinstance(chosen, Constant | Parameter):
            continue
        if other.type.options is None:
            continue
        strangers = sorted(other.type.options - options)
        written = isinstance(other, Constant | Parameter)
        if (written and strangers) or not options & other.type.options:
            close = get_close_matches(strangers[0], options, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(options)}"
            where = expression.offset
            for side, tree in ((expression.left, left), (expression.right, right)):
                where = side.offset if tree is other else where
            raise LeafError(where, f"{strangers[0]!r} is not an option; {hint}")


def _fact_type(fact: FactDef) -> Type:
    match fact.type:
        case FactType.BOOL:
            return BOOL
        case FactType.INT | FactType.MONEY:
            low, high = fact.bounds
            return Type(Kind.INT, low=low, high=high)
        case FactType.DATE:
            return Type(Kind.DATE, low=FIRST_DAY.toordinal(), high=LAST_DAY.toordinal())
        case FactType.TEXT:
            return Type(Kind.TEXT)
        case FactType.CHOICE:
            return Type(Kind.TEXT, options=frozenset(fact.options))
        case FactType.CHOICE_LIST:
            return Type(Kind.OPTIONS, options=frozenset(fact.options))
        case FactType.RECORDS:
            return Type(Kind.RECORDS)


def param_type(param: Param) -> Type:
    """The type of a parameter, with the bounds or options of all its values over time."""
    values = [value for _, value in param.values if value is not None]
    match param.type:
        case ParamType.BOOL:
            return BOOL
        case ParamType.TEXT:
            return Type(Kind.TEXT, options=frozenset(str(value) for value in values))
        case ParamType.TEXT_LIST:
            words = {word for value in values if isinstance(value, tuple) for word in value}
            return Type(Kind.TEXT_LIST, options=frozenset(str(word) for word in words))
        case ParamType.DATE:
            days = [value.toordinal() for value in values if isinstance(value, date)]
            return Type(Kind.DATE, low=min(days), high=max(days))
        case ParamType.INT_LIST | ParamType.MONTHS_LIST:
            return Type(Kind.INT_LIST)
        case _:
            numbers = [value for value in values if isinstance(value, int)]
            return Type(Kind.INT, low=min(numbers), high=max(numbers))


def _unknown(what: str, expression: s.Member, known: Mapping[str, object]) -> NoReturn:
    close = get_close_matches(expression.name, list(known), n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise LeafError(expression.offset, f"unknown {what} {expression.name!r}{hint}")
