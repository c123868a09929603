"""Days that are counted in months never drift, over month ends and leap years."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Date, cast, column
from sqlalchemy.dialects import postgresql

from hemvist.cases.models import Case
from hemvist.contracts.models import Contract
from hemvist.contracts.periods import month_end, notice_end
from hemvist.contracts.tenure import alarm_day, tenure_reached
from hemvist.decisions.execution import due_by, due_on, special_fee
from hemvist.decisions.notifying import appeal_deadline
from hemvist.guarantees.ending import earliest_end
from hemvist.guarantees.terms import review_day
from hemvist.policy import Registry, add_days, add_months
from hemvist.policy.legal import law_pack
from hemvist.policy.working_days import is_working_day
from hemvist.takeovers import absences
from hemvist.takeovers.facts import days_away
from hemvist.takeovers.models import Takeover
from hemvist.unexecuted.service import quarter_days
from hemvist_any_order_towns import vasteras, watch
from hemvist_goteborg import housed, housing_first
from hemvist_testing import owner_connection
from hemvist_world import PACK as HELSINGBORG
from hemvist_world import World

PACKS = tuple(Registry.discover().get(name) for name in (HELSINGBORG, "karlstad/sociala-kontrakt"))
REVIEWED = [
    (pack, programme.guarantee)
    for pack in PACKS
    for programme in pack.programmes.values()
    if programme.guarantee is not None and programme.guarantee.reassess is not None
]
FREE_MONTHS = law_pack().param("tenure_free_months", date(2026, 1, 1))
ALARM_MONTHS = law_pack().param("tenure_alarm_months", date(2026, 1, 1))
assert isinstance(FREE_MONTHS, int) and isinstance(ALARM_MONTHS, int)
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


@pytest.fixture(scope="module")
def gothenburg(database: str) -> World:
    """Göteborg's people."""
    return housing_first()


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


STATED = [
    (pack, programme.contract)
    for pack in Registry.discover().packs()
    for programme in pack.programmes.values()
    if programme.contract is not None and programme.contract.notice is not None
]


@settings(deadline=None)
@given(day=DAYS.filter(lambda day: day.year > 2026))
def test_a_guidelines_own_notice_never_takes_from_the_tenant(day: date) -> None:
    """LF-1: of the guideline's time and the law's, what is better for the tenant holds."""
    assert STATED
    open_ended = SimpleNamespace(starts_on=date(2020, 1, 31), ends_on=None, terms={})
    for pack, rules in STATED:
        by_landlord = notice_end(pack, rules, open_ended, "landlord", day)
        by_tenant = notice_end(pack, rules, open_ended, "tenant", day)
        lawful, stated = by_landlord.lawful, by_landlord.stated
        assert lawful == month_end(add_months(day, 3)) and rules.notice is not None
        if stated is None:
            assert by_landlord.ends_on == by_tenant.ends_on == lawful
            continue
        if rules.notice.span.unit == "months":
            assert stated.day == day.day or (last(stated) and stated.day < day.day)
        assert by_landlord.ends_on == max(lawful, stated)
        if rules.notice.by == "landlord":
            assert (by_tenant.stated, by_tenant.ends_on) == (None, lawful)
        else:
            assert by_tenant.ends_on == min(lawful, stated)
        assert by_landlord.shorter_than_law == (stated < lawful)


@given(starts=DAYS, waived=st.one_of(st.none(), st.integers(1, 60)), block=st.booleans())
def test_the_alarm_before_a_right_to_extension(
    starts: date, waived: int | None, block: bool
) -> None:
    """JB 12:45: two years; the alarm comes as many months before as the law pack says."""
    contract = Contract(starts_on=starts)
    until = None if waived is None else add_months(starts, waived)
    alarm, right = alarm_day(contract, until, block), tenure_reached(contract, until, block)
    before = FREE_MONTHS - ALARM_MONTHS
    assert 0 < before < FREE_MONTHS == 24
    if until is None and block:
        assert alarm == right == starts
        return
    assert starts <= alarm < right or alarm == starts
    if until is None:
        assert right == add_months(starts, 24) and alarm == add_months(starts, ALARM_MONTHS)
        assert alarm.day == starts.day or (last(alarm) and alarm.day < starts.day)
    else:
        assert right == (max(until, add_months(starts, 24)) if not block else max(until, starts))
        # Not a day later than so many months before the waiver ends, and not much earlier.
        assert alarm == starts or add_months(alarm, before) <= until < add_days(
            add_months(alarm, before), 4
        )


