"""What holds for every page: who is let in, what a form must carry, that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count

import pytest
from starlette.testclient import TestClient

from hemvist_infra.demo.numbers import personal_number
from hemvist_visits import Visit

LogIn = Callable[..., Visit]
_SERIAL = count(1)


def member(row: int, **fields: str) -> dict[str, str]:
    """A row of the household's form, filled in."""
    number = personal_number(date(1970, 1, 1 + next(_SERIAL)), 990)
    values = {
        "role": "applicant" if row == 0 else "other",
        "givenName": "Vera",
        "familyName": "Prov",
        "personalNumber": number,
        "protection": "none",
        "protectionCheckedOn": "2026-01-02",
        **fields,
    }
    return {f"members[{row}].{name}": value for name, value in values.items()}


def register(visit: Visit, key: str = "register") -> str:
    """Register a household; its address."""
    fields = {"department": "SOF-VUX", **member(0)}
    status, _, target = visit.post("/helsingborg/households/new", **fields, idempotencyKey=key)
    assert status == 303
    return target


@pytest.mark.parametrize("path", ["today", "cases", "households/new", "policy", "cases/x"])
def test_a_stranger_is_sent_to_the_login(stranger: TestClient, path: str) -> None:
    """And comes back to the page afterwards."""
    answer = stranger.get(f"/helsingborg/{path}")
    assert answer.status_code == 303
    to = f"/helsingborg/login?return_to=%2Fhelsingborg%2F{path.replace('/', '%2F')}"
    assert answer.headers["location"] == to


def test_an_unknown_kommun_is_no_page(stranger: TestClient) -> None:
    """Neither its pages nor its colours."""
    for path in ("/atlantis/today", "/atlantis/static/theme.css"):
        assert stranger.get(path).status_code == 404


def test_a_session_of_one_kommun_opens_nothing_at_another(visit: LogIn) -> None:
    """The other kommun's login is asked for."""
    status, _ = visit("petra.solberg", "karlstad").get("/helsingborg/today")
    assert status == 303


def test_what_belongs_to_another_kommun_does_not_exist(visit: LogIn) -> None:
    """Every page under a real id of another kommun is the same friendly 404."""
    household = register(visit("aida.lindqvist"), "other-kommun")
    other = visit("petra.solberg", "karlstad")
    row = household.rsplit("/", 1)[1]
    for path in (
        f"households/{row}",
        f"cases/{row}",
        f"cases/{row}/assessment",
        f"cases/{row}/follow-ups",
        f"cases/{row}/decision",
        f"referrals/{row}",
        f"decisions/{row}",
        f"offers/{row}",
        f"contracts/{row}",
        f"obligations/{row}/follow-up",
    ):
        status, page = other.get(f"/karlstad/{path}")
        assert status == 404, path
        assert "Sidan finns inte" in page
    unknown = other.get("/karlstad/households/SG91c2Vob2xk")
    assert unknown[0] == 404


def test_a_missing_right_is_named(visit: LogIn) -> None:
    """The page says which right, in the reader's language."""
    officer = visit("ingrid.falk")
    status, page = officer.get("/helsingborg/households/new")
    assert status == 403
    assert "registrera hushåll" in page
    officer.headers["cookie"] = f"{_cookies(officer)}; hemvist_language=en"
    assert "register households" in officer.get("/helsingborg/households/new")[1]


@pytest.mark.parametrize("token", ["", "wrong", "x" * 5000])
def test_a_form_without_the_sessions_token_changes_nothing(visit: LogIn, token: str) -> None:
    """A forged form is refused before anything is done."""
    caseworker = visit("aida.lindqvist")
    fields = {"department": "SOF-VUX", **member(0, givenName="Forged")}
    status, _, _ = caseworker.post("/helsingborg/households/new", **fields, csrf=token)
    assert status == 403
    assert "Forged" not in caseworker.get("/helsingborg/households")[1]


def test_a_form_sent_twice_makes_one(visit: LogIn) -> None:
    """The key in the form catches a double click; the answer is the same."""
    caseworker = visit("aida.lindqvist")
    page = caseworker.get("/helsingborg/households/new")[1]
    fields = {"department": "SOF-VUX", **member(0), "idempotencyKey": caseworker.key(page)}
    first = caseworker.post("/helsingborg/households/new", **fields)
    second = caseworker.post("/helsingborg/households/new", **fields)
    assert first[0] == second[0] == 303
    assert first[2] == second[2]


def test_nothing_typed_is_lost_and_each_problem_stands_at_its_field(visit: LogIn) -> None:
    """Rows left empty are passed over, and problems find the rows that they are about."""
    caseworker = visit("aida.lindqvist")
    fields = {
        "department": "SOF-VUX",
        **member(0),
        **dict.fromkeys(member(1), ""),
        **member(2, personalNumber="19121212-0000", givenName='O"Brien <b>'),
    }
    status, page, _ = caseworker.post("/helsingborg/households/new", **fields)
    assert status == 422
    assert 'value="O&#34;Brien &lt;b&gt;"' in page
    assert 'href="#f-members-2-personalNumber"' in page
    assert 'id="f-members-2-personalNumber-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'value="19121212-0000"' in page


