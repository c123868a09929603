"""One fact of every row, as arrays. Columns are never changed: every change gives a new one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from hemvist.policy.facts import MAX_RECORDS

FALSE, UNKNOWN, TRUE = 0, 1, 2

Truth = npt.NDArray[np.int8]
Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

#: What one cell holds; ``None`` is unknown.
Cell = bool | int | str | date | tuple[object, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class Truths:
    """Truth values: 0 false, 1 unknown, 2 true."""

    values: Truth

    def __len__(self) -> int:
        return len(self.values)

    @property
    def known(self) -> Flags:
        """Where there is a value."""
        known: Flags = self.values != UNKNOWN
        return known

    @property
    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What the column is made of, by name."""
        return {"values": self.values}

    def cell(self, row: int) -> Cell:
        """The value of a row."""
        return (False, None, True)[self.values[row]]

    def take(self, rows: Whole) -> Truths:
        """The column of these rows, in this order."""
        return Truths(self.values[rows])

    def part(self, start: int, stop: int) -> Truths:
        """The rows from ``start`` up to ``stop``, sharing memory."""
        return Truths(self.values[start:stop])

    def without(self, refused: Flags) -> Truths:
        """The column with some rows unknown."""
        return Truths(np.where(refused, np.int8(UNKNOWN), self.values))

    def check(self) -> None:
        """Raises ``ValueError`` when the arrays do not hold."""
        _array(self.values, np.int8)
        if len(self) and not (self.values.min() >= FALSE and self.values.max() <= TRUE):
            raise ValueError("truth values are 0, 1 and 2")


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Whole numbers and money, or with ``dates`` days by ``date.toordinal``."""

    values: Whole
    known: Flags
    dates: bool = False

    def __len__(self) -> int:
        return len(self.values)

    @property
    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What the column is made of, by name."""
        return {"values": self.values, "known": self.known}

    def cell(self, row: int) -> Cell:
        """The value of a row."""
        if not self.known[row]:
            return None
        value = int(self.values[row])
        return date.fromordinal(value) if self.dates else value

    def take(self, rows: Whole) -> Numbers:
        """The column of these rows, in this order."""
        return Numbers(self.values[rows], self.known[rows], self.dates)

    def part(self, start: int, stop: int) -> Numbers:
        """The rows from ``start`` up to ``stop``, sharing memory."""
        return Numbers(self.values[start:stop], self.known[start:stop], self.dates)

    def without(self, refused: Flags) -> Numbers:
        """The column with some rows unknown."""
        kept = np.where(refused, np.int64(0), self.values)
        return Numbers(kept, self.known & ~refused, self.dates)

    def check(self) -> None:
        """Raises ``ValueError`` when the arrays do not hold."""
        _array(self.values, np.int64)
        _array(self.known, np.bool_, len(self))
        # Results are only bounded if what stands at an unknown cell is.
        if np.any(self.values[~self.known]):
            raise ValueError("unknown numbers are written 0")
        if self.dates and len(self) and not 0 <= self.values.min() <= self.values.max() <= _LAST:
            raise ValueError("a day is outside the calendar")


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Texts and options as places in ``words``; -1 is unknown."""

    codes: Codes
    words: tuple[str, ...]
    # Filled when first needed, and shared by every part of the same column.
    _places: dict[str, int] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def known(self) -> Flags:
        """Where there is a value."""
        return self.codes >= 0

    @property
    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What the column is made of, by name."""
        return {"codes": self.codes}

    @property
    def places(self) -> MappingProxyType[str, int]:
        """The code of every word."""
        if not self._places:
            self._places.update({word: code for code, word in enumerate(self.words)})
        return MappingProxyType(self._places)

    def cell(self, row: int) -> Cell:
        """The value of a row."""
        code = int(self.codes[row])
        return None if code < 0 else self.words[code]

    def take(self, rows: Whole) -> Words:
        """The column of these rows, in this order."""
        return Words(self.codes[rows], self.words, self._places)

    def part(self, start: int, stop: int) -> Words:
        """The rows from ``start`` up to ``stop``, sharing memory."""
        return Words(self.codes[start:stop], self.words, self._places)

    def without(self, refused: Flags) -> Words:
        """The column with some rows unknown."""
        return Words(np.where(refused, np.int32(-1), self.codes), self.words, self._places)

    def check(self) -> None:
        """Raises ``ValueError`` when the arrays do not hold."""
        _array(self.codes, np.int32)
        if not all(isinstance(word, str) for word in self.words):
            raise ValueError("words are texts")
        if len(set(self.words)) != len(self.words):
            raise ValueError("a word is listed twice")
        if len(self) and not -1 <= self.codes.min() <= self.codes.max() < len(self.words):
            raise ValueError("a code has no word")


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """Lists of records: row ``i`` has the elements from ``offsets[i]`` up to ``offsets[i + 1]``.

    A list of options has one field, named ``""``. An unknown list has no elements.
    """

    offsets: Whole
    fields: dict[str, Truths | Numbers | Words]
    known: Flags

    def __len__(self) -> int:
        return len(self.known)

    @property
    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What the column is made of, without its fields."""
        return {"offsets": self.offsets, "known": self.known}

    @property
    def counts(self) -> Whole:
        """How many elements each row has."""
        return np.diff(self.offsets)

    def cell(self, row: int) -> Cell:
        """The value of a row."""
        if not self.known[row]:
            return None
        places = range(int(self.offsets[row]), int(self.offsets[row + 1]))
        if "" in self.fields:
            return tuple(self.fields[""].cell(place) for place in places)
        return tuple(
            MappingProxyType({name: field.cell(place) for name, field in self.fields.items()})
            for place in places
        )

    def take(self, rows: Whole) -> Lists:
        """The column of these rows, in this order."""
        counts = self.counts[rows]
        offsets = starts(counts)
        elements = np.arange(offsets[-1]) + np.repeat(
            self.offsets[:-1][rows] - offsets[:-1], counts
        )
        fields = {name: field.take(elements) for name, field in self.fields.items()}
        return Lists(offsets, fields, self.known[rows])

    def part(self, start: int, stop: int) -> Lists:
        """The rows from ``start`` up to ``stop``, sharing memory."""
        first, last = int(self.offsets[start]), int(self.offsets[stop])
        fields = {name: field.part(first, last) for name, field in self.fields.items()}
        return Lists(self.offsets[start : stop + 1] - first, fields, self.known[start:stop])

    def without(self, refused: Flags) -> Lists:
        """The column with some rows unknown."""
        counts = np.where(refused, 0, self.counts)
        kept = np.flatnonzero(~np.repeat(refused, self.counts))
        fields = {name: field.take(kept) for name, field in self.fields.items()}
        return Lists(starts(counts), fields, self.known & ~refused)

    def check(self) -> None:
        """Raises ``ValueError`` when the arrays do not hold."""
        _array(self.known, np.bool_)
        _array(self.offsets, np.int64, len(self) + 1)
        if self.offsets[0] != 0 or not self.fields:
            raise ValueError("lists begin at 0 and have a field")
        counts = self.counts
        if len(self) and not 0 <= counts.min() <= counts.max() <= MAX_RECORDS:
            raise ValueError(f"a list has from 0 to {MAX_RECORDS} elements")
        if np.any(counts[~self.known]):
            raise ValueError("an unknown list has no elements")
        options = self.fields.get("")
        if options is not None and not (
            len(self.fields) == 1 and isinstance(options, Words) and options.known.all()
        ):
            raise ValueError("a list of options has words, all known, and nothing else")
        for field_ in self.fields.values():
            field_.check()
            if len(field_) != self.offsets[-1]:
                raise ValueError("a field does not have every element")


Column = Truths | Numbers | Words | Lists

_LAST = date.max.toordinal()


def starts(counts: Whole) -> Whole:
    """Offsets of lists that have so many elements."""
    offsets = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def _array(array: object, type: type[np.generic], length: int | None = None) -> None:
    if not isinstance(array, np.ndarray) or array.dtype != np.dtype(type) or array.ndim != 1:
        raise ValueError(f"a column needs one-dimensional arrays of {np.dtype(type)}")
    if length is not None and len(array) != length:
        raise ValueError("the arrays of a column are not equally long")