def test_the_last_day_of_an_appeal_on_the_calendar() -> None:
    """Three weeks, and then the next working day (FL 44 §, 1930:173)."""
    for told, until in {
        date(2024, 2, 8): date(2024, 2, 29),
        date(2026, 3, 13): date(2026, 4, 7),  # Good Friday to Easter Monday
        date(2026, 5, 29): date(2026, 6, 22),  # Midsummer Eve, a Friday
        date(2026, 12, 4): date(2026, 12, 28),  # Christmas Day, a Friday
        date(2026, 12, 10): date(2027, 1, 4),  # New Year's Eve, a Thursday
        date(2027, 5, 16): date(2027, 6, 7),  # the national day, a Sunday
        date(2026, 11, 21): date(2026, 12, 14),
    }.items():
        assert appeal_deadline(told) == until, told


@settings(deadline=None)
@given(told=DAYS)
def test_an_appeal_has_three_weeks_and_a_working_day(told: date) -> None:
    until = appeal_deadline(told)
    assert until >= told + timedelta(days=21) and until.weekday() < 5
    # What is gone past is closed: a weekend, or no more than the five days of a holiday.
    assert (until - told).days <= 21 + 5
    assert all(
        not is_working_day(told + timedelta(days=days)) for days in range(21, (until - told).days)
    )
    assert appeal_deadline(add_days(told, 1)) >= until


@given(day=DAYS)
def test_every_day_is_in_one_quarter(day: date) -> None:
    """The quarters of the report (SoL 34:1) follow on one another, and each is three months."""
    first, end = quarter_days(f"{day.year}-Q{(day.month + 2) // 3}")
    assert first <= day <= end and first.day == 1 and last(end)
    assert add_months(first, 3) == add_days(end, 1)
    next_first = add_days(end, 1)
    following = quarter_days(f"{next_first.year}-Q{(next_first.month + 2) // 3}")
    assert following[0] == next_first


@given(since=DAYS, on=st.integers(-5, 5))
def test_what_is_carried_out_late(since: date, on: int) -> None:
    """Three months from the decision, counted from its day: the last of them is in time."""
    due = due_on(since)
    assert due == add_months(since, 3)
    day = add_days(due, on)
    assert (special_fee(since, day) is not None) == (on > 0)


def test_a_list_of_what_is_late_reckons_as_the_page_does(database: str) -> None:
    """The database's own months, on every day of four years with a leap year among them."""
    asked = due_by(cast(column("d"), Date), date(2026, 1, 1)).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    with owner_connection() as connection:
        rows = connection.execute(
            f"SELECT d::date, {asked}"  # type: ignore[arg-type]
            " FROM generate_series(date '2023-01-01', date '2026-12-31', '1 day') d"
        ).fetchall()
    assert len(rows) == 1461
    assert all(due_on(since) == due for since, due in rows)


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


@pytest.mark.parametrize(
    ("moved_in", "away", "earliest"),
    [
        # Eighteen months from the last of August are the last of February; then forty days.
        (date(2024, 8, 31), [(date(2025, 1, 10), 39)], date(2026, 4, 9)),
        # Over the leap day; a day within two absences is one day.
        (date(2024, 2, 29), [(date(2024, 5, 1), 9), (date(2024, 5, 8), 4)], date(2025, 9, 10)),
        (date(2025, 3, 31), [], date(2026, 9, 30)),
    ],
)
def test_absence_is_added_to_the_months_and_not_to_the_beginning(
    gothenburg: World, moved_in: date, away: list[tuple[date, int]], earliest: date
) -> None:
    """GBG-125: eighteen months from moving in, and as many days as the person was away."""
    case, contract = housed(gothenburg, moved_in)
    for began, more in away:
        words = {"began_on": began, "ended_on": began + timedelta(days=more)}
        gothenburg.act(
            "property",
            absences.record_absence,
            contract_id=contract.id,
            reason="hospital",
            **words,
        )
    watch(gothenburg, case)
    [takeover] = gothenburg.rows(Takeover, case_id=case.id)
    assert takeover.earliest_on == takeover.eligible_on == earliest


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
