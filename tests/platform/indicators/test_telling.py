"""What was told stays told: months pass, facts change, versions come, and no number is cut otherwise."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from hemvist.clock import today
from hemvist.indicators import reading, snapshots, telling
from hemvist.indicators.cells import cells
from hemvist.indicators.definitions import catalogue
from hemvist.indicators.models import IndicatorSnapshot, IndicatorTold
from hemvist.indicators.snapshots import month_of
from hemvist.indicators.suppression.rules import STEP
from hemvist.indicators.suppression.series import margins
from hemvist.policy import add_months
from hemvist.tenancy import Audience
from hemvist_facts import many_cases, write_facts
from hemvist_world import World, as_owner, new_world

MONTHS = 26
THIS = month_of(today())
FIRST = add_months(THIS, -MONTHS)
AREAS = ("North", "South")


@pytest.fixture
def world(database: str) -> World:
    """A kommun of each test's own, with homes in two areas."""
    made = new_world()
    for area in AREAS:
        made.unit(area=area)
    return made


def tell(world: World, on: date) -> int:
    """Keep and tell on a day, as the worker does at night."""
    with world.session(audience=Audience.WORKER) as session:
        snapshots.keep(session, on)
        return telling.tell(session, on)


def numbers(world: World) -> dict[UUID, tuple[Any, ...]]:
    """Everything that was told, as it stands."""
    return {
        row.id: (
            *(row.indicator, row.version, row.margin, tuple(row.cells), row.from_month),
            *(row.to_month, row.facts, row.met_least, row.met_most, row.amount, row.middle),
            row.told_at,
        )
        for row in world.rows(IndicatorTold)
    }


def happened(world: World, chance: random.Random, cases: list[UUID]) -> list[dict[str, Any]]:
    """What a made-up kommun's cases give some indicators."""
    with world.session(audience=Audience.WORKER) as session:
        programmes = cells(session)["programme"]
    found: list[dict[str, Any]] = []
    for case in cases:
        day = FIRST + timedelta(days=chance.randrange(MONTHS * 30))
        ends = day + timedelta(days=chance.randrange(40, 500))
        where = {
            "programme": chance.choice(programmes[:2]),
            "area": chance.choice((*AREAS, "Nowhere")),
            "groups": [
                chance.choice(("sex:woman", "sex:man")),
                chance.choice(("children:yes", "children:no")),
            ],
        }
        found += [
            {"indicator": "moved_in", "begins": day, **where},
            {"indicator": "time_to_home", "begins": day, "amount": chance.randrange(300), **where},
            {"indicator": "homes_running", "begins": day, "ends": ends, **where},
            {
                "indicator": "follow_ups_on_time",
                "begins": day,
                "met": chance.random() < 0.7,
                **where,
            },
            {"indicator": "guarantee_claims", "begins": day, "amount": chance.randrange(9**7)},
        ]
        if ends < THIS:
            way = chance.choice(("moved_on", "ended"))
            found.append({"indicator": way, "begins": ends, **where})
        for one in found[-6:]:
            one.setdefault("case_id", case)
    return found


def test_nothing_told_is_ever_changed(world: World) -> None:
    chance = random.Random(11)
    cases = many_cases(world, 150)
    write_facts(world, happened(world, chance, cases))
    before: dict[UUID, tuple[Any, ...]] = {}
    for number in range(1, MONTHS + 1):
        night = add_months(FIRST, number)
        tell(world, night)
        after = numbers(world)
        assert {key: after[key] for key in before} == before
        assert tell(world, night) == 0
        assert tell(world, night + timedelta(days=20)) == 0
        before = after
        # What comes in late, and what goes, tells nothing of itself.
        write_facts(
            world,
            [
                {
                    "case_id": chance.choice(cases),
                    "indicator": "moved_on",
                    "begins": add_months(FIRST, chance.randrange(number)),
                }
            ],
        )
        with as_owner(world.tenant_id) as connection:
            connection.execute("DELETE FROM indicator_facts WHERE case_id = %s", [cases.pop()])
    assert len(before) > 50


