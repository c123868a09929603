"""Obligations over ten years of random life are what somebody would count by hand on a calendar.

The oracle shares nothing with the platform but the words of the pack: it walks the calendar day by day,
knows how long months are, and decides of each day by itself whether something falls on it.
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import Obligation, ObligationPause
from hemvist.deadlines.replanning import Replan
from hemvist.ids import new_id
from hemvist.policy import Pack, Pause, schedule
from hemvist.policy.labels import Label
from hemvist.policy.params import Num, Span
from hemvist.policy.programmes import Obligation as Duty
from hemvist_registry import discovered
from hemvist_world import World, new_world

YEARS = 10
GUIDELINES = (
    ("helsingborg/bostadssociala-lagenheter", "municipal_contract"),
    ("goteborg/bostad-forst", "bostad_forst"),
    ("karlstad/sociala-kontrakt", "social_contract"),
    ("jonkoping/sociala-kontrakt", "social_contract"),
)
ONE = timedelta(days=1)
Found = set[tuple[str, int, date]]


@dataclass
class Life:
    """What happens in one made-up case, and when its visits rest."""

    events: dict[str, date]
    pauses: list[tuple[date, date | None, tuple[str, ...]]] = field(default_factory=list)


# --- the oracle: by hand, from the calendar


def length_of(year: int, month: int) -> int:
    """Days of a month, by the rule of leap years."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]


