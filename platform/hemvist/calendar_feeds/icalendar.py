"""Writing iCalendar (RFC 5545): whole days as days, instants as UTC, so that no time zone can go wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
#: Octets of a line without its end (section 3.1).
_WIDTH = 75


@dataclass(frozen=True, slots=True)
class Event:
    """Something in a calendar: on a whole day, or at an instant. ``key`` is what makes it the same one
    the next time that the calendar asks."""

    key: str
    at: date | datetime
    summary: str
    url: str


def calendar(name: str, feed: str, events: Sequence[Event], made: datetime) -> bytes:
    """The calendar called ``name``; ``feed`` tells its events apart from other calendars'."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Hemvist//Dagens arbete//SV",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
        f"NAME:{_text(name)}",
        "X-WR-TIMEZONE:Europe/Stockholm",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for event in events:
        lines += _event(event, feed, made)
    lines.append("END:VCALENDAR")
    return b"".join(piece for line in lines for piece in _folded(line))


def _event(event: Event, feed: str, made: datetime) -> list[str]:
    # Datetime first: it is a date as well.
    if isinstance(event.at, datetime):
        when = [f"DTSTART:{_instant(event.at)}", f"DTEND:{_instant(event.at)}"]
    else:
        following = event.at + timedelta(days=1)
        when = [f"DTSTART;VALUE=DATE:{event.at:%Y%m%d}", f"DTEND;VALUE=DATE:{following:%Y%m%d}"]
    # Of nothing that stands in the database: an identifier of a row would be one of a person's case.
    uid = hashlib.sha256(f"{feed}|{event.key}".encode()).hexdigest()[:32]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@hemvist",
        f"DTSTAMP:{_instant(made)}",
        *when,
        f"SUMMARY:{_text(event.summary)}",
        f"URL:{event.url}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """Section 3.3.11; what controls a terminal or ends a line is left out."""
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in value)
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, "\\" + sign)
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """The line in pieces of at most ``_WIDTH`` octets, none of which ends within a character."""
    rest, width = line.encode(), _WIDTH
    first = True
    while rest or first:
        end = min(width, len(rest))
        while end < len(rest) and rest[end] & 0xC0 == 0x80:
            end -= 1
        yield (b"" if first else b" ") + rest[:end] + b"\r\n"
        # The blank that a piece begins with counts.
        rest, width, first = rest[end:], _WIDTH - 1, False
