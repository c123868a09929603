"""Checks that several commands share."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from hemvist.errors import Problem, ValidationFailed


def as_mapping(values: dict[str, Any], *fields: str) -> dict[str, Any]:
    """``values``, when each of the JSON ``fields`` that is given is an object.

    Raises ``ValidationFailed`` naming those that are something else.
    """
    problems = [
        Problem(field, "wrong_type", "must be an object of items")
        for field in fields
        if field in values and not isinstance(values[field], dict)
    ]
    if problems:
        raise ValidationFailed(problems)
    return values


def decoded(text: str) -> bytes:
    """The bytes of a file that came as ``contentBase64``. Raises ``ValidationFailed``."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise ValidationFailed.one("contentBase64", "base64", "is not base64") from wrong
