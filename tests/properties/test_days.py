"""Days that are counted in months never drift, over month ends and leap years."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemvist.cases.models import Case
from hemvist.contracts.models import Contract
from hemvist.contracts.periods import month_end, notice_end
from hemvist.guarantees.ending import earliest_end
from hemvist.guarantees.terms import review_day
from hemvist.policy import Registry, add_days, add_months
from hemvist.takeovers.facts import days_away
from hemvist.takeovers.models import Takeover
from hemvist_any_order_towns import vasteras
from hemvist_world import PACK as HELSINGBORG

PACKS = tuple(Registry.discover().get(name) for name in (HELSINGBORG, "karlstad/sociala-kontrakt"))
REVIEWED = [
    (pack, programme.guarantee)
    for pack in PACKS
    for programme in pack.programmes.values()
    if programme.guarantee is not None and programme.guarantee.reassess is not None
]
#: The days on which something drifts, if anything does, and any other.
DAYS = st.one_of(
    st.builds(
        lambda year, month, back: month_end(date(year, month, 1)) - timedelta(days=back),
        st.integers(2018, 2060),
        st.integers(1, 12),
        st.integers(0, 3),
    ),
    st.dates(date(2018, 1, 1), date(2060, 12, 31)),
)
MONTHS = st.integers(0, 120)


def last(day: date) -> bool:
    """Whether it is the last day of its month."""
    return add_days(day, 1).day == 1


@given(day=DAYS)
def test_a_month_ends_on_its_last_day(day: date) -> None:
    end = month_end(day)
    assert last(end) and (end.year, end.month) == (day.year, day.month)
    assert month_end(end) == end


@given(day=DAYS, months=MONTHS)
def test_every_month_is_counted_from_the_anchor(day: date, months: int) -> None:
    """Not from the month before: the 31st comes back after February."""
    for count in range(months + 1):
        found = add_months(day, count)
        assert found.day == day.day or (last(found) and found.day < day.day)
        assert (found.year - day.year) * 12 + found.month - day.month == count


@given(day=DAYS, starts=DAYS)
def test_a_notice_ends_an_open_tenancy_at_a_month_end(day: date, starts: date) -> None:
    """JB 12:4, 12:5: three calendar months, then the month's end; a day later is never sooner."""
    open_ended = SimpleNamespace(starts_on=starts, ends_on=None, terms={})
    pack = PACKS[0]
    for given_by in ("tenant", "landlord"):
        found = notice_end(pack, None, open_ended, given_by, day)
        assert found.lawful == found.ends_on == month_end(add_months(day, 3))
        later = notice_end(pack, None, open_ended, given_by, add_days(day, 1))
        assert later.ends_on >= found.ends_on


@given(day=DAYS, months=st.integers(1, 48), before=st.integers(1, 900))
def test_a_tenants_notice_never_outlasts_the_term(day: date, months: int, before: int) -> None:
    starts = day - timedelta(days=before)
    term = SimpleNamespace(starts_on=starts, ends_on=add_months(starts, months), terms={})
    found = notice_end(PACKS[0], None, term, "tenant", day).ends_on
    assert found > day
    if term.ends_on > day:
        assert found <= term.ends_on
    else:
        assert last(found)


@given(starts=DAYS, after=st.integers(0, 2000))
def test_the_guarantors_notice(starts: date, after: int) -> None:
    """JB 12:28 a: nine months from the notice, and never before two years."""
    notice = starts + timedelta(days=after)
    found = earliest_end(starts, notice)
    assert found in (add_months(notice, 9), add_months(starts, 24))
    assert found >= add_months(starts, 24) and found >= add_months(notice, 9)
    assert earliest_end(starts, add_days(notice, 1)) >= found


# A guideline says nothing of the time before it. The first look reads every pack.
@settings(deadline=None)
@given(day=DAYS.filter(lambda day: day.year > 2026))
def test_a_guarantee_is_looked_at_again_whole_months_from_its_start(day: date) -> None:
    assert REVIEWED
    for pack, guarantee in REVIEWED:
        case = Case(pack=pack.name, pack_version=pack.version)
        review = review_day(case, guarantee, day)
        assert review is not None and guarantee.reassess is not None
        assert guarantee.reassess.unit == "months"
        assert review.day == day.day or (last(review) and review.day < day.day)
        following = review_day(case, guarantee, add_days(day, 1))
        assert following is not None and following >= review > day


@pytest.mark.parametrize("starts", [date(2024, 2, 29), date(2025, 2, 28), date(2025, 8, 31)])
def test_a_lease_is_taken_over_whole_months_from_its_start(database: str, starts: date) -> None:
    """VAS-17: twelve months; from the leap day the year is over on 28 February."""
    town = vasteras([3], signed_on=starts - timedelta(days=7))
    [takeover] = town.world.rows(Takeover)
    assert town.world.rows(Contract)[0].starts_on == starts
    assert takeover.earliest_on == takeover.eligible_on == add_months(starts, 12)
    assert takeover.earliest_on.month == starts.month
    assert takeover.earliest_on.day == min(starts.day, month_end(takeover.earliest_on).day)


@given(
    spans=st.lists(st.tuples(DAYS, st.one_of(st.none(), st.integers(0, 500))), max_size=6), on=DAYS
)
def test_a_day_of_absence_is_counted_once(spans: list[tuple[date, int | None]], on: date) -> None:
    """Against counting them on a calendar, one by one."""
    away = sorted(
        ((began, None if days is None else began + timedelta(days=days)) for began, days in spans),
        key=lambda span: span[0],
    )
    counted = {
        began + timedelta(days=number)
        for began, ended in away
        for number in range((min(on, ended or on) - began).days + 1)
    }
    assert days_away([span for span in away if span[0] <= on], on) == len(counted)
