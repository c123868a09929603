"""Whether a table's values are such that a pack's own check of answers would take them.

A table may be older than the pack that judges it: an option is gone, a number has a new limit.
``evaluate`` refuses such a case; in a caseload its value counts as unknown, and is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hemvist.policy.columns.column import Column, Flags, Lists, Numbers, Truths, Words
from hemvist.policy.errors import PolicyError
from hemvist.policy.facts import FactDef, FactType, check_answer
from hemvist.policy.months import FIRST_DAY, LAST_DAY


def fit(fact: FactDef, column: Column) -> tuple[Column | None, int]:
    """The column with every value that ``fact`` does not take unknown, and how many those are.

    The column itself when there is none; ``None`` when it holds another kind of value altogether.
    """
    refused = _refused(fact, column)
    if refused is None:
        return None, int(np.count_nonzero(column.known))
    count = int(np.count_nonzero(refused))
    return (column.without(refused) if count else column), count


def _refused(fact: FactDef, column: Column) -> Flags | None:
    match fact.type, column:
        case FactType.BOOL, Truths():
            return _nowhere(len(column))
        case ((FactType.INT | FactType.MONEY), Numbers(dates=False)):
            return _outside(column, *fact.bounds)
        case FactType.DATE, Numbers(dates=True):
            return _outside(column, FIRST_DAY.toordinal(), LAST_DAY.toordinal())
        case FactType.TEXT, Words():
            return _strange(column, lambda word: _is_text(fact, word))
        case FactType.CHOICE, Words():
            return _strange(column, fact.options.__contains__)
        case FactType.CHOICE_LIST, Lists(fields={"": Words() as words}):
            return _rows(column, _strange(words, fact.options.__contains__))
        case FactType.RECORDS, Lists():
            return _records(fact, column)
    return None


def _nowhere(rows: int) -> Flags:
    return np.zeros(rows, np.bool_)


def _outside(column: Numbers, low: int, high: int) -> Flags:
    values = column.values
    # Most often everything fits; 0 stands where a number is unknown.
    if len(values) == 0 or (low <= values.min() and values.max() <= high):
        return _nowhere(len(values))
    return column.known & ((values < low) | (values > high))


def _strange(column: Words, takes: Callable[[Any], bool]) -> Flags:
    strange = np.array([*(not takes(word) for word in column.words), False], np.bool_)
    return strange[column.codes] if strange.any() else _nowhere(len(column))


def _is_text(fact: FactDef, word: str) -> bool:
    try:
        return check_answer(fact, word) == word
    except PolicyError:
        return False


def _records(fact: FactDef, column: Lists) -> Flags:
    """A record is refused for a field too many, too few, unknown or refused itself."""
    elements = int(column.offsets[-1])
    bad = np.full(elements, not column.fields.keys() <= fact.fields.keys())
    for name, definition in fact.fields.items():
        field = column.fields.get(name)
        if field is None:
            bad |= not definition.optional
            continue
        refused = _refused(definition, field)
        bad |= field.known if refused is None else refused
        if not definition.optional:
            bad |= ~field.known
    return _rows(column, bad)


def _rows(column: Lists, bad: Flags) -> Flags:
    """The rows with a bad element."""
    found = _nowhere(len(column))
    if bad.any():
        found[np.repeat(np.arange(len(column)), column.counts)[bad]] = True
    return found
