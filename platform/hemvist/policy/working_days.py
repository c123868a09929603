"""The Swedish calendar of working days.

Closed are Saturdays, Sundays, public holidays, and Midsummer Eve, Christmas Eve and New Year's Eve,
which the law on time limits (1930:173) puts on a level with holidays.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

_SATURDAY = 5
_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Whether people work on ``day``."""
    return day.weekday() < _SATURDAY and day not in _closed(day.year)


def add_working_days(day: date, count: int) -> date:
    """``count`` working days after ``day``; with none, ``day`` itself or the next working day.

    Raises ``OverflowError`` past the end of the calendar.
    """
    while count > 0 or not is_working_day(day):
        day += _DAY
        count -= is_working_day(day)
    return day


@lru_cache(maxsize=64)
def _closed(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))
