"""From answers, row by row, to columns. The slow part of a caseload, so a snapshot is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.checking import quick_check
from hemvist.policy.columns.column import Column, Flags, Lists, Numbers, Truths, Words, starts
from hemvist.policy.errors import PolicyError
from hemvist.policy.facts import FactDef, FactType, Value, check_answer

_Flat = Truths | Numbers | Words


def build(facts: Mapping[str, FactDef], rows: Sequence[Mapping[str, object]]) -> dict[str, Column]:
    """A column for every fact that some row knows. Raises ``PolicyError``."""
    ready = {name: quick_check(fact) for name, fact in facts.items()}
    places: dict[str, list[int]] = {}
    values: dict[str, list[Value]] = {}
    for index, row in enumerate(rows):
        for name, raw in row.items():
            if raw is None or name == DECISION_DATE:
                continue
            check = ready.get(name)
            if check is None:
                raise PolicyError(
                    f"row {index}: there is no fact {str(name)[:60]!r}",
                    rule="unknown_fact",
                    fact=str(name)[:60],
                )
            value = check(raw)
            if value is None:
                value = _slowly(facts[name], raw, index)
            if name not in places:
                places[name], values[name] = [], []
            places[name].append(index)
            values[name].append(value)
    return {
        name: column_of(fact, len(rows), places[name], values[name])
        for name, fact in facts.items()
        if name in places
    }


def _slowly(fact: FactDef, raw: object, row: int) -> Value:
    try:
        return check_answer(fact, raw)
    except PolicyError as error:
        message = f"row {row}: {error.message}"
        raise PolicyError(message, rule=error.rule, fact=error.fact) from None


def column_of(fact: FactDef, rows: int, places: list[int], values: list[Any]) -> Column:
    """A column of ``rows`` rows with checked ``values`` at ``places`` and the rest unknown."""
    match fact.type:
        case FactType.CHOICE_LIST:
            words = [word for value in values for word in value]
            return _lists(rows, places, values, {"": _words(fact, len(words), None, words)})
        case FactType.RECORDS:
            records = [record for value in values for record in value]
            fields = {
                name: _known_of(field, [record[name] for record in records])
                for name, field in fact.fields.items()
            }
            return _lists(rows, places, values, fields)
        case _:
            return _flat(fact, rows, np.array(places, np.int64), values)


def _known_of(field: FactDef, values: list[Any]) -> _Flat:
    places = [place for place, value in enumerate(values) if value is not None]
    known = [value for value in values if value is not None]
    return _flat(field, len(values), np.array(places, np.int64), known)


def _flat(fact: FactDef, rows: int, places: Any, values: list[Any]) -> _Flat:
    match fact.type:
        case FactType.BOOL:
            truth = np.ones(rows, np.int8)
            truth[places] = np.array(values, np.int8) * 2
            return Truths(truth)
        case FactType.TEXT | FactType.CHOICE:
            return _words(fact, rows, places, values)
        case FactType.DATE:
            return _numbers(rows, places, values, date.toordinal)
        case _:
            return _numbers(rows, places, values, None)


def _numbers(
    rows: int, places: Any, values: list[Any], number: Callable[[date], int] | None
) -> Numbers:
    found = np.zeros(rows, np.int64)
    found[places] = np.array(values if number is None else list(map(number, values)), np.int64)
    return Numbers(found, _known(rows, places), number is not None)


def _words(fact: FactDef, rows: int, places: Any, values: list[str]) -> Words:
    known: dict[str, int] = {word: code for code, word in enumerate(fact.options)}
    found = np.array([known.setdefault(word, len(known)) for word in values], np.int32)
    if places is None:
        return Words(found, tuple(known))
    codes = np.full(rows, -1, np.int32)
    codes[places] = found
    return Words(codes, tuple(known))


def _lists(rows: int, places: list[int], values: list[Any], fields: dict[str, _Flat]) -> Lists:
    counts = np.zeros(rows, np.int64)
    counts[places] = np.array(list(map(len, values)), np.int64)
    return Lists(starts(counts), fields, _known(rows, places))


def _known(rows: int, places: Any) -> Flags:
    known = np.zeros(rows, np.bool_)
    known[places] = True
    return known
