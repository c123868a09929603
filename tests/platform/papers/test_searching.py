"""A paper leaves for a landlord only when nothing protected stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from hemvist.cases.models import Case
from hemvist.documents import Letterhead, Paragraph, Sheet, render
from hemvist.errors import ValidationFailed
from hemvist.landlords.models import Landlord
from hemvist.papers import service as papers
from hemvist.papers.agreement_files import add_agreement_file
from hemvist.papers.models import SHEETS, LandlordPaper
from hemvist.papers.searching import problems_of
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit
from hemvist_agreements import opened
from hemvist_dealings import new_dealings
from hemvist_world import World, adult

#: As little as a picture is.
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
HIDDEN = {"given_name": "Liv", "family_name": "Hemlingsson", "protection": "secrecy_mark"}


def pdf(words: str) -> bytes:
    """A PDF with these words in its text layer."""
    head = Letterhead("Kommunen")
    sheet = Sheet(
        title="Avtal",
        recipient=("Hyresvärden",),
        reference="",
        day=date(2026, 1, 2),
        department="",
        blocks=(Paragraph(words, "words"),),
        basis="",
    )
    return render(sheet, head).content


@dataclass
class Place:
    """A household in a landlord's home."""

    world: World
    case: Case
    unit: Unit

    def send(self, content: bytes, *, here: bool = False, **changes: Any) -> Any:
        given = {"kind": "agreement", "title": "Avtal", "name": "avtal.pdf", "content": content}
        return self.world.act(
            "property",
            papers.send_to_landlord,
            landlord_id=self.unit.landlord_id,
            unit_id=self.unit.id if here else None,
            **(given | changes),
        )

    def refused(self, content: bytes, **changes: Any) -> set[tuple[str, str]]:
        before = len(self.world.rows(LandlordPaper))
        with pytest.raises(ValidationFailed) as wrong:
            self.send(content, **changes)
        assert len(self.world.rows(LandlordPaper)) == before
        assert "hemlingsson" not in str(wrong.value.problems).casefold()
        return {(one.field, one.rule) for one in wrong.value.problems}


def place_of(**person: Any) -> Place:
    world = new_dealings()
    case = world.case(adult(**person))
    offer = world.accepted(case, world.registered(case))
    (unit,) = world.rows(Unit, id=offer.unit_id)
    world.landlord()
    return Place(world, case, unit)


@pytest.fixture(scope="module")
def hidden(database: str) -> Place:
    return place_of(**HIDDEN)


@pytest.mark.parametrize("here", [False, True])
def test_the_words_of_a_pdf_are_searched(hidden: Place, here: bool) -> None:
    told = hidden.refused(pdf("Hyresgäst: Hemlingsson, Liv"), here=here)
    assert told == {("content", "protected_name")}


def test_title_and_file_name_are_searched(hidden: Place) -> None:
    blank = pdf("Inget särskilt.")
    assert hidden.refused(blank, title="Liv Hemlingsson") == {("title", "protected_name")}
    assert hidden.refused(blank, name="liv-hemlingsson.pdf") == {("name", "protected_name")}


def test_a_file_that_cannot_be_searched_is_handed_over_on_paper(hidden: Place) -> None:
    for content in (PNG, b"%PDF-1.7\n%%EOF"):
        told = hidden.refused(content, here=True)
        assert told == {("content", "protected_unsearchable")}


def test_a_paper_without_anything_protected_leaves(hidden: Place) -> None:
    assert hidden.send(pdf("Inget särskilt att läsa."), here=True).state == "there"
    # About no home in which somebody protected lives: a picture of a plan.
    assert hidden.send(PNG).state == "there"


def test_of_the_unprotected_nothing_is_searched_for(database: str) -> None:
    place = place_of(**{**HIDDEN, "protection": "none"})
    assert place.send(pdf("Hyresgäst: Liv Hemlingsson"), here=True).state == "there"


def workbook(words: str) -> bytes:
    """An Excel file that says it in a sheet that nobody is shown."""
    book = Workbook()
    book.active.append(["Lägenhet", "Hyra"])
    hidden = book.create_sheet("Dolt")
    hidden.sheet_state = "hidden"
    hidden.append([words])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("shared", [False, True])
def test_a_document_of_an_agreement_is_searched_where_the_landlord_may_open_it(
    hidden: Place, shared: bool
) -> None:
    world = hidden.world
    landlord = world.rows(Landlord, id=hidden.unit.landlord_id)[0]
    agreement, _ = opened(
        world,
        starts_on=date(2026, 1, 2),
        landlord_organisation_number=landlord.organisation_number,
        landlord_name=landlord.name,
    )
    given = {
        "agreement_id": agreement.id,
        "name": f"{shared}.pdf",
        "content": pdf(f"Ett avtal {shared}: Liv Hemlingsson"),
        "caption": "För Liv Hemlingsson",
        "shared": shared,
    }
    if not shared:
        assert world.act("property", add_agreement_file, **given).name
        return
    with pytest.raises(ValidationFailed) as wrong:
        world.act("property", add_agreement_file, **given)
    told = {(one.field, one.rule) for one in wrong.value.problems}
    assert told == {("caption", "protected_name"), ("content", "protected_name")}
    given |= {"content": pdf("Ett avtal."), "caption": "Avtalet"}
    assert world.act("property", add_agreement_file, **given).shared


def test_a_workbook_is_searched_with_what_is_hidden_in_it(hidden: Place) -> None:
    found = problems(hidden, workbook("Hemlingsson Liv"))
    assert found == {("content", "protected_name")}
    assert problems(hidden, workbook("Ingen särskild")) == set()
    assert problems(hidden, b"PK\x03\x04 no workbook") == set()


def problems(place: Place, content: bytes) -> set[tuple[str, str]]:
    def ask(session: TenantSession) -> set[tuple[str, str]]:
        found = problems_of(
            session,
            landlord_id=place.unit.landlord_id,
            unit_id=None,
            title="Hyror",
            name="hyror.xlsx",
            media_type=SHEETS["xlsx"],
            content=content,
        )
        return {(one.field, one.rule) for one in found}

    told: set[tuple[str, str]] = place.world.read(ask)
    return told