def months_on(day: date, months: int) -> date:
    """The same day so many months on, or the month's last when it has no such day."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month > 12:
            year, month = year + 1, 1
    return date(year, month, min(day.day, length_of(year, month)))


def days_on(day: date, days: int) -> date:
    """So many days on, one at a time."""
    for _ in range(days):
        day = date.fromordinal(day.toordinal() + 1)
    return day


def by_hand(pack: Pack, programme: str, life: Life, until: date) -> Found:
    """What is due, and when, for a case of any department."""
    found: Found = set()
    for duty in pack.programme(programme).obligations:
        anchor = life.events.get(duty.anchor)
        if anchor is None:
            continue
        over = [life.events[end] for end in duty.ends if end in life.events]
        last = min([until, *(day for day in over if day >= anchor)])
        for number, day in enumerate(counted(pack, duty, anchor, until), 1):
            asked = rested(duty, anchor, day, life)
            if asked is not None and asked <= last:
                found.add((duty.id, number, asked))
    return found


def counted(pack: Pack, duty: Duty, anchor: date, until: date) -> Iterator[date]:
    """The days that the guideline counts to, resting or not, each from the anchor and never chained."""
    if duty.continuous:
        return
    span = duty.within or duty.every
    assert span is not None
    on = months_on if span.unit == "months" else days_on
    step = pack.number(span.count, anchor)
    if duty.within is not None:
        yield on(anchor, step)
        return
    first = step if duty.first_after is None else pack.number(duty.first_after.count, anchor)
    most = None if duty.times is None else pack.number(duty.times, anchor)
    number = 0
    while most is None or number < most:
        day = on(anchor, first + number * step)
        if day > until:
            return
        yield day
        number += 1


def rested(duty: Duty, anchor: date, day: date, life: Life) -> date | None:
    """The day on which it is asked for, walking every day of the case; None when it is not."""
    how = duty.pause or ("skip" if duty.every is not None else "never")
    if how == "never":
        return day

    def rests(on: date) -> bool:
        return any(
            start <= on and (end is None or on <= end) and (not codes or duty.id in codes)
            for start, end, codes in life.pauses
        )

    if how == "skip":
        return None if rests(day) else day
    # Time stands still on a day of rest: as many days that count as there were before.
    left, walked = (day - anchor).days, anchor
    while True:
        if left == 0 and not rests(walked):
            return walked
        if walked > day + timedelta(days=366 * 30):
            return None
        if not rests(walked):
            left -= 1
        walked += ONE


# --- lives


def a_life(chance: random.Random, pack: Pack, programme: str) -> Life:
    """Ten years with events on awkward days, some of them missing, and pauses that may overlap."""
    begin = date(chance.randint(2022, 2027), 1, 1) + timedelta(days=chance.randrange(365))
    duties = pack.programme(programme).obligations
    names = sorted({one for duty in duties for one in (duty.anchor, *duty.ends)})
    ends = {end for duty in duties for end in duty.ends}
    events: dict[str, date] = {}
    for name in names:
        late = name in ends
        if chance.random() < (0.5 if late else 0.85):
            days = chance.randrange(300, 3650) if late else chance.randrange(0, 200)
            events[name] = awkward(chance, begin + timedelta(days=days))
    codes = [duty.id for duty in duties if duty.every is not None]
    pauses = []
    for _ in range(chance.choice((0, 1, 2, 4))):
        start = begin + timedelta(days=chance.randrange(3650))
        end = None if chance.random() < 0.1 else start + timedelta(days=chance.randrange(0, 200))
        chosen = tuple(chance.sample(codes, k=1)) if codes and chance.random() < 0.4 else ()
        pauses.append((start, end, chosen))
    return Life(events, pauses)


def awkward(chance: random.Random, day: date) -> date:
    """Often the last of a month, or leap day."""
    if chance.random() < 0.15:
        year = day.year + (-day.year) % 4
        return date(year, 2, 29)
    if chance.random() < 0.4:
        return date(day.year, day.month, length_of(day.year, day.month))
    return day


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    """The guidelines."""
    return {name: discovered().get(name) for name, _ in GUIDELINES}


@pytest.mark.parametrize("guideline", GUIDELINES, ids=lambda one: one[0])
@pytest.mark.parametrize("seed", range(12))
def test_ten_random_years(packs: dict[str, Pack], guideline: tuple[str, str], seed: int) -> None:
    """Month ends, leap days, events that end a series, pauses that overlap: day for day."""
    name, programme = guideline
    chance = random.Random(f"{name} {seed}")
    pack = packs[name]
    life = a_life(chance, pack, programme)
    until = months_on(min(life.events.values(), default=date(2026, 1, 1)), 12 * YEARS)
    pauses = [Pause(*one) for one in life.pauses]
    said = schedule(pack, programme, life.events, until, pauses=pauses)
    assert {(one.obligation, one.ordinal, one.due_on) for one in said} == by_hand(
        pack, programme, life, until
    )
    assert [one.due_on for one in said] == sorted(one.due_on for one in said)


@pytest.mark.parametrize("seed", range(40))
def test_a_duty_that_is_put_off_waits_as_many_days(seed: int) -> None:
    """``pause: extend``: no day of rest counts, however pauses lie over each other."""
    chance = random.Random(seed)
    anchor = awkward(chance, date(2026, 1, 1) + timedelta(days=chance.randrange(900)))
    duty, pack = put_off()
    life = Life({"moved_in": anchor})
    for _ in range(chance.randint(1, 4)):
        start = anchor + timedelta(days=chance.randrange(-40, 300))
        life.pauses.append((start, start + timedelta(days=chance.randrange(0, 60)), ()))
    wanted = rested(duty, anchor, months_on(anchor, 6), life)
    said = [
        one.due_on
        for one in schedule(
            pack,
            "training",
            {"moved_in": anchor},
            months_on(anchor, 120),
            pauses=[Pause(*one) for one in life.pauses],
        )
        if one.obligation == duty.id
    ]
    assert said == [wanted]


def put_off() -> tuple[Duty, Pack]:
    """A pack with one duty that a pause puts off."""
    base = discovered().get(GUIDELINES[0][0])
    duty = Duty(
        id="try_again",
        label=Label("Pröva igen", "Try again"),
        cite=("RL §1",),
        anchor="moved_in",
        within=Span("months", Num(6, None)),
        by=("referring",),
        pause="extend",
    )
    programme = replace(base.programme(GUIDELINES[0][1]), id="training", obligations=(duty,))
    return duty, replace(base, programmes={"training": programme})


# --- the same in the record: laid out, moved, paused, done


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun of this file's own."""
    return new_world()


