"""Conditions that filters of many lists ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement

from hemvist.errors import ValidationFailed
from hemvist_graphql.inputs import storable
from hemvist_graphql.states import values_of


def short(field: str, value: str) -> str:
    """``value``, when it can be meant. Raises ``ValidationFailed`` (too_long)."""
    if len(value) > 200 or not storable(value):
        raise ValidationFailed.one(field, "too_long", "at most 200 characters", limit=200)
    return value


def in_states(column: Any, states: Sequence[Any] | None) -> list[ColumnElement[bool]]:
    """Condition: one of these states; none when no state is asked for."""
    values = values_of(states)
    return [] if values is None else [column.in_(values)]
