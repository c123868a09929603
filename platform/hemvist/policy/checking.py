"""The check of answers, made ready once per fact so that judging a case is quick.

A quick check gives the value of an answer that plainly holds and ``None`` for all others, which
``check_answer`` then judges. So it can be quick, but never milder. What it gives is for the engine's
own use: records are plain maps of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import NamedTuple

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
        try:
            chosen = frozenset(raw)
        except TypeError:
            return None
        return tuple(raw) if chosen <= options and len(chosen) == len(raw) else None

    return check


def _records(fact: FactDef) -> Quick:
    names = fact.fields.keys()
    size = len(names)
    fields = [
        (name, *_plain(field), quick_check(field), field.optional)
        for name, field in fact.fields.items()
    ]

    def check(raw: object) -> tuple[Mapping[str, object], ...] | None:
        if (type(raw) is not list and type(raw) is not tuple) or len(raw) > MAX_RECORDS:
            return None
        records: list[Mapping[str, object]] = []
        for item in raw:
            if type(item) is not dict or (len(item) != size and not item.keys() <= names):
                return None
            whole = len(item) == size
            record: dict[str, object] = {}
            for name, kind, domain, field, optional in fields:
                given = item.get(name)
                if type(given) is kind and given in domain:
                    record[name] = given
                    continue
                # With as many keys as there are fields, one missing means one too many.
                if given is None and (not optional or (whole and name not in item)):
                    return None
                value = None if given is None else field(given)
                if value is None and given is not None:
                    return None
                record[name] = value
            records.append(record)
        return tuple(records)

    return check


def _plain(fact: FactDef) -> tuple[type, Collection[object]]:
    """The type and the values of answers that hold as they are."""
    match fact.type:
        case FactType.BOOL:
            return bool, frozenset({True, False})
        case FactType.INT | FactType.MONEY:
            low, high = fact.bounds
            return int, range(low, high + 1)
        case FactType.CHOICE:
            return str, frozenset(fact.options)
        case _:
            return object, ()


class Plain(NamedTuple):
    """Answers that hold as they are, by fact: facts of yes and no, and what numbers and options
    can be. Looking an answer of that very type up here is quicker than any check; what is not here
    is not wrong for that."""

    truths: frozenset[str]
    numbers: Mapping[str, Collection[object]]
    options: Mapping[str, Collection[object]]


def plain_answers(facts: Mapping[str, FactDef]) -> Plain:
    """The plain answers to these facts."""
    found: dict[type, dict[str, Collection[object]]] = {bool: {}, int: {}, str: {}, object: {}}
    for name, fact in facts.items():
        type, values = _plain(fact)
        found[type][name] = values
    return Plain(frozenset(found[bool]), found[int], found[str])
