"""How values look."""

from __future__ import annotations

from datetime import date

import pytest

from hemvist_portal import formats


def test_kronor() -> None:
    """Thousands apart, öre only when there are any, nothing for nothing."""
    assert formats.kronor(850_000) == "8\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}kr"
    assert formats.kronor(850_050) == "8\N{NO-BREAK SPACE}500,50\N{NO-BREAK SPACE}kr"
    assert formats.kronor(-5) == "-0,05\N{NO-BREAK SPACE}kr"
    assert formats.kronor(0) == "0\N{NO-BREAK SPACE}kr"
    assert formats.kronor(None) == ""


def test_days_and_instants() -> None:
    """A day as authorities write it, in words, and an instant in Swedish time."""
    assert formats.day(date(2026, 11, 21)) == "2026-11-21"
    assert formats.day(None) == ""
    assert formats.long_day("2026-11-21") == "lördag 21 november 2026"
    assert formats.long_day("2026-11-21", "en") == "Saturday 21 November 2026"
    assert formats.instant("2026-07-01T22:30:00Z") == "2026-07-02 00:30"
    assert formats.instant("2026-12-01T22:30:00+00:00") == "2026-12-01 23:30"
    assert formats.instant(None) == ""


@pytest.mark.parametrize(
    ("given", "shown"),
    [("198503019815", "19850301-9815"), ("19850301-9815", "19850301-9815"), (None, "")],
)
def test_personal_numbers(given: str | None, shown: str) -> None:
    """Eight digits, a hyphen, four digits."""
    assert formats.personal_number(given) == shown


def test_numbers_and_lists() -> None:
    """A decimal comma, no needless zeros; lists with commas."""
    assert formats.number(54.5) == "54,5"
    assert formats.number(60.0) == "60"
    assert formats.plain(["a", 2]) == "a, 2"
