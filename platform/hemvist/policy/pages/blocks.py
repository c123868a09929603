"""The parts of a readable document, whatever it is written down as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. ``tone`` is ``plain``, ``note`` (a legal flag, a setting) or ``quiet``."""

    text: str
    cite: tuple[str, ...] = ()
    tone: str = "plain"
    #: Id of the part that it speaks of.
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list, with what stands under it. ``lead`` says what kind of line it is
    ("Undantag"); ``to`` is the id of the part that it speaks of."""

    text: str
    cite: tuple[str, ...] = ()
    lead: str = ""
    to: str | None = None
    off: bool = False
    notes: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """A list, with what holds for all of it said first."""

    lines: tuple[Line, ...]
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as the head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Lines | Table


@dataclass(frozen=True, slots=True)
class Part:
    """A part under a heading. ``id`` is unique in the page."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Part, ...] = ()
    cite: tuple[str, ...] = ()


def without_repeats(part: Part, above: tuple[str, ...] = ()) -> Part:
    """The part, with a source said once for all that it stands over."""
    cite = part.cite or above

    def block(one: Block) -> Block:
        match one:
            case Paragraph() if one.cite == cite:
                return replace(one, cite=())
            case Lines():
                return replace(one, lines=tuple(_once(line, cite) for line in one.lines))
            case Table():
                return _filled(one)
            case _:
                return one

    return replace(
        part,
        cite=() if part.cite == above else part.cite,
        blocks=tuple(block(one) for one in part.blocks),
        parts=tuple(without_repeats(inner, cite) for inner in part.parts),
    )


def _once(line: Line, above: tuple[str, ...]) -> Line:
    inner = line.cite or above
    return replace(
        line,
        cite=() if line.cite == above else line.cite,
        lines=tuple(_once(one, inner) for one in line.lines),
    )


def _filled(table: Table) -> Table:
    """Without the columns that no row has anything in."""
    kept = [at for at in range(len(table.head)) if any(row[at] for row in table.rows)]
    return replace(
        table,
        head=tuple(table.head[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in table.rows),
    )


@dataclass(frozen=True, slots=True)
class Page:
    """A whole document. ``terms`` stand under the title: version, from when it is in force …"""

    lang: str
    title: str
    terms: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    blocks: tuple[Block, ...] = ()

    def walk(self) -> Iterator[Part]:
        """Every part, those above first."""
        pending = list(self.parts)
        while pending:
            part = pending.pop(0)
            yield part
            pending = [*part.parts, *pending]
