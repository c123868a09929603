"""From a sheet's rows to vacancies, with every fault named by cell, column and rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl.utils import get_column_letter

from hemvist.errors import Problem
from hemvist.spreadsheets import values as read
from hemvist.spreadsheets.sheets import Cell, Sheet
from hemvist.units.checks import check_apartment_number, floor_of, tidy
from hemvist.units.service import check_particulars
from hemvist.vacancies.columns import RENT_FIELDS, missing
from hemvist.vacancies.flats import MAX_NOTE, check_available, flat_key

#: What a cell is told with, where it is wrong.
MAX_GIVEN = 60
_ROOMS = re.compile(r"(?i)(\d{1,2})(?:[.,]0)?\s*(?:rok|rk|rum.*|r\.?\s?o\.?\s?k\.?)?")
_SIZE = re.compile(r"(?i)\s*(?:m2|m²|kvm|kvadratmeter)\.?$")
_SUM = re.compile(r"(?i)(del)?(summa|total)")
_TEXTS = ("property_designation", "street_address", "apartment_number", "postal_code", "city")
#: Field of a unit's check → column.
_CAMEL = re.compile(r"(?<!^)(?=[A-Z0-9])")
_COLUMNS = {"size_m2": "size_m2", "rent_ore": "rent", "step_free_width_cm": "step_free_width_cm"}


@dataclass(slots=True)
class Row:
    """One row as read. ``values`` is complete only where ``problems`` is empty."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Which flat it tells of."""
        return flat_key(self.values)


@dataclass(slots=True)
class _Reading:
    """One row being read."""

    sheet: Sheet
    columns: Mapping[str, str]
    day: date
    row: Row
    cells: Sequence[Cell]

    def cell(self, name: str) -> Cell:
        place = self._place(name)
        return None if place is None or place >= len(self.cells) else self.cells[place]

    def _place(self, name: str) -> int | None:
        heading = self.columns.get(name)
        return None if heading is None else self.sheet.headings.index(heading)

    def fault(self, name: str, rule: str, **params: Any) -> None:
        place = self._place(name)
        self.row.problems.append(
            {
                "field": name,
                "column": self.columns.get(name, ""),
                "cell": "" if place is None else f"{get_column_letter(place + 1)}{self.row.number}",
                "rule": rule,
                "given": read.text_of(self.cell(name))[:MAX_GIVEN],
                "params": params,
            }
        )

    def wrong(self, name: str) -> bool:
        return any(one["field"] == name for one in self.row.problems)

    def tried(self, name: str, how: Callable[[Cell], Any]) -> Any:
        try:
            return how(self.cell(name))
        except read.Unreadable as wrong:
            self.fault(name, str(wrong))
            return None

    def needed(self, name: str, how: Callable[[Cell], Any], otherwise: Any) -> Any:
        """A value that there must be; ``otherwise`` only keeps the other checks going."""
        value = self.tried(name, how)
        if value is None and not self.wrong(name):
            self.fault(name, "required")
        return otherwise if value is None else value

    def read(self) -> None:
        said = self.row.values
        for name in _TEXTS:
            said[name] = read.text_of(self.cell(name))
        flat = said["apartment_number"]
        if flat.isdigit() and len(flat) == 3:
            # A spreadsheet that kept it as a number has lost the nought of a floor below ground.
            said["apartment_number"] = flat = f"0{flat}"
        said["area"] = read.text_of(self.cell("area")) or said["city"]
        said["note"] = read.text_of(self.cell("note"))
        said["rooms"] = self.needed("rooms", _rooms, 1)
        said["size_m2"] = self.needed("size_m2", _size, 10.0)
        self._rent()
        floor = self.tried("floor", _whole)
        if floor is None and not self.wrong("floor"):
            floor = 0 if check_apartment_number(flat) else floor_of(flat)
        said["floor"] = 0 if floor is None else floor
        for name in ("lift", "step_free", "adapted"):
            said[name] = self.tried(name, read.yes) or False
        said["step_free_width_cm"] = self.tried("step_free_width_cm", _whole)
        free = self.needed("available_from", lambda cell: read.day(cell, None), self.day)
        said["available_from"] = str(free)
        self._check(free)

    def _rent(self) -> None:
        said = self.row.values
        rent = self.tried("rent", read.ore)
        parts = {
            part: amount
            for name, part in RENT_FIELDS.items()
            if (amount := self.tried(name, read.ore))
        }
        if rent is None and parts:
            rent = sum(parts.values())
        if rent is None and not self.wrong("rent"):
            self.fault("rent" if "rent" in self.columns else "rent_base", "required")
        said["rent_ore"], said["rent_parts"] = rent or 0, parts

    def _check(self, free: date) -> None:
        said = self.row.values
        problems = check_particulars(said) + check_available(free, self.day)
        if len(said["note"]) > MAX_NOTE:
            problems.append(Problem("note", "too_long", "too long", {"limit": MAX_NOTE}))
        for problem in problems:
            name = _column(problem.field)
            if not self.wrong(name):
                self.fault(name, problem.rule, **(problem.params or {}))