def test_a_person_is_added_and_taken_away_without_script(visit: LogIn) -> None:
    """Each press gives the form back with what was typed."""
    caseworker = visit("aida.lindqvist")
    fields = {"department": "SOF-VUX", **member(0, givenName="Kvar")}
    status, page, _ = caseworker.post("/helsingborg/households/new", **fields, act="add")
    assert status == 200 and "members[1].givenName" in page and 'value="Kvar"' in page
    fields |= member(1, givenName="Bort")
    status, page, _ = caseworker.post("/helsingborg/households/new", **fields, act="remove:1")
    assert status == 200 and "Bort" not in page and 'value="Kvar"' in page


def test_somebody_else_was_faster(visit: LogIn) -> None:
    """A stale version is told as such, and the form is still filled in."""
    caseworker = visit("aida.lindqvist")
    household = register(caseworker, "stale")
    page = caseworker.get(household)[1]
    link = next(part for part in page.split('"') if part.endswith("/protection"))
    fields = {
        "protection": "secrecy_mark",
        "checkedOn": "2026-01-02",
        "source": "Folkbokföringen",
        "expectedVersion": "1",
    }
    assert caseworker.post(link, **fields)[0] == 303
    assert "Skyddade personuppgifter" in caseworker.get(household)[1]
    fields |= {"protection": "none", "idempotencyKey": "another"}
    status, page, _ = caseworker.post(link, **fields)
    assert status == 409
    assert 'value="Folkbokföringen"' in page


def test_unknown_protection_counts_as_protected(visit: LogIn) -> None:
    """Until somebody has checked, every page of the household warns."""
    caseworker = visit("aida.lindqvist")
    fields = {"department": "SOF-VUX", **member(0, protection="unknown", protectionCheckedOn="")}
    _, _, target = caseworker.post("/helsingborg/households/new", **fields, idempotencyKey="unk")
    assert 'class="protected"' in caseworker.get(target)[1]


def test_a_number_is_searched_in_the_body_only(visit: LogIn) -> None:
    """An exact number finds the person; no address ever holds it."""
    caseworker = visit("aida.lindqvist")
    fields = member(0)
    caseworker.post(
        "/helsingborg/households/new", department="SOF-VUX", **fields, idempotencyKey="search"
    )
    number = fields["members[0].personalNumber"]
    status, page, _ = caseworker.post("/helsingborg/households/search", personalNumber=number)
    assert status == 200 and "Vera" in page
    assert caseworker.get(f"/helsingborg/households/search?personalNumber={number}")[0] == 404
    status, page, _ = caseworker.post("/helsingborg/households/search", personalNumber="1")
    assert status == 422 and "Vera" not in page


@pytest.mark.parametrize("fields", [{"unitId": ""}, {"unitId": "x"}, {}])
def test_crafted_forms_get_an_answer(visit: LogIn, fields: dict[str, str]) -> None:
    """Ids and codes that no form of ours would send."""
    officer = visit("ingrid.falk")
    assert officer.post("/helsingborg/referrals/x/offer", **fields)[0] == 404
    assert officer.post("/helsingborg/referrals/x/dance", **fields)[0] == 404
    assert officer.post("/helsingborg/offers/x/dance", **fields)[0] == 404
    assert officer.get("/helsingborg/cases?after=nowhere")[0] == 404


def test_a_wrong_enumeration_is_told_in_the_form(visit: LogIn) -> None:
    """A value outside the list is a problem of the form, no failure of ours."""
    caseworker = visit("aida.lindqvist")
    fields = {"department": "SOF-VUX", **member(0, protection="invisible")}
    status, page, _ = caseworker.post("/helsingborg/households/new", **fields)
    assert status == 422
    assert "invisible" not in page or "alert" in page


def test_the_language_is_kept(stranger: TestClient) -> None:
    """In a cookie; and the address to come back to is one of ours."""
    answer = stranger.post("/language", data={"lang": "en", "return_to": "/helsingborg/today"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/helsingborg/today"
    assert '<html lang="en">' in stranger.get("/").text
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", ""):
        answer = stranger.post("/language", data={"lang": "en", "return_to": elsewhere})
        assert answer.headers["location"] == "/"
    stranger.post("/language", data={"lang": "tlh", "return_to": "/"})
    assert '<html lang="en">' in stranger.get("/").text


def test_own_files_are_kept_by_the_browser_and_pages_are_not(
    stranger: TestClient, visit: LogIn
) -> None:
    """Files change their address with their content; pages hold secrets of one reader."""
    page = stranger.get("/").text
    style = next(part for part in page.split('"') if "portal.css" in part)
    assert "immutable" in stranger.get(style).headers["cache-control"]
    assert stranger.get("/static/portal/../app.py").status_code == 404
    assert stranger.get("/static/portal/%2e%2e/app.py").status_code == 404
    assert "--kommun:" in stranger.get("/helsingborg/static/theme.css").text
    answer = visit("aida.lindqvist").client.get("/helsingborg/today")
    assert answer.headers["cache-control"] == "no-store"


def test_no_page_has_script_or_style_of_its_own(visit: LogIn) -> None:
    """The content policy allows files only."""
    for path in ("today", "households/new", "cases", "policy"):
        page = visit("aida.lindqvist").get(f"/helsingborg/{path}")[1]
        assert "<style" not in page and "style=" not in page and "onclick" not in page
        assert page.count("<script") == page.count('<script src="/static/portal/')


def _cookies(visit: Visit) -> str:
    return "; ".join(f"{name}={value}" for name, value in visit.client.cookies.items())
