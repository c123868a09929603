"""The page of a login that did not succeed."""

from __future__ import annotations

import pytest
from fastapi import FastAPI, Request, Response
from starlette.testclient import TestClient

from hemvist.identity import Refusal
from hemvist_portal.login import login_refused


@pytest.fixture(scope="module")
def client() -> TestClient:
    """Shows the page for any code."""
    app = FastAPI()

    @app.get("/{slug}/{code}")
    def refused(request: Request, slug: str, code: str) -> Response:
        return login_refused(request, code, {"slug": slug}, 400)

    return TestClient(app)


@pytest.mark.parametrize("code", [*Refusal, "something_new"])
def test_every_refusal_has_words_in_both_languages(client: TestClient, code: str) -> None:
    """A way on, the code for whoever helps, and nothing that only the other side may know."""
    swedish = client.get(f"/helsingborg/{code}", headers={"accept-language": "sv"})
    english = client.get(f"/helsingborg/{code}", headers={"accept-language": "en"})
    assert swedish.status_code == english.status_code == 400
    assert "Det gick inte att logga in" in swedish.text
    assert "The login did not succeed" in english.text
    for page in (swedish.text, english.text):
        assert str(code) in page and 'href="/helsingborg/login"' in page


def test_an_unknown_kommun_leads_to_the_start_page(client: TestClient) -> None:
    """There is nowhere to log in again."""
    page = client.get(f"/atlantis/{Refusal.TENANT_UNKNOWN}").text
    assert 'href="/atlantis/login"' not in page and 'href="/"' in page


def test_what_a_stranger_wrote_is_escaped(client: TestClient) -> None:
    """The slug comes from the address."""
    page = client.get("/%3Cscript%3E/denied_by_issuer").text
    assert "<script>" not in page.replace("<script src=", "")
