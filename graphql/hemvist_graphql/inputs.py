"""Checks of a command's input that its types cannot express, and its form for a service.

Every text has a limit and only characters that can be stored; ids become the rows they name.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from hemvist.errors import Problem, ValidationFailed
from hemvist_graphql.ids import require_row_id

#: Longest free text, in characters. A service may allow less.
MAX_TEXT = 10_000
#: Bounds of a JSON value: all its text together, values in it, and how deep they lie.
MAX_JSON_TEXT = 200_000
MAX_JSON_VALUES = 5_000
MAX_JSON_DEPTH = 8
MAX_LIST = 500
#: What a whole number of JSON may be, in every language that reads it.
MAX_NUMBER = 2**53 - 1

KEY_FIELD = "idempotency_key"
REFERS = "refers"
_LIMIT = "limit"


def refers_to(type_name: str, **kwargs: Any) -> Any:
    """An input field that is the id of a ``type_name``, or a list of such ids."""
    return strawberry.field(metadata={REFERS: type_name}, **kwargs)


def text(limit: int, **kwargs: Any) -> Any:
    """An input field that is a text of at most ``limit`` characters."""
    return strawberry.field(metadata={_LIMIT: limit}, **kwargs)


#: What a rule is about that is of no row in particular.
_ABOUT = {"stale_version": "expected_version", "idempotency_key_reused": KEY_FIELD}


def about(given: Any, *, kind: str = "", rule: str = "") -> str:
    """The field of the input that a refusal is about: of the id of a ``kind``, or what ``rule`` is on.

    Else the first id, by which commands say on what they act; else the first field that says anything.
    """
    names = {item.name: item.metadata.get(REFERS) for item in dataclasses.fields(given)}
    wanted = _ABOUT.get(rule)
    refers = [name for name, type_name in names.items() if type_name is not None]
    exact = [name for name in refers if names[name] == kind]
    others = [name for name in names if name != KEY_FIELD]
    chosen = [*([wanted] if wanted in names else []), *exact, *refers, *others, KEY_FIELD]
    return to_camel_case(str(chosen[0]))


def canonical(given: Any) -> dict[str, Any]:
    """The input as plain data without its idempotency key: equal for equal requests."""
    body = dataclasses.asdict(given)
    body.pop(KEY_FIELD, None)
    return body


def arguments(given: Any) -> dict[str, Any]:
    """The input as keyword arguments: ids as rows, nested inputs as mappings, nulls left out.

    Raises ``ValidationFailed`` with every problem, else ``NotFound`` for an id that names nothing.
    """
    problems = list(_problems_of(given, ""))
    if problems:
        raise ValidationFailed(problems)
    values = _converted(given)
    values.pop(KEY_FIELD, None)
    return values


def _fields(given: Any) -> Iterator[tuple[Any, Any]]:
    for item in dataclasses.fields(given):
        yield item, getattr(given, item.name)


def _problems_of(given: Any, path: str) -> Iterator[Problem]:
    for item, value in _fields(given):
        yield from _problems(value, path + to_camel_case(item.name), item.metadata.get(_LIMIT))


def _problems(value: Any, path: str, limit: int | None = None) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from _text_problems(value, path, limit or MAX_TEXT)
    elif dataclasses.is_dataclass(value):
        yield from _problems_of(value, f"{path}.")
    elif isinstance(value, list) and all(dataclasses.is_dataclass(item) for item in value):
        if len(value) > MAX_LIST:
            yield Problem(path, "count", f"at most {MAX_LIST}", {"limit": MAX_LIST})
            return
        for position, item in enumerate(value):
            yield from _problems_of(item, f"{path}[{position}].")
    elif isinstance(value, list | dict):
        yield from _json_problems(value, path)
    elif isinstance(value, int | float):
        yield from _number_problems(value, path)


def _text_problems(value: str, path: str, limit: int) -> Iterator[Problem]:
    if len(value) > limit:
        yield Problem(path, "too_long", f"at most {limit} characters", {"limit": limit})
    elif not storable(value):
        yield Problem(path, "characters", "has characters that cannot be stored")


def storable(value: str) -> bool:
    """Whether PostgreSQL can hold the text: no NUL, no half of a surrogate pair."""
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _number_problems(value: float, path: str) -> Iterator[Problem]:
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        yield Problem(path, "out_of_range", "not a number that can be kept")


def _json_problems(value: Any, path: str) -> Iterator[Problem]:
    texts = count = 0
    waiting: list[tuple[Any, str, int]] = [(value, path, 0)]
    while waiting:
        here, where, depth = waiting.pop()
        count += 1
        if depth > MAX_JSON_DEPTH or count > MAX_JSON_VALUES or texts > MAX_JSON_TEXT:
            yield Problem(path, "too_large", "too much in one value")
            return
        if isinstance(here, str):
            texts += len(here)
            yield from _text_problems(here, where, MAX_TEXT)
        elif isinstance(here, Mapping):
            for name, inner in here.items():
                texts += len(name)
                yield from _text_problems(name, where, 200)
                waiting.append((inner, f"{where}.{name[:60]}", depth + 1))
        elif isinstance(here, list):
            waiting.extend((inner, f"{where}[{n}]", depth + 1) for n, inner in enumerate(here))
        elif isinstance(here, int | float):
            yield from _number_problems(here, where)


def _converted(given: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for item, value in _fields(given):
        if value is None:
            continue
        type_name = item.metadata.get(REFERS)
        if type_name is not None and isinstance(value, list):
            values[item.name] = [require_row_id(type_name, one) for one in value]
        elif type_name is not None:
            values[item.name] = require_row_id(type_name, value)
        elif isinstance(value, list):
            values[item.name] = [
                _converted(inner) if dataclasses.is_dataclass(inner) else inner for inner in value
            ]
        elif dataclasses.is_dataclass(value):
            values[item.name] = _converted(value)
        else:
            values[item.name] = value
    return values
