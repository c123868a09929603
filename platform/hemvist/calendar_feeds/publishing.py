"""A feed as a calendar asks for it."""

from __future__ import annotations

from uuid import UUID

from hemvist.calendar_feeds import contents, service
from hemvist.calendar_feeds.icalendar import Event, calendar
from hemvist.clock import now, today
from hemvist.tenancy import TenantSession

_NAME = {"sv": "Hemvist", "en": "Hemvist"}
_PLANNED = {"sv": "{label} (planerat)", "en": "{label} (planned)"}
_DUE = {"sv": "{label}: senast i dag", "en": "{label}: due today"}
_SEVERAL = {"sv": "{count} st {words}", "en": "{count} × {words}"}
_CLOCK = {"sv": "Svarstid går ut", "en": "A service time runs out"}
_LOG_IN = {
    "sv": "Logga in i Hemvist, så fylls kalendern igen",
    "en": "Log in to Hemvist, and the calendar is filled again",
}


def published(session: TenantSession, feed_id: UUID, secret: str, address: str) -> bytes | None:
    """The calendar; None where there is none by this address. ``address`` is the kommun's own place.

    Of somebody who has not logged in for long it holds a reminder and nothing else.
    """
    found = service.reader_of(session, feed_id, secret)
    if found is None:
        return None
    feed, actor, holds = found
    lang = feed.language
    service.note_read(session, actor, feed)
    if not holds:
        events = [Event("log in", today(), _LOG_IN[lang], f"{address}/today")]
        return calendar(_NAME[lang], feed.id.hex, events, now())
    events = []
    for one in contents.days_of(session, actor):
        label = str(one.label.get(lang) or one.label.get("sv") or one.code)
        words = (_PLANNED if one.planned else _DUE)[lang].format(label=label)
        if one.count > 1:
            words = _SEVERAL[lang].format(count=one.count, words=words)
        key = f"{one.on}|{one.code}|{one.planned}"
        events.append(Event(key, one.on, words, f"{address}/work?due={one.on}"))
    for clock in contents.clocks_of(session, actor):
        words = _CLOCK[lang]
        if clock.count > 1:
            words = _SEVERAL[lang].format(count=clock.count, words=words)
        events.append(Event(f"clock|{clock.at.isoformat()}", clock.at, words, f"{address}/today"))
    return calendar(_NAME[lang], feed.id.hex, events, now())
