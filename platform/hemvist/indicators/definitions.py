"""Definitions of the indicators, read from the catalogue beside this module.

Each is defined once: what it counts, when a case counts, what it does not say, and whose question it
answers. A definition that is changed gets a new version, and with it a series of its own.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, cast

Kind = Literal["flow", "stock"]
Measure = Literal["count", "sum", "share", "median"]
About = Literal["households", "transfers", "nobody"]

KINDS: tuple[Kind, ...] = ("flow", "stock")
MEASURES: tuple[Measure, ...] = ("count", "sum", "share", "median")
ABOUT: tuple[About, ...] = ("households", "transfers", "nobody")
UNITS = (
    "households",
    "homes",
    "cases",
    "persons",
    "children",
    "days",
    "ore",
    "decisions",
    "percent",
)
#: What an indicator may be told by. The groups are all that may be compiled (docs/decisions/0060).
BY = ("programme", "step", "area", "sex", "age", "children")
LANGUAGES = ("sv", "en")
_WORDS = ("label", "definition", "counts", "limits")
_FIELDS = {*_WORDS, "version", "kind", "measure", "unit", "about", "by", "better", "source"}


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator (nyckeltal).

    ``kind``: a flow happens on a day and is counted by month; a stock holds from one day to another
    and is counted on a month's last day. ``measure``: how many facts, the sum of their amounts, the
    share of them where what was to be done was done, or the amount in the middle. ``about``: whose
    numbers it holds, which says how they may be told. ``better``: ``more``, ``fewer`` or empty.
    Texts stand by language, ``sv`` and ``en``.
    """

    code: str
    chapter: str
    version: int
    kind: Kind
    measure: Measure
    unit: str
    about: About
    by: tuple[str, ...]
    better: str
    label: Mapping[str, str]
    definition: Mapping[str, str]
    #: When a case counts.
    counts: Mapping[str, str]
    #: What it does not say.
    limits: Mapping[str, str]
    #: Rules of the sources, laws and authorities' questions.
    source: tuple[str, ...]


class DefinitionError(ValueError):
    """The catalogue is not as it should be; says which indicator and field."""


@cache
def catalogue() -> Mapping[str, Definition]:
    """All indicators by code, in the catalogue's order."""
    found: dict[str, Definition] = {}
    folder = resources.files("hemvist.indicators").joinpath("catalogue")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".toml"):
            continue
        chapter = file.name.removesuffix(".toml").split("_", 1)[1]
        for code, raw in tomllib.loads(file.read_text("utf-8")).items():
            if code in found:
                raise DefinitionError(f"{code}: defined twice")
            found[code] = parsed(code, chapter, raw)
    return found


@cache
def fingerprint() -> str:
    """Of all definitions: another one means that everything is counted anew."""
    told = repr([(one.code, one.version) for one in catalogue().values()])
    return hashlib.sha256(told.encode()).hexdigest()


def parsed(code: str, chapter: str, raw: Mapping[str, Any]) -> Definition:
    """A definition from its table in the catalogue. Raises ``DefinitionError``."""
    if wrong := _FIELDS.symmetric_difference({*raw}) - {"better"}:
        raise DefinitionError(f"{code}: {sorted(wrong)} missing or unknown")
    for field in _WORDS:
        said = raw[field] if isinstance(raw[field], Mapping) else {}
        if set(said) != set(LANGUAGES) or not all(said.values()):
            raise DefinitionError(f"{code}.{field}: wants a text in each of {LANGUAGES}")
    for field, known in (("kind", KINDS), ("measure", MEASURES), ("unit", UNITS), ("about", ABOUT)):
        if raw[field] not in known:
            raise DefinitionError(f"{code}.{field}: {raw[field]!r} is none of {known}")
    if unknown := set(raw["by"]) - set(BY):
        raise DefinitionError(f"{code}.by: {sorted(unknown)} is none of {BY}")
    if raw.get("better", "") not in ("", "more", "fewer"):
        raise DefinitionError(f"{code}.better: more, fewer or empty")
    if not isinstance(raw["version"], int) or raw["version"] < 1:
        raise DefinitionError(f"{code}.version: wants a number from 1")
    if not raw["source"]:
        raise DefinitionError(f"{code}.source: wants a rule, a law or an authority's question")
    return Definition(
        code=code,
        chapter=chapter,
        version=raw["version"],
        kind=cast(Kind, raw["kind"]),
        measure=cast(Measure, raw["measure"]),
        unit=raw["unit"],
        about=cast(About, raw["about"]),
        by=tuple(raw["by"]),
        better=raw.get("better", ""),
        label=raw["label"],
        definition=raw["definition"],
        counts=raw["counts"],
        limits=raw["limits"],
        source=tuple(raw["source"]),
    )
