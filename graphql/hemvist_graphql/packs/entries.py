"""What a pack says outside its rules: quotas, meetings, settings and so on, one shape for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import strawberry

from hemvist.clock import today
from hemvist.policy import Item, Label, Pack
from hemvist.policy.params import Param, Setting
from hemvist.policy.summary import data
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed
from hemvist_graphql.scalars import Json

_SHOWN = ("id", "label", "help", "cite", "covers")


@strawberry.type(description="Something that a guideline names, with its source.")
class PackEntry:
    """Something that a guideline names, with its source."""

    id: str
    cite: list[str]
    details: Json = strawberry.field(
        description="What this kind of entry says besides; numbers are those of the day."
    )
    text: strawberry.Private[Any]
    helping: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it is called."""
        return worded(self.text, lang, self.id)

    @computed(description="In Swedish (sv) or English (en).")
    def help(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """More about it."""
        return worded(self.helping, lang) or None


@strawberry.type(description="What kind of text a pack carries.")
class PackStatus:
    """What kind of text a pack carries."""

    kind: str = strawberry.field(description="guideline, described, proposed or law")
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def note(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """What to know when reading it."""
        return worded(self.text, lang) or None


def day_of(pack: Pack, on: date | None) -> date:
    """The day whose numbers are shown: a given one, today, or the first day of a version to come."""
    return max(on or today(), pack.in_force.start)


def entries(pack: Pack, items: Iterable[Item], on: date | None) -> list[PackEntry]:
    """Items as entries."""
    return [entry(pack, item, on) for item in items]


def entry(pack: Pack, item: Item, on: date | None) -> PackEntry:
    """One item as an entry."""
    found: Any = data(item, pack, day_of(pack, on))
    return _entry(item.id, item.label, item.help, item.cite, found)


def settings(pack: Pack, on: date | None) -> list[PackEntry]:
    """Parameters on which the sources pull apart, with the value of the day."""
    return [
        _setting(pack, param, param.setting, on)
        for param in pack.params.values()
        if param.setting is not None
    ]


def _setting(pack: Pack, param: Param, setting: Setting, on: date | None) -> PackEntry:
    day = day_of(pack, on)
    found: Any = data(setting, pack, day)
    details = {**found, "value": data(param.on(day), pack, day)}
    return _entry(param.name, param.label, setting.why, param.cite, details)


def part(
    pack: Pack, id: str, label: Label | None, cite: tuple[str, ...], value: object, on: date | None
) -> PackEntry:
    """A part of a programme that is no item, such as the takeover."""
    found: Any = data(value, pack, day_of(pack, on))
    return _entry(id, label, None, cite, found)


def _entry(
    id: str,
    label: Label | None,
    help: Label | None,
    cite: tuple[str, ...],
    details: Mapping[str, Any],
) -> PackEntry:
    rest = {key: value for key, value in details.items() if key not in _SHOWN}
    return PackEntry(id=id, cite=list(cite), details=Json(rest), text=label, helping=help)
