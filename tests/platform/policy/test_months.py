"""Month arithmetic: clamped, from the anchor."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemvist.policy import PolicyError, add_days, add_months
from hemvist_policy_oracle import months_later

_DAYS = st.dates(date(1850, 1, 1), date(2200, 12, 31))
_MONTHS = st.integers(-1200, 1200)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
    ],
)
def test_months_clamp_to_the_months_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(_DAYS, _MONTHS)
def test_months_agree_with_stepping_through_the_calendar(day: date, months: int) -> None:
    assert add_months(day, months) == months_later(day, months)


@given(_DAYS, _MONTHS)
def test_a_clamped_day_is_the_last_of_its_month(day: date, months: int) -> None:
    found = add_months(day, months)
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


@given(_DAYS, _DAYS, _MONTHS)
def test_later_days_stay_later(first: date, second: date, months: int) -> None:
    earlier, later = sorted((first, second))
    assert add_months(earlier, months) <= add_months(later, months)


@pytest.mark.parametrize("months", [12 * 8000, -12 * 3000, 10**15])
def test_leaving_the_calendar_is_an_error(months: int) -> None:
    with pytest.raises(PolicyError, match="is no date"):
        add_months(date(2026, 1, 1), months)


@pytest.mark.parametrize("days", [10**7, -(10**7), 10**15])
def test_so_it_is_for_days(days: int) -> None:
    with pytest.raises(PolicyError, match="is no date"):
        add_days(date(2026, 1, 1), days)
