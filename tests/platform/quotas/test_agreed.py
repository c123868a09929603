"""What quotas come to, in cases that one can check on paper."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest

from hemvist.quotas.agreed import agreed, rounded
from hemvist.quotas.calendar import Days, half_year, periods, year
from hemvist.quotas.counting import Turn, by_quota, counted, forecast
from hemvist.quotas.terms import Figure, Term

AGREEMENT, UNIT = UUID(int=1), UUID(int=2)
ALWAYS = Days(date(2020, 1, 1))


def a_term(kind: str, per: str = "year", days: Days = ALWAYS, **more: object) -> Term:
    """A quota."""
    return Term(AGREEMENT, "quota", kind, per, days, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("exact", "rounding", "homes"),
    [
        (Fraction(1, 2), "nearest", 1),
        (Fraction(5, 2), "nearest", 3),
        (Fraction(249, 100), "nearest", 2),
        (Fraction(201, 100), "up", 3),
        (Fraction(299, 100), "down", 2),
        (Fraction(3), "up", 3),
    ],
)
def test_half_a_home_is_one(exact: Fraction, rounding: str, homes: int) -> None:
    """The nearest whole home, and half upwards: not to the nearest even one."""
    assert rounded(exact, rounding) == homes


@pytest.mark.parametrize(
    ("from_on", "exact"),
    [(date(2027, 7, 1), Fraction(80 * 184, 365)), (date(2028, 7, 1), Fraction(80 * 184, 366))],
)
def test_an_agreement_from_july_gives_its_days_of_the_year(from_on: date, exact: Fraction) -> None:
    """Jönköping's eighty a year, begun in the middle of an ordinary year and of a leap year."""
    term = a_term("number", homes=80, days=Days(from_on))
    found = agreed([term], (), year(from_on), date(from_on.year, 12, 31))
    assert found is not None
    assert (found.exact, found.homes) == (exact, 40)


def test_a_change_in_the_middle_of_a_year_counts_by_days() -> None:
    """Sixty to the end of May, seventy from June: Göteborg's wish for private flats."""
    terms = [
        a_term("number", homes=60, days=Days(date(2027, 1, 1), date(2027, 5, 31))),
        a_term("number", homes=70, days=Days(date(2027, 6, 1))),
    ]
    found = agreed(terms, (), year(date(2027, 1, 1)), date(2027, 12, 31))
    assert found is not None
    assert found.exact == Fraction(60 * 151 + 70 * 214, 365)
    assert found.homes == 66


def test_ten_percent_of_what_became_vacant() -> None:
    """Karlstad: a share of reported vacancies; a report over the turn of the year is split by days."""
    figures = [
        Figure("vacated", 118, date(2027, 1, 1), date(2027, 6, 30)),
        Figure("vacated", 60, date(2027, 12, 1), date(2028, 1, 29)),
    ]
    term = a_term("vacated_share", share_bp=1_000)
    found = agreed([term], figures, year(date(2027, 1, 1)), date(2027, 12, 31))
    assert found is not None
    assert found.exact == Fraction(118 + 31, 10)
    assert (found.homes, found.unknown_days) == (15, 365 - 181 - 31)


def test_a_part_of_what_is_needed_by_stock_without_vulnerable_areas() -> None:
    """Jönköping's estimate: eighty needed, by the owner's part of all stock outside certain areas."""
    figures = [
        Figure("need", 80, date(2027, 1, 1)),
        Figure("stock", 900, date(2027, 1, 1), area="Öster"),
        Figure("stock", 700, date(2027, 1, 1), area="Råslätt"),
        Figure("market", 9_000, date(2027, 1, 1), area="Öster"),
        Figure("market", 2_500, date(2027, 1, 1), area="Råslätt"),
    ]
    term = a_term("market_share", excluded_areas=frozenset({"Råslätt"}))
    found = agreed([term], figures, year(date(2027, 1, 1)), date(2027, 12, 31))
    assert found is not None
    assert found.exact == 8


