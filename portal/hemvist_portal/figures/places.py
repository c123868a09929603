"""Pages of the figures, as their own menu shows them. A further page is one line here."""

from __future__ import annotations

from dataclasses import dataclass

from hemvist_portal.wording import mark


@dataclass(frozen=True, slots=True)
class Place:
    """A page below ``figures``: the end of its address, its words, the right it takes ("" none)."""

    path: str
    words: str
    right: str = ""


PLACES: tuple[Place, ...] = (
    Place("", mark("Översikt")),
    Place("flow", mark("Flödet")),
    Place("compare", mark("Jämför")),
    Place("forecast", mark("Nästa år")),
    Place("others", mark("Andra kommuner")),
    Place("forms", mark("Myndigheternas blanketter"), "mayPrepareForms"),
)
