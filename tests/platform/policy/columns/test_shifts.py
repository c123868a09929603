"""Months over whole columns are the months of one case."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from hemvist.policy import add_months
from hemvist.policy.columns import shifts
from hemvist.policy.columns.shifts import months_later, shifted
from hemvist.policy.leaf.tree import Kind, Type

_FIRST, _LAST = date(2023, 12, 25), date(2029, 3, 5)
_BOUNDS = Type(Kind.DATE, low=date(1850, 1, 1).toordinal(), high=date(2200, 12, 31).toordinal())


def test_every_day_of_some_years_by_every_count() -> None:
    days = np.arange(_FIRST.toordinal(), _LAST.toordinal() + 1)
    for count in (*range(-26, 27), 48, -48, 1200, -1200):
        expected = [add_months(date.fromordinal(day), count).toordinal() for day in days.tolist()]
        assert months_later(days, count).tolist() == expected, count


@pytest.mark.parametrize("length", [3, shifts._WORTH_A_TABLE])
def test_a_look_up_gives_the_same(length: int) -> None:
    random = Random(1)
    days = np.array([random.randrange(_BOUNDS.low, _BOUNDS.high + 1) for _ in range(length)])
    days[:2] = _BOUNDS.low, _BOUNDS.high
    known = np.ones(length, np.bool_)
    known[2], days[2] = False, 0
    found = shifted("months", days, -7, known, _BOUNDS)
    assert isinstance(found, np.ndarray)
    for index in (0, 1, *range(3, length, 97)):
        day = date.fromordinal(int(days[index]))
        assert date.fromordinal(int(found[index])) == add_months(day, -7)


def test_counts_that_differ_by_row_and_single_values() -> None:
    start = date(2026, 1, 31)
    counts = np.arange(-20, 20)
    found = shifted("months", start.toordinal(), counts, True, _BOUNDS)
    assert isinstance(found, np.ndarray)
    assert found.tolist() == [add_months(start, count).toordinal() for count in counts.tolist()]
    assert shifted("months", start.toordinal(), 1, True, _BOUNDS) == date(2026, 2, 28).toordinal()
    day = shifted("days", start.toordinal(), -31, True, _BOUNDS)
    assert date.fromordinal(int(day)) == start - timedelta(days=31)
