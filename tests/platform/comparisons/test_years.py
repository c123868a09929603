"""A year is made of told stretches alone: of those that end in it, or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hemvist.comparisons.years import Year, months, of_year
from hemvist.indicators.definitions import catalogue
from hemvist.indicators.models import IndicatorTold

FLOW, MEDIAN, STOCK, SHARE, SUM = (
    catalogue()[one]
    for one in ("moved_on", "time_to_home", "waiting", "follow_ups_on_time", "guarantee_claims")
)
JANUARY, DECEMBER = date(2024, 1, 1), date(2024, 12, 1)


def block(first: tuple[int, int], last: tuple[int, int], facts: int | None, **more: Any) -> Any:
    return IndicatorTold(
        from_month=date(*first, 1),
        to_month=date(*last, 1),
        facts=facts,
        **{"met_least": None, "met_most": None, "amount": None, "middle": None, **more},
    )


def halves(one: dict[str, Any], other: dict[str, Any]) -> list[Any]:
    kept: dict[str, Any] = {"facts": None}
    return [
        block((2024, 7), (2024, 12), **{**kept, **other}),
        block((2024, 1), (2024, 6), **{**kept, **one}),
    ]


def test_blocks_of_the_year_are_added() -> None:
    found = of_year(FLOW, halves({"facts": 7}, {"facts": 9}), 2024)
    assert found == Year(JANUARY, DECEMBER, 16)


def test_a_stretch_counts_in_the_year_that_it_ends_in() -> None:
    blocks = [
        block((2023, 11), (2024, 2), 6),
        block((2024, 3), (2024, 10), 8),
        block((2024, 11), (2025, 1), 9),
    ]
    assert of_year(FLOW, blocks, 2024) == Year(date(2023, 11, 1), date(2024, 10, 1), 14)
    assert months(date(2023, 11, 1), date(2024, 10, 1)) == 12
    # Its own stretch is told, but whether more of the year follows is not known yet.
    assert of_year(FLOW, blocks[:2], 2024) is None
    # A month that ends a stretch is no year.
    assert of_year(FLOW, [*blocks, block((2025, 2), (2026, 1), 9)], 2025) is None


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [block((2024, 1), (2024, 11), 9)],
        [block((2024, 1), (2024, 5), 9), block((2024, 7), (2024, 12), 9)],
        [block((2024, 1), (2024, 8), 9), block((2024, 7), (2024, 12), 9)],
        [block((2023, 1), (2025, 12), 90)],
        [block((2024, 8), (2024, 12), 9)],
        [block((2024, 1), (2024, 6), 9), block((2024, 7), (2024, 12), None)],
    ],
    ids=["none", "not over", "gap", "overlap", "around", "short", "too few"],
)
def test_what_was_not_told_is_none(blocks: list[Any]) -> None:
    assert of_year(FLOW, blocks, 2024) is None


def test_a_stock_is_that_of_the_last_month_told() -> None:
    told = [block((2024, month), (2024, month), 5 * month) for month in (1, 5, 9)]
    assert of_year(STOCK, told, 2024) is None
    later = [*told, block((2025, 2), (2025, 2), 70)]
    assert of_year(STOCK, later, 2024) == Year(date(2024, 9, 1), date(2024, 9, 1), 45)


def test_a_median_of_parts_lies_between_theirs() -> None:
    parts = halves({"middle": 40}, {"middle": 31})
    assert of_year(MEDIAN, parts, 2024) == Year(JANUARY, DECEMBER, middle_least=31, middle_most=40)
    assert of_year(MEDIAN, halves({"middle": 40}, {}), 2024) is None


def test_bounds_and_sums_are_added() -> None:
    shares = halves(
        {"facts": 6, "met_least": 1, "met_most": 5}, {"facts": 9, "met_least": 9, "met_most": 9}
    )
    found = of_year(SHARE, shares, 2024)
    assert found == Year(JANUARY, DECEMBER, 15, met_least=10, met_most=14)
    assert of_year(SHARE, halves({"facts": 6}, {"facts": 0}), 2024) is None
    sums = halves({"amount": 500}, {"amount": 100})
    assert of_year(SUM, sums, 2024) == Year(JANUARY, DECEMBER, amount=600)
    # One household made too much of it: what is left would be the other half.
    assert of_year(SUM, halves({"amount": 500}, {}), 2024) is None