@pytest.mark.parametrize("seed", range(6))
def test_rows_follow_moved_days_and_pauses(world: World, seed: int) -> None:
    """What is still to be done is what would be counted from the days as they are now; what is done
    stays; nobody is asked afterwards for what lies before the change."""
    chance = random.Random(seed)
    pack, (_, programme) = discovered().get(GUIDELINES[1][0]), GUIDELINES[1]
    case = world.case()
    begin = awkward(chance, date(2027, 1, 1) + timedelta(days=chance.randrange(300)))
    ids = {name: new_id() for name in ("moved_in", "support_assigned")}
    life = Life({name: begin + timedelta(days=chance.randrange(20)) for name in ids})
    until = months_on(begin, 24)
    lay_out(world, case, pack, programme, ids, life, until)
    assert open_rows(world, case) == by_hand(pack, programme, life, until)

    done = sorted(open_rows(world, case), key=lambda one: one[2])[:5]
    settle(world, case, done)
    for _ in range(4):
        changed = begin + timedelta(days=chance.randrange(30, 500))
        if chance.random() < 0.5:
            name = chance.choice(sorted(life.events))
            life.events[name] = awkward(
                chance, life.events[name] + timedelta(days=chance.randrange(-15, 40))
            )
        else:
            start = changed + timedelta(days=chance.randrange(-20, 60))
            life.pauses.append((start, start + timedelta(days=chance.randrange(0, 90)), ()))
            pause(world, case, *life.pauses[-1])
        before = open_rows(world, case)
        replan(world, case, pack, programme, ids, life, until, changed)
        wanted = by_hand(pack, programme, life, until)
        settled = {(code, number) for code, number, _ in done}
        now = open_rows(world, case)
        # From the change on, exactly what is counted; before it, nothing that was not there.
        assert {one for one in now if one[2] >= changed} == {
            one for one in wanted if one[2] >= changed and one[:2] not in settled
        }
        there = {one[:2] for one in before}
        assert {one[:2] for one in now if one[2] < changed} <= there
        assert {one[:2] for one in rows_in(world, case, "done")} == settled
        # Laying out further changes nothing of it.
        lay_out(world, case, pack, programme, ids, life, until)
        assert {one for one in open_rows(world, case) if one[2] >= changed} == {
            one for one in now if one[2] >= changed
        }


def lay_out(
    world: World,
    case: Case,
    pack: Pack,
    programme: str,
    ids: dict[str, Any],
    life: Life,
    until: date,
) -> None:
    anchors = {name: (ids[name], day) for name, day in life.events.items()}
    with world.session() as session:
        deadlines.lay_out(
            session,
            case_id=case.id,
            programme=programme,
            pack=pack,
            anchors=anchors,
            until=until,
            departments_of={"referring": ["SOF-VUX"], "property": ["FF"]},
            happened=anchors,
        )


def replan(
    world: World,
    case: Case,
    pack: Pack,
    programme: str,
    ids: dict[str, Any],
    life: Life,
    until: date,
    on: date,
) -> None:
    with world.session() as session:
        Replan(
            session,
            case_id=case.id,
            programme=programme,
            pack=pack,
            anchors={name: (ids[name], day) for name, day in life.events.items()},
            until=until,
            on=on,
            departments_of={"referring": ["SOF-VUX"], "property": ["FF"]},
            department="SF-SV",
        ).carry_out()


def pause(world: World, case: Case, start: date, end: date | None, codes: tuple[str, ...]) -> None:
    with world.session() as session:
        session.save(
            ObligationPause(
                case_id=case.id,
                starts_on=start,
                ends_on=end,
                reason="hospital",
                codes=list(codes),
                notes="",
                registered_by=None,
            )
        )


def settle(world: World, case: Case, which: list[tuple[str, int, date]]) -> None:
    for code, number, day in which:
        [row] = world.rows(Obligation, case_id=case.id, code=code, ordinal=number)
        with world.session() as session:
            deadlines.mark_done(session, session.find(Obligation, row.id), day)


def open_rows(world: World, case: Case) -> Found:
    return rows_in(world, case, "open")


def rows_in(world: World, case: Case, state: str) -> Found:
    return {
        (row.code, row.ordinal, row.due_on)
        for row in world.rows(Obligation, case_id=case.id, state=state)
    }


def test_the_oracle_knows_the_calendar() -> None:
    """The oracle's own calendar against the standard library's, so that a fault in it shows."""
    for year in (1900, 2000, 2024, 2026, 2100):
        for month in range(1, 13):
            assert length_of(year, month) == calendar.monthrange(year, month)[1]
    assert months_on(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_on(date(2027, 8, 31), 6) == date(2028, 2, 29)
