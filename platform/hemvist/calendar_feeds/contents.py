"""What a feed holds: how many of what are due on which day. Nobody's name, number or case."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, Text, cast, func, select

from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.identity import Actor
from hemvist.incidents.clock_models import ServiceClock
from hemvist.tenancy import TenantSession
from hemvist.workdays import duties

#: How far back and ahead the calendar goes.
BACK, AHEAD = timedelta(days=31), timedelta(days=366)
MOST = 2000


@dataclass(frozen=True, slots=True)
class DayEntry:
    """So many obligations called ``label`` are to be done on or by ``on``."""

    on: date
    code: str
    label: Mapping[str, Any]
    count: int
    #: Done on a day that was planned, and not only due by it.
    planned: bool = False


@dataclass(frozen=True, slots=True)
class ClockEntry:
    """So many service clocks run out at the instant ``at`` (UTC)."""

    at: datetime
    count: int


def days_of(session: TenantSession, actor: Actor) -> list[DayEntry]:
    """What is open for the actor's departments, by day and kind, the earliest first.

    A planned obligation stands on the day that was planned.
    """
    theirs = duties.theirs(actor)
    if theirs is None:
        return []
    day = today()
    when = func.coalesce(Obligation.planned_on, Obligation.due_on)
    rows = session.execute(
        select(
            when,
            Obligation.code,
            Obligation.label,
            Obligation.planned_on.is_not(None),
            func.count(),
        )
        .where(
            Obligation.state == "open",
            when.between(day - BACK, day + AHEAD),
            theirs,
            duties.seen(actor),
        )
        .group_by(when, Obligation.code, Obligation.label, Obligation.planned_on.is_not(None))
        .order_by(when, Obligation.code)
        .limit(MOST)
    )
    return _merged(
        DayEntry(on, code, label, number, planned) for on, code, label, planned, number in rows
    )


def clocks_of(session: TenantSession, actor: Actor) -> list[ClockEntry]:
    """When clocks run out that the actor's departments must answer, the earliest first."""
    own = duties.answering(actor)
    if not own:
        return []
    rows = session.scalars(
        select(ServiceClock.due_at)
        .where(
            ServiceClock.state == "running",
            ServiceClock.departments.op("&&", is_comparison=True)(cast(own, ARRAY(Text))),
            duties.seen(actor, ServiceClock),
        )
        .order_by(ServiceClock.due_at)
        .limit(MOST)
    )
    counted = Counter(rows)
    return [ClockEntry(at, count) for at, count in sorted(counted.items())]


def _merged(found: Iterable[DayEntry]) -> list[DayEntry]:
    """One entry for each day, kind and plan: other wordings of other versions count with the first."""
    kept: dict[tuple[date, str, bool], DayEntry] = {}
    counts: dict[tuple[date, str, bool], int] = defaultdict(int)
    for one in found:
        key = (one.on, one.code, one.planned)
        kept.setdefault(key, one)
        counts[key] += one.count
    return [
        DayEntry(one.on, one.code, one.label, counts[key], one.planned) for key, one in kept.items()
    ]
