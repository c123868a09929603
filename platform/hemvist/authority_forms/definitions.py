"""Authorities' forms, read from the catalogue beside this module.

A form is data: whose it is, which windows it has, what it asks, and for each question by which rule
it is counted or that a person answers. What changes gets a new version; a form that was prepared keeps
the version that it was prepared by.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("sv", "en")
#: Counted by a rule over case rows, or answered by a person.
HOW = ("counted", "number", "text", "yes_no")
#: How many rows were found, or the sum of their amounts.
MEASURES = ("count", "sum")
UNITS = ("homes", "households", "persons", "children", "guarantees", "decisions", "ore", "cases")
#: Whose cases: those that the department has, or those that lie open to it as well.
REACHES = ("own", "disclosed")
_FORM = {
    *("version", "authority", "label", "note", "confirm", "source", "reach", "windows"),
    *("valid_from", "valid_to", "file", "settings", "questions"),
}
_OPTIONAL = {"valid_to", "file", "settings"}
_QUESTION = {"code", "asks", "how", "source", "rule", "with", "measure", "unit", "note", "optional"}
_WINDOW = {
    "period",
    "first",
    "last",
    "opens",
    "closes",
    "valid_from",
    "valid_to",
    "source",
    "confirmed",
}


class FormError(ValueError):
    """The catalogue is not as it should be; says which form and field."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a form asks. ``asks`` is our wording; ``source`` says whose question it is and where."""

    code: str
    asks: Mapping[str, str]
    how: str
    source: str
    rule: str
    #: What the rule is told, as the kinds of contract.
    given: Mapping[str, Any]
    measure: str
    unit: str
    note: Mapping[str, str]
    #: A person may leave it.
    optional: bool

    @property
    def counted(self) -> bool:
        """Whether a rule answers it."""
        return self.how == "counted"


@dataclass(frozen=True, slots=True)
class Window:
    """Which days a form is about and when it is handed in, each year from a day on.

    Days stand as ``MM-DD``, with ``prev`` or ``next`` before it for the year before or after; or as a
    week and its day, ``W14-1``.
    """

    period: str
    first: str
    last: str
    opens: str
    closes: str
    valid_from: date
    valid_to: date | None
    source: str
    #: Whether somebody has held it against the authority's own word of that year.
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A form of an authority. Texts stand by language."""

    code: str
    version: int
    valid_from: date
    valid_to: date | None
    authority: str
    label: Mapping[str, str]
    note: Mapping[str, str]
    #: What somebody is to hold against the year's real form.
    confirm: Mapping[str, str]
    source: tuple[str, ...]
    reach: tuple[str, ...]
    #: Another report that is what is sent; this form then shows what stands behind it.
    file: str
    settings: Mapping[str, Any]
    windows: tuple[Window, ...]
    questions: tuple[Question, ...]

    def question(self, code: str) -> Question | None:
        """The question with this code."""
        return next((one for one in self.questions if one.code == code), None)


@cache
def every() -> Mapping[tuple[str, int], Form]:
    """Each version of each form, by code and version."""
    found: dict[tuple[str, int], Form] = {}
    folder = resources.files("hemvist.authority_forms").joinpath("catalogue")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".toml"):
            continue
        for code, raw in tomllib.loads(file.read_text("utf-8")).items():
            form = parsed(code, raw)
            if (code, form.version) in found:
                raise FormError(f"{code}: version {form.version} stands twice")
            found[code, form.version] = form
    return found


def form_on(code: str, on: date) -> Form | None:
    """The newest version of a form that holds on a day."""
    holding = [
        one
        for (name, _), one in every().items()
        if name == code and one.valid_from <= on and (one.valid_to is None or on < one.valid_to)
    ]
    return max(holding, key=lambda one: one.version, default=None)


def forms_on(on: date) -> list[Form]:
    """Every form that holds on a day, in the catalogue's order."""
    codes = dict.fromkeys(code for code, _ in every())
    return [form for code in codes if (form := form_on(code, on)) is not None]


def parsed(code: str, raw: Mapping[str, Any]) -> Form:
    """A form from its table in the catalogue. Raises ``FormError``."""
    _fields(code, raw, _FORM, _OPTIONAL)
    for field in ("label", "note", "confirm"):
        _words(f"{code}.{field}", raw[field])
    if not raw["source"] or not raw["windows"] or not raw["questions"] or raw["version"] < 1:
        raise FormError(f"{code}: wants a source, windows, questions and a version from 1")
    if not raw["reach"] or (unknown := set(raw["reach"]) - set(REACHES)):
        raise FormError(f"{code}.reach: {sorted(unknown)} is none of {REACHES}")
    questions = tuple(_question(f"{code}.questions", one) for one in raw["questions"])
    if len({one.code for one in questions}) < len(questions):
        raise FormError(f"{code}.questions: a code stands twice")
    return Form(
        code=code,
        version=raw["version"],
        valid_from=raw["valid_from"],
        valid_to=raw.get("valid_to"),
        authority=raw["authority"],
        label=raw["label"],
        note=raw["note"],
        confirm=raw["confirm"],
        source=tuple(raw["source"]),
        reach=tuple(raw["reach"]),
        file=raw.get("file", ""),
        settings=raw.get("settings", {}),
        windows=tuple(_window(f"{code}.windows", one) for one in raw["windows"]),
        questions=questions,
    )


def _question(where: str, raw: Mapping[str, Any]) -> Question:
    code = str(raw.get("code", "?"))
    where = f"{where}.{code}"
    _fields(where, raw, _QUESTION, _QUESTION - {"code", "asks", "how", "source"})
    _words(f"{where}.asks", raw["asks"])
    if "note" in raw:
        _words(f"{where}.note", raw["note"])
    if raw["how"] not in HOW:
        raise FormError(f"{where}.how: {raw['how']!r} is none of {HOW}")
    counted = raw["how"] == "counted"
    if counted != ("rule" in raw) or counted != ("unit" in raw):
        raise FormError(
            f"{where}: a rule and a unit for what is counted, none for what is answered"
        )
    if counted and raw["unit"] not in UNITS:
        raise FormError(f"{where}.unit: {raw['unit']!r} is none of {UNITS}")
    if raw.get("measure", "count") not in MEASURES:
        raise FormError(f"{where}.measure: {raw['measure']!r} is none of {MEASURES}")
    return Question(
        code=code,
        asks=raw["asks"],
        how=raw["how"],
        source=raw["source"],
        rule=raw.get("rule", ""),
        given=raw.get("with", {}),
        measure=raw.get("measure", "count"),
        unit=raw.get("unit", ""),
        note=raw.get("note", {}),
        optional=raw.get("optional", False),
    )


def _window(where: str, raw: Mapping[str, Any]) -> Window:
    _fields(where, raw, _WINDOW, {"valid_to"})
    return Window(**{"valid_to": None, **raw})


def _fields(
    where: str, raw: Mapping[str, Any], known: set[str], optional: set[str] | frozenset[str]
) -> None:
    if unknown := set(raw) - known:
        raise FormError(f"{where}: {sorted(unknown)} is unknown")
    if missing := known - optional - set(raw):
        raise FormError(f"{where}: {sorted(missing)} is missing")


def _words(where: str, texts: Mapping[str, str]) -> None:
    if set(texts) != set(LANGUAGES) or not all(texts.values()):
        raise FormError(f"{where}: wants a text in each of {LANGUAGES}")
