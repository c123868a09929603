"""The web application as it is put together."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import hemvist_tenants
from hemvist.identity import get_directory, use_directory
from hemvist.settings import get_settings
from hemvist_infra.app import create_app
from hemvist_login import base_url, onboard_demo, session_cookie
from hemvist_testing import open_folder

ADDRESS = "https://hemvist.example"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the development issuer keeps its keys."""
    with open_folder() as folder:
        yield folder


@pytest.fixture
def client(
    database: str, valkey: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """A client of the whole application."""
    monkeypatch.setenv("HEMVIST_LOCAL_DIR", str(folder))
    with base_url(ADDRESS):
        onboard_demo()
        with TestClient(create_app(), base_url=ADDRESS) as client:
            yield client


def test_each_part_answers_at_its_address(client: TestClient) -> None:
    assert client.get("/health/live").status_code == 200
    assert client.get("/nowhere/login", follow_redirects=False).status_code == 404
    assert client.get("/dev-issuer/helsingborg/.well-known/openid-configuration").is_success
    assert client.post("/helsingborg/graphql", json={"query": "{ __typename }"}).status_code == 401
    today = client.get("/helsingborg/today", follow_redirects=False)
    assert today.headers["location"].startswith("/helsingborg/login?")


@pytest.mark.parametrize(
    "path",
    [
        "/no/such/page",
        "/docs",
        "/openapi.json",
        "/helsingborg/../../etc/passwd",
        "/static/portal/..%2f..%2fapp.py",
        "/%00",
        "/helsingborg/cases/not-an-id",
        "/helsingborg/%F0%9F%98%80",
    ],
)
def test_what_is_not_there_is_not_there(client: TestClient, path: str) -> None:
    answer = client.get(path, follow_redirects=False, headers={"accept": "text/html"})
    # To the login for a page of a kommun, else not found; never a failure, never a file of ours.
    assert answer.status_code in (303, 404), answer.status_code
    for inside in ("Traceback", "hemvist_", "root:", "site-packages"):
        assert inside not in answer.text


def test_a_wrong_method_and_an_unreadable_form_get_a_code(client: TestClient) -> None:
    assert client.delete("/health/live").json()["error"] == "method_not_allowed"
    answer = client.post(
        "/helsingborg/logout",
        content=b"\xff\xfe--x",
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.text


def test_pages_have_the_strict_policy_and_are_not_kept(client: TestClient) -> None:
    page = client.get("/helsingborg/no-such-page", headers={"accept": "text/html"})
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


def test_production_has_no_development_issuer(
    database: str, valkey: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    built_in = (Path(hemvist_tenants.__file__).parent / "helsingborg.toml").read_text()
    for old, new in (
        ('environments = ["development", "test"]', 'environments = ["production"]'),
        ("{base_url}/dev-issuer/helsingborg", "https://login.kommun.example"),
        ('client_secret_from = "development"', 'client_secret_from = "env:A_CLIENT_SECRET"'),
    ):
        assert old in built_in
        built_in = built_in.replace(old, new)
    (tmp_path / "helsingborg.toml").write_text(built_in)
    monkeypatch.setenv("A_CLIENT_SECRET", "x" * 40)
    monkeypatch.setenv("HEMVIST_TENANTS_DIR", str(tmp_path))
    monkeypatch.setenv("HEMVIST_ENVIRONMENT", "production")
    kept = get_directory()
    try:
        with base_url(ADDRESS), TestClient(create_app(), base_url=ADDRESS) as client:
            address = "/dev-issuer/helsingborg/.well-known/openid-configuration"
            assert client.get(address).status_code == 404
            assert client.get("/health/live", headers={"host": "localhost"}).status_code == 200
            answer = client.get("/docs", headers={"host": "localhost"})
            assert answer.status_code == 400
            policy = answer.headers["content-security-policy"]
            assert "form-action 'self' https://login.kommun.example;" in policy
    finally:
        use_directory(kept)
        monkeypatch.undo()
        get_settings.cache_clear()


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """The application sets up this process' logging; the next test finds it as it was."""
    root = logging.getLogger()
    kept = (root.handlers[:], root.level, logging.raiseExceptions)
    yield
    root.handlers[:], root.level = kept[0], kept[1]
    logging.raiseExceptions = kept[2]


def test_what_may_be_compressed_is(client: TestClient) -> None:
    headers = {"Accept-Encoding": "gzip"}
    file = client.get("/static/portal/portal.css", headers=headers)
    assert file.headers["content-encoding"] == "gzip"
    # Through the front that knows the API's address, too.
    name, cookie, session = session_cookie("helsingborg", "aida.lindqvist")
    types = client.post(
        "/helsingborg/graphql",
        json={"query": "{ __schema { types { name description } } }"},
        headers={**headers, "Cookie": f"{name}={cookie}", "X-CSRF-Token": session.csrf_token},
    )
    assert types.json()["data"]["__schema"]["types"]
    assert types.headers["content-encoding"] == "gzip"
