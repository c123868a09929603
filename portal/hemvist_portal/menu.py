"""The main menu: pages in groups, each shown to those whom a right of theirs lets in.

A new page is one line here. Groups keep the menu short to read: on a narrow screen they are folded
behind one button, on a wide one each stands under its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hemvist_portal.wording import mark


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the menu: its path, its words, the right it takes ("" none), and further first parts
    of addresses that belong to it."""

    path: str
    words: str
    right: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Pages under one name."""

    words: str
    places: tuple[Place, ...]


MENU: tuple[Group, ...] = (
    Group(
        mark("Min dag"),
        (
            Place("today", mark("Dagens arbete")),
            Place("work", mark("Att göra"), "mayReadCase", ("filters",)),
            Place("notices", mark("Notiser")),
            Place("my-day", mark("Kalender")),
        ),
    ),
    Group(
        mark("Hushåll"),
        (
            Place(
                "cases",
                mark("Ärenden"),
                "mayReadCase",
                ("decisions", "appeals", "offers", "contracts", "obligations"),
            ),
            Place("households", mark("Hushåll"), "mayReadHousehold"),
            Place("referrals", mark("Remisser"), "mayReadCase"),
            Place("unexecuted", mark("Ej verkställda"), "mayExecute"),
            Place("kommun-requests", mark("Andra kommuner"), "mayHandleKommunRequest"),
            Place("transfers", mark("Skyddade flyttar"), "mayWorkTransfers"),
            Place("handovers", mark("Överlämningar"), "mayReadTransfers"),
            Place("transfer-function", mark("Utsedda för flyttar"), "mayNameTransfers"),
            Place("disclosures", mark("Lämnat ut"), "mayDisclose"),
            Place("break-glass", mark("Nödöppning"), "mayBreakGlass"),
        ),
    ),
    Group(
        mark("Bostäder"),
        (
            Place("units", mark("Bostäder"), "mayReadUnit"),
            Place("vacancies", mark("Anmälda bostäder"), "mayTakeInVacancy"),
            Place("matching", mark("Matchning"), "mayMatch"),
            Place("takeovers", mark("Överlåtelser"), "mayHandleTakeover"),
            Place("guarantees", mark("Garantier"), "maySeeExposure"),
        ),
    ),
    Group(
        mark("Hyresvärdar"),
        (
            Place("landlords", mark("Hyresvärdar")),
            Place(
                "agreements", mark("Samverkansavtal"), "mayReadAgreements", ("agreement-meetings",)
            ),
            Place("quotas", mark("Kvoter"), "mayReadAgreements"),
            Place("papers", mark("Handlingar"), "maySharePapers"),
            Place("contacts", mark("Kontakter")),
        ),
    ),
    # Incidents, visits, arrears, prevention, commissions: what happens after the keys.
    Group(
        mark("I boendet"),
        (
            Place("incidents", mark("Händelser i boendet"), "mayReportIncident", ("clocks",)),
            Place("ladders", mark("Åtgärdstrappor"), "mayKeepLadder"),
            Place("commissions", mark("Stöd på uppdrag"), "mayReadCommission"),
            Place("arrears", mark("Hyresskulder"), "mayHandleArrears"),
            Place("prevention", mark("Rundor och brev"), "mayHandleArrears"),
        ),
    ),
    Group(
        mark("Styrning"),
        (
            Place("figures", mark("Nyckeltal"), "mayReadFigures"),
            # For those who decide on it and read no figures, too.
            Place("figures/others", mark("Jämför med andra kommuner"), "mayProposeSharing"),
            Place("policy", mark("Riktlinjer"), "mayReadPolicy"),
            Place("figures/forms", mark("Myndigheternas blanketter"), "mayPrepareForms"),
            Place("retention", mark("Bevarande och gallring"), "mayReadRetention"),
            Place("openings", mark("Nödöppningar"), "mayReviewOpening"),
            Place("log-review", mark("Loggranskning"), "mayReviewLog", ("person-log",)),
            Place("log-report", mark("Loggranskning i siffror"), "mayReadLogFigures"),
            Place("transfer-log", mark("Logg över flyttar"), "mayReviewLog"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as the reader's menu shows it."""

    path: str
    words: str
    here: bool


def menu(frame: Mapping[str, Any], address: str) -> list[tuple[str, list[Shown]]]:
    """The reader's groups with their pages. ``address`` is where the reader is (``/slug/page…``)."""
    parts = address.split("?")[0].split("/")
    first = parts[2] if len(parts) > 2 else ""
    groups = []
    for group in MENU:
        shown = [
            Shown(place.path, place.words, first == place.path or first in place.also)
            for place in group.places
            if not place.right or frame[place.right]
        ]
        if shown:
            groups.append((group.words, shown))
    return groups
