"""How many people live in a kommun, on days of which the statistics office has told (SCB)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

#: A rate is of so many inhabitants.
PER = 10_000


class InhabitantsError(ValueError):
    """The file is not as it should be; says which day and kommun."""


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """A kommun's inhabitants on a day, and who says so."""

    count: int
    on: date
    source: str


@cache
def every() -> Mapping[str, Sequence[Inhabitants]]:
    """By kommunkod, in the order of days."""
    text = resources.files("hemvist.comparisons").joinpath("inhabitants.toml").read_text("utf-8")
    return parsed(tomllib.loads(text))


def parsed(content: Mapping[str, Any]) -> Mapping[str, Sequence[Inhabitants]]:
    """What the file says. Raises ``InhabitantsError``."""
    found: dict[str, list[Inhabitants]] = {}
    for table in sorted(content["counted"], key=lambda one: one["on"]):
        day, source = table["on"], table["source"]
        if type(day) is not date or not source:
            raise InhabitantsError(f"counted: {day}: wants a day and a source")
        for code, count in table["kommuner"].items():
            if not (len(code) == 4 and code.isdigit()):
                raise InhabitantsError(f"counted: {day}: {code!r} is no kommunkod")
            if not isinstance(count, int) or count < 1:
                raise InhabitantsError(f"counted: {day}: {code}: wants a number from 1")
            if any(one.on == day for one in found.get(code, ())):
                raise InhabitantsError(f"counted: {day}: {code} is there twice")
            found.setdefault(code, []).append(Inhabitants(count, day, source))
    return found


def of_year(code: str, year: int) -> Inhabitants | None:
    """The kommun's inhabitants on the year's last day, or on the nearest day known; None if on none."""
    last = date(year, 12, 31)
    known = every().get(code, ())
    return min(known, key=lambda one: abs((one.on - last).days), default=None)


def rate(number: float, people: Inhabitants) -> float:
    """``number`` for each 10 000 inhabitants, with one decimal: more would say what is not known."""
    return round(number * PER / people.count, 1)
