"""From an incident to the instants at which its service levels are due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from hemvist.policy.errors import PolicyError
from hemvist.policy.events import INCIDENTS
from hemvist.policy.levels import Deadline, ServiceLevel
from hemvist.policy.months import add_days, add_months
from hemvist.policy.pack import Pack
from hemvist.policy.working_days import add_working_days

#: A day is a day in Sweden.
SWEDEN = ZoneInfo("Europe/Stockholm")


def service_levels(
    pack: Pack, event: str, at: datetime, programme: str | None = None
) -> tuple[Deadline, ...]:
    """When every service level of an incident is due, soonest first.

    Hours run by the clock, also through nights and the change to summer time. Days, working days
    and months are kept through the whole of the last day in Sweden. Without a programme only those
    that hold for all. Raises ``PolicyError`` on an incident or a programme that there is not, on an
    instant without a time zone, and on a gap in a parameter.
    """
    if event not in INCIDENTS:
        raise PolicyError(f"no incident {event[:60]!r}", rule="unknown_event")
    if at.tzinfo is None:
        raise PolicyError("the instant has no time zone", rule="wrong_type")
    if programme is not None:
        pack.programme(programme)
    found = [
        _deadline(pack, level, at)
        for level in pack.service_levels
        if level.on == event and (not level.programmes or programme in level.programmes)
    ]
    return tuple(sorted(found, key=lambda deadline: deadline.due_at))


def _deadline(pack: Pack, level: ServiceLevel, at: datetime) -> Deadline:
    local = at.astimezone(SWEDEN)
    count = pack.number(level.within.count, local.date())
    if level.within.unit == "hours":
        due = (at.astimezone(UTC) + timedelta(hours=count)).astimezone(SWEDEN)
        return Deadline(level, due, due.date())
    day = _day(level.within.unit, local.date(), count)
    return Deadline(level, _end_of(day, SWEDEN), day)


def _day(unit: str, start: date, count: int) -> date:
    match unit:
        case "months":
            return add_months(start, count)
        case "working_days":
            return add_working_days(start, count)
    return add_days(start, count)


def _end_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(add_days(day, 1), time(), zone)
