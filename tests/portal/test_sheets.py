"""A concluded assessment in the portal: asked again, and as a sheet for the applicant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from itertools import count
from typing import Any

import pytest

from hemvist_infra.demo.numbers import personal_number
from hemvist_portal.routes.assessment_records import nested
from hemvist_testing import owner_connection
from hemvist_visits import Visit
from hemvist_world import as_owner

LogIn = Callable[..., Visit]
_SERIAL = count(1)


def opened(person: Visit, *, protection: str = "none") -> str:
    """A registered household with an open case; the case's id."""
    number = personal_number(date(1971, 2, 1 + next(_SERIAL)), 991)
    fields = {
        "members[0].role": "applicant",
        "members[0].givenName": "Vera",
        "members[0].familyName": "Prov",
        "members[0].personalNumber": number,
        "members[0].protection": protection,
        "members[0].protectionCheckedOn": "2026-01-02",
    }
    key = f"sheet-{number}"
    status, page, target = person.post(
        "/helsingborg/households/new", department="SOF-VUX", idempotencyKey=key, **fields
    )
    assert status == 303, page
    status, page, target = person.post(
        f"{target}/case", department="SOF-VUX", idempotencyKey=f"case-{number}"
    )
    assert status == 303, page
    return target.rsplit("/", 1)[1]


def concluded(person: Visit, case: str, **fields: str) -> str:
    """A conclusion on the right to a flat; the assessment's address."""
    values = {"rule": "entitled", "conclusion": "false", "reason": "Hemliga Grannen ringde."}
    path = f"/helsingborg/cases/{case}/conclusion"
    status, page, _ = person.post(
        path, **(values | fields), idempotencyKey=f"c-{case}-{next(_SERIAL)}"
    )
    assert status == 303, page
    _, page = person.get(f"/helsingborg/cases/{case}")
    found = re.findall(r'href="(/helsingborg/assessments/[^"]+)"', page)
    return str(found[0])


class Outline(HTMLParser):
    """What a screen reader meets: language, headings in order, labels that lead somewhere."""

    VOID = frozenset({"meta", "link", "br", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.pointed: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names: dict[str, Any] = dict(attrs)
        assert "style" not in names and not [name for name in names if name.startswith("on")]
        if "id" in names:
            self.ids.append(names["id"])
        for name in ("aria-labelledby", "aria-describedby"):
            self.pointed += (names.get(name) or "").split()
        if tag == "html":
            self.language = names["lang"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "li":
            assert self.open[-1] in ("ul", "ol"), "a line stands in a list"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(page: str) -> Outline:
    """The page's outline, which holds together."""
    outline = Outline()
    outline.feed(page)
    assert outline.open == []
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    for before, after in zip(outline.headings, outline.headings[1:], strict=False):
        assert after <= before + 1, outline.headings
    assert len(set(outline.ids)) == len(outline.ids)
    assert set(outline.pointed) <= set(outline.ids)
    return outline


def test_an_assessment_is_repeated_at_the_press_of_a_button(visit: LogIn) -> None:
    person = visit("aida.lindqvist")
    address = concluded(person, opened(person))
    status, page = person.get(address)
    assert status == 200
    assert "Upprepa prövningen" in page and "kan upprepas" not in page
    assert "Rätt till en bostadssocial lägenhet" in page and "Hemliga Grannen ringde." in page
    _, again = person.get(f"{address}?replay=1")
    assert "Prövningen kan upprepas: samma svar under version" in again
    assert "Upprepa prövningen" not in again


def test_a_changed_assessment_says_what_differs(visit: LogIn) -> None:
    person = visit("aida.lindqvist")
    case = opened(person)
    address = concluded(person, case)
    with owner_connection() as connection:
        found = connection.execute("SELECT id FROM tenants WHERE slug = 'helsingborg'").fetchone()
    assert found is not None
    with as_owner(found[0]) as connection:
        connection.execute("UPDATE evaluations SET facts_sealed = answer_sealed")
    _, page = person.get(f"{address}?replay=1")
    assert "Prövningen ger inte samma svar" in page
    assert "de sparade uppgifterna har ändrats i efterhand" in page


@pytest.mark.parametrize(
    ("language", "title", "missing"),
    [
        ("sv", "Din bedömning: Rätt till en bostadssocial lägenhet", "Det här saknas"),
        ("en", "Your assessment: Right to a social flat", "This is missing"),
    ],
)
def test_the_sheet_in_a_language_of_its_own(
    visit: LogIn, language: str, title: str, missing: str
) -> None:
    person = visit("aida.lindqvist")
    address = concluded(person, opened(person))
    for own in ("sv", "en"):
        person.client.cookies.set("hemvist_language", own)
        status, page = person.get(f"{address}/sheet?language={language}")
        assert status == 200
        assert read(page).language == language
        assert title in page and missing in page
        assert "Vera Prov" in page and "Hemliga Grannen ringde." in page
        assert "paper.css" in page and "portal.css" not in page
    other = {"sv": "en", "en": "sv"}[language]
    assert f'href="?language={other}"' in page


def test_an_internal_reason_stays_among_staff(visit: LogIn) -> None:
    person = visit("aida.lindqvist")
    address = concluded(person, opened(person), reasonInternal="true")
    _, page = person.get(address)
    assert "Hemliga Grannen ringde." in page and "intern anteckning" in page
    _, sheet = person.get(f"{address}/sheet?language=sv")
    assert "Grannen" not in sheet


def test_a_protected_household_has_no_name_on_it(visit: LogIn) -> None:
    person = visit("aida.lindqvist")
    address = concluded(person, opened(person, protection="protected_registration"))
    _, page = person.get(f"{address}/sheet?language=sv")
    assert "Vera" not in page and "Skyddad folkbokföring" not in page
    assert "Lämna bladet i handen" in page
    read(page)


def test_nobody_else_gets_the_sheet(visit: LogIn) -> None:
    person = visit("aida.lindqvist")
    address = concluded(person, opened(person))
    for other in ("ingrid.falk", "petra.solberg"):
        slug = "karlstad" if other == "petra.solberg" else "helsingborg"
        path = address.replace("helsingborg", slug)
        for one in (path, f"{path}/sheet"):
            assert visit(other, slug).get(one)[0] == 404


def test_a_guideline_is_read_as_a_document(visit: LogIn) -> None:
    person = visit("aida.lindqvist")
    path = "/helsingborg/policy/pack?name=helsingborg/bostadssociala-lagenheter"
    for language, words in (("sv", "Prövas så:"), ("en", "Checked so:")):
        person.client.cookies.set("hemvist_language", language)
        status, page = person.get(path)
        assert status == 200
        assert words in page and 'id="rule-entitled"' in page
        outline = read(page)
        links = re.findall(r'href="#([^"]+)"', page)
        assert set(links) <= {*outline.ids, "main"}


def test_criteria_are_nested_by_their_level() -> None:
    flat = [{"level": level, "label": str(at)} for at, level in enumerate([0, 1, 2, 1, 2, 2, 0])]
    tree = nested(flat)
    assert [(one["label"], len(one["parts"])) for one in tree] == [("0", 2), ("6", 0)]
    assert [part["label"] for part in tree[0]["parts"][1]["parts"]] == ["4", "5"]
