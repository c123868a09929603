"""Letters as PDF: archivable, accessible, the same bytes for the same letter, no markup let in."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pypdf
import pytest
from pypdf.generic import ArrayObject, NameObject, NumberObject, TextStringObject

from hemvist.documents import (
    Heading,
    Items,
    Letterhead,
    LetterText,
    Paragraph,
    Rows,
    Sheet,
    Signatures,
    letterhead_of,
    render,
    use_letterheads,
)
from hemvist.documents.traces import text_of
from hemvist.errors import ValidationFailed
from hemvist_pdf import faults, validator
from hemvist_pdf_tags import tag_faults

HEAD = Letterhead("Provkommun", primary="#0b5e8a", contact=("provkommun.example",))
NASTY = '#panic("x") *a* _b_ $x$ <a> @b // c \\ å ä ö – “”\u00ad é'


def sheet(*extra: Paragraph) -> Sheet:
    return Sheet(
        "Beslut om bistånd",
        ("Alva Testsson",),
        "Ärende 2026-000001",
        date(2026, 11, 21),
        "Socialförvaltningen",
        (
            Heading("Skälen"),
            Paragraph("Ett.\n\nTvå.", cite="11 kap. 1 § SoL"),
            Rows("Villkor", (("rent", "Hyra", "5 500 kr"),)),
            Items(("ett", "två")),
            *extra,
            Signatures(("Hyresvärd", "Hyresgäst")),
        ),
        "Riktlinje, version 1",
    )


@pytest.mark.parametrize("draft", [False, True])
def test_it_can_be_archived_and_read_aloud(draft: bool, record_property: object) -> None:
    # Which validator it was: veraPDF where HEMVIST_VERAPDF names it, else the structure by pypdf.
    assert callable(record_property)
    record_property("validator", validator())
    assert faults(render(sheet(), HEAD, draft=draft).content) == []


def test_many_pages_are_as_good_as_one() -> None:
    long = Paragraph("\n\n".join(f"Stycke {number}. " + "Ord " * 80 for number in range(60)))
    made = render(sheet(long), HEAD).content
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) > 5
    assert faults(made) == []


def test_the_same_letter_is_the_same_bytes() -> None:
    one, other = render(sheet(), HEAD), render(sheet(), HEAD)
    assert (one.sha256, one.template_version) == (other.sha256, other.template_version)
    assert render(sheet(Paragraph("Mer.")), HEAD).sha256 != one.sha256


def test_what_somebody_wrote_sets_no_page() -> None:
    said = text_of(render(sheet(Paragraph(NASTY)), HEAD).content)
    for part in ('#panic("x")', "*a*", "_b_", "$x$", "<a>", "@b", "// c"):
        assert part in said


def test_a_character_that_no_font_has_is_refused_by_its_field() -> None:
    with pytest.raises(ValidationFailed) as refused:
        render(sheet(Paragraph("Hej 😀", "ownWords")), HEAD)
    [problem] = refused.value.problems
    assert (problem.field, problem.rule) == ("ownWords", "characters_unseen")
    # Names are written in more than one alphabet.
    assert "Łukasz Ярослав" in text_of(render(sheet(Paragraph("Łukasz Ярослав")), HEAD).content)


def test_the_kommuns_name_stands_on_it() -> None:
    assert "Provkommun" in text_of(render(sheet(), HEAD).content)
    assert "provkommun.example" in text_of(render(sheet(), HEAD).content)


def test_a_kommun_without_a_letterhead_has_a_plain_one() -> None:
    use_letterheads(lambda: {"prov": HEAD})
    try:
        assert letterhead_of("prov", "x") is HEAD
        assert letterhead_of("annan", "Annan").name == "Annan"
    finally:
        use_letterheads(dict)


def test_own_texts_are_of_a_kind_or_of_all() -> None:
    texts = (LetterText("offer", "a"), LetterText("*", "b"), LetterText("notice", "c"))
    head = Letterhead("x", texts=texts)
    assert [one.text for one in head.texts_for("offer")] == ["a", "b"]


def test_the_check_sees_what_is_wrong() -> None:
    """The structure check must be able to fail: each fault planted is told."""
    made = render(sheet(), HEAD).content
    for old, new, told in (
        (b"pdfuaid:part", b"pdfuaid:parx", "pdfuaid:part"),
        (b"pdfaid:part", b"pdfaid:parx", "pdfaid:part"),
        (b"/Marked true", b"/Marxed true", "not marked"),
        (b"/Lang (sv", b"/Lang (de", "not Swedish"),
        (b"/DisplayDocTitle true", b"/DisplayDocTitlf true", "show its title"),
    ):
        if old not in made:
            continue
        assert any(told in one for one in faults(made.replace(old, new))), told
    assert sum(old in made for old in (b"pdfuaid:part", b"pdfaid:part")) == 2


def opened() -> tuple[pypdf.PdfReader, Any]:
    """A letter, and the elements of its structure from the top."""
    reader = pypdf.PdfReader(io.BytesIO(render(sheet(), HEAD).content))
    root: Any = reader.trailer["/Root"]
    return reader, root["/StructTreeRoot"]["/K"][0].get_object()


def first(node: Any, kind: str) -> Any:
    """The first element of a kind, however deep."""
    kids = node.get("/K", ())
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        inner = kid.get_object()
        if isinstance(inner, int):
            continue
        if inner.get("/S") == kind:
            return inner
        found = first(inner, kind)
        if found is not None:
            return found
    return None


def test_a_whole_structure_has_no_fault() -> None:
    reader, _ = opened()
    assert list(tag_faults(reader)) == []


def other_kind(document: Any) -> None:
    first(document, "/P")[NameObject("/S")] = NameObject("/Paragraph")


def cell_outside(document: Any) -> None:
    first(document, "/TR")[NameObject("/S")] = NameObject("/Div")


def another_order(document: Any) -> None:
    document[NameObject("/K")] = ArrayObject(reversed(document["/K"]))


def left_out(document: Any) -> None:
    document[NameObject("/K")] = ArrayObject(document["/K"][:-1])


def twice(document: Any) -> None:
    heading = first(document, "/H1")
    heading[NameObject("/K")] = ArrayObject([heading["/K"][0], heading["/K"][0]])


def not_there(document: Any) -> None:
    heading = first(document, "/H1")
    heading[NameObject("/K")] = ArrayObject([heading["/K"][0], NumberObject(999)])


def empty(document: Any) -> None:
    del first(document, "/P")["/K"]


def no_heading(document: Any) -> None:
    first(document, "/TH")[NameObject("/ID")] = TextStringObject("another")


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (other_kind, "no standard type"),
        (cell_outside, "/TH stands in /Div"),
        (another_order, "another order"),
        (left_out, "the structure does not have"),
        (twice, "twice"),
        (not_there, "not there"),
        (empty, "an empty /P"),
        (no_heading, "a heading that is not there"),
    ],
)
def test_the_check_of_the_structure_sees_what_is_wrong(
    plant: Callable[[Any], None], told: str
) -> None:
    reader, document = opened()
    plant(document)
    assert any(told in one for one in tag_faults(reader)), list(tag_faults(reader))


def test_the_check_sees_a_character_without_a_glyph_and_a_profile_that_is_none() -> None:
    reader, _ = opened()
    contents = reader.pages[0]["/Contents"].get_object()
    contents.set_data(contents.get_data().replace(b"\\000\\001", b"\\000\\000"))
    assert any("the font does not have" in one for one in tag_faults(reader))
    root: Any = reader.trailer["/Root"]
    profile = root["/OutputIntents"][0].get_object()["/DestOutputProfile"].get_object()
    profile.set_data(b"no profile" * 20)
    assert any("no ICC profile" in one for one in tag_faults(reader))
