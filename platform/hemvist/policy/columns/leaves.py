"""The typed tree over columns: the meaning of ``leaf.compiler``, for every row at once.

False is 0, unknown 1, true 2; so ``&&`` is the smallest part and ``||`` the largest. What is the
same for every row stays a single value. Numbers cannot overflow: the checker bounds them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np

from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.columns.column import (
    TRUE,
    UNKNOWN,
    Column,
    Lists,
    Numbers,
    Truth,
    Truths,
    Words,
)
from hemvist.policy.columns.membership import among, in_list, same_text
from hemvist.policy.columns.places import (
    NO_NUMBER,
    Number,
    Place,
    Text,
    Truthful,
    both,
    settled,
)
from hemvist.policy.columns.shifts import shifted
from hemvist.policy.leaf.tree import (
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
    Within,
)


def _divide(left: Any, right: int) -> Any:
    quotient = abs(left) // abs(right)
    if isinstance(left, int):
        return quotient if (left < 0) == (right < 0) else -quotient
    return np.where((left < 0) == (right < 0), quotient, -quotient)


_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
}


class Leaves:
    """Leaves over one part of a table, on one day."""

    def __init__(
        self, size: int, columns: Mapping[str, Column], params: Mapping[str, Any], on: date
    ) -> None:
        self.size = size
        self.columns = columns
        self.params = params
        self.on = on
        self.whole = Place(size)

    # Truth.

    def truth(self, tree: Tree, place: Place) -> Truthful:
        """A truth-valued part."""
        match tree:
            case Constant(value=value):
                return TRUE if value else 0
            case Parameter(name=name):
                return TRUE if self.params[name] else 0
            case Fact(name=name):
                column = self.columns.get(name)
                return place.of(column.values) if isinstance(column, Truths) else UNKNOWN
            case ElementField(field=name):
                field = place.fields.get(name)
                return field.values if isinstance(field, Truths) else UNKNOWN
            case Not(operand=operand):
                return 2 - self.truth(operand, place)
            case Junction(every=every, parts=parts):
                return extreme([self.truth(part, place) for part in parts], every)
            case Compare():
                return self.compare(tree, place)
            case Within():
                return self.within(tree, place)
            case Quantifier():
                return self.quantifier(tree, place)
        raise AssertionError(tree)

    def compare(self, tree: Compare, place: Place) -> Truthful:
        """``== != < <= > >=``."""
        match tree.left.type.kind:
            case Kind.BOOL:
                a, b = self.truth(tree.left, place), self.truth(tree.right, place)
                known = both(_known(a), _known(b))
                return settled(_COMPARE[tree.op](a, b), known)
            case Kind.TEXT:
                same, known = same_text(self.text(tree.left, place), self.text(tree.right, place))
                return settled(same if tree.op == "==" else _not(same), known)
            case _:
                left, right = self.number(tree.left, place), self.number(tree.right, place)
                found = _COMPARE[tree.op](left.values, right.values)
                return settled(found, both(left.known, right.known))

    def within(self, tree: Within, place: Place) -> Truthful:
        """``item in list``; nothing is in an empty list, not even what is unknown."""
        item: Number | Text
        numbers = tree.item.type.kind is Kind.INT
        item = self.number(tree.item, place) if numbers else self.text(tree.item, place)
        if isinstance(tree.container, Parameter):
            return among(item, self.params[tree.container.name])
        assert isinstance(tree.container, Fact) and not isinstance(item, Number)
        return in_list(item, self.lists(tree.container.name), place)

    def quantifier(self, tree: Quantifier, place: Place) -> Truthful:
        """``all`` and ``exists``: the smallest or largest of a row's elements."""
        lists = self.lists(tree.source.name)
        if lists is None:
            return UNKNOWN
        inner = Place.inside(lists)
        body = self.truth(tree.body, inner)
        found: Truth = np.full(len(lists), TRUE if tree.every else 0, np.int8)
        filled = lists.counts > 0
        if isinstance(body, int):
            found[filled] = body
        elif len(body):
            reduce = np.minimum if tree.every else np.maximum
            # Empty lists left out, each list ends where the next begins.
            found[filled] = reduce.reduceat(body, lists.offsets[:-1][filled])
        found[~lists.known] = UNKNOWN
        return found

    # Numbers and days.

    def number(self, tree: Tree, place: Place) -> Number:
        """A part that is a number or, by ``toordinal``, a day."""
        match tree:
            case Constant(value=value):
                return Number(int(value), True)
            case Parameter(name=name):
                value = self.params[name]
                return Number(value.toordinal() if isinstance(value, date) else value, True)
            case Fact(name=name):
                if name == DECISION_DATE:
                    return Number(self.on.toordinal(), True)
                column = self.columns.get(name)
                if not isinstance(column, Numbers):
                    return NO_NUMBER
                return Number(place.of(column.values), place.of(column.known))
            case ElementField(field=name):
                field = place.fields.get(name)
                return (
                    Number(field.values, field.known) if isinstance(field, Numbers) else NO_NUMBER
                )
            case Negate(operand=operand):
                inner = self.number(operand, place)
                return Number(-inner.values, inner.known)
            case Arithmetic(op=op, left=left, right=right):
                a, b = self.number(left, place), self.number(right, place)
                return Number(_ARITHMETIC[op](a.values, b.values), both(a.known, b.known))
            case Shift(unit=unit, day=day, count=count):
                a, b = self.number(day, place), self.number(count, place)
                known = both(a.known, b.known)
                return Number(shifted(unit, a.values, b.values, known, day.type), known)
            case Size(source=source):
                return self.size_of(source, place)
            case Total():
                return self.total(tree, place)
        raise AssertionError(tree)

    def size_of(self, source: Tree, place: Place) -> Number:
        """``size(list)``."""
        if isinstance(source, Parameter):
            return Number(len(self.params[source.name]), True)
        assert isinstance(source, Fact)
        lists = self.lists(source.name)
        if lists is None:
            return NO_NUMBER
        return Number(place.of(lists.counts), place.of(lists.known))

    def total(self, tree: Total, place: Place) -> Number:
        """``sum(list.map(x, …))``: unknown where one element's number is."""
        lists = self.lists(tree.source.name)
        if lists is None:
            return NO_NUMBER
        inner = Place.inside(lists)
        body = self.number(tree.body, inner)
        filled = lists.counts > 0
        begins = lists.offsets[:-1][filled]
        if isinstance(body.values, int):
            found = lists.counts * body.values
        else:
            found = np.zeros(len(lists), np.int64)
            if len(body.values):
                found[filled] = np.add.reduceat(body.values, begins)
        known = lists.known.copy()
        if isinstance(body.known, bool):
            known &= ~filled | body.known
        elif len(body.known):
            known[filled] &= np.logical_and.reduceat(body.known, begins)
        return Number(found, known)

    # Texts and lists.

    def text(self, tree: Tree, place: Place) -> Text:
        """A part that is a text or an option."""
        match tree:
            case Constant(value=value):
                return str(value)
            case Parameter(name=name):
                return str(self.params[name])
            case Fact(name=name):
                column = self.columns.get(name)
                if not isinstance(column, Words):
                    return None
                return column if place.whole else column.take(place.rows)
            case Element():
                field = place.fields.get("")
                return field if isinstance(field, Words) else None
            case ElementField(field=name):
                field = place.fields.get(name)
                return field if isinstance(field, Words) else None
        raise AssertionError(tree)

    def lists(self, name: str) -> Lists | None:
        """A fact that is a list; ``None`` when no row knows it."""
        column = self.columns.get(name)
        return column if isinstance(column, Lists) else None


def extreme(parts: list[Truthful], every: bool) -> Truthful:
    """The smallest (``every``) or largest of the parts."""
    whole = [part for part in parts if not isinstance(part, int)]
    single = [part for part in parts if isinstance(part, int)]
    pick, picks = (min, np.minimum) if every else (max, np.maximum)
    found: Truthful = pick(single, default=2 if every else 0)
    if not whole or found == (0 if every else 2):
        return found
    result = whole[0]
    for part in whole[1:]:
        result = picks(result, part)
    return result if found == (2 if every else 0) else picks(result, np.int8(found))


def _known(truth: Truthful) -> Any:
    return truth != UNKNOWN


def _not(flags: Any) -> Any:
    return ~flags if isinstance(flags, np.ndarray) else not flags
