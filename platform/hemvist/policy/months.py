"""Month arithmetic: clamped to the month's end and counted from the anchor, never chained."""

from __future__ import annotations

from datetime import date, timedelta

from hemvist.policy.errors import PolicyError

#: Dates that a person or the record may state. Wide enough for any birth and any lease.
FIRST_DAY = date(1850, 1, 1)
LAST_DAY = date(2200, 12, 31)

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later (or earlier), clamped to the last day of that month.

    31 January + 1 month is 28 February; + 2 months is 31 March. Raises ``PolicyError`` when the
    year would leave 1-9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise PolicyError(f"{day} plus {months} months is no date", rule="date_range")
    if day.day <= 28:
        return date(year, month + 1, day.day)
    last = 29 if month == 1 and _is_leap(year) else _LENGTHS[month]
    return date(year, month + 1, min(day.day, last))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def add_days(day: date, days: int) -> date:
    """``days`` later (or earlier). Raises ``PolicyError`` when the year would leave 1-9999."""
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise PolicyError(f"{day} plus {days} days is no date", rule="date_range") from error
