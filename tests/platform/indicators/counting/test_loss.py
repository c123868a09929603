"""Homes at risk, by lives made by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.arrears import recovery
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.incidents import service as incidents
from hemvist.indicators.fact import Fact
from hemvist.ladder import evictions, service
from hemvist.ladder.models import Eviction, Ladder
from hemvist_arrears import account, imported, row
from hemvist_goteborg import CASEWORKER
from hemvist_incidents import CASEWORKER as ASF
from hemvist_incidents import CONTENT, PACK, at, report, social_contract
from hemvist_indicators import counted
from hemvist_ladder import demanded, in_goteborg, noticed, opened, step
from hemvist_pack_cases import Walk
from hemvist_world import World, a_number, adult, child, new_world

WHO, DEPARTMENT = "caseworker SOF-VUX", "SOF-VUX"


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Göteborg's people."""
    return in_goteborg()


def day(offset: int) -> date:
    """A day so many days from today."""
    return today() + timedelta(days=offset)


def act(world: World, verb: Any, row: Eviction, **given: Any) -> Eviction:
    """One act on the eviction by its present version."""
    version = world.again(row).version
    return world.act(CASEWORKER, verb, eviction_id=row.id, expected_version=version, **given)  # type: ignore[no-any-return]


def applied(world: World) -> tuple[Case, Ladder, Eviction]:
    """A household whose landlord has applied for its eviction, ten days ago."""
    case, _, ladder = opened(world)
    made = step(
        world,
        ladder,
        evictions.apply_for_eviction,
        who=CASEWORKER,
        by_landlord=True,
        number="U-9",
        applied_on=day(-10),
    )
    return case, ladder, made


def test_a_demand_is_a_warning_on_the_day_it_is_sent(world: World) -> None:
    case, _, ladder = opened(world)
    assert not counted(world, case.id, "warnings")
    sent = demanded(world, ladder, day(-30))
    noticed(world, ladder)
    assert counted(world, case.id, "warnings") == [Fact("warnings", sent.id, day(-30))]


def test_an_application_that_is_withdrawn_averts_an_eviction(world: World) -> None:
    case, _, made = applied(world)
    assert not counted(world, case.id, "evictions_averted")
    act(world, evictions.withdraw_eviction, made, because="Skulden är betald.", on=day(-2))
    assert counted(world, case.id, "evictions_averted") == [
        Fact("evictions_averted", made.id, day(-2))
    ]
    assert not counted(world, case.id, "children_evicted")


def test_children_of_the_household_are_counted_on_the_day(database: str) -> None:
    world = new_world()
    young, grown = a_number(date(2015, 5, 2)), a_number(date(2005, 5, 2))
    case = world.case(
        adult(),
        child(),
        adult("child", personal_number=young),
        adult("child", personal_number=grown),
    )
    ladder = world.act(
        WHO,
        service.open_ladder,
        case_id=case.id,
        ground="arrears",
        severity="serious",
        severity_reason="Två hyror är obetalda.",
        about="Hyresskuld hos annan värd.",
        opened_on=day(-40),
    )
    made = step(
        world, ladder, evictions.apply_for_eviction, who=WHO,
        by_landlord=True, number="U-10", applied_on=day(-10),
    )  # fmt: skip
    for verb, given in (
        (evictions.set_eviction_date, {"evicts_on": today()}),
        (evictions.carry_out_eviction, {}),
    ):
        version = world.again(made).version
        world.act(WHO, verb, eviction_id=made.id, expected_version=version, **given)
    assert counted(world, case.id, "children_evicted", "evictions_averted", "evicted") == [
        Fact("children_evicted", made.id, today(), amount=2),
        Fact("evicted", made.id, today(), programme=world.again(case).programme or ""),
    ]


@pytest.mark.parametrize(("how", "averted"), [("paid", True), ("withdrawn", False)])
def test_a_tenancy_that_is_won_back_is_an_eviction_averted(
    database: str, how: str, averted: bool
) -> None:
    world, number = new_world(), a_number(date(1985, 3, 14))
    case = world.case(adult(personal_number=number))
    imported(world, WHO, DEPARTMENT, [row("A-1", Personnummer=number)])
    found = account(world, "A-1")
    period = world.act(
        WHO,
        recovery.register_recovery,
        account_id=found.id,
        amount_ore=found.balance_ore,
        served_on=day(-6),
        board_told_on=day(-5),
    )
    assert not counted(world, case.id, "evictions_averted")
    world.act(
        WHO,
        recovery.end_recovery,
        recovery_id=period.id,
        how=how,
        on=day(-1),
        expected_version=world.again(period).version,
    )
    told = [Fact("evictions_averted", period.id, day(-1))] if averted else []
    assert counted(world, case.id, "evictions_averted") == told


@pytest.fixture(scope="module")
def karlstad(database: str) -> World:
    """Where a landlord's report starts clocks."""
    return Walk.of(PACK, "ASF", "BG", "1780", CONTENT).world


def test_an_incident_counts_on_the_day_it_reached_the_kommun(karlstad: World) -> None:
    case = social_contract(karlstad)
    # Half an hour past midnight in Sweden is still the day before in UTC, as it is stored.
    made = report(karlstad, case, received_at=at("2025-12-24 00:30"))
    told = [Fact("incidents", made.id, date(2025, 12, 24))]
    assert counted(karlstad, case.id, "incidents") == told
    karlstad.act(
        ASF,
        incidents.close,
        incident_id=made.id,
        expected_version=karlstad.again(made).version,
        outcome="unfounded",
        note="Fel lägenhet.",
    )
    assert not counted(karlstad, case.id, "incidents")
