"""Setting a report as PDF that archives and readers of the screen can take, as letters are set.

A report has headings, texts, tables and pictures; each picture says in words what it shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typst

from hemvist.documents.letterheads import Letterhead
from hemvist.documents.rendering import FONTS, STANDARDS, unseen
from hemvist.errors import ValidationFailed

_FOLDER = Path(__file__).parent / "typst_report"


@dataclass(frozen=True, slots=True)
class Head:
    """A heading under the title; on a new page where it is said."""

    text: str
    level: int = 2
    new_page: bool = False
    type: str = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    strong: bool = False
    small: bool = False
    type: str = "text"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG, with what is read aloud in its stead."""

    svg: str
    alt: str
    #: Of the text's width, per cent.
    width: int = 100
    type: str = "picture"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first row is the columns' headings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    type: str = "table"


Part = Head | Text | Picture | Table


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. ``foot`` stands at the foot of each page."""

    title: str
    day: date
    foot: str
    language: str
    parts: tuple[Part, ...]

    def texts(self) -> Iterator[str]:
        """Every text in it, but for those of pictures."""
        yield from (self.title, self.foot)
        for part in self.parts:
            if isinstance(part, Head | Text):
                yield part.text
            elif isinstance(part, Table):
                yield from part.columns
                for row in part.rows:
                    yield from row


def render_report(report: Report, head: Letterhead) -> bytes:
    """``report`` under the name and colour of ``head`` as PDF.

    Raises ``ValidationFailed`` where it has a character which no font of ours can show.
    """
    data: dict[str, Any] = {
        "title": report.title,
        "name": head.name,
        "primary": head.primary,
        "day": report.day.isoformat(),
        "foot": report.foot,
        "language": report.language,
        # A table without rows would be a heading of nothing.
        "parts": [asdict(one) for one in report.parts if not isinstance(one, Table) or one.rows],
    }
    try:
        return typst.compile(
            str(_FOLDER / "report.typ"),
            root=str(_FOLDER),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=[*STANDARDS],
            format="pdf",
        )
    except typst.TypstError as error:
        character = unseen(error)
        if character is None:
            raise
        field = next((one for one in report.texts() if character in one), "report")
        raise ValidationFailed.one(
            field[:60], "characters_unseen", "no font has the character"
        ) from error
