"""From a sheet's rows to what they say of rents, with every fault named by row, column and rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from openpyxl.utils import get_column_letter

from hemvist.errors import Problem
from hemvist.households.personal_number import parse_number
from hemvist.policy import add_months
from hemvist.policy.working_days import is_working_day
from hemvist.spreadsheets import values as read
from hemvist.spreadsheets.sheets import Cell, Sheet

MAX_REFERENCE = 60
#: What a cell is told with, where it is wrong.
MAX_GIVEN = 60
#: Rents are told of at most so many months back, and one month ahead.
MONTHS_BACK = 120
_SUM = re.compile(r"(?i)(del)?(summa|total)")
_LENGTHS = {"tenant_name": 120, "street_address": 120, "apartment_number": 10, "area": 80}
#: Index of a personal number, which is not kept itself.
Indexed = Callable[[str], bytes]


@dataclass(slots=True)
class Row:
    """One row as read. ``values`` is complete only where ``problems`` is empty."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """What it tells of: the landlord's number of the tenancy, and the month."""
        return self.values.get("reference", ""), str(self.values.get("month", ""))


@dataclass(frozen=True, slots=True)
class _Reader:
    sheet: Sheet
    columns: Mapping[str, str]
    day_first: bool | None
    position_on: date
    indexed: Indexed

    def read(self, number: int, cells: Sequence[Cell]) -> Row:
        row = _Reading(self, Row(number), cells)
        row.names()
        row.month_and_days()
        row.amounts()
        row.signs()
        return row.row


@dataclass(slots=True)
class _Reading:
    """One row being read."""

    by: _Reader
    row: Row
    cells: Sequence[Cell]

    def cell(self, name: str) -> Cell:
        place = self._place(name)
        return None if place is None or place >= len(self.cells) else self.cells[place]

    def _place(self, name: str) -> int | None:
        heading = self.by.columns.get(name)
        return None if heading is None else self.by.sheet.headings.index(heading)

    def fault(self, name: str, rule: str, **params: Any) -> None:
        place = self._place(name)
        given = read.text_of(self.cell(name))
        # A number that is wrong by one digit is still somebody's.
        shown = "" if name == "personal_number" else given[:MAX_GIVEN]
        self.row.problems.append(
            {
                "field": name,
                "column": self.by.columns.get(name, ""),
                "cell": "" if place is None else f"{get_column_letter(place + 1)}{self.row.number}",
                "rule": rule,
                "given": shown,
                "params": params,
            }
        )

    def tried(self, name: str, how: Callable[[Cell], Any]) -> Any:
        try:
            return how(self.cell(name))
        except read.Unreadable as wrong:
            self.fault(name, str(wrong))
            return None

    def names(self) -> None:
        said = self.row.values
        said["reference"] = read.text_of(self.cell("reference"))
        if not said["reference"]:
            self.fault("reference", "required")
        elif len(said["reference"]) > MAX_REFERENCE:
            self.fault("reference", "too_long", limit=MAX_REFERENCE)
        for name, limit in _LENGTHS.items():
            said[name] = read.text_of(self.cell(name))
            if len(said[name]) > limit:
                self.fault(name, "too_long", limit=limit)
        number = read.text_of(self.cell("personal_number"))
        if number:
            found = parse_number(number, "personal_number", self.by.position_on)
            if isinstance(found, Problem):
                self.fault("personal_number", found.rule)
            else:
                said["number_index"] = self.by.indexed(found.digits).hex()
                said["birth_date"] = str(found.birth_date)

    def month_and_days(self) -> None:
        said, order = self.row.values, self.by.day_first
        month = self.tried("month", lambda cell: read.month(cell, order))
        due = self.tried("due_on", lambda cell: read.day(cell, order))
        paid = self.tried("paid_on", lambda cell: read.day(cell, order))
        if month is None:
            if not any(one["field"] == "month" for one in self.row.problems):
                self.fault("month", "required")
            return
        if not self._earliest() <= month <= add_months(self.by.position_on, 1).replace(day=1):
            self.fault("month", "month_range", earliest=str(self._earliest())[:7])
        due = due or last_weekday_before(month)
        if abs((due - month).days) > 100:
            self.fault("due_on", "due_far", month=str(month)[:7])
        if paid is not None and paid > self.by.position_on:
            self.fault("paid_on", "after_position", position=str(self.by.position_on))
        said |= {
            "month": str(month),
            "due_on": str(due),
            "paid_on": None if paid is None else str(paid),
        }

    def _earliest(self) -> date:
        return add_months(self.by.position_on, -MONTHS_BACK).replace(day=1)

    def amounts(self) -> None:
        said = self.row.values
        rent = self.tried("rent", read.ore)
        owed = self.tried("owed", read.ore)
        paid = self.tried("paid", read.ore)
        for name, amount in (("rent", rent), ("owed", owed), ("paid", paid)):
            # A debt with a minus sign and a credit with one look the same: nobody guesses.
            if amount is not None and amount < 0:
                self.fault(name, "negative_amount")
        if any(one["field"] in ("rent", "owed", "paid") for one in self.row.problems):
            return
        if owed is None:
            if rent is None:
                name = "owed" if "owed" in self.by.columns else "rent"
                self.fault(name, "required")
                return
            if "paid" not in self.by.columns:
                self.fault("owed", "required")
                return
            owed = max(rent - (paid or 0), 0)
        elif rent is not None and owed > rent:
            self.fault("owed", "owed_above_rent")
        said |= {"rent_ore": rent, "owed_ore": owed}
        if owed:
            # The day of a part of it is not the day on which it was paid.
            said["paid_on"] = None

    def signs(self) -> None:
        said = self.row.values
        said["collection"] = self.tried("collection", read.yes) or False
        said["eviction_applied"] = self.tried("eviction_applied", read.yes) or False
        called = self.tried("called_on", self._called)
        said["called_on"] = None if called is None else str(called)

    def _called(self, cell: Cell) -> date | None:
        """A day; a plain yes means that it was by the day of the file."""
        try:
            return self.by.position_on if read.yes(cell) and _no_day(cell) else self._day(cell)
        except read.Unreadable:
            return self._day(cell)

    def _day(self, cell: Cell) -> date | None:
        if isinstance(cell, bool) or read.text_of(cell).lower() in ("nej", "n", "no", "0", "false"):
            return None
        return read.day(cell, self.by.day_first)


def _no_day(cell: Cell) -> bool:
    return not isinstance(cell, date) and len(read.text_of(cell)) < 6


def last_weekday_before(month: date) -> date:
    """When the rent of a month is due where nothing else is said: the last weekday before it begins.

    Source: JB 12:20.
    """
    day = month - timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def read_rows(
    sheet: Sheet,
    columns: Mapping[str, str],
    *,
    day_first: bool | None,
    position_on: date,
    indexed: Indexed,
) -> list[Row]:
    """Every row that says something, read by ``columns`` (field → heading); sums are passed over.

    A month of a tenancy that stands there twice is a fault of the second row.
    """
    reader = _Reader(sheet, columns, day_first, position_on, indexed)
    found: list[Row] = []
    first: dict[tuple[str, str], int] = {}
    for number, cells in enumerate(sheet.rows, sheet.first_row):
        filled = [read.text_of(cell) for cell in cells if read.text_of(cell)]
        if not filled or _SUM.match(filled[0]):
            continue
        row = reader.read(number, cells)
        if not row.problems:
            earlier = first.setdefault(row.key, number)
            if earlier != number:
                _Reading(reader, row, cells).fault("reference", "duplicate_row", row=earlier)
        found.append(row)
    return found
