"""Facts: what a rule is judged on, and the check of every answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from hemvist.policy.errors import PolicyError
from hemvist.policy.labels import Label
from hemvist.policy.months import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from hemvist.policy.leaf import Leaf

MAX_INT = 10**9
MAX_ORE = 10**13
MAX_TEXT = 2000
MAX_RECORDS = 1000

#: A checked value. Records are maps of fields; a field that may be left out can be ``None``.
Value = bool | int | str | date | tuple[str, ...] | tuple[Mapping[str, object], ...]


class FactType(StrEnum):
    """What kind of value a fact holds. Money is whole öre."""

    BOOL = "bool"
    INT = "int"
    MONEY = "money_ore"
    DATE = "date"
    TEXT = "text"
    CHOICE = "choice"
    CHOICE_LIST = "choice_list"
    RECORDS = "records"


class FactKind(StrEnum):
    """Who knows it: a person asked, a person judging with a reason, or the record itself."""

    ASKED = "asked"
    ASSESSMENT = "assessment"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class FactDef:
    """One fact, or one field of a fact that holds records (``optional`` is for fields only)."""

    name: str
    type: FactType
    label: Label
    kind: FactKind = FactKind.ASKED
    help: Label | None = None
    options: Mapping[str, Label] = field(default_factory=lambda: MappingProxyType({}))
    fields: Mapping[str, FactDef] = field(default_factory=lambda: MappingProxyType({}))
    optional: bool = False
    minimum: int | None = None
    maximum: int | None = None
    cite: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    ask_when: Leaf | None = None
    computed_from: Label | None = None
    #: Id of the pack's group of questions that it stands in on a form.
    group: str | None = None

    @property
    def bounds(self) -> tuple[int, int]:
        """Smallest and largest value of a number; what the type allows when the pack says none."""
        if self.type is FactType.MONEY:
            low, high = -MAX_ORE, MAX_ORE
        else:
            low, high = -MAX_INT, MAX_INT
        return (
            low if self.minimum is None else self.minimum,
            high if self.maximum is None else self.maximum,
        )


def parse_day(written: str) -> date | None:
    """The date written ``YYYY-MM-DD``, or ``None`` for anything else."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def check_answer(fact: FactDef, raw: object) -> Value:
    """The answer as a checked value.

    Dates may be ``date`` or ``YYYY-MM-DD``, records lists of maps. Raises ``PolicyError`` naming
    the fact (``error.fact``, with the field for records) and the broken rule (``error.rule``).
    """
    return _check(fact, raw, fact.name)


def _check(fact: FactDef, raw: object, path: str) -> Value:
    match fact.type:
        case FactType.BOOL:
            if not isinstance(raw, bool):
                raise _wrong(path, "wrong_type", "must be true or false", raw)
            return raw
        case FactType.INT | FactType.MONEY:
            return _number(fact, raw, path)
        case FactType.DATE:
            return _date(raw, path)
        case FactType.TEXT:
            return _text(raw, path)
        case FactType.CHOICE:
            return _option(fact, raw, path)
        case FactType.CHOICE_LIST:
            return _options(fact, raw, path)
        case FactType.RECORDS:
            return _records(fact, raw, path)


def _number(fact: FactDef, raw: object, path: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise _wrong(path, "wrong_type", "must be a whole number", raw)
    low, high = fact.bounds
    if not low <= raw <= high:
        raise _wrong(path, "out_of_range", f"must be between {low} and {high}", None)
    return raw


def _date(raw: object, path: str) -> date:
    day = parse_day(raw) if isinstance(raw, str) else raw
    # A datetime is a date to Python and not to us: its day depends on a time zone.
    if type(day) is not date:
        raise _wrong(path, "wrong_type", "must be a date such as 2026-07-01", raw)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _wrong(path, "out_of_range", f"must be between {FIRST_DAY} and {LAST_DAY}", raw)
    return day


def _text(raw: object, path: str) -> str:
    if not isinstance(raw, str):
        raise _wrong(path, "wrong_type", "must be text", raw)
    value = raw.strip()
    if not value:
        raise _wrong(path, "empty", "must not be empty", None)
    if len(value) > MAX_TEXT:
        raise _wrong(path, "too_long", f"must be at most {MAX_TEXT} characters", None)
    if any(ord(character) < 32 and character not in "\n\t\r" for character in value):
        raise _wrong(path, "wrong_type", "must not hold control characters", None)
    return value


def _option(fact: FactDef, raw: object, path: str) -> str:
    if not isinstance(raw, str) or raw not in fact.options:
        raise _wrong(path, "not_an_option", f"must be one of {', '.join(fact.options)}", raw)
    return raw


def _options(fact: FactDef, raw: object, path: str) -> tuple[str, ...]:
    if not isinstance(raw, list | tuple) or len(raw) > len(fact.options):
        raise _wrong(path, "wrong_type", "must be a list of options, each once", None)
    values = tuple(_option(fact, item, path) for item in raw)
    if len(set(values)) != len(values):
        raise _wrong(path, "twice", "must list each option once", None)
    return values


def _records(fact: FactDef, raw: object, path: str) -> tuple[Mapping[str, object], ...]:
    if not isinstance(raw, list | tuple):
        raise _wrong(path, "wrong_type", "must be a list of records", None)
    if len(raw) > MAX_RECORDS:
        raise _wrong(path, "too_long", f"must hold at most {MAX_RECORDS} records", None)
    return tuple(_record(fact, item, f"{path}[{index}]") for index, item in enumerate(raw))


def _record(fact: FactDef, raw: object, path: str) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise _wrong(path, "wrong_type", "must be a record of fields", None)
    for key in raw:
        if key not in fact.fields:
            raise _wrong(f"{path}.{str(key)[:60]}", "unknown_field", "is not a field", None)
    record: dict[str, object] = {}
    for name, definition in fact.fields.items():
        value = raw.get(name)
        if value is None and not definition.optional:
            raise _wrong(f"{path}.{name}", "missing", "is missing", None)
        record[name] = None if value is None else _check(definition, value, f"{path}.{name}")
    return MappingProxyType(record)


def _wrong(path: str, rule: str, message: str, raw: object) -> PolicyError:
    # Free text is never echoed: an answer may be somebody's secret in a log.
    shown = f", not {raw!r}" if isinstance(raw, bool | int) else ""
    return PolicyError(f"{path} {message}{shown}", rule=rule, fact=path)


#: The types of what JSON has as it is.
_PLAIN = frozenset({bool, int, str, type(None)})


def as_json(value: object) -> object:
    """A checked value as JSON data: dates as text, records as maps, tuples as lists."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, tuple):
        return [item if type(item) in _PLAIN else as_json(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    # A checked record is one of the first two, which are quicker to tell.
    if isinstance(value, (dict, MappingProxyType, Mapping)):
        return {key: item if type(item) in _PLAIN else as_json(item) for key, item in value.items()}
    return value
