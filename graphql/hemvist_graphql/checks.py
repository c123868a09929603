"""Checks that several commands share."""

from __future__ import annotations

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
