"""What a pack says outside its rules, as JSON data: for lists and for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date

from hemvist.policy.labels import Label
from hemvist.policy.leaf import Leaf
from hemvist.policy.pack import Pack
from hemvist.policy.params import Num

#: The lists of a pack that are not about a case's path.
SECTIONS = (
    *("standing", "service_levels", "quotas", "indicators", "meetings", "measures", "refused"),
    "campaigns",
)


def summary(pack: Pack, on: date) -> dict[str, object]:
    """Status, settings, the lists of ``SECTIONS`` and what the programmes add, by their ids.

    Numbers are those of ``on``, or of the pack's first day when that is later. Raises
    ``PolicyError`` where a parameter has no value.
    """
    day = max(on, pack.in_force.start)
    found: dict[str, object] = {"status": data(pack.status, pack, day)}
    found["settings"] = [
        {"param": param.name, "value": _plain(param.on(day)), "cite": list(param.cite)}
        | _fields(param.setting, pack, day)
        for param in pack.params.values()
        if param.setting is not None
    ]
    for section in SECTIONS:
        found[section] = data(getattr(pack, section), pack, day)
    found["takeover"] = {
        id: data(programme.takeover, pack, day)
        for id, programme in pack.programmes.items()
        if programme.takeover is not None
    }
    found["ladder"] = {
        id: data(programme.ladder, pack, day)
        for id, programme in pack.programmes.items()
        if programme.ladder is not None
    }
    found["landlord"] = {
        id: data(programme.landlord, pack, day)
        for id, programme in pack.programmes.items()
        if programme.landlord is not None
    }
    found["milestones"] = {
        id: data(programme.milestones, pack, day)
        for id, programme in pack.programmes.items()
        if programme.milestones
    }
    return found


def _fields(value: object, pack: Pack, on: date) -> dict[str, object]:
    assert is_dataclass(value)
    return {
        field.name: data(getattr(value, field.name), pack, on)
        for field in fields(value)
        if getattr(value, field.name) not in (None, ())
    }


def data(value: object, pack: Pack, on: date) -> object:
    """A part of a pack as JSON data, with the numbers of a day."""
    if isinstance(value, Label):
        return value.as_json()
    if isinstance(value, Num):
        return pack.number(value, on)
    if isinstance(value, Leaf):
        return value.text
    if isinstance(value, tuple):
        return [data(item, pack, on) for item in value]
    if isinstance(value, Mapping):
        return {key: data(item, pack, on) for key, item in value.items()}
    return _fields(value, pack, on) if is_dataclass(value) else _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
