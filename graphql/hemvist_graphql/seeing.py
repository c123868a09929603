"""Rows that are seen through another row: what is left to ask where that row is known to be seen.

Below a case that the caller sees, whether they see the case need not be asked for each decision,
referral and obligation in it again. The ordinary path asks all the same; a plan, which knows how it
came to a row, asks what is left. Both are made of one declaration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from hemvist.identity import Actor

#: A column of the row that is seen, by name.
Column = Callable[[str], ColumnElement[Any]]


def nothing(_actor: Actor, _column: Column) -> None:
    """Whoever sees the other row sees these."""


def never(_actor: Actor) -> bool:
    """Nobody sees these rows without the other."""
    return False


@dataclass(frozen=True, slots=True)
class Through:
    """A condition under which rows are seen; it holds for no row whose ``parent`` is not seen, but for
    those of whom ``beside`` says that they see rows without it."""

    #: The column that holds the id of the row through which these are seen.
    key: InstrumentedAttribute[Any]
    parent: type[Any]
    whole: Callable[[Actor], ColumnElement[bool]]
    #: What is left of it where the parent's row is seen; None when nothing is.
    left: Callable[[Actor, Column], ColumnElement[bool] | None] = nothing
    #: Whether the actor may see rows whose parent they do not see: then the parent is asked for itself.
    beside: Callable[[Actor], bool] = never

    def __call__(self, actor: Actor) -> ColumnElement[bool]:
        """The whole condition."""
        return self.whole(actor)
