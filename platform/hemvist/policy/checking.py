"""The check of answers, made ready once per fact so that judging a case is quick.

A quick check gives the value of an answer that plainly holds and ``None`` for all others, which
``check_answer`` then judges. So it can be quick, but never milder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from hemvist.policy.facts import MAX_RECORDS, MAX_TEXT, FactDef, FactType, Value
from hemvist.policy.months import FIRST_DAY, LAST_DAY

#: The checked value, or ``None`` where ``check_answer`` has to say.
Quick = Callable[[object], Value | None]


def quick_check(fact: FactDef) -> Quick:
    """A check that gives what ``check_answer`` gives, or leaves the answer to it."""
    match fact.type:
        case FactType.BOOL:
            return _truth
        case FactType.INT | FactType.MONEY:
            return _number(*fact.bounds)
        case FactType.DATE:
            return _day
        case FactType.TEXT:
            return _text
        case FactType.CHOICE:
            return _option(frozenset(fact.options))
        case FactType.CHOICE_LIST:
            return _options(frozenset(fact.options))
        case FactType.RECORDS:
            return _records(fact)


def _truth(raw: object) -> bool | None:
    return raw if raw is True or raw is False else None


def _number(low: int, high: int) -> Quick:
    def check(raw: object) -> int | None:
        # Exactly int: a truth value is an int to Python.
        return raw if type(raw) is int and low <= raw <= high else None

    return check


def _day(raw: object) -> date | None:
    if type(raw) is str:
        # Of the forms with ten characters, only YYYY-MM-DD has dashes at these places.
        if len(raw) != 10 or raw[4] != "-" or raw[7] != "-":
            return None
        try:
            raw = date.fromisoformat(raw)
        except ValueError:
            return None
    return raw if type(raw) is date and FIRST_DAY <= raw <= LAST_DAY else None


def _text(raw: object) -> str | None:
    # Printable means neither control characters nor any space but the plain one.
    if type(raw) is str and len(raw) <= MAX_TEXT and raw.isprintable():
        return raw.strip(" ") or None
    return None


def _option(options: frozenset[str]) -> Quick:
    def check(raw: object) -> str | None:
        return raw if type(raw) is str and raw in options else None

    return check


def _options(options: frozenset[str]) -> Quick:
    def check(raw: object) -> tuple[str, ...] | None:
        if type(raw) is not list and type(raw) is not tuple:
            return None
        for item in raw:
            if type(item) is not str or item not in options:
                return None
        return tuple(raw) if len(raw) < 2 or len(set(raw)) == len(raw) else None

    return check


def _records(fact: FactDef) -> Quick:
    fields = [(name, quick_check(field), field.optional) for name, field in fact.fields.items()]
    names = fact.fields.keys()

    def check(raw: object) -> tuple[Mapping[str, object], ...] | None:
        if (type(raw) is not list and type(raw) is not tuple) or len(raw) > MAX_RECORDS:
            return None
        records: list[Mapping[str, object]] = []
        for item in raw:
            if type(item) is not dict or not item.keys() <= names:
                return None
            record: dict[str, object] = {}
            for name, field, optional in fields:
                given = item.get(name)
                value = None if given is None else field(given)
                if value is None and not (optional and given is None):
                    return None
                record[name] = value
            records.append(MappingProxyType(record))
        return tuple(records)

    return check
