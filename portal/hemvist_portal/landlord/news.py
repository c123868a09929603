"""What is new for a landlord: what happened of a kind in a kommun on one day is one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hemvist.clock import SWEDISH_TIME
from hemvist_portal.landlord.waiting import subject_list, subject_place

#: Lines on the first page; and events that are read for them.
LINES, READ = 8, 40
#: Properties that a line names.
NAMED = 3


@dataclass(slots=True)
class News:
    """One line: a kind of event in a kommun on a day."""

    label: str
    kommun: str
    day: date
    #: When the latest of them happened, HH:MM in Sweden.
    at: str
    count: int = 0
    homes: list[str] = field(default_factory=list)
    place: str = ""


def lines(events: Sequence[Mapping[str, Any]]) -> list[News]:
    """The lines of ``events``, the latest first; a line of several leads to their list."""
    found: dict[tuple[str, str, date], News] = {}
    for event in events:
        when = datetime.fromisoformat(event["occurredAt"].replace("Z", "+00:00"))
        local = when.astimezone(SWEDISH_TIME)
        kommun = event["kommun"]["name"] if event["kommun"] else ""
        key = (event["label"], kommun, local.date())
        line = found.get(key)
        if line is None:
            line = found[key] = News(*key, at=f"{local:%H:%M}")
            line.place = subject_place(event["subjectId"])
        elif line.place != subject_place(event["subjectId"]):
            line.place = subject_list(event["subjectId"])
        line.count += 1
        home = event["propertyDesignation"]
        if home and home not in line.homes:
            line.homes.append(home)
    return list(found.values())[:LINES]


def is_yesterday(day: date, today: date) -> bool:
    """Whether ``day`` was the day before."""
    return day == today - timedelta(days=1)
