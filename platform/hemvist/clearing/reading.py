"""An instance as JSON, read strictly: what does not hold is named by its field."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from hemvist.clearing.model import (
    Instance,
    InstanceError,
    Municipality,
    Needs,
    Request,
    Vacancy,
)

#: No figure of an instance comes near it; beyond it somebody mistook an id for a number.
_MOST = 1_000_000
_LONGEST = 200

OneT = TypeVar("OneT", Municipality, Request, Vacancy)


def instance_from_json(text: str | bytes) -> Instance:
    """The instance in a JSON text."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except InstanceError:
        raise
    except (ValueError, RecursionError) as error:
        raise InstanceError("", f"not valid JSON: {error}") from None
    return instance_of(found)


def instance_of(data: object) -> Instance:
    """The instance in JSON data. Fields that are not known are passed over."""
    whole = _object(data, "")
    municipalities = _each(whole, "municipalities", _municipality)
    members = {one.id for one in municipalities}
    requests = _each(whole, "requests", _request)
    vacancies = _each(whole, "vacancies", _vacancy)
    for place, request in enumerate(requests):
        _known(request.origin, members, f"requests[{place}].origin")
        for id in sorted(request.forbidden):
            # A misspelt exclusion would let somebody move to whom she fled from.
            _known(id, members, f"requests[{place}].forbidden")
    for place, vacancy in enumerate(vacancies):
        _known(vacancy.municipality, members, f"vacancies[{place}].municipality")
    return Instance(municipalities, requests, vacancies)


def _municipality(data: Mapping[str, Any], at: str) -> Municipality:
    return Municipality(
        id=_text(data, "id", at),
        region=_text(data, "region", at),
        services=_texts(data, "services", at),
        balance=_number(data, "balance", at, least=-_MOST),
        debt_limit=_number(data, "debt_limit", at),
        take_cap=_number(data, "take_cap", at),
    )


def _request(data: Mapping[str, Any], at: str) -> Request:
    where = f"{at}.needs"
    needs = _object(_given(data, "needs", at), where)
    return Request(
        id=_text(data, "id", at),
        origin=_text(data, "origin", at),
        urgency=_number(data, "urgency", at, least=1, most=3),
        waiting_weeks=_number(data, "waiting_weeks", at),
        needs=Needs(
            min_rooms=_number(needs, "min_rooms", where),
            max_extra_rooms=_number(needs, "max_extra_rooms", where),
            step_free=_flag(needs, "step_free", where),
            services=_texts(needs, "services", where),
        ),
        forbidden=_texts(data, "forbidden", at),
    )


def _vacancy(data: Mapping[str, Any], at: str) -> Vacancy:
    return Vacancy(
        id=_text(data, "id", at),
        municipality=_text(data, "municipality", at),
        rooms=_number(data, "rooms", at),
        step_free=_flag(data, "step_free", at),
    )


def _each(
    whole: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any], str], OneT]
) -> list[OneT]:
    found: list[OneT] = []
    seen: dict[str, int] = {}
    for place, data in enumerate(_list(_given(whole, name, ""), name)):
        at = f"{name}[{place}]"
        one = read(_object(data, at), at)
        if one.id in seen:
            _wrong(f"{at}.id", f"{one.id!r} is that of {name}[{seen[one.id]}] already")
        seen[one.id] = place
        found.append(one)
    return found


def _given(data: Mapping[str, Any], name: str, at: str) -> Any:
    if name not in data:
        _wrong(_path(at, name), "is missing")
    return data[name]


def _text(data: Mapping[str, Any], name: str, at: str) -> str:
    return _word(_given(data, name, at), _path(at, name))


def _texts(data: Mapping[str, Any], name: str, at: str) -> frozenset[str]:
    path = _path(at, name)
    found = _list(_given(data, name, at), path)
    return frozenset(_word(one, f"{path}[{place}]") for place, one in enumerate(found))


def _word(value: object, path: str) -> str:
    if not isinstance(value, str) or not value or len(value) > _LONGEST:
        _wrong(path, f"must be a text of 1 to {_LONGEST} characters")
    return value


def _number(
    data: Mapping[str, Any], name: str, at: str, *, least: int = 0, most: int = _MOST
) -> int:
    value = _given(data, name, at)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        _wrong(_path(at, name), f"must be a whole number from {least} to {most}")
    return value


def _flag(data: Mapping[str, Any], name: str, at: str) -> bool:
    value = _given(data, name, at)
    if not isinstance(value, bool):
        _wrong(_path(at, name), "must be true or false")
    return value


def _object(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        _wrong(path, "must be a JSON object" if path else "the instance must be a JSON object")
    return value


def _list(value: object, path: str) -> Sequence[Any]:
    if not isinstance(value, list):
        _wrong(path, "must be a list")
    return value


def _known(id: str, members: set[str], path: str) -> None:
    if id not in members:
        _wrong(path, f"there is no municipality {id!r}")


def _path(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            _wrong(name, "is there twice in one object")
        found[name] = value
    return found


def _no_number(name: str) -> NoReturn:
    _wrong("", f"{name} is no number of JSON")


def _wrong(path: str, message: str) -> NoReturn:
    raise InstanceError(path, message)
