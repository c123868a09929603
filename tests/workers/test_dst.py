"""The nights on which Sweden changes its clocks: beat goes on, and every day comes once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hemvist import clock
from hemvist.cases.models import CaseEvent
from hemvist.cases.overdue import OBLIGATION_OVERDUE
from hemvist.clock import SWEDISH_TIME
from hemvist.deadlines.models import Obligation
from hemvist.ids import new_id
from hemvist_workers import chores
from hemvist_world import World, new_world

#: To summer time: 02:00 becomes 03:00. Back: 03:00 becomes 02:00.
CHANGES = (date(2027, 3, 28), date(2027, 10, 31))
#: How long it may be between two rounds of a chore on those days, by its rhythm.
ROUNDS = {
    "mark-overdue": timedelta(minutes=10),
    "escalate-clocks": timedelta(minutes=5),
    "expire-offers": timedelta(minutes=10),
    "expire-referrals": timedelta(minutes=10),
    "send-digests": timedelta(minutes=15),
    # Once a night, at an hour that is missing in March and comes twice in October.
    "lay-out-obligations": timedelta(hours=25),
    "refresh-snapshot": timedelta(hours=25),
}


def minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    """Every minute from one instant to the other, in UTC."""
    while start < end:
        yield start
        start += timedelta(minutes=1)


def midnight(day: date) -> datetime:
    """When the day begins in Sweden."""
    return datetime(day.year, day.month, day.day, tzinfo=SWEDISH_TIME).astimezone(UTC)


@pytest.mark.parametrize("day", CHANGES)
@pytest.mark.parametrize("name", sorted(ROUNDS))
def test_beat_leaves_no_round_out(valkey: str, day: date, name: str) -> None:
    from hemvist_workers.app import app

    schedule: Any = app.conf.beat_schedule[name]["schedule"]
    start, end = midnight(day) - timedelta(hours=2), midnight(day + timedelta(days=1))
    last, at = start, start
    schedule.nowfun = lambda: at.astimezone(SWEDISH_TIME)
    try:
        rounds = []
        for at in minutes(start, end + timedelta(hours=4)):
            due, _ = schedule.is_due(last.astimezone(SWEDISH_TIME))
            if due:
                rounds.append(at)
                last = at
    finally:
        schedule.nowfun = None
    gaps = [later - earlier for earlier, later in zip([start, *rounds], rounds, strict=False)]
    assert rounds and max(gaps) <= ROUNDS[name], gaps


@pytest.mark.parametrize("change", CHANGES)
def test_a_duty_is_overdue_from_the_first_round_of_its_next_day_in_sweden(
    database: str, change: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounds every ten minutes over the day before, the day itself and the day after."""
    world = new_world()
    days = [change + timedelta(days=step) for step in (-2, -1, 0)]
    dues = {day: _duty(world, day) for day in days}
    at = midnight(days[0])

    class Instant(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return at.astimezone(tz)

    monkeypatch.setattr(clock, "datetime", Instant)
    seen: dict[date, datetime] = {}
    end = midnight(change + timedelta(days=1)) + timedelta(hours=4)
    while at < end:
        if chores.mark_overdue(world.tenant_id):
            for day, duty in dues.items():
                if world.again(duty).overdue_since is not None:
                    seen.setdefault(day, at)
        at += timedelta(minutes=10)
    assert seen == {day: midnight(day + timedelta(days=1)) for day in days}
    lines = world.rows(CaseEvent, kind=OBLIGATION_OVERDUE)
    assert sorted(line.occurred_on for line in lines) == [day + timedelta(days=1) for day in days]


def _duty(world: World, due_on: date) -> Obligation:
    case = world.case()
    with world.session() as session:
        return session.save(
            Obligation(
                case_id=case.id,
                programme="municipal_contract",
                code="follow_up",
                ordinal=1,
                due_on=due_on,
                anchor="moved_in",
                anchor_id=new_id(),
                anchored_on=date(2026, 1, 1),
                by=["referring"],
                departments=["SOF-VUX"],
                cite="4.1",
                label={"sv": "Uppföljning", "en": "Follow-up"},
                pack=case.pack,
                pack_version=case.pack_version,
            )
        )
