"""Service levels: hours by the clock, working days by the Swedish calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hemvist.policy import Num, Pack, PolicyError, Span, load_pack
from hemvist.policy.clocks import SWEDEN, service_levels
from hemvist.policy.legal import law_pack
from hemvist.policy.working_days import add_working_days, is_working_day
from hemvist_policy_texts import TRAINING


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(TRAINING)


def within(pack: Pack, unit: str, count: int) -> Pack:
    """The pack with one service level of this length."""
    level = replace(pack.service_levels[0], within=Span(unit, Num(count)))
    return replace(pack, service_levels=(level,))


def test_hours_run_by_the_clock(pack: Pack) -> None:
    at = datetime(2026, 9, 4, 22, 30, tzinfo=SWEDEN)
    urgent, visit = service_levels(pack, "disturbance_reported", at, "training_flat")
    assert (urgent.level.id, urgent.due_at) == ("urgent", at + timedelta(hours=24))
    assert urgent.due_on == date(2026, 9, 5)
    # Friday evening: Monday, Tuesday, Wednesday.
    assert (visit.level.id, visit.due_on) == ("visit", date(2026, 9, 9))
    assert visit.due_at == datetime(2026, 9, 10, tzinfo=SWEDEN)


def test_an_hour_that_the_clock_skips_is_no_hour(pack: Pack) -> None:
    """Summer time begins at 02:00 on 29 March 2026: 24 hours later it is 25 by the wall clock."""
    at = datetime(2026, 3, 28, 12, 0, tzinfo=SWEDEN)
    [due] = service_levels(within(pack, "hours", 24), "disturbance_reported", at)
    assert due.due_at.replace(tzinfo=None) == datetime(2026, 3, 29, 13, 0)
    assert due.due_at.astimezone(UTC) - at.astimezone(UTC) == timedelta(hours=24)


def test_the_day_is_the_swedish_one(pack: Pack) -> None:
    at = datetime(2026, 7, 1, 23, 0, tzinfo=UTC)
    [due] = service_levels(within(pack, "days", 0), "disturbance_reported", at)
    assert due.due_on == date(2026, 7, 2)


def test_months_are_clamped(pack: Pack) -> None:
    at = datetime(2026, 1, 31, 12, 0, tzinfo=SWEDEN)
    [due] = service_levels(within(pack, "months", 1), "disturbance_reported", at)
    assert due.due_on == date(2026, 2, 28)


def test_a_programme_of_its_own(pack: Pack) -> None:
    at = datetime(2026, 9, 4, 12, 0, tzinfo=SWEDEN)
    assert [one.level.id for one in service_levels(pack, "disturbance_reported", at)] == ["urgent"]
    assert service_levels(pack, "rent_unpaid", at) == ()


def test_what_is_no_question(pack: Pack) -> None:
    at = datetime(2026, 9, 4, 12, 0, tzinfo=SWEDEN)
    with pytest.raises(PolicyError):
        service_levels(pack, "offer_made", at)
    with pytest.raises(PolicyError):
        service_levels(pack, "rent_unpaid", at.replace(tzinfo=None))
    with pytest.raises(PolicyError):
        service_levels(pack, "rent_unpaid", at, "no_such_programme")


def test_the_laws_own_clocks() -> None:
    at = datetime(2026, 9, 4, 16, 0, tzinfo=SWEDEN)
    [eviction] = service_levels(law_pack(), "eviction_dated", at)
    assert eviction.due_on == at.date()
    [arrears] = service_levels(law_pack(), "rent_unpaid", at)
    assert arrears.due_on == date(2026, 9, 25)
    assert arrears.as_json()["cite"] == ["JB 12:44"]


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 4), 1, date(2026, 9, 7)),
        (date(2026, 9, 5), 0, date(2026, 9, 7)),
        (date(2026, 9, 5), 1, date(2026, 9, 7)),
        # Maundy Thursday: Good Friday to Easter Monday are closed.
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        # Midsummer Eve is a Friday, Christmas Eve a Thursday.
        (date(2026, 6, 18), 1, date(2026, 6, 22)),
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
        (date(2026, 12, 30), 1, date(2027, 1, 4)),
    ],
)
def test_working_days(start: date, count: int, end: date) -> None:
    assert add_working_days(start, count) == end
    assert is_working_day(end)
