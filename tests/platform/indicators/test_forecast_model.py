"""The model of next year's need: what it keeps, what it answers, and how often it is right."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest

from hemvist.errors import ValidationFailed
from hemvist.indicators.forecasting.basis import Basis
from hemvist.indicators.forecasting.model import LIMITS, MONTHS, Levers, asked, simulate
from hemvist.indicators.forecasting.outlook import COVERS, Outlook, as_told, band, outlook

BASIS = Basis(
    from_month=date(2023, 7, 1),
    to_month=date(2026, 6, 1),
    waiting_before=200,
    waiting=240,
    homes_before=300,
    homes=350,
    home_months=11_700,
    moved_in_told=248,
    blocks=36,
    moved_on=160,
    agreed=180.0,
    delivered=150,
    agreed_next=60.0,
)
QUESTIONS = [Levers(), Levers(2), Levers(-3), Levers(0, 2), Levers(4, 1, 6), Levers(50)]


@pytest.mark.parametrize("levers", QUESTIONS, ids=str)
def test_nobody_is_lost_and_no_home_comes_from_nowhere(levers: Levers) -> None:
    runs = simulate(BASIS, levers)
    waiting = np.column_stack([runs.waiting_at_first, runs.waiting])
    homes = np.column_stack([runs.homes_at_first, runs.homes])
    assert (np.diff(waiting) == runs.arrivals - runs.moved_in - runs.by_guarantee).all()
    assert (np.diff(homes) == runs.moved_in - runs.left).all()
    for one in (runs.waiting, runs.homes, runs.moved_in, runs.by_guarantee, runs.unused, runs.left):
        assert (one >= 0).all()
    # A home stands unused only where nobody waits any longer.
    assert (runs.waiting[runs.unused > 0] == 0).all()
    assert (runs.by_guarantee <= levers.more_guarantees).all()


def test_the_same_question_gives_the_same_answer_and_another_seed_another() -> None:
    first, second = simulate(BASIS, Levers(2)), simulate(BASIS, Levers(2))
    for name in (one.name for one in dataclasses.fields(first)):
        assert (getattr(first, name) == getattr(second, name)).all()
    assert (simulate(BASIS, Levers(2), seed=1).waiting != first.waiting).any()


def test_more_homes_or_guarantees_never_leave_more_waiting_in_any_run() -> None:
    before = simulate(BASIS, Levers(-50)).waiting
    for more in range(-49, 51, 3):
        after = simulate(BASIS, Levers(more)).waiting
        assert (after <= before).all()
        before = after
    before = simulate(BASIS, Levers()).waiting
    for more in range(1, 51, 7):
        after = simulate(BASIS, Levers(0, more)).waiting
        assert (after <= before).all()
        before = after


def test_two_flats_more_a_month_are_twenty_four_waiting_less() -> None:
    """Of a queue that does not run dry: by arithmetic, in each run."""
    long = dataclasses.replace(BASIS, waiting=1240, waiting_before=1200)
    plain, more = simulate(long, Levers()), simulate(long, Levers(2))
    assert (plain.waiting - more.waiting == 2 * np.arange(1, MONTHS + 1)).all()


def test_the_means_are_those_that_follow_by_hand() -> None:
    """Of a long queue: stock + t × (arrivals' rate − homes' rate), each rate its posterior's mean."""
    long = dataclasses.replace(BASIS, waiting=1240, waiting_before=1200)
    runs = simulate(long, Levers(), runs=40_000)
    arrivals = (1240 - 1200 + 320 + 0.5) / 36
    agreed = (150 + 0.5) / 180 * 60 / 12
    others = (320 - 150 + 0.5) / 36
    for month in (1, 6, 12):
        # Told downwards: two more in the middle.
        mean = 1242 + month * (arrivals - agreed - others)
        # The standard error of the mean of so many runs is under 0.2.
        assert runs.waiting[:, month - 1].mean() == pytest.approx(mean, abs=0.8)


def test_the_spread_is_what_a_poisson_flow_with_an_unknown_rate_has() -> None:
    """A year's arrivals: Poisson of a Gamma rate is negative binomial, variance m + m² / shape."""
    runs = simulate(BASIS, Levers(), runs=40_000)
    shape = 360.5
    mean = shape / 36 * 12
    # What the steps leave open adds two ends and 36 blocks of variance 2 each, a year's part of it.
    variance = mean + mean**2 / shape + 2 * (2 + 36) * (12 / 36) ** 2
    year = runs.arrivals.sum(axis=1)
    assert year.mean() == pytest.approx(mean, rel=0.005)
    assert year.var() == pytest.approx(variance, rel=0.04)


def test_homes_shrink_as_an_even_chance_lets_them() -> None:
    """No homes to come: after t months the share exp(−t × rate) is left (closed form)."""
    none = dataclasses.replace(
        BASIS, homes=900, homes_before=920, home_months=36 * 900, agreed_next=0.0
    )
    runs = simulate(none, Levers(-50), runs=20_000)
    rate = (920 + 320 - 900 + 1) / (36 * 900)
    assert runs.moved_in.sum() == 0
    assert runs.homes[:, -1].mean() == pytest.approx(902 * np.exp(-12 * rate), rel=0.004)


def test_a_lease_of_ones_own_sooner_lets_homes_go_and_leaves_the_queue_alone() -> None:
    plain, sooner = simulate(BASIS, Levers()), simulate(BASIS, Levers(months_sooner=12))
    assert (plain.waiting == sooner.waiting).all()
    assert sooner.homes[:, -1].mean() < plain.homes[:, -1].mean() - 1
    # Nobody's lease comes in less than a month, however much sooner.
    short = dataclasses.replace(BASIS, moved_on=190, home_months=200)
    assert (simulate(short, Levers(months_sooner=24)).left >= 0).all()


