"""What the weekly mail says: how much waits, and where to look. Nobody's name, number or case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, and_, cast, func, or_, select

from hemvist.deadlines.models import Obligation
from hemvist.identity import Actor
from hemvist.incidents.clock_models import ServiceClock
from hemvist.notices.models import Notice
from hemvist.tenancy import TenantSession
from hemvist.tenancy.closed_circles import not_hidden
from hemvist.workdays import duties

#: The days that a week's mail looks ahead.
WEEK_DAYS = 6


def week_of(day: date) -> str:
    """The ISO week of ``day``: "2026-W48"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits for one person."""

    overdue: int
    this_week: int
    not_held: int
    clocks: int
    unread: int


def count(session: TenantSession, actor: Actor, day: date) -> Counts:
    """What waits for the actor on ``day`` and in the week from it."""
    theirs = duties.theirs(actor)

    def of(criteria: tuple[ColumnElement[bool], ...]) -> int:
        if theirs is None:
            return 0
        return _number(session, Obligation, *criteria, theirs, duties.seen(actor))

    return Counts(
        overdue=of(duties.overdue(day)),
        this_week=of(duties.soon(day, WEEK_DAYS)),
        not_held=of(duties.not_held(day)),
        clocks=_clocks(session, actor),
        unread=_unread(session, actor),
    )


def _number(session: TenantSession, model: Any, *criteria: ColumnElement[bool]) -> int:
    # The mail is written by a worker, who sees closed cases that its reader may not see.
    shown = not_hidden(model.case_id)
    return session.scalar(select(func.count()).select_from(model).where(*criteria, shown)) or 0


def _clocks(session: TenantSession, actor: Actor) -> int:
    own = duties.answering(actor)
    if not own:
        return 0
    theirs = ServiceClock.departments.op("&&", is_comparison=True)(cast(own, ARRAY(Text)))
    return _number(
        session,
        ServiceClock,
        ServiceClock.stopped_at.is_(None),
        theirs,
        duties.seen(actor, ServiceClock),
    )


def _unread(session: TenantSession, actor: Actor) -> int:
    held = [
        and_(Notice.role == one.role.value, Notice.department == one.department)
        for one in actor.memberships
    ]
    if not held:
        return 0
    return _number(
        session,
        Notice,
        Notice.read_at.is_(None),
        or_(*held),
        Notice.caused_by.is_distinct_from(actor.principal_id),
        duties.seen(actor, Notice),
    )


_LINES = {
    "sv": {
        "overdue": "Försenat: {n}",
        "this_week": "Ska göras den här veckan: {n}",
        "not_held": "Besök och uppföljningar som inte blev av de senaste två veckorna: {n}",
        "clocks": "Tidsgränser som väntar på svar: {n}",
        "unread": "Olästa notiser: {n}",
    },
    "en": {
        "overdue": "Overdue: {n}",
        "this_week": "To be done this week: {n}",
        "not_held": "Visits and follow-ups that did not take place in the last two weeks: {n}",
        "clocks": "Service times that wait for an answer: {n}",
        "unread": "Unread notices: {n}",
    },
}
_REST = {
    "sv": (
        "Din vecka i Hemvist, vecka {week}",
        "Det här väntar på dig och dina kollegor:",
        "Just nu väntar inget på dig.",
        "Se vad det gäller (du behöver logga in):",
        "Du får brevet för att du har bett om det. Stäng av det här:",
    ),
    "en": (
        "Your week in Hemvist, week {week}",
        "This waits for you and your colleagues:",
        "Nothing waits for you just now.",
        "See what it is about (you need to log in):",
        "You get this mail because you asked for it. Turn it off here:",
    ),
}


def worded(counts: Counts, week: str, language: str, address: str) -> tuple[str, str]:
    """Subject and text. ``address`` is the kommun's own place (``https://…/slug``)."""
    subject, waits, nothing, look, off = _REST[language]
    lines = [
        line.format(n=getattr(counts, name))
        for name, line in _LINES[language].items()
        if getattr(counts, name)
    ]
    body = [waits, "", *(f"- {line}" for line in lines)] if lines else [nothing]
    text = [*body, "", look, f"{address}/today", "", "-- ", off, f"{address}/my-day", ""]
    return subject.format(week=int(week[-2:])), "\n".join(text)