def test_what_is_told_divides_what_the_months_showed(world: World) -> None:
    chance = random.Random(3)
    write_facts(world, happened(world, chance, many_cases(world, 300)))
    for number in range(1, MONTHS + 1):
        tell(world, add_months(FIRST, number))
    shown = world.rows(IndicatorSnapshot, indicator="moved_on")
    with world.session() as session:
        for margin in ("all", "programme", "area"):
            told = reading.told(session, "moved_on", margin)
            assert told
            starts = sorted({(one.from_month, one.to_month) for one in told})
            assert starts[0][0] == FIRST
            for (_, end), (start, _) in pairwise(starts):
                assert start == add_months(end, 1)
            for start, end in starts:
                rows = [one for one in told if one.from_month == start]
                assert all(one.facts is not None and one.facts >= 5 for one in rows)
                within = [
                    one for one in shown if one.margin == margin and start <= one.month <= end
                ]
                assert sum(one.facts or 0 for one in rows) == sum(one.facts for one in within)
                named = [cell for one in rows for cell in one.cells]
                assert len(named) == len(set(named))
        ends = {one.to_month for one in reading.told(session, "moved_on")}
        for margin in ("programme", "area"):
            assert {one.to_month for one in reading.told(session, "moved_on", margin)} <= ends


def test_each_tells_its_own_measure(world: World) -> None:
    chance = random.Random(5)
    write_facts(world, happened(world, chance, many_cases(world, 300)))
    tell(world, THIS)
    with world.session() as session:
        ended = reading.told(session, "ended")
        assert ended and reading.told(session, "ended", "area")
        # Homes are what the told moves make them: nothing here came or went otherwise.
        running = reading.told(session, "homes_running")
        moves = {"moved_in": 1, "moved_on": -1, "ended": -1, "evicted": -1}
        told = {code: reading.told(session, code) for code in moves}
        assert running
        assert {one.to_month for one in running} <= {one.to_month for one in told["moved_on"]}
        for one in running:
            assert one.facts is not None
            assert one.facts + STEP - 1 == sum(
                sign * (block.facts or 0)
                for code, sign in moves.items()
                for block in told[code]
                if block.to_month <= one.to_month
            )
        # A time is told of months and programmes that moves in are told of, or of several together.
        moved_in = reading.told(session, "moved_in", "programme")
        times = reading.told(session, "time_to_home", "programme")
        assert times
        for one in times:
            parts = [
                set(block.cells)
                for block in moved_in
                if one.from_month <= block.from_month and block.to_month <= one.to_month
            ]
            assert {one.from_month, one.to_month} <= {
                day for block in moved_in for day in (block.from_month, block.to_month)
            }
            assert all(part <= set(one.cells) or not part & set(one.cells) for part in parts)
        ends = {code: {block.to_month for block in told[code]} for code in moves}
        assert ends["moved_in"] >= ends["moved_on"]
        assert reading.told(session, "homes_running", "programme") == []
        with_children = reading.told(session, "homes_running", "children")
        # Those without would tell of the whole, with them.
        assert with_children
        assert all("children:no" not in one.cells for one in with_children)
        days = reading.told(session, "time_to_home")
        assert days and all(one.facts is None and one.middle is not None for one in days)
        assert all(
            one.middle is not None and (one.middle <= 28 or one.middle % 7 == 0) for one in days
        )
        shares = reading.told(session, "follow_ups_on_time")
        for one in shares:
            assert one.facts is not None and one.met_least is not None and one.met_most is not None
            assert 0 <= one.met_least <= one.met_most <= one.facts
            assert one.met_least == one.met_most or one.met_most - one.met_least >= 4
        sums = reading.told(session, "guarantee_claims")
        assert any(one.amount is not None for one in sums)
        assert all(one.amount is None or one.amount % 100_000 == 0 for one in sums)
        for one in reading.told(session, "time_to_home", "sex"):
            assert one.from_month.month == 1 or one.from_month == FIRST
            assert one.to_month >= date(one.from_month.year, 12, 1)


