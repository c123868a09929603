"""The operator's page: for who holds the token, in two languages, and without a word about anybody."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from hemvist.clock import real_now
from hemvist_infra.watching import judging, page
from hemvist_infra.watching.process import Watch
from hemvist_infra.watching.seen import Seen
from hemvist_portal import status_words
from hemvist_portal.wording import translate
from hemvist_seen import SEEN, TOKEN


def client(seen: Seen | None = SEEN) -> TestClient:
    """A browser at the page."""
    app = page.page_app(lambda: seen, TOKEN, {"watch"}, https=False)
    return TestClient(app, base_url="http://watch")


def as_browser(token: str = TOKEN, name: str = "drift") -> dict[str, str]:
    given = base64.b64encode(f"{name}:{token}".encode()).decode()
    return {"Authorization": f"Basic {given}"}


@pytest.mark.parametrize("path", ["/", "/status.json"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        as_browser(""),
        as_browser(TOKEN[:-1]),
        as_browser("x", name=TOKEN),
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Basic"},
        {"Authorization": f"Digest {TOKEN}"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer né"},
    ],
)
def test_nobody_without_the_token_sees_anything(path: str, headers: dict[str, str]) -> None:
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = client().get(path, headers=sent)
    assert answer.status_code == 401
    assert "helsingborg" not in answer.text
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("token", ["", "kort", "x" * 31])
def test_there_is_no_page_without_a_real_token(token: str) -> None:
    with pytest.raises(page.TokenMissing):
        page.page_app(lambda: SEEN, token, {"watch"}, https=False)


def test_it_tells_of_parts_and_kommuner() -> None:
    answer = client().get("/", headers=as_browser())
    assert answer.status_code == 200
    text = answer.text
    for word in ("Driftläge", "helsingborg", "norrkoping", "Undanlagda händelser", "12 s (3 st)"):
        assert word in text
    assert "Något är fel." in text
    # Who has trouble comes first; what is no kommun is none.
    assert text.index("norrkoping") < text.index("helsingborg")
    assert "natverk" not in text
    # The schema is another than the program's.
    assert "0001" in text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_it_speaks_both_languages() -> None:
    with client() as browser:
        english = browser.get("/", headers={**as_browser(), "accept-language": "en"}).text
        assert "Something is wrong." in english
        chosen = browser.post("/language", data={"lang": "en"}, headers=as_browser())
        assert "Parked events" in chosen.text
    for group in (status_words.LINES, status_words.STATES, status_words.WHOLE):
        for words in group.values():
            assert translate("en", words) != words, words
    assert set(status_words.LINES) == {line.name for line in judging.lines(SEEN)}


def test_what_was_not_seen_is_said() -> None:
    assert "Övervakaren har inte sett något" in client(None).get("/", headers=as_browser()).text
    assert client(None).get("/status.json", headers=as_browser()).status_code == 503
    blind = replace(SEEN, broker=None, server=None, backups=None, failed={"broker": "TimeoutError"})
    text = client(blind).get("/", headers=as_browser()).text
    assert "Gick inte att se: broker." in text
    assert "Säkerhetskopiorna syns inte härifrån" in text
    assert "okänt" in text


def test_a_program_reads_the_same() -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    told = client().get("/status.json", headers=headers).json()
    assert told["state"] == "wrong"
    assert told["lines"]["queue"] == {"state": "ok", "value": 12.0, "count": 3}
    assert told["kommuner"]["norrkoping"]["state"] == "wrong"
    assert client().get("/health/live").json() == {"status": "ok"}


def test_another_host_is_refused() -> None:
    app = page.page_app(lambda: SEEN, TOKEN, {"watch"}, https=False)
    answer = TestClient(app, base_url="http://elsewhere").get("/", headers=as_browser())
    assert answer.status_code == 400


def test_an_old_look_is_none() -> None:
    watch = Watch(1.0, lambda: SEEN)
    watch._seen = replace(SEEN, at=real_now())
    assert watch.last() is not None
    watch._seen = replace(SEEN, at=real_now() - timedelta(seconds=30))
    assert watch.last() is None