def test_a_land_deal_is_kept_in_existing_houses() -> None:
    """Helsingborg and Jönköping: a tenth of what was built, delivered outside the new houses."""
    deal = a_term(
        "production_share",
        "agreement",
        Days(date(2026, 3, 1), date(2030, 2, 28)),
        share_bp=1_000,
        delivered_in="existing",
        properties=frozenset({"NYA 1:1"}),
    )
    built = [Figure("production", 84, date(2027, 9, 1), agreement_id=AGREEMENT)]
    other = [Figure("production", 999, date(2027, 9, 1), agreement_id=UUID(int=9))]
    found = agreed([deal], built + other, deal.days, date(2030, 2, 28))
    assert found is not None
    assert (found.exact, found.homes) == (Fraction(84, 10), 8)
    new, old = (
        Turn(UNIT, date(2028, 1, 1), property_designation=place) for place in ("NYA 1:1", "GAMLA 2")
    )
    assert by_quota([new, old], [deal]) == {(AGREEMENT, "quota"): [old]}


def test_five_households_lie_within_the_quota() -> None:
    """Helsingborg: a home placed beside the company's demands counts towards the ordinary one too."""
    terms = [
        a_term("number", homes=40),
        Term(
            AGREEMENT,
            "exception_flats",
            "beside_requirements",
            "year",
            ALWAYS,
            homes=5,
            within_code="quota",
        ),
    ]
    usual = Turn(UNIT, date(2027, 2, 1))
    placed = Turn(UUID(int=3), date(2027, 2, 1), placed=(AGREEMENT, "exception_flats"))
    nowhere = Turn(UUID(int=4), date(2027, 2, 1), placed=(None, None))
    assert by_quota([usual, placed, nowhere], terms) == {
        (AGREEMENT, "quota"): [usual, placed],
        (AGREEMENT, "exception_flats"): [placed],
    }


def test_a_standing_quota_is_what_the_kommun_has_on_the_day() -> None:
    """Nynäshamn's fifty: homes that were given back or taken over are no longer there."""
    let = date(2026, 1, 1)
    turns = [
        Turn(UUID(int=1), let, taken_in_on=let, let_on=let),
        Turn(UUID(int=2), let, taken_in_on=let, let_on=let, returned_on=date(2027, 3, 1)),
        Turn(UUID(int=3), let, taken_in_on=let, let_on=let, taken_over_on=date(2027, 4, 1)),
    ]
    days = year(date(2027, 1, 1))
    at = [
        counted(turns, days, day, per="standing", counts="let").delivered
        for day in (date(2027, 2, 28), date(2027, 3, 1), date(2027, 4, 1))
    ]
    assert at == [3, 2, 1]
    term = a_term("number", "standing", homes=50)
    assert (found := agreed([term], (), days, date(2027, 4, 1))) is not None
    assert found.homes == 50


def test_the_forecast_goes_on_at_the_pace_of_the_past_year() -> None:
    """Seventy-three a year are one in five days; what is in hand comes at the least."""
    turns = [
        Turn(UUID(int=n), date(2027, 6, 30), let_on=date.fromordinal(first + 5 * n))
        for first in [date(2026, 7, 4).toordinal()]
        for n in range(73)
    ]
    days, until = year(date(2027, 1, 1)), date(2027, 6, 30)
    done = counted(turns, days, until, per="year", counts="let").delivered
    assert done == 36
    assert forecast(turns, done, 0, days, until, counts="let") == 36 + 37
    assert forecast(turns, done, 50, days, until, counts="let") == 36 + 50
    assert forecast(turns, done, 50, days, date(2027, 12, 31), counts="let") == done


def test_periods_are_those_of_the_agreement() -> None:
    """Half-years that the agreement shares a day with, and its own term as one period."""
    term = Days(date(2027, 5, 10), date(2028, 2, 1))
    within = Days(date(2027, 1, 1), date(2028, 12, 31))
    assert periods("half_year", within, term) == [
        half_year(date(2027, 5, 10)),
        half_year(date(2027, 7, 1)),
        half_year(date(2028, 1, 1)),
    ]
    assert periods("agreement", within, term) == [term]
    assert periods("year", Days(date(2030, 1, 1), date(2030, 12, 31)), term) == []