def test_a_new_version_never_tells_a_month_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(7)
    write_facts(world, happened(world, chance, many_cases(world, 300)))
    changes = add_months(FIRST, 14)
    tell(world, changes)
    codes = ("moved_on", "homes_running")
    for code in codes:
        known = catalogue()
        monkeypatch.setitem(known, code, replace(known[code], version=2))  # type: ignore[arg-type]
    tell(world, THIS)
    with world.session() as session:
        for code in codes:
            assert reading.versions(session, code) == [1, 2]
            for margin in ("all", *margins(catalogue()[code])):
                old = reading.told(session, code, margin, version=1)
                new = reading.told(session, code, margin)
                assert old and new and {one.version for one in new} == {2}
                whole = reading.told(session, code, version=1)
                assert max(one.to_month for one in whole) < min(one.from_month for one in new)
        # The new series is kept as far back as facts reach, and not told so far.
        kept = world.rows(IndicatorSnapshot, indicator="moved_on", version=2, margin="all")
        assert min(one.month for one in kept) == FIRST


def test_transfers_are_told_by_year_in_bands(world: World) -> None:
    cases = many_cases(world, 13)
    year = THIS.year - 1
    facts = [
        {"case_id": case, "indicator": "transfers", "begins": date(year, 3, 1)} for case in cases
    ]
    facts.append({"case_id": cases[0], "indicator": "transfers", "begins": date(year + 1, 1, 1)})
    write_facts(world, facts)
    tell(world, date(year, 12, 31))
    with world.session() as session:
        assert reading.told(session, "transfers") == []
    tell(world, THIS)
    with world.session() as session:
        (told,) = reading.told(session, "transfers")
        assert (told.to_month, told.facts) == (date(year, 12, 1), None)
        assert (told.met_least, told.met_most) == (10, 19)


def test_what_was_asked_for_is_read_by_month_and_cells(world: World) -> None:
    chance = random.Random(2)
    write_facts(world, happened(world, chance, many_cases(world, 300)))
    tell(world, THIS)
    with world.session() as session:
        whole = reading.told(session, "moved_on")
        middle = whole[len(whole) // 2]
        found = reading.told(session, "moved_on", "all", middle.to_month, middle.to_month)
        assert [one.id for one in found] == [middle.id]
        areas = reading.told(session, "moved_on", "area")
        order = [(one.from_month, one.cells) for one in areas]
        assert order == sorted(order)
        assert reading.told(session, "evicted") == [] and reading.versions(session, "evicted") == []
        # A cell that is none of the kommun's stands among those without one.
        assert not any("Nowhere" in one.cells for one in areas)


def test_few_households_with_much_each_are_not_told(world: World) -> None:
    """Four households with ten incidents each: forty facts that tell of four."""
    cases = many_cases(world, 4)
    facts = [
        {"case_id": case, "indicator": "incidents", "begins": add_months(FIRST, number)}
        for case in cases
        for number in range(10)
    ]
    write_facts(world, facts)
    tell(world, THIS)
    with world.session() as session:
        assert reading.told(session, "incidents") == []


def test_one_household_that_pays_most_is_not_told(world: World) -> None:
    cases = many_cases(world, 12)
    facts = [
        {
            "case_id": case,
            "indicator": "guarantee_claims",
            "begins": FIRST,
            "amount": 9_000_000 if case == cases[0] else 100_000,
        }
        for case in cases
    ]
    write_facts(world, facts)
    tell(world, THIS)
    with world.session() as session:
        (told,) = reading.told(session, "guarantee_claims")
        assert told.amount is None and told.facts is None
