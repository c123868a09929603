"""Back-channel logout: the issuer ends our sessions, and nobody else does (§2.6 of the standard)."""

from __future__ import annotations

import secrets
import time
from typing import Any

import httpx2
import pytest

from hemvist.identity import authenticate_session
from hemvist_infra.dev_issuer.client import log_in
from hemvist_infra.dev_issuer.people import people_of
from hemvist_login import Served, browser

SLUG = "helsingborg"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
AIDA = people_of(SLUG)["aida.lindqvist"].subject


def logout_token(platform: Served, typ: str = "logout+jwt", **changes: Any) -> str:
    now = int(time.time())
    good = {
        "iss": platform.issuers[SLUG].address,
        "aud": "hemvist-helsingborg",
        "sub": AIDA,
        "iat": now,
        "exp": now + 60,
        "jti": secrets.token_urlsafe(8),
        "events": {EVENT: {}},
    }
    claims = {name: value for name, value in {**good, **changes}.items() if value is not None}
    return platform.issuers[SLUG].sign(claims, typ=typ)


def log_aida_in(platform: Served, username: str = "aida.lindqvist") -> str:
    with browser(platform.address) as client:
        log_in(client, platform.address, SLUG, username)
        return client.cookies["hemvist_session"]


def send(platform: Served, token: str, slug: str = SLUG) -> httpx2.Response:
    with browser(platform.address) as client:
        return client.post(f"/{slug}/oidc/backchannel-logout", data={"logout_token": token})


def test_the_issuer_ends_every_session_of_a_person(platform: Served) -> None:
    cookies = [log_aida_in(platform), log_aida_in(platform)]
    other = log_aida_in(platform, "elin.karimi")
    answer = send(platform, logout_token(platform))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert [authenticate_session(cookie) for cookie in cookies] == [None, None]
    assert authenticate_session(other) is not None


def test_the_issuer_ends_one_session_by_its_sid(platform: Served) -> None:
    first, second = log_aida_in(platform), log_aida_in(platform)
    issuer = platform.issuers[SLUG]
    sid = list(issuer._codes.values())[-1].session
    assert send(platform, logout_token(platform, sub=None, sid=sid)).status_code == 200
    assert authenticate_session(second) is None
    assert authenticate_session(first) is not None


def test_a_logout_token_is_obeyed_once(platform: Served) -> None:
    token = logout_token(platform)
    assert send(platform, token).status_code == 200
    cookie = log_aida_in(platform)
    assert send(platform, token).status_code == 400
    assert authenticate_session(cookie) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"events": None},
        {"events": {}},
        {"events": {EVENT: None}},
        {"events": {"http://other.example/event": {}}},
        {"events": EVENT},
        {"nonce": "n"},
        {"sub": None},
        {"jti": None},
        {"aud": "another"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": int(time.time()) - 3600},
        {"typ": "at+jwt"},
    ],
    ids=lambda changes: ",".join(changes),
)
def test_a_token_that_does_not_hold_ends_nothing(platform: Served, changes: dict[str, Any]) -> None:
    cookie = log_aida_in(platform)
    answer = send(platform, logout_token(platform, **changes))
    assert answer.status_code == 400
    assert answer.json() == {"error": "invalid_request"}
    assert authenticate_session(cookie) is not None


def test_an_id_token_ends_nothing(platform: Served) -> None:
    cookie = log_aida_in(platform)
    token = logout_token(platform, typ="JWT", events=None, nonce="n")
    assert send(platform, token).status_code == 400
    assert authenticate_session(cookie) is not None


def test_another_kommuns_issuer_ends_nothing_here(platform: Served) -> None:
    cookie = log_aida_in(platform)
    karlstad = platform.issuers["karlstad"]
    now = int(time.time())
    claims = {"iat": now, "exp": now + 60, "jti": "j", "events": {EVENT: {}}, "sub": AIDA}
    for claim in (
        {"iss": karlstad.address, "aud": "hemvist-karlstad"},
        {"iss": platform.issuers[SLUG].address, "aud": "hemvist-helsingborg"},
    ):
        token = karlstad.sign({**claims, **claim}, typ="logout+jwt")
        assert send(platform, token).status_code == 400
    assert authenticate_session(cookie) is not None


def test_nonsense_and_unknown_kommuner_are_told_so(platform: Served) -> None:
    assert send(platform, "").status_code == 400
    assert send(platform, "x.y.z").status_code == 400
    assert send(platform, logout_token(platform), "atlantis").status_code == 404
