"""The platform as it is served attacked: logins that somebody has prepared, and callers who never finish."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx2

from hemvist.identity.sessions import cookie_name
from hemvist_attack import Tally
from hemvist_infra.dev_issuer.client import log_in
from hemvist_login import browser, session_cookie

SLUG = "helsingborg"
#: Where somebody would have a login lead, and where none does.
ASTRAY = (
    "https://evil.example/x",
    "//evil.example/x",
    "/\\evil.example",
    "/helsingborg/../../evil",
    "/karlstad/cases",
    "/helsingborg/logout",
    "javascript:alert(1)",
)
#: Seconds that a page may take beside callers who never finish.
PATIENCE = 10.0


def _lives(address: str, cookie: str) -> bool:
    """Whether a session's cookie opens a page."""
    with browser(address) as other:
        page = other.get(f"/{SLUG}/cases", headers={"cookie": f"{cookie_name()}={cookie}"})
    return page.status_code == 200


def attack_fixation(tally: Tally, address: str) -> None:
    """A login over a session that somebody has put there: it gets another, and that one is shut."""
    name, planted, _ = session_cookie(SLUG, "bengt.sandell")
    for cookie in (planted, f"{SLUG}.{'0' * 32}.{'x' * 43}", "x"):
        tally.strike("logins", cookie[-6:])
        with browser(address) as client:
            client.cookies.set(name, cookie)
            log_in(client, address, SLUG, "aida.lindqvist")
            # The jar holds what was planted beside what was set: the newer one counts.
            got = [str(one.value) for one in client.cookies.jar if one.name == name]
        new = [one for one in got if one != cookie]
        if len(new) != 1 or not _lives(address, new[0]):
            tally.find("a login keeps the session that was there before")
    if _lives(address, planted):
        tally.find("the session that was there before a login lives on")


def attack_begun_elsewhere(tally: Tally, address: str) -> None:
    """A login that another browser began: it is finished in none but that."""
    tally.strike("logins", "begun elsewhere")
    with browser(address) as attacker:
        begun = attacker.get(f"/{SLUG}/login").headers["location"]
        asked = dict(httpx2.QueryParams(urlsplit(begun).query))
        back = attacker.post(
            f"/dev-issuer/{SLUG}/authorize", data={**asked, "username": "aida.lindqvist"}
        ).headers["location"]
    with browser(address) as client:
        answer = client.get(back)
    if answer.status_code < 400 or cookie_name() in answer.cookies:
        tally.find("a login begun in one browser is finished in another")


def attack_leading(tally: Tally, address: str) -> None:
    """A login told to lead elsewhere: it leads to the kommun's own pages."""
    for target in ASTRAY:
        tally.strike("logins", target)
        with browser(address) as client:
            begun = client.get(f"/{SLUG}/login", params={"return_to": target})
            asked = dict(httpx2.QueryParams(urlsplit(begun.headers["location"]).query))
            back = client.post(
                f"/dev-issuer/{SLUG}/authorize", data={**asked, "username": "aida.lindqvist"}
            ).headers["location"]
            leads = client.get(back).headers["location"]
        if leads != f"/{SLUG}/":
            tally.find(f"a login leads to {leads[:60]}")


def attack_slowly(tally: Tally, address: str, callers: int = 150) -> None:
    """So many callers who never finish what they began to send: others are served beside them."""
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
        for number in range(callers):
            kind = list(begun)[number % len(begun)]
            tally.strike("slow callers", kind)
            one = stack.enter_context(socket.create_connection((where.hostname, where.port)))
            one.sendall(begun[kind])
        with browser(address) as client:
            client.cookies.set(name, cookie)
            for _ in range(5):
                started = time.monotonic()
                answer = client.get(f"/{SLUG}/cases")
                took = time.monotonic() - started
                if answer.status_code != 200 or took > PATIENCE:
                    tally.find("callers who never finish keep others waiting")
                    return
