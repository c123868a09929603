"""What a letter is made of: plain blocks of plain texts, the same for paper and for the screen.

A text is never read as markup: what somebody wrote cannot set the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the letter."""

    text: str

    def as_json(self) -> dict[str, Any]:
        """For the template."""
        return {"type": "heading", "text": self.text}

    def texts(self) -> Iterator[str]:
        """Every text in it."""
        yield self.text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; an empty line begins a new paragraph. ``field`` names where it was written."""

    text: str
    field: str = "text"
    #: The source that the text rests on, printed after it.
    cite: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the template."""
        parts = [part.strip() for part in self.text.split("\n\n") if part.strip()]
        return {"type": "paragraphs", "parts": parts, "cite": self.cite}

    def texts(self) -> Iterator[str]:
        """Every text in it."""
        yield self.text
        yield self.cite


@dataclass(frozen=True, slots=True)
class Rows:
    """Names and values in two columns under a caption. ``rows`` are (field, name, value)."""

    caption: str
    rows: tuple[tuple[str, str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """For the template."""
        return {
            "type": "rows",
            "caption": self.caption,
            "rows": [[name, value] for _, name, value in self.rows],
        }

    def texts(self) -> Iterator[str]:
        """Every text in it."""
        yield self.caption
        for _, name, value in self.rows:
            yield name
            yield value


@dataclass(frozen=True, slots=True)
class Items:
    """A list of points."""

    points: tuple[str, ...]
    field: str = "text"

    def as_json(self) -> dict[str, Any]:
        """For the template."""
        return {"type": "items", "points": list(self.points)}

    def texts(self) -> Iterator[str]:
        """Every text in it."""
        yield from self.points


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on, one for each name."""

    names: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For the template."""
        return {"type": "signatures", "names": list(self.names)}

    def texts(self) -> Iterator[str]:
        """Every text in it."""
        yield from self.names


Block = Heading | Paragraph | Rows | Items | Signatures


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole letter: whose it is, to whom, of which day, and its blocks."""

    title: str
    recipient: tuple[str, ...]
    reference: str
    day: date
    department: str
    blocks: tuple[Block, ...]
    #: What every page says at its foot: the guideline and its version.
    basis: str
    language: str = "sv"

    def as_json(self) -> dict[str, Any]:
        """For the template and for the screen."""
        return {
            "title": self.title,
            "recipient": list(self.recipient),
            "reference": self.reference,
            "day": self.day.isoformat(),
            "department": self.department,
            "blocks": [block.as_json() for block in self.blocks],
            "basis": self.basis,
            "language": self.language,
        }

    def fields(self) -> Iterator[tuple[str, str]]:
        """Every text of the letter with the field that it comes from."""
        yield "title", self.title
        for line in self.recipient:
            yield "recipient", line
        yield "reference", self.reference
        yield "department", self.department
        yield "basis", self.basis
        for block in self.blocks:
            if isinstance(block, Rows):
                for field, _, value in block.rows:
                    yield field, value
            elif isinstance(block, Paragraph | Items):
                for text in block.texts():
                    yield block.field, text
            elif isinstance(block, Signatures):
                for name in block.names:
                    yield "signatures", name
