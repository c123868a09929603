"""A year is made of told blocks alone: of all its months, or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hemvist.comparisons.years import Year, of_year
from hemvist.indicators.definitions import Definition, catalogue
from hemvist.indicators.models import IndicatorTold

COUNT, MEDIAN, STOCK = (catalogue()[one] for one in ("moved_on", "time_to_home", "waiting"))


def of(measure: str, kind: str = "flow") -> Definition:
    """An indicator of this measure, made of one that there is."""
    found = COUNT
    values = {field: getattr(found, field) for field in Definition.__slots__}
    return Definition(**{**values, "measure": measure, "kind": kind})


def block(first: tuple[int, int], last: tuple[int, int], facts: int | None, **more: Any) -> Any:
    return IndicatorTold(
        from_month=date(*first, 1),
        to_month=date(*last, 1),
        facts=facts,
        **{"met_least": None, "met_most": None, "amount": None, "middle": None, **more},
    )


def halves(one: dict[str, Any], other: dict[str, Any]) -> list[Any]:
    return [block((2024, 7), (2024, 12), **other), block((2024, 1), (2024, 6), **one)]


def test_blocks_that_fill_the_year_are_added() -> None:
    assert of_year(COUNT, halves({"facts": 7}, {"facts": 0}), 2024) == Year(7)


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [block((2024, 1), (2024, 11), 9)],
        [block((2024, 2), (2024, 12), 9)],
        [block((2024, 1), (2024, 5), 9), block((2024, 7), (2024, 12), 9)],
        [block((2024, 1), (2024, 8), 9), block((2024, 7), (2024, 12), 9)],
        [block((2023, 11), (2024, 2), 9), block((2024, 3), (2024, 12), 9)],
        [block((2024, 1), (2024, 10), 9), block((2024, 11), (2025, 1), 9)],
        [block((2023, 1), (2025, 12), 90)],
        [block((2024, 1), (2024, 12), 9), block((2024, 12), (2024, 12), 9)],
    ],
    ids=["none", "end", "beginning", "gap", "overlap", "before", "after", "around", "twice"],
)
def test_a_year_that_was_not_told_whole_is_none(blocks: list[Any]) -> None:
    assert of_year(COUNT, blocks, 2024) is None


def test_what_is_too_small_to_tell_makes_the_year_so() -> None:
    assert of_year(COUNT, halves({"facts": 7}, {"facts": None}), 2024) is None


def test_other_years_do_not_matter() -> None:
    blocks = [*halves({"facts": 7}, {"facts": 5}), block((2025, 1), (2025, 3), None)]
    assert of_year(COUNT, blocks, 2024) == Year(12)
    assert of_year(COUNT, blocks, 2025) is None


def test_a_stock_is_that_of_the_last_month() -> None:
    months = [block((2024, month), (2024, month), 5 * month) for month in range(1, 13)]
    assert of_year(STOCK, months, 2024) == Year(60)
    assert of_year(STOCK, months[:-1], 2024) is None
    # What stood over several months is no day's number.
    assert of_year(STOCK, [block((2024, 10), (2024, 12), 60)], 2024) is None


def test_a_median_of_parts_lies_between_theirs() -> None:
    parts = halves({"facts": 6, "middle": 40}, {"facts": 9, "middle": 31})
    assert of_year(MEDIAN, parts, 2024) == Year(15, middle_least=31, middle_most=40)
    nothing = halves({"facts": 6, "middle": 40}, {"facts": 0})
    assert of_year(MEDIAN, nothing, 2024) == Year(6, middle_least=40, middle_most=40)
    assert of_year(MEDIAN, halves({"facts": 6, "middle": 40}, {"facts": 9}), 2024) is None
    assert of_year(MEDIAN, halves({"facts": 0}, {"facts": 0}), 2024) == Year(0)


def test_bounds_and_sums_are_added() -> None:
    shares = halves(
        {"facts": 6, "met_least": 1, "met_most": 5}, {"facts": 9, "met_least": 9, "met_most": 9}
    )
    assert of_year(of("share"), shares, 2024) == Year(15, met_least=10, met_most=14)
    assert of_year(of("share"), halves({"facts": 6}, {"facts": 0}), 2024) is None
    sums = halves({"facts": 6, "amount": 500}, {"facts": 0})
    assert of_year(of("sum"), sums, 2024) == Year(6, amount=500)
    assert of_year(of("sum"), halves({"facts": 6}, {"facts": 0}), 2024) is None
