"""An object over a row while its sub-select is made, and a sub-select that is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.sql.selectable import LateralFromClause

from hemvist_graphql.compiled.trail import Trail, joined

#: A sub-select, its JSON seen from outside, and the trail that it leaves.
Made = tuple[LateralFromClause, ColumnElement[Any], Trail]


@dataclass(slots=True)
class Shown:
    """An object over a row: its keys, the sub-selects that they need, and the trail it leaves."""

    keys: list[ColumnElement[Any]] = field(default_factory=list)
    joins: list[LateralFromClause] = field(default_factory=list)
    trail: Trail = field(default_factory=dict)

    def add(self, made: Made) -> ColumnElement[Any]:
        """Take in a sub-select; its JSON."""
        join, value, trail = made
        self.joins.append(join)
        self.trail = joined(self.trail, trail)
        return value

    def take(self, made: Made | ColumnElement[Any]) -> ColumnElement[Any]:
        """``add`` for what may need no sub-select."""
        return made if isinstance(made, ColumnElement) else self.add(made)
