"""Letterheads (brevhuvuden) of kommuner: data that whoever puts the platform together hands in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LetterText:
    """A kommun's own text in letters of a kind (``*``: of every kind), with its source."""

    kind: str
    text: str
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose letters they are: the name, colours as ``#rrggbb``, lines of contact, own texts."""

    name: str
    primary: str = "#1b2a41"
    on_primary: str = "#ffffff"
    accent: str = "#5c6f82"
    contact: tuple[str, ...] = ()
    texts: tuple[LetterText, ...] = ()

    def texts_for(self, kind: str) -> tuple[LetterText, ...]:
        """The kommun's own texts in a letter of this kind, in the file's order."""
        return tuple(one for one in self.texts if one.kind in (kind, "*"))


_source: Callable[[], Mapping[str, Letterhead]] = dict


def use_letterheads(source: Callable[[], Mapping[str, Letterhead]]) -> None:
    """Take letterheads, by the kommun's slug, from ``source`` from now on."""
    global _source
    _source = source


def letterhead_of(slug: str, name: str) -> Letterhead:
    """The letterhead of a kommun; a plain one with ``name`` where nothing else is known of it."""
    return _source().get(slug) or Letterhead(name)
