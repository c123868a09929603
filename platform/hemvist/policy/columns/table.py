"""A table of facts: one column per fact, one row per case. Never changed, only made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from hemvist.policy.columns import storage
from hemvist.policy.columns.building import build
from hemvist.policy.columns.column import Cell, Column, Lists, Whole
from hemvist.policy.columns.joining import join, nothing
from hemvist.policy.facts import FactDef

#: Which rows: any sequence of whole numbers.
Rows = npt.NDArray[np.integer] | Sequence[int]


class Columns:
    """The facts of many cases. Whose row is whose, the owner of the table knows."""

    __slots__ = ("_columns", "_rows")

    def __init__(self, rows: int, columns: Mapping[str, Column]) -> None:
        self._rows = rows
        self._columns = dict(columns)

    @staticmethod
    def of(rows: int, columns: Mapping[str, Column]) -> Columns:
        """A table of typed arrays. Raises ``ValueError`` when they do not hold."""
        for name, column in columns.items():
            column.check()
            if len(column) != rows:
                raise ValueError(f"{name} has {len(column)} rows, not {rows}")
        return Columns(rows, columns)

    @staticmethod
    def build(facts: Mapping[str, FactDef], rows: Sequence[Mapping[str, object]]) -> Columns:
        """A table of answers, each checked as ``check_answer`` does; ``None`` is unknown.

        Raises ``PolicyError`` on an answer that does not hold or a name that is not in ``facts``.
        The decision date is no column: it is the date that the table is judged for.
        """
        return Columns(len(rows), build(facts, rows))

    @staticmethod
    def from_bytes(data: bytes) -> Columns:
        """What ``to_bytes`` gave. Raises ``ValueError`` on anything else."""
        return Columns.of(*storage.read(data))

    def to_bytes(self, *, compress: bool = True) -> bytes:
        """The table as bytes: a header in JSON and the arrays, nothing that can be executed."""
        return storage.write(self._rows, self._columns, compress=compress)

    @staticmethod
    def concat(tables: Sequence[Columns]) -> Columns:
        """Tables below one another; a fact that one of them lacks is unknown there.

        Raises ``ValueError`` when a fact is of several kinds.
        """
        names = dict.fromkeys(name for table in tables for name in table)
        columns: dict[str, Column] = {}
        for name in names:
            like = next(table[name] for table in tables if name in table)
            parts = [
                table[name] if name in table else nothing(like, len(table)) for table in tables
            ]
            try:
                columns[name] = join(parts)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        return Columns(sum(map(len, tables)), columns)

    def take(self, rows: Rows) -> Columns:
        """These rows in this order; a row may be taken twice or not at all."""
        wanted = self._places(rows)
        columns = {name: column.take(wanted) for name, column in self._columns.items()}
        return Columns(len(wanted), columns)

    def replace_rows(self, rows: Rows, other: Columns) -> Columns:
        """The table with ``other``'s rows, in order, in the place of ``rows``."""
        wanted = self._places(rows)
        if len(wanted) != len(other):
            raise ValueError(f"{len(wanted)} rows cannot be replaced by {len(other)}")
        places = np.arange(len(self))
        places[wanted] = len(self) + np.arange(len(other))
        return Columns.concat([self, other]).take(places)

    def select(self, names: Iterable[str]) -> Columns:
        """Only the columns of these facts, those that there are."""
        wanted = {name: self._columns[name] for name in names if name in self._columns}
        return Columns(self._rows, wanted)

    def part(self, start: int, stop: int) -> Columns:
        """The rows from ``start`` up to ``stop``, sharing memory."""
        columns = {name: column.part(start, stop) for name, column in self._columns.items()}
        return Columns(stop - start, columns)

    def row(self, index: int) -> dict[str, Cell]:
        """The known facts of one row, as checked values."""
        cells = ((name, column.cell(index)) for name, column in self._columns.items())
        return {name: cell for name, cell in cells if cell is not None}

    @property
    def names(self) -> tuple[str, ...]:
        """The facts that have a column."""
        return tuple(self._columns)

    @property
    def columns(self) -> Mapping[str, Column]:
        """Every column by its fact."""
        return MappingProxyType(self._columns)

    @property
    def nbytes(self) -> int:
        """Bytes that the arrays take."""
        found = 0
        for column in self._columns.values():
            inner = column.fields.values() if isinstance(column, Lists) else ()
            found += sum(array.nbytes for one in (column, *inner) for array in one.arrays.values())
        return found

    def __len__(self) -> int:
        return self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def _places(self, rows: Rows) -> Whole:
        wanted = np.asarray(rows, dtype=np.int64)
        if wanted.ndim != 1 or (len(wanted) and not 0 <= wanted.min() <= wanted.max() < len(self)):
            raise ValueError(f"rows are from 0 to {len(self) - 1}")
        return wanted
