"""Quotas and costs: of homes and money, by month, from agreements and told numbers alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.clock import now, today
from hemvist.db import Audience
from hemvist.identity import Membership, Role
from hemvist.indicators import of_homes
from hemvist.indicators.models import IndicatorSnapshot
from hemvist.indicators.of_homes import Price
from hemvist.indicators.snapshots import month_of
from hemvist.policy import add_months
from hemvist.tenancy import tenant_session
from hemvist_agreements import confirmed, opened, with_quota
from hemvist_world import World, as_owner, new_world

THIS = month_of(today())
SECOND = "property 2"


@pytest.fixture
def world(database: str) -> World:
    """A kommun with two property officers."""
    made = new_world()
    made.add(SECOND, Membership(Role.PROPERTY_OFFICER, "FF"))
    return made


def keep(world: World, *prices: Price, on: date | None = None) -> int:
    """Keep what is missing, as the worker does."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        return of_homes.keep(session, on or today(), prices)


def kept(world: World, code: str) -> dict[date, tuple[int, int]]:
    """Homes and öre by month."""
    rows = world.rows(IndicatorSnapshot, indicator=code)
    return {row.month: (row.facts, row.amount) for row in rows}


def agreed(world: World, starts_on: date, ends_on: date, **quota: Any) -> None:
    """An agreement in force."""
    _, draft = opened(world, starts_on=starts_on, ends_on=ends_on)
    with_quota(world, draft, **quota)
    confirmed(world, draft, SECOND)


def test_a_quota_counts_in_the_month_in_which_its_period_ends(world: World) -> None:
    year = today().year - 1
    agreed(world, date(year, 1, 1), date(year, 12, 31), homes=12)
    assert keep(world) > 0
    homes = kept(world, "quota_agreed")
    assert homes[date(year, 12, 1)] == (12, 0)
    assert sum(count for count, _ in homes.values()) == 12
    # Every month that is over is there, that of nothing too; the one that runs is not.
    assert min(homes) == date(year, 1, 1) and max(homes) == add_months(THIS, -1)
    assert set(kept(world, "quota_delivered")) == set(homes)
    assert keep(world) == 0


def test_an_agreement_that_ends_within_its_period_counts_when_the_period_does(world: World) -> None:
    """Also when the month is kept by itself, as it is month after month."""
    year = today().year - 1
    agreed(world, date(year, 1, 1), date(year, 6, 30), homes=365, rounding="up")
    keep(world, on=date(year, 12, 3))
    assert sum(count for count, _ in kept(world, "quota_agreed").values()) == 0
    keep(world)
    there = kept(world, "quota_agreed")
    half = (date(year, 7, 1) - date(year, 1, 1)).days
    assert {month: count for month, (count, _) in there.items() if count} == {
        date(year, 12, 1): half
    }


def test_a_quota_that_always_stands_is_no_flow(world: World) -> None:
    year = today().year - 1
    agreed(world, date(year, 1, 1), date(year, 12, 31), homes=12, per="standing")
    keep(world)
    assert {count for count, _ in kept(world, "quota_agreed").values()} == {0}


def test_without_agreements_there_is_no_month(world: World) -> None:
    assert keep(world) == 0


def test_what_homes_save() -> None:
    price = Price(date(2020, 1, 1), night_ore=80_000, rent_ore=700_000, cite="…")
    # 10 homes, 28 nights of 800 kronor less 7 000 kronor of rent each.
    assert of_homes.avoided_ore(10, date(2026, 2, 1), price) == 15_400_000
    # Where a night is cheap, homes cost more.
    cheap = Price(date(2020, 1, 1), night_ore=10_000, rent_ore=700_000, cite="…")
    assert of_homes.avoided_ore(1, date(2026, 2, 1), cheap) == -420_000


def test_costs_are_reckoned_from_told_homes_and_the_price_of_the_day(world: World) -> None:
    months = [add_months(THIS, -3), add_months(THIS, -2), add_months(THIS, -1)]
    with as_owner(world.tenant_id) as owner:
        for month, homes in zip(months, (20, None, 25), strict=True):
            owner.execute(
                "INSERT INTO indicator_told (tenant_id, id, indicator, version, margin, cells,"
                " from_month, to_month, facts, told_at) VALUES"
                " (%s, gen_random_uuid(), 'homes_running', 1, 'all', '{\"\"}', %s, %s, %s, %s)",
                (world.tenant_id, month, month, homes, now()),
            )
    assert keep(world) == 0, "no price, no cost"
    early = Price(months[0] - timedelta(days=400), 80_000, 700_000, "then")
    late = Price(months[2], 90_000, 800_000, "now")
    assert keep(world, late, early) == 2
    assert kept(world, "cost_avoided") == {
        months[0]: (20, of_homes.avoided_ore(20, months[0], early)),
        months[2]: (25, of_homes.avoided_ore(25, months[2], late)),
    }
    # A price that is said later changes nothing that was kept, and finds no home in the month untold.
    assert keep(world, Price(months[0], 1, 1, "later")) == 0
