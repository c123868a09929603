"""The clocks: what is due when, to whom, and what must be in it."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from hemvist.clock import SWEDISH_TIME

if TYPE_CHECKING:
    from hemvist_infra.incident_clocks.keeping import Incident

#: ``all`` incidents, those that are ``significant`` (betydande), those with ``personal`` data.
Concerns = Literal["all", "significant", "personal"]


@dataclass(frozen=True, slots=True)
class Clock:
    """One report: by when, on what ground, to whom, and what must be in it."""

    name: str
    concerns: Concerns
    ends: Callable[[datetime], datetime]
    within: str
    ground: str
    to: str
    contents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A clock of an incident: when it ends, and when it was sent, if it was."""

    clock: Clock
    by: datetime
    sent: datetime | None

    def state(self, at: datetime) -> Literal["sent", "late", "over", "running"]:
        """``over`` has ended and nothing was sent; ``late`` was sent after its end."""
        if self.sent is not None:
            return "late" if self.sent > self.by else "sent"
        return "over" if at > self.by else "running"


def _hours(number: int) -> Callable[[datetime], datetime]:
    # In UTC: in Swedish time a day may have 23 hours or 25.
    return lambda found: found.astimezone(UTC) + timedelta(hours=number)


def a_month_after(found: datetime) -> datetime:
    """The same time of day a calendar month later, or on that month's last day, in Swedish time.

    The directive counts the month from the notification. From when it was found is never later.
    """
    local = found.astimezone(SWEDISH_TIME)
    year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
    day = min(local.day, calendar.monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day)


#: Its deadlines; what a report holds is told by the directive behind it.
_LAW = "cybersäkerhetslagen (2025:1506); contents: directive (EU) 2022/2555 art. 23.4"
_AUTHORITY = "the authority that takes incident reports under the law, by its own form"
CLOCKS = (
    Clock(
        "kommuner",
        "all",
        _hours(24),
        "24 h",
        "GDPR art. 33.2 (without undue delay); 24 h is our own limit",
        "each kommun concerned, by its contact for incidents",
        (
            "when it began, when it was found, whether it goes on",
            "which parts of the service, and whether cases, letters or deadlines are late",
            "whether personal data are concerned, as far as is known: their kinds, and how many people",
            "what has been done, what the kommun can do itself, when the next word comes",
            "that the kommun decides on its own report to IMY within 72 h, and on telling people"
            " (art. 34): it is the controller, we are its processor",
        ),
    ),
    Clock(
        "warning",
        "significant",
        _hours(24),
        "24 h",
        _LAW,
        _AUTHORITY,
        (
            "that there is an incident, and since when it is known",
            "whether it is thought to come of an unlawful or malicious act",
            "whether it may have effects across borders",
        ),
    ),
    Clock(
        "notification",
        "significant",
        _hours(72),
        "72 h",
        _LAW,
        _AUTHORITY,
        (
            "the warning, brought up to date",
            "a first judgement of how grave it is and what it has led to",
            "signs by which others may know it (indicators of compromise), where there are any",
        ),
    ),
    Clock(
        "personal",
        "personal",
        _hours(72),
        "72 h",
        "GDPR art. 33.1 and 33.3",
        "IMY, by the kommun as controller; we give it what it needs",
        (
            "what kind of breach; what kinds of people and records, and about how many of each",
            "the contact of the kommun's data protection officer",
            "what is likely to come of it; for whoever is protected or threatened, say so first",
            "what has been done and will be; why it is late, where it is",
        ),
    ),
    Clock(
        "report",
        "significant",
        a_month_after,
        "a month",
        _LAW,
        _AUTHORITY,
        (
            "all of it: how grave, what it led to, how long",
            "what threat or cause is likely to have brought it about",
            "what was done, what goes on, what is changed so that it does not happen again",
            "effects across borders, where there were any",
            "where it still goes on: a report on how it stands instead, and the last one a month after"
            " its end",
        ),
    ),
)
NAMES = tuple(clock.name for clock in CLOCKS)


def due(incident: Incident) -> list[Due]:
    """The clocks of an incident, the first to end first."""
    found = [
        Due(clock, clock.ends(incident.found), incident.sent.get(clock.name))
        for clock in CLOCKS
        if clock.concerns == "all"
        or (clock.concerns == "significant" and incident.significant)
        or (clock.concerns == "personal" and incident.personal)
    ]
    return sorted(found, key=lambda one: one.by)