def _column(path: str) -> str:
    """The column of a field of a unit's checks."""
    first, _, rest = path.partition(".")
    name = _CAMEL.sub("_", first).lower().replace("size_m_2", "size_m2")
    if name == "rent_parts":
        return f"rent_{rest}" if rest else "rent"
    return _COLUMNS.get(name, name)


def _rooms(cell: Cell) -> int | None:
    text = read.text_of(cell)
    if not text:
        return None
    hit = _ROOMS.fullmatch(text)
    if hit is None:
        raise read.Unreadable("rooms")
    return int(hit[1])


def _size(cell: Cell) -> float | None:
    amount = read.ore(_SIZE.sub("", cell) if isinstance(cell, str) else cell)
    return None if amount is None else round(amount / 100, 1)


def _whole(cell: Cell) -> int | None:
    text = read.text_of(cell)
    if not text:
        return None
    try:
        return int(text.removesuffix(" cm").removesuffix(" tr"))
    except ValueError:
        raise read.Unreadable("whole_number") from None


def read_rows(sheet: Sheet, columns: Mapping[str, str], day: date) -> list[Row]:
    """Every row that says something, read by ``columns`` (field → heading); sums are passed over.

    A flat that stands there twice is a fault of the second row. None, where columns are missing that
    every row needs.
    """
    if missing(columns):
        return []
    found: list[Row] = []
    first: dict[str, int] = {}
    for number, cells in enumerate(sheet.rows, sheet.first_row):
        filled = [read.text_of(cell) for cell in cells if read.text_of(cell)]
        if not filled or _SUM.match(filled[0]):
            continue
        reading = _Reading(sheet, columns, day, Row(number), cells)
        reading.read()
        row = reading.row
        if not row.problems:
            earlier = first.setdefault(row.key, number)
            if earlier != number:
                reading.fault("apartment_number", "duplicate_row", row=earlier)
        found.append(row)
    return found


def refuse_others(
    rows: Sequence[Row], columns: Mapping[str, str], properties: Collection[str]
) -> None:
    """A fault in each row of a property that is none of ``properties``; the others get its spelling."""
    known = {tidy(one).casefold(): one for one in properties}
    for row in rows:
        said = row.values["property_designation"]
        spelled = known.get(tidy(said).casefold())
        if spelled is not None:
            row.values["property_designation"] = spelled
        elif not any(one["field"] == "property_designation" for one in row.problems):
            row.problems.append(
                {
                    "field": "property_designation",
                    "column": columns["property_designation"],
                    "cell": "",
                    "rule": "not_in_district",
                    "given": said[:MAX_GIVEN],
                    "params": {},
                }
            )
