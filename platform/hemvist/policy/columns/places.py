"""Where a part of a leaf is worked out: once a row, or once an element of every row's list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from hemvist.policy.columns.column import Flags, Lists, Numbers, Truth, Truths, Whole, Words

_Scalar = TypeVar("_Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Number:
    """Numbers or days of a place; single values where they are the same everywhere."""

    values: Whole | int
    known: Flags | bool


#: Truth of a place; a single value where it is the same everywhere.
Truthful = Truth | int
#: Texts of a place: a column, or one text everywhere, or ``None``: unknown everywhere.
Text = Words | str | None

NO_NUMBER = Number(0, False)


class Place:
    """``rows`` of a table of ``size`` rows (all when ``None``), with a list's elements in a loop.

    Without ``fields`` a loop's elements are themselves unknown.
    """

    __slots__ = ("_counts", "_rows", "fields", "size", "whole")

    def __init__(
        self,
        size: int,
        *,
        rows: Whole | None = None,
        counts: Whole | None = None,
        fields: dict[str, Truths | Numbers | Words] | None = None,
    ) -> None:
        self.size = size
        self.fields = fields or {}
        self.whole = rows is None and counts is None
        self._rows = rows
        self._counts = counts

    @staticmethod
    def inside(lists: Lists) -> Place:
        """Every element of every row's list."""
        return Place(len(lists), counts=lists.counts, fields=lists.fields)

    @property
    def rows(self) -> Whole:
        """The row that each value here belongs to."""
        if self._rows is None:
            every = np.arange(self.size)
            # Most loops never look outside their elements.
            self._rows = every if self._counts is None else np.repeat(every, self._counts)
        return self._rows

    def of(self, values: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
        """Values of the table's rows, as they stand here."""
        return values if self.whole else values[self.rows]

    def marked(self, wanted: Flags | bool) -> Flags:
        """The rows of the table that ``wanted`` holds for somewhere."""
        found: Flags = np.zeros(self.size, np.bool_)
        if wanted is True:
            found[self.rows] = True
        elif wanted is not False:
            found[self.rows[wanted]] = True
        return found


def settled(flags: Any, known: Flags | bool) -> Truthful:
    """Truth from what was found, where it is known."""
    if known is False:
        return 1
    if not isinstance(flags, np.ndarray):
        if known is True:
            return 2 if flags else 0
        return np.where(known, np.int8(2 if flags else 0), np.int8(1))
    truth: Truth = flags.view(np.int8) << 1
    if known is not True:
        truth[~known] = 1
    return truth


def both(left: Flags | bool, right: Flags | bool) -> Flags | bool:
    """Where both are known."""
    if isinstance(left, bool):
        return right if left else False
    if isinstance(right, bool):
        return left if right else False
    return left & right
