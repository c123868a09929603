"""Amounts, days and months as landlords write them. What can be read two ways is not read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from hemvist.spreadsheets.sheets import Cell

#: Ten million kronor: a month's rent is never more.
MOST_ORE = 1_000_000_000
_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_CURRENCY = re.compile(r"(?i)(kr\.?|sek|:-)$")
_AMOUNT = re.compile(r"([+\u2212-]?)([0-9]{1,12})(?:[.,]([0-9]{1,2}))?([\u2212-]?)")
_THOUSANDS = re.compile(
    r"([+\u2212-]?[0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]{1,2}))?"
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/. -]+(\d{4}|\d{2})")
_WORDED = re.compile(r"(\d{1,2})\s+([a-zåäö]{3,9})\.?\s+(\d{4})")
_MONTH = re.compile(r"(\d{4})[-/. ]?(0[1-9]|1[0-2])")
_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])[-/. ](\d{4})")
_MONTH_WORD = re.compile(r"([a-zåäö]{3,9})\.?[ -]*(\d{4}|\d{2})")
_YES = frozenset({"ja", "j", "x", "yes", "y", "sant", "true", "1"})
_NO = frozenset({"", "nej", "n", "no", "falskt", "false", "0", "-"})
_NAMES = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
_MONTHS: Mapping[str, int] = {
    **{name: place for place, name in enumerate(_NAMES, 1)},
    **{name[:3]: place for place, name in enumerate(_NAMES, 1)},
    "january": 1,
    "february": 2,
    "march": 3,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "october": 10,
    "oct": 10,
    "sept": 9,
}


class Unreadable(ValueError):
    """A cell that says nothing that can be kept; its message is the rule's code."""


def text_of(cell: Cell) -> str:
    """A cell as text. A whole number that Excel kept as a number has no ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def ore(cell: Cell) -> int | None:
    """An amount in öre, None for an empty cell. Raises ``Unreadable`` (amount, amount_range)."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool | date):
        raise Unreadable("amount")
    if isinstance(cell, int | float):
        return _bounded(round(Decimal(str(cell)) * 100))
    text = _CURRENCY.sub("", _SPACES.sub("", cell))
    if not text or text in ("-", "\u2212"):
        return None
    hit = _AMOUNT.fullmatch(text)
    # "1.250" is a thousand and something: with three digits behind it the sign parts thousands.
    grouped = _THOUSANDS.fullmatch(text)
    if grouped is not None and hit is None:
        whole = grouped[1].replace(grouped[2], "")
        hit = _AMOUNT.fullmatch(f"{whole}.{grouped[3] or '0'}")
    if hit is None:
        raise Unreadable("amount")
    value = int(hit[2]) * 100 + int((hit[3] or "0").ljust(2, "0"))
    return _bounded(-value if (hit[1] or hit[4]) in ("-", "\u2212") else value)


def _bounded(value: int) -> int:
    if abs(value) > MOST_ORE:
        raise Unreadable("amount_range")
    return int(value)


def day(cell: Cell, day_first: bool | None) -> date | None:
    """A day, None for an empty cell. 03/04/2026 is read only where ``day_first`` says how.

    Raises ``Unreadable`` (date, date_order).
    """
    if isinstance(cell, date):
        return _day(cell.year, cell.month, cell.day)
    text = text_of(cell).lower()
    if not text or text == "-":
        return None
    for pattern in (_ISO, _COMPACT):
        if hit := pattern.fullmatch(text):
            return _day(int(hit[1]), int(hit[2]), int(hit[3]))
    if (hit := _WORDED.fullmatch(text)) and hit[2] in _MONTHS:
        return _day(int(hit[3]), _MONTHS[hit[2]], int(hit[1]))
    if hit := _SHORT.fullmatch(text):
        return _short(int(hit[1]), int(hit[2]), int(hit[3]), day_first)
    raise Unreadable("date")


def _short(first: int, second: int, year: int, day_first: bool | None) -> date:
    year += 2000 if year < 100 else 0
    if day_first is None:
        if first > 12 >= second:
            return _day(year, second, first)
        if first == second:
            return _day(year, first, second)
        raise Unreadable("date_order")
    return _day(year, second, first) if day_first else _day(year, first, second)


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise Unreadable("date") from None
    if not 1990 <= found.year < 2100:
        raise Unreadable("date")
    return found


def month(cell: Cell, day_first: bool | None) -> date | None:
    """The first day of a month, None for an empty cell. Raises ``Unreadable`` (month, date_order)."""
    if isinstance(cell, date):
        return _first(cell.year, cell.month)
    text = text_of(cell).lower()
    if not text:
        return None
    if hit := _MONTH.fullmatch(text):
        return _first(int(hit[1]), int(hit[2]))
    if hit := _MONTH_FIRST.fullmatch(text):
        return _first(int(hit[2]), int(hit[1]))
    if (hit := _MONTH_WORD.fullmatch(text)) and hit[1] in _MONTHS:
        year = int(hit[2])
        return _first(year + 2000 if year < 100 else year, _MONTHS[hit[1]])
    try:
        found = day(text, day_first)
    except Unreadable as wrong:
        raise Unreadable("month" if str(wrong) == "date" else str(wrong)) from None
    return None if found is None else found.replace(day=1)


def _first(year: int, month: int) -> date:
    try:
        return _day(year, month, 1)
    except Unreadable:
        raise Unreadable("month") from None


def yes(cell: Cell) -> bool:
    """Yes or no; a day or an amount in the column means yes. Raises ``Unreadable`` (yes_no)."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, date):
        return True
    text = text_of(cell).lower()
    if text in _NO:
        return False
    if text in _YES or _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return True
    raise Unreadable("yes_no")
