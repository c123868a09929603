"""The platform as it is served: logins that somebody has prepared, and callers who never finish."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx2
import pytest

from hemvist.identity.sessions import cookie_name
from hemvist_attack import Tally
from hemvist_browser import serve_platform
from hemvist_infra.dev_issuer.client import log_in
from hemvist_login import browser, session_cookie

pytestmark = pytest.mark.slow

SLUG = "helsingborg"
#: Callers who never finish what they began to send.
SLOW = 150


@pytest.fixture(scope="module")
def address(database: str, valkey: str) -> Iterator[str]:
    with serve_platform() as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx2.Client]:
    with browser(address) as made:
        yield made


def lives(address: str, cookie: str) -> bool:
    """Whether a session's cookie opens a page."""
    with browser(address) as other:
        page = other.get(f"/{SLUG}/cases", headers={"cookie": f"{cookie_name()}={cookie}"})
    return page.status_code == 200


def test_a_session_that_somebody_has_put_there_is_not_taken_over(
    tally: Tally, client: httpx2.Client, address: str
) -> None:
    name, planted, _ = session_cookie(SLUG, "bengt.sandell")
    for cookie in (planted, f"{SLUG}.{'0' * 32}.{'x' * 43}", "x"):
        tally.strike("logins", cookie[-6:])
        client.cookies.clear()
        client.cookies.set(name, cookie)
        log_in(client, address, SLUG, "aida.lindqvist")
        got = [one.value for one in client.cookies.jar if one.name == name]
        if not got or cookie in [one for one in got if one]:
            # The jar holds what was planted beside what was set: the newer one counts.
            got = [one for one in got if one != cookie]
        if len(got) != 1 or not lives(address, str(got[0])):
            tally.find("a login keeps the session that was there before")
    if lives(address, planted):
        tally.find("the session that was there before a login lives on")


def test_a_login_that_another_browser_began_is_not_finished(
    tally: Tally, client: httpx2.Client, address: str
) -> None:
    tally.strike("logins", "begun elsewhere")
    with browser(address) as attacker:
        begun = attacker.get(f"/{SLUG}/login").headers["location"]
        asked = dict(httpx2.QueryParams(urlsplit(begun).query))
        back = attacker.post(
            f"/dev-issuer/{SLUG}/authorize", data={**asked, "username": "aida.lindqvist"}
        ).headers["location"]
    answer = client.get(back)
    if answer.status_code < 400 or cookie_name() in answer.cookies:
        tally.find("a login begun in one browser is finished in another")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/x",
        "//evil.example/x",
        "/\\evil.example",
        "/helsingborg/../../evil",
        "/karlstad/cases",
        "/helsingborg/logout",
        "javascript:alert(1)",
    ],
)
def test_a_login_leads_to_the_kommuns_own_pages(
    tally: Tally, client: httpx2.Client, target: str
) -> None:
    tally.strike("logins", target)
    begun = client.get(f"/{SLUG}/login", params={"return_to": target}).headers["location"]
    asked = dict(httpx2.QueryParams(urlsplit(begun).query))
    back = client.post(
        f"/dev-issuer/{SLUG}/authorize", data={**asked, "username": "aida.lindqvist"}
    ).headers["location"]
    leads = client.get(back).headers["location"]
    if leads != f"/{SLUG}/":
        tally.find(f"a login leads to {leads[:60]}")


def test_callers_who_never_finish_keep_nobody_waiting(tally: Tally, address: str) -> None:
    where = urlsplit(address)
    name, cookie, session = session_cookie(SLUG, "aida.lindqvist")
    begun = {
        "half a line": b"POST /",
        "half of the headers": b"POST /helsingborg/graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        "half of a body": (
            f"POST /{SLUG}/graphql HTTP/1.1\r\nHost: {where.netloc}\r\n"
            f"Cookie: {name}={cookie}\r\nX-CSRF-Token: {session.csrf_token}\r\n"
            "Content-Type: application/json\r\nContent-Length: 400\r\n\r\n{"
        ).encode(),
    }
    with ExitStack() as stack:
        for number in range(SLOW):
            kind = list(begun)[number % len(begun)]
            tally.strike("slow callers", kind)
            one = stack.enter_context(socket.create_connection((where.hostname, where.port)))
            one.sendall(begun[kind])
        with browser(address) as client:
            client.cookies.set(name, cookie)
            for _ in range(5):
                started = time.monotonic()
                answer = client.get(f"/{SLUG}/cases")
                if answer.status_code != 200 or time.monotonic() - started > 10:
                    tally.find(
                        f"callers who never finish keep others waiting: {answer.status_code}"
                    )
