"""One format for each scalar."""

from __future__ import annotations

import datetime as dt

import pytest

from hemvist_graphql.scalars import parse_date, parse_instant, print_instant


def test_a_date_is_written_one_way() -> None:
    assert parse_date("2026-02-28") == dt.date(2026, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["2026-02-29", "20260228", "2026-W09-6", "2026-2-28", "0001-01-01", "2999-01-01", "", None, 5],
)
def test_anything_else_is_no_date(text: object) -> None:
    with pytest.raises(ValueError, match="date|day"):
        parse_date(text)


def test_an_instant_is_printed_in_utc_with_six_decimals() -> None:
    stockholm = dt.timezone(dt.timedelta(hours=2))
    instant = dt.datetime(2026, 7, 1, 1, 0, 0, tzinfo=stockholm)
    assert print_instant(instant) == "2026-06-30T23:00:00.000000Z"
    assert parse_instant("2026-06-30T23:00:00Z") == instant


@pytest.mark.parametrize("text", ["2026-06-30T23:00:00", "yesterday", "9" * 99, None])
def test_an_instant_needs_its_offset(text: object) -> None:
    with pytest.raises(ValueError, match="instant"):
        parse_instant(text)
