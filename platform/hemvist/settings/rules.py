"""What a value of a setting must be, in words, from the field's own type and bounds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from hemvist.settings.fields import about

_WORDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    date: "a day as YYYY-MM-DD",
    Path: "a path",
    str: "text",
    SecretStr: "text",
}


def kind(field: FieldInfo) -> Any:
    """The type of a field, without the ``None`` of one that need not be set."""
    parts = [part for part in get_args(field.annotation) if part is not NoneType]
    if get_origin(field.annotation) is not Literal and len(parts) == 1:
        return parts[0]
    return field.annotation


def rule(field: FieldInfo) -> str:
    """What a value must be, such as "a whole number from 1 to 100"."""
    if own := about(field).rule:
        return own
    given = kind(field)
    if get_origin(given) is Literal:
        return f"one of {', '.join(get_args(given))}"
    bounds = {
        name: value
        for part in field.metadata
        for name in ("ge", "gt", "le", "lt", "min_length")
        if (value := getattr(part, name, None)) is not None
    }
    return _WORDS[given] + _bounded(bounds)


def _bounded(bounds: dict[str, Any]) -> str:
    if "min_length" in bounds:
        return f" of at least {bounds['min_length']} characters"
    low, high = bounds.get("ge", bounds.get("gt")), bounds.get("le")
    if low is None or high is None:
        return ""
    if "gt" in bounds:
        return f" above {low} and at most {high}"
    return f" from {low} to {high}"
