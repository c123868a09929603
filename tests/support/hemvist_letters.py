"""What a letter of a case says, as whoever gets it reads it."""

from __future__ import annotations

from typing import Any

from hemvist.cases.models import Case
from hemvist.documents.traces import text_of
from hemvist.letters import service
from hemvist.letters.models import Letter
from hemvist_pdf import faults
from hemvist_world import World, caseworker_of


def letter_said(
    world: World, case: Case, kind: str, row: Any, who: str = "", words: str = ""
) -> str:
    """The text of the letter as it is released, in one line; the file must be a whole PDF."""
    reader = who or caseworker_of(case.department)
    letter: Letter = world.act(
        reader, service.draft, case_id=case.id, kind=kind, subject_id=row.id, own_words=words
    )
    released = world.act(
        reader, service.release, letter_id=letter.id, expected_version=letter.version
    )
    file: service.File = world.act(reader, service.file_of, letter_id=released.id)
    assert faults(file.content) == []
    return plain(text_of(file.content))


def plain(text: str) -> str:
    """One line with ordinary spaces: where a page broke it is nobody's matter."""
    return " ".join(text.replace("\u00a0", " ").split())
