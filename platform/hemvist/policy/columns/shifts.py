"""Days and months later, for every row at once. Months clamp to the month's end."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np

from hemvist.policy.columns.column import Flags, Whole
from hemvist.policy.leaf.tree import Type
from hemvist.policy.months import add_months

_EPOCH = date(1970, 1, 1).toordinal()
# Looking up is ten times quicker than the calendar; the days that facts can be fit in half a MB.
_WORTH_A_TABLE = 10_000
_LARGEST_TABLE = 200_000


def shifted(
    unit: str, days: Whole | int, counts: Whole | int, known: Flags | bool, bounds: Type
) -> Whole | int:
    """Days (by ``toordinal``) moved by months or days; anything where they are not known.

    ``bounds`` are the earliest and latest day that ``days`` can be where it is known.
    """
    if unit == "days":
        return days + counts
    if known is False:
        return 0
    if isinstance(days, int) and isinstance(counts, int):
        return add_months(date.fromordinal(days), counts).toordinal()
    if isinstance(counts, int) and not isinstance(days, int):
        span = bounds.high - bounds.low
        if len(days) >= _WORTH_A_TABLE and span <= _LARGEST_TABLE:
            table = _table(bounds.low, bounds.high, counts)
            return table[np.clip(days, bounds.low, bounds.high) - bounds.low]
    return months_later(np.atleast_1d(np.asarray(days, np.int64)), counts)


def months_later(days: Whole, counts: Whole | int) -> Whole:
    """Months later by numpy's calendar."""
    since = (days - _EPOCH).view("M8[D]")
    months = since.astype("M8[M]")
    day_of_month = (since - months.astype("M8[D]")).view(np.int64)
    target = months.view(np.int64) + counts
    first = target.view("M8[M]").astype("M8[D]").view(np.int64)
    next_first = (target + 1).view("M8[M]").astype("M8[D]").view(np.int64)
    moved: Whole = first + np.minimum(day_of_month, next_first - first - 1) + _EPOCH
    return moved


@lru_cache(maxsize=32)
def _table(low: int, high: int, count: int) -> Whole:
    """``count`` months after every day from ``low`` to ``high``."""
    table = months_later(np.arange(low, high + 1), count)
    table.flags.writeable = False
    return table
