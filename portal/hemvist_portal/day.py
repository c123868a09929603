"""The headings of today's work (dagens arbete), most pressing first, each out of one list or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hemvist_portal.wording import mark


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its name, its words, the API's lists that it shows, and the list that has the rest."""

    name: str
    words: str
    lists: tuple[str, ...]
    more: str = ""
    #: Before anything else, also before what somebody has answered.
    urgent: bool = False


HEADINGS: tuple[Heading, ...] = (
    # Counted in hours, so first.
    Heading("clocks", mark("Tidsgränser som går"), ("clocks",), urgent=True),
    Heading("evictions", mark("Utsatta avhysningar"), ("evictions",), urgent=True),
    Heading("overdue", mark("Försenat"), ("overdue",), "work?state=overdue", urgent=True),
    Heading("toSign", mark("Att skriva under"), ("toSign",)),
    Heading("toDecide", mark("Att besluta"), ("toDecide",)),
    Heading("toRegister", mark("Att registrera"), ("toRegister",)),
    Heading("toAnswer", mark("Erbjudanden att svara på"), ("toAnswer",)),
    Heading("notHeld", mark("Blev inte av"), ("notHeld",), "work?state=missed"),
    Heading("reports", mark("Stödets rapporter att läsa"), ("reportsToRead",)),
    Heading("fromSupport", mark("Stödet ligger efter"), ("fromSupport",)),
    Heading("ladder", mark("Möten och handlingsplaner"), ("ladderMeetings", "ladderActions")),
    Heading("dueSoon", mark("Snart dags"), ("dueSoon",), "work"),
    Heading("drafts", mark("Påbörjat"), ("drafts",)),
    Heading(
        "waiting",
        mark("Väntar på andra"),
        ("waitingDecisions", "waitingReferrals", "waitingOffers"),
    ),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its rows. ``full``: there may be more than the lists hold."""

    name: str
    words: str
    rows: Sequence[Mapping[str, Any]]
    full: bool
    more: str
    urgent: bool


def sections(work: Mapping[str, Any], most: int) -> list[Section]:
    """The headings that have rows, of ``work`` as the API gives it: at most ``most`` a list."""
    found = []
    for heading in HEADINGS:
        lists = [work[name] for name in heading.lists]
        rows = [row for rows in lists for row in rows]
        if len(lists) > 1:
            rows.sort(key=lambda row: (row["dueOn"] is None, row["dueOn"] or ""))
        if rows:
            full = any(len(rows) >= most for rows in lists)
            found.append(
                Section(heading.name, heading.words, rows, full, heading.more, heading.urgent)
            )
    return found
