"""Setting a letter as PDF that archives and readers of the screen can take: PDF/A-2a and PDF/UA-1.

Set by Typst, which refuses what breaks either standard. The same letter gives the same bytes: the
fonts are our own, the day is the letter's, and nothing of the machine comes in.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import typst

from hemvist.documents.blocks import Sheet
from hemvist.documents.letterheads import Letterhead
from hemvist.errors import ValidationFailed

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
TEMPLATE = "letter"
MEDIA_TYPE = "application/pdf"
_FOLDER = Path(__file__).parent / "typst"
FONTS = _FOLDER / "fonts"
#: How Typst says that a character cannot be shown.
_UNSEEN = re.compile(r'the text `"(.+?)"` could not be displayed')


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter as bytes, and what set it."""

    content: bytes
    template: str
    template_version: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def render(sheet: Sheet, head: Letterhead, *, draft: bool = False) -> Rendered:
    """``sheet`` under ``head`` as PDF. A ``draft`` says so on every page, for eyes and for ears.

    Raises ``ValidationFailed`` on the field that has a character which no font of ours can show:
    an archive could not show it either. ``typst.TypstError`` is a fault of the template's.
    """
    data = {
        **sheet.as_json(),
        "head": {key: value for key, value in asdict(head).items() if key != "texts"},
        "draft": draft,
    }
    try:
        content = typst.compile(
            str(_FOLDER / f"{TEMPLATE}.typ"),
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
        fields = [field for field, text in sheet.fields() if character in text]
        raise ValidationFailed.one(
            fields[0] if fields else "letter", "characters_unseen", "no font has the character"
        ) from error
    return Rendered(content, TEMPLATE, template_version())


def unseen(error: Exception) -> str | None:
    """The character that Typst says no font can show; None where something else is wrong."""
    found = _UNSEEN.search(str(error))
    return found[1] if found else None


@lru_cache(maxsize=1)
def template_version() -> str:
    """The hash of template, fonts and Typst's version: what made two letters look alike."""
    found = hashlib.sha256(version("typst").encode())
    for file in sorted(_FOLDER.rglob("*")):
        if file.is_file():
            found.update(file.name.encode())
            found.update(file.read_bytes())
    return found.hexdigest()[:16]
