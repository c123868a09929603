"""ID tokens: made by our issuer, for our client, for this login, now."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

import pytest

from hemvist.identity import LoginRefused, Refusal, get_directory
from hemvist.identity.tokens import check_id_token
from hemvist_login import Served

SLUG = "helsingborg"
CLIENT = "hemvist-helsingborg"
NONCE = "the-nonce-of-this-login"


def token_for(platform: Served, typ: str = "JWT", **changes: Any) -> str:
    now = int(time.time())
    good = {
        "iss": platform.issuers[SLUG].address,
        "aud": CLIENT,
        "sub": "somebody",
        "nonce": NONCE,
        "iat": now,
        "exp": now + 60,
    }
    claims = {name: value for name, value in {**good, **changes}.items() if value is not None}
    return platform.issuers[SLUG].sign(claims, typ=typ)


def check(token: str, access_token: str | None = None) -> dict[str, Any]:
    config = get_directory().issuer(SLUG)
    return dict(check_id_token(config, token, nonce=NONCE, access_token=access_token))


def refusal(token: str, access_token: str | None = None) -> Refusal:
    with pytest.raises(LoginRefused) as refused:
        check(token, access_token)
    return refused.value.code


def test_a_good_token_holds(platform: Served) -> None:
    assert check(token_for(platform))["sub"] == "somebody"


@pytest.mark.parametrize("nonce", [None, "", "another", 5, [NONCE], NONCE + "x"])
def test_a_wrong_nonce_is_refused(platform: Served, nonce: object) -> None:
    assert refusal(token_for(platform, nonce=nonce)) is Refusal.TOKEN_NONCE


@pytest.mark.parametrize("aud", [None, "another", ["another"], "hemvist-api", []])
def test_a_token_for_another_client_is_refused(platform: Served, aud: object) -> None:
    assert refusal(token_for(platform, aud=aud)) is Refusal.TOKEN_AUDIENCE


@pytest.mark.parametrize(
    ("aud", "azp", "holds"),
    [
        ([CLIENT], None, True),
        (CLIENT, CLIENT, True),
        (CLIENT, "another", False),
        ([CLIENT, "another"], None, False),
        ([CLIENT, "another"], "another", False),
        ([CLIENT, "another"], CLIENT, True),
    ],
)
def test_several_audiences_need_us_as_the_party(
    platform: Served, aud: object, azp: str | None, holds: bool
) -> None:
    token = token_for(platform, aud=aud, azp=azp)
    if holds:
        assert check(token)["sub"] == "somebody"
    else:
        assert refusal(token) is Refusal.TOKEN_AUDIENCE


def test_an_expired_token_is_refused(platform: Served) -> None:
    assert refusal(token_for(platform, exp=int(time.time()) - 61)) is Refusal.TOKEN_EXPIRED


def test_a_token_made_long_ago_is_refused(platform: Served) -> None:
    assert refusal(token_for(platform, iat=int(time.time()) - 700)) is Refusal.TOKEN_EXPIRED


def test_a_token_without_its_time_is_refused(platform: Served) -> None:
    assert refusal(token_for(platform, iat=None)) is Refusal.TOKEN_CLAIM


def test_a_token_naming_another_issuer_is_refused(platform: Served) -> None:
    other = platform.issuers["karlstad"].address
    assert refusal(token_for(platform, iss=other)) is Refusal.TOKEN_ISSUER


@pytest.mark.parametrize("typ", ["at+jwt", "logout+jwt", "AT+JWT"])
def test_another_kind_of_token_is_refused(platform: Served, typ: str) -> None:
    assert refusal(token_for(platform, typ=typ)) is Refusal.TOKEN_TYPE


def test_the_access_token_is_the_one_that_came_along(platform: Served) -> None:
    def half_hash(value: str) -> str:
        half = hashlib.sha256(value.encode()).digest()[:16]
        return base64.urlsafe_b64encode(half).rstrip(b"=").decode()

    token = token_for(platform, at_hash=half_hash("the access token"))
    assert check(token, "the access token")["sub"] == "somebody"
    assert refusal(token, "another access token") is Refusal.TOKEN_CLAIM
    assert refusal(token) is Refusal.TOKEN_CLAIM
