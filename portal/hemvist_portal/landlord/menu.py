"""The landlords' menu: pages in groups. A new page is one line here, in the group that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist_portal.menu import Group, Place, Shown
from hemvist_portal.wording import mark

#: ``right`` of a place: "" for everybody, "administrator" for those who keep the landlord's logins.
MENU: tuple[Group, ...] = (
    Group(mark("Idag"), (Place("start", mark("Start")),)),
    # What one has to let, and how far the agreements have come.
    Group(
        mark("Bostäder"),
        (
            Place("units", mark("Våra bostäder")),
            Place("vacancies", mark("Lediga bostäder")),
            Place("quotas", mark("Kvot"), also=("agreements",)),
        ),
    ),
    # Offers, tenancies, takeovers, and what happens in the homes.
    Group(
        mark("Uthyrning"),
        (
            Place("offers", mark("Erbjudanden"), also=("presentations",)),
            Place("tenancies", mark("Hyresförhållanden")),
            Place("takeovers", mark("Överlåtelser")),
            Place("reports", mark("Anmälningar")),
            Place("guarantees", mark("Garantier")),
        ),
    ),
    # Whom to call, and papers both ways.
    Group(
        mark("Kommunerna"),
        (
            Place("contacts", mark("Kontakter")),
            Place("papers", mark("Handlingar")),
        ),
    ),
    # Colleagues and machines.
    Group(
        mark("Ert företag"),
        (
            Place("members", mark("Era medarbetare"), "", ("invitations",)),
            Place("connections", mark("Mejl och kopplingar")),
        ),
    ),
)


def landlord_menu(frame: Mapping[str, Any], address: str) -> list[tuple[str, list[Shown]]]:
    """The reader's groups with their pages. ``address`` is where the reader is (``/hyresvard/…``)."""
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