def test_a_queue_that_runs_dry_leaves_homes_unused() -> None:
    runs = simulate(BASIS, Levers(50))
    assert np.median(runs.waiting[:, -1]) == 0
    assert np.median(runs.unused.sum(axis=1)) > 100


def test_intervals_hold_four_of_five_histories_of_the_models_own() -> None:
    """Histories drawn from known rates, their last 36 months told in steps of five, the 37th to 48th
    held against the interval."""
    draws = np.random.default_rng(11)
    held = {"waiting": 0, "homes": 0}
    histories = 600
    for _ in range(histories):
        rates = draws.uniform(6, 20), draws.uniform(5, 18), draws.uniform(0.005, 0.03)
        history, after = _history(draws, *rates)
        runs = simulate(history, Levers(), runs=400, seed=int(draws.integers(1_000_000)))
        for name, came in after.items():
            # An integer on the bound lies half inside.
            low, high = np.percentile(getattr(runs, name)[:, -1], (10, 90))
            held[name] += low <= came <= high
    for name, count in held.items():
        # The standard error of a share of so many is 1.6 percent.
        assert COVERS - 5 <= 100 * count / histories <= COVERS + 6, name


def _history(
    draws: np.random.Generator, arriving: float, coming: float, leaving: float
) -> tuple[Basis, dict[str, int]]:
    """36 months as they would be told, and what came twelve months later; written by itself."""
    waiting, homes = 600, 400
    stocks = [(waiting, homes)]
    entered = on = moved = 0
    for month in range(48):
        left = sum(draws.random(homes) < 1 - np.exp(-leaving))
        came = int(draws.poisson(coming))
        waiting += int(draws.poisson(arriving)) - came
        homes += came - int(left)
        stocks.append((waiting, homes))
        if month < 36:
            # Each month is a block, told downwards.
            entered += came // 5 * 5
            moved += int(left)
            on += int(draws.binomial(left, 0.5))
    told = [(one // 5 * 5, other // 5 * 5) for one, other in stocks]
    basis = Basis(
        from_month=date(2023, 7, 1),
        to_month=date(2026, 6, 1),
        waiting_before=told[0][0],
        waiting=told[36][0],
        homes_before=told[0][1],
        homes=told[36][1],
        home_months=sum(one for _, one in told[:36]),
        moved_in_told=entered,
        blocks=36,
        moved_on=on,
        agreed=0.0,
        delivered=0,
        agreed_next=0.0,
    )
    return basis, {"waiting": stocks[48][0], "homes": stocks[48][1]}


def test_what_cannot_be_asked_is_refused_with_each_field() -> None:
    with pytest.raises(ValidationFailed) as refused:
        asked(more_homes=51, more_guarantees=-1, months_sooner=25)
    assert [(one.field, one.rule) for one in refused.value.problems] == [
        ("moreHomesPerMonth", "range"),
        ("moreGuaranteesPerMonth", "range"),
        ("monthsSooner", "range"),
    ]
    for name, (_, *bounds) in LIMITS.items():
        for bound in bounds:
            assert getattr(asked(**{name: bound}), name) == bound


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({}, []),
        ({"from_month": date(2025, 7, 1)}, []),
        ({"from_month": date(2025, 8, 1)}, ["months"]),
        ({"waiting_before": 540}, []),
        ({"waiting_before": 545}, ["arrivals"]),
        ({"waiting_before": 560 + 77}, ["arrivals"]),
        ({"waiting_before": 560 + 78}, ["balance"]),
        ({"moved_on": 270 + 77}, []),
        ({"moved_on": 270 + 78}, ["balance"]),
        ({"homes": 700}, ["balance"]),
    ],
    ids=str,
)
def test_too_little_to_say_anything_says_what_is_missing(
    changed: dict[str, object], lacks: list[str]
) -> None:
    basis = dataclasses.replace(BASIS, **changed)  # type: ignore[arg-type]
    assert basis.lacks(date(2026, 7, 15)) == lacks


def test_numbers_that_have_grown_old_say_nothing_of_next_year() -> None:
    assert BASIS.lacks(date(2026, 12, 31)) == []
    assert BASIS.lacks(date(2027, 1, 1)) == ["stale"]


def test_a_stocks_band_is_of_the_number_that_will_be_told() -> None:
    """Told downwards: who lies in the band as it is lies in it as told."""
    draws = np.random.default_rng(4)
    for _ in range(200):
        values = draws.poisson(draws.uniform(0, 60), 500)
        found = as_told(values)
        assert [found.low, found.middle, found.high] == [
            int(one // 5 * 5) for one in np.percentile(values, (10, 50, 90))
        ]
        inside = sum(found.holds(int(one) // 5 * 5) for one in values)
        assert inside >= 0.8 * len(values)


def test_bands_are_in_steps_of_five_and_hold_what_they_round() -> None:
    draws = np.random.default_rng(3)
    for _ in range(200):
        values = draws.poisson(draws.uniform(0, 60), 500)
        found = band(values)
        low, middle, high = np.percentile(values, (10, 50, 90))
        assert all(one % 5 == 0 for one in (found.low, found.middle, found.high))
        assert 0 <= found.low <= low and found.high >= high
        assert found.low <= found.middle <= found.high
        assert abs(found.middle - middle) <= 2.5


def test_an_outlook_comes_back_from_json_as_it_went() -> None:
    made = outlook(BASIS, Levers(2))
    assert Outlook.of(made.as_data()) == made
    assert Basis.of(BASIS.as_data()) == BASIS
    assert made.months[0].month == date(2026, 7, 1) and made.months[-1].month == date(2027, 6, 1)
    assert made.year.lacking == made.months[-1].waiting
