"""What kommuner may compare, read from the catalogue beside this module."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from hemvist.indicators.definitions import LANGUAGES

_CODE = re.compile(r"[a-z][a-z_]{1,30}")
_FIELDS = {"version", "indicators", "label", "about"}
_WORDS = ("label", "about")


class ComparisonError(ValueError):
    """The catalogue is not as it should be; says which comparison and field."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison (jämförelse): which indicators those who take part give. Texts stand by language."""

    code: str
    version: int
    indicators: tuple[str, ...]
    label: Mapping[str, str]
    about: Mapping[str, str]


@cache
def comparisons() -> Mapping[str, Comparison]:
    """All comparisons by code, in the catalogue's order."""
    text = resources.files("hemvist.comparisons").joinpath("catalogue.toml").read_text("utf-8")
    return {code: parsed(code, raw) for code, raw in tomllib.loads(text).items()}


def parsed(code: str, raw: Mapping[str, Any]) -> Comparison:
    """A comparison from its table in the catalogue. Raises ``ComparisonError``."""
    if not _CODE.fullmatch(code):
        raise ComparisonError(f"{code}: a-z and _ only")
    if wrong := _FIELDS.symmetric_difference(raw):
        raise ComparisonError(f"{code}: {sorted(wrong)} missing or unknown")
    for field in _WORDS:
        if set(raw[field]) != set(LANGUAGES) or not all(raw[field].values()):
            raise ComparisonError(f"{code}.{field}: wants a text in each of {LANGUAGES}")
    indicators = tuple(raw["indicators"])
    if not indicators or len(set(indicators)) < len(indicators):
        raise ComparisonError(f"{code}.indicators: at least one, and each once")
    if raw["version"] < 1:
        raise ComparisonError(f"{code}.version: from 1")
    return Comparison(code, raw["version"], indicators, raw["label"], raw["about"])
