"""A life's rows as text with holes: filled in, they are the rows of another household like it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

#: What is different in each copy: ids, names in brackets, and the code of the kommun.
_HOLE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|⟦[^⟧]*⟧|(?<=\")0009(?=\\*\")"
)


@dataclass(frozen=True, slots=True)
class Text:
    """Text with holes; ``places`` says which of the copy's values goes into each."""

    form: str
    places: tuple[int, ...]

    def filled(self, values: Sequence[str]) -> str:
        """The text of a copy."""
        if len(self.places) > 1:
            filled: str = self.form % itemgetter(*self.places)(values)
            return filled
        return self.form % tuple(values[place] for place in self.places)


@dataclass(frozen=True, slots=True)
class Mold:
    """One life. A copy's values are its own ids, then those of ``names`` in their order."""

    group: str
    department: str
    roles: tuple[str, ...]
    born: tuple[date, ...]
    opened_on: date
    #: The last day on which somebody had a reason to look.
    last_on: date
    own: int
    names: tuple[str, ...]
    tables: Mapping[str, Text]
    #: The content that each kept evaluation's seal is the digest of.
    seals: tuple[Text, ...]
    #: Field and clear value of what each copy seals for its own kommun.
    opened: tuple[tuple[str, Text], ...]
    #: Rows of each table.
    rows: Mapping[str, int]
    #: Which of the own ids are the case, if there is one, and the persons in the order of ``roles``.
    case: int | None
    persons: tuple[int, ...]


class Holes:
    """Cuts the holes of one life. ``known`` are the ids that stand for something by name."""

    def __init__(self, known: Mapping[str, str], texts: Sequence[str]) -> None:
        self._known = known
        found = {hole for text in texts for hole in _HOLE.findall(text)}
        own = sorted(hole for hole in found if _is_id(hole) and hole not in known)
        names = sorted({self._name(hole) for hole in found if hole not in own})
        #: Ids sort by the moment at which they were made.
        self.own = {hole: place for place, hole in enumerate(own)}
        self.names = tuple(names)
        self._named = {name: len(own) + place for place, name in enumerate(names)}

    def cut(self, text: str) -> Text:
        """``text`` with its holes."""
        places: list[int] = []

        def hole(match: re.Match[str]) -> str:
            found = match[0]
            places.append(self.own[found] if found in self.own else self._named[self._name(found)])
            return "\0"

        form = _HOLE.sub(hole, text).replace("%", "%%").replace("\0", "%s")
        return Text(form, tuple(places))

    def _name(self, hole: str) -> str:
        if hole.startswith("⟦"):
            return hole[1:-1]
        return "kommun" if len(hole) == 4 else self._known[hole]


def _is_id(hole: str) -> bool:
    return len(hole) == 36 and not hole.startswith("⟦")
