"""Forecasts out of the database: what they are made of, kept once, beside what came."""

from __future__ import annotations

import random
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from hemvist.clock import today
from hemvist.db import Audience
from hemvist.errors import NotAllowed
from hemvist.identity import Membership, Role
from hemvist.ids import new_id
from hemvist.indicators import snapshots, telling
from hemvist.indicators.forecasting import service
from hemvist.indicators.forecasting.basis import MOST_MONTHS, Basis, months_between
from hemvist.indicators.forecasting.model import Levers
from hemvist.indicators.forecasting.models import IndicatorForecast
from hemvist.indicators.forecasting.outlook import Outlook
from hemvist.indicators.forecasting.reading import LATEST, Block, longest, read_basis
from hemvist.indicators.models import IndicatorFact
from hemvist.policy import add_months
from hemvist.tenancy import tenant_session
from hemvist_agreements import confirmed, opened, with_quota
from hemvist_forecasts import COMING, LEAVING, MOVING, ON, tell, tell_years, told_month
from hemvist_testing import new_tenant
from hemvist_world import World, as_owner, manager_of, new_world


@pytest.fixture
def tenant_id(database: str) -> UUID:
    """A kommun of which nothing is told."""
    return new_tenant()


def basis_of(tenant_id: UUID, day: date) -> object:
    """The basis as the worker reads it."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return read_basis(session, day)


def test_the_basis_is_what_was_told_of_the_last_three_years(tenant_id: UUID) -> None:
    tell_years(tenant_id, today())
    with tenant_session(Audience.WORKER, tenant_id) as session:
        basis = read_basis(session, today())
    assert basis is not None and basis.lacks(today()) == []
    assert (basis.from_month, basis.to_month) == (told_month(today(), 36), told_month(today(), 1))
    assert basis.first_month == told_month(today(), 0) and basis.months == MOST_MONTHS
    assert (basis.waiting_before, basis.waiting) == (100, 170)
    assert basis.moved_in == 36 * MOVING
    assert basis.moved_on == 36 * ON
    assert basis.arrivals == 170 - 100 + basis.moved_in == pytest.approx(36 * COMING, abs=30)
    assert basis.left == 200 + basis.moved_in - 305 == pytest.approx(36 * LEAVING, abs=30)
    # A quarter's homes hold until the next are told.
    assert basis.home_months == 3 * sum((200 + 9 * n) // 5 * 5 for n in range(12))
    assert (basis.agreed, basis.delivered, basis.agreed_next) == (0, 0, 0)


def test_numbers_of_margins_of_others_and_of_older_definitions_stay_out(tenant_id: UUID) -> None:
    tell_years(tenant_id, today())
    before = basis_of(tenant_id, today())
    tell_years(new_tenant(), today(), months=30)
    tell(tenant_id, [("waiting", told_month(today(), 1), told_month(today(), 1), 900)], version=0)
    month = told_month(today(), 1)
    tell(tenant_id, [("waiting", month, month, 900)], margin="programme")
    assert basis_of(tenant_id, today()) == before


def test_a_year_and_twenty_arrivals_are_asked_for(tenant_id: UUID) -> None:
    def lacks() -> tuple[str, ...]:
        with tenant_session(Audience.WORKER, tenant_id) as session:
            basis = read_basis(session, today())
            return ("months",) if basis is None else tuple(basis.lacks(today()))

    assert lacks() == ("months",)
    tell_years(tenant_id, today(), months=12)
    assert lacks() == ("months",)
    tenant_id = new_tenant()
    tell_years(tenant_id, today(), months=13)
    assert lacks() == ()


def test_stretches_are_the_longest_that_brute_force_finds() -> None:
    """Random blocks with holes, stocks that are not told: every pair of months is tried."""
    draws = random.Random(5)
    found = 0
    for _ in range(300):
        day = date(2026, 7, draws.randint(1, 28))
        blocks, month = [], date(2022, draws.randint(1, 12), 1)
        while month < date(2026, 7, 1):
            last = add_months(month, draws.choice((0, 0, 0, 1, 2)))
            if draws.random() > 0.06:
                blocks.append(Block(month, last, draws.randint(5, 20)))
            month = add_months(last, 1)
        months = [add_months(date(2021, 12, 1), number) for number in range(60)]
        stocks = {
            code: [Block(one, one, 50) for one in months if draws.random() > lost]
            for code, lost in (("waiting", 0.2), ("homes_running", 0.4))
        }
        told = {**stocks, "moved_in": blocks}
        span = longest(told, day)
        expected = _brute(told, months, day)
        assert (None if span is None else (span.first, span.last)) == expected
        if span is not None:
            found += 1
            inside = [one for one in blocks if span.first <= one.first and one.last <= span.last]
            assert span.moved_in == sum(one.number for one in inside)
    assert found > 200


def _brute(told: dict[str, list[Block]], months: list[date], day: date) -> tuple[date, date] | None:
    covered = {}
    for one in told["moved_in"]:
        for number in range(months_between(one.first, one.last) + 1):
            covered[add_months(one.first, number)] = one
    waiting = {one.first for one in told["waiting"]}
    homes = {one.first for one in told["homes_running"]}
    best: list[tuple[date, int, date]] = []
    for first in months:
        for last in months:
            inside = [one for one in months if first <= one <= last]
            if not inside or len(inside) > MOST_MONTHS or not all(one in covered for one in inside):
                continue
            whole = covered[first].first == first and covered[last].last == last
            ends = {add_months(first, -1), last}
            if not whole or not ends <= waiting or not ends <= homes:
                continue
            if months_between(first, day) <= MOST_MONTHS + LATEST:
                best.append((last, len(inside), first))
    if not best:
        return None
    last, _, first = max(best)
    return first, last


@pytest.mark.parametrize("audience", [Audience.STAFF, Audience.WORKER])
def test_agreements_bring_their_part_of_each_period(database: str, audience: Audience) -> None:
    world = new_world()
    tell_years(world.tenant_id, today())
    _, draft = opened(world, starts_on=date(today().year - 4, 1, 1))
    with_quota(world, draft, homes=24)
    with_quota(world, draft, code="watched", label="Bevakas", homes=90, force="observed")
    with_quota(world, draft, code="within", label="Därav", homes=6, within_code="homes")
    confirmed(world, draft, manager_of("SOF-VUX"))
    with tenant_session(audience, world.tenant_id) as session:
        basis = read_basis(session, today())
    assert basis is not None
    # Three years' and one year's, by days of the months: leap years make the difference.
    assert basis.agreed == pytest.approx(3 * 24, abs=0.1)
    assert basis.agreed_next == pytest.approx(24, abs=0.1)
    assert basis.delivered == 0


def test_only_who_reads_figures_is_told(database: str) -> None:
    world = _steered()
    with world.session() as session:
        for name in ("steering", "property", manager_of("SOF-VUX")):
            assert service.forecast(session, world.people[name], today()).lacks == ("months",)
            assert service.kept(session, world.people[name]) == []
        for name in ("reviewer", "coordinator"):
            with pytest.raises(NotAllowed):
                service.forecast(session, world.people[name], today())
            with pytest.raises(NotAllowed):
                service.kept(session, world.people[name])


def test_two_flats_more_a_month_beside_going_on(database: str) -> None:
    world = _steered()
    tell_years(world.tenant_id, today())
    with world.session() as session:
        found = service.forecast(session, world.people["steering"], today(), Levers(2))
        again = service.forecast(session, world.people["steering"], today(), Levers(2))
    assert found == again and found.lacks == ()
    assert found.plain is not None and found.asked is not None
    # Two more come than move in: 196 after a year, and 24 fewer with two flats more a month.
    assert found.plain.year.lacking.middle == pytest.approx(196, abs=6)
    assert found.asked.year.lacking.middle == pytest.approx(172, abs=6)
    assert found.plain.year.need == found.asked.year.need
    assert found.plain.months[0].month == told_month(today(), 0)


def test_who_waits_is_forecast_where_homes_are_not_told(database: str) -> None:
    """The same of those who wait, and nothing of homes; kept and read again."""
    with_homes, without = _steered(), _steered()
    tell_years(with_homes.tenant_id, today())
    tell_years(without.tenant_id, today(), homes_told=False)
    made = []
    for world in (with_homes, without):
        with world.session() as session:
            made.append(service.forecast(session, world.people["steering"], today(), Levers(2)))
    known, unknown = made
    assert known.plain is not None and unknown.plain is not None and unknown.asked is not None
    assert unknown.lacks == () and unknown.basis is not None and unknown.basis.left is None
    assert {one.homes for one in unknown.plain.months} == {unknown.plain.year.left} == {None}
    assert unknown.plain.year.lacking.middle == pytest.approx(
        known.plain.year.lacking.middle, abs=5
    )
    fewer = unknown.plain.year.lacking.middle - unknown.asked.year.lacking.middle
    assert fewer == pytest.approx(24, abs=5)
    assert Outlook.of(unknown.plain.as_data()) == unknown.plain
    assert Basis.of(unknown.basis.as_data()) == unknown.basis


def test_old_homes_do_not_stand_in_the_way(tenant_id: UUID) -> None:
    """Homes were told for two years and then no more: what is newer is gone by."""
    tell_years(tenant_id, today(), homes_told=False)
    lines = [("homes_running", told_month(today(), back), 200) for back in range(36, 20, -3)]
    tell(tenant_id, [(code, month, month, number) for code, month, number in lines])
    basis = basis_of(tenant_id, today())
    assert isinstance(basis, Basis)
    assert (basis.to_month, basis.homes) == (told_month(today(), 1), None)


def test_one_is_kept_a_year_and_never_changed(tenant_id: UUID) -> None:
    tell_years(tenant_id, today(), until=13)
    january = date(told_month(today(), 12).year, 12, 31)
    last_year = told_month(today(), 12).replace(day=28)
    with tenant_session(Audience.WORKER, tenant_id) as session:
        assert service.keep_due(session, last_year)
        assert not service.keep_due(session, last_year)
        assert not service.keep_due(session, january)
        # On demand: once for the same months.
        assert not service.keep(session, last_year)
    for statement in (
        "UPDATE indicator_forecasts SET model = 9",
        "DELETE FROM indicator_forecasts",
    ):
        for audience in (Audience.WORKER, Audience.STAFF):
            with pytest.raises(ProgrammingError), tenant_session(audience, tenant_id) as session:
                session.execute(text(statement))
    with tenant_session(Audience.STAFF, new_tenant()) as session:
        assert session.scalars(select(IndicatorForecast)).all() == []


def test_january_waits_for_december(tenant_id: UUID) -> None:
    year = today().year
    tell_years(tenant_id, date(year, 1, 5), until=2)
    with tenant_session(Audience.WORKER, tenant_id) as session:
        assert not service.keep_due(session, date(year, 1, 5))
        assert service.keep_due(session, date(year, 1, 21))


def test_nothing_is_kept_where_nothing_can_be_said(tenant_id: UUID) -> None:
    tell_years(tenant_id, today(), months=12)
    with tenant_session(Audience.WORKER, tenant_id) as session:
        assert not service.keep_due(session, today())
        assert session.scalars(select(IndicatorForecast)).all() == []


def test_last_years_stands_beside_what_came(database: str) -> None:
    world = _steered()
    tell_years(world.tenant_id, today(), until=7)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert service.keep(session, told_month(today(), 6).replace(day=15))
    with world.session() as session:
        [first] = service.kept(session, world.people["steering"])
    assert first.missed.months == 0 and first.missed.error is None
    # Three months come: as foreseen, 20 off, far off.
    said = first.outlook.months
    came = [said[0].waiting.middle, said[1].waiting.middle + 20, said[2].waiting.high + 200]
    tell(
        world.tenant_id,
        [
            ("waiting", one.month, one.month, number)
            for one, number in zip(said, came, strict=False)
        ],
    )
    with world.session() as session:
        [after] = service.kept(session, world.people["steering"])
    assert [one.came for one in after.lines[:4]] == [*came, None]
    third = said[2].waiting.high + 200 - said[2].waiting.middle
    assert after.missed.months == 3
    assert after.missed.error == pytest.approx((0 + 20 + third) / 3)
    assert after.missed.inside == sum(
        one.waiting.low <= number <= one.waiting.high
        for one, number in zip(said, came, strict=False)
    )
    assert after.outlook == first.outlook


def test_months_that_were_over_when_it_was_made_are_not_judged(database: str) -> None:
    """Moves in were told to three months ago, who waits to last month: those two are no forecast."""
    world = _steered()
    tell_years(world.tenant_id, today(), until=3)
    late = [(told_month(today(), back), 900) for back in (2, 1)]
    tell(world.tenant_id, [("waiting", month, month, number) for month, number in late])
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert service.keep(session, today())
    with world.session() as session:
        [kept] = service.kept(session, world.people["steering"])
    assert kept.outlook.months[0].month == told_month(today(), 2)
    assert kept.lines[0].month == told_month(today(), 0) and len(kept.lines) == 10
    assert kept.missed.months == 0


def _steered() -> World:
    world = new_world()
    world.add("steering", Membership(Role.STEERING))
    world.add("reviewer", Membership(Role.LOG_REVIEWER))
    world.add("coordinator", Membership(Role.TRANSFER_COORDINATOR))
    return world


def test_a_kommuns_own_telling_is_enough_to_go_by(database: str) -> None:
    """From facts through months and telling: some ten a month come, wait seven months, stay twenty."""
    world, draws = new_world(), random.Random(2)
    cases = _many_cases(world, 120)
    months, now = 40, told_month(today(), 0)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        for number in range(-27, months):
            for place in range(draws.choice((8, 9, 10, 11, 12))):
                came = add_months(now, number - months).replace(day=5)
                moved, left = add_months(came, 7), add_months(came, 27)
                case = cases[(number * 10 + place) % len(cases)]
                facts = [
                    ("waiting", came, moved),
                    ("moved_in", moved, None),
                    ("homes_running", moved, left),
                    ("moved_on" if place % 2 else "ended", left, None),
                ]
                session.add_all(
                    IndicatorFact(
                        case_id=case,
                        indicator=code,
                        of=new_id(),
                        begins=begins,
                        ends=ends,
                        programme="",
                        step="",
                        area="",
                        groups=[],
                        amount=None,
                        met=None,
                    )
                    for code, begins, ends in facts
                    if begins < today()
                )
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        snapshots.keep(session, today())
        session.flush()
        assert telling.tell(session, today()) > 100
        session.flush()
        basis = read_basis(session, today())
        assert basis is not None and basis.lacks(today()) == []
        assert basis.months >= 24
        assert basis.waiting == pytest.approx(70, abs=12)
        assert basis.homes == pytest.approx(200, abs=20)
        for flow in (basis.arrivals, basis.moved_in, basis.left, 2 * basis.moved_on):
            assert flow / basis.months == pytest.approx(10, abs=1.5)
        assert service.keep(session, today())
        [kept] = session.scalars(select(IndicatorForecast)).all()
    year = kept.result["year"]
    assert year["lacking"]["low"] <= 70 <= year["lacking"]["high"] + 4
    assert year["arrivals"]["low"] <= 120 <= year["arrivals"]["high"]


def _many_cases(world: World, count: int) -> list[UUID]:
    """Cases of households of their own, as a first one is."""
    first = world.case()
    found = [first.id]
    with as_owner(world.tenant_id) as connection:
        for number in range(count - 1):
            household, case = new_id(), new_id()
            connection.execute(
                "INSERT INTO households SELECT (jsonb_populate_record(h, jsonb_build_object('id', %s::uuid,"
                " 'alias', %s::text))).* FROM households h WHERE h.id = %s",
                (household, f"H-{number}", first.household_id),
            )
            connection.execute(
                "INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('id', %s::uuid,"
                " 'household_id', %s::uuid, 'number', %s::text))).* FROM cases c WHERE c.id = %s",
                (case, household, f"F-{number}", first.id),
            )
            found.append(case)
    return found
