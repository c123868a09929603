"""Searching a paper before a landlord gets it: nothing protected may stand in it (OSL 21:3, 22:1)."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from uuid import UUID
from zipfile import BadZipFile, ZipFile

from pypdf.errors import PyPdfError
from sqlalchemy import select

from hemvist.addresses.terms import of_homes, of_people, people_of, protected_with
from hemvist.addresses.withholding import held_unseen
from hemvist.documents import traces_of
from hemvist.documents.traces import text_of
from hemvist.errors import Problem
from hemvist.papers.models import SHEETS
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

_PDF = "application/pdf"
_TAG = re.compile(r"<[^>]*>")


def problems_of(
    session: TenantSession,
    *,
    landlord_id: UUID,
    unit_id: UUID | None,
    title: str,
    name: str,
    media_type: str,
    content: bytes,
) -> list[Problem]:
    """What in a paper to a landlord may not leave; told by its field and kind, never by its words.

    Searched for are those who are protected and live in the landlord's houses: names, numbers, and
    where else they live or are offered a home. A picture, or a PDF without words, cannot be searched:
    about a home in which somebody protected lives none is sent.
    """
    if unit_id is not None and session.scalar(
        select(Unit.id).where(Unit.id == unit_id, held_unseen())
    ):
        # By a household in a circle that the sender is not of: nobody can say what to search for.
        return [Problem("content", "protected_unsearchable", "cannot be searched")]
    theirs = protected_with(session, landlord_id=landlord_id)
    if not theirs:
        return []
    here = [] if unit_id is None else protected_with(session, unit_id=unit_id)
    written = _words(media_type, content)
    if here and written is None:
        return [Problem("content", "protected_unsearchable", "cannot be searched")]
    terms = [
        *of_people(people_of(session, theirs), parts=False),
        *(of_people(people_of(session, here)) if here else ()),
        *of_homes(session, theirs, but_of=landlord_id),
    ]
    texts = [("title", title), ("name", name), ("content", written or "")]
    return [
        Problem(one.field, f"protected_{one.kind}", "is protected")
        for one in traces_of(terms, texts)
    ]


def _in_workbook(content: bytes) -> str | None:
    """Every text of a workbook, also of sheets and rows that are hidden."""
    try:
        with ZipFile(BytesIO(content)) as book:
            parts = [book.read(name) for name in book.namelist() if name.endswith(".xml")]
    except (BadZipFile, OSError, ValueError):
        return None
    return "\n".join(unescape(_TAG.sub(" ", one.decode("utf-8", "replace"))) for one in parts)


def _words(media_type: str, content: bytes) -> str | None:
    """What a file says; None where that cannot be read."""
    if media_type == "text/csv":
        return content.decode("latin-1") + "\n" + content.decode("utf-8", "ignore")
    if media_type == SHEETS["xlsx"]:
        return _in_workbook(content)
    if media_type != _PDF:
        return None
    try:
        said = text_of(content)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return said if said.strip() else None
