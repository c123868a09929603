"""A token's signature is checked once; everything that can change is asked each time."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from hemvist.clock import real_now
from hemvist.identity import LoginRefused, Refusal, authenticate_bearer, tokens, use_directory
from hemvist.identity.bearer import _proved
from hemvist.identity.provider import forget_providers
from hemvist_login import Served
from hemvist_tenants import directory_of, load_tenants

SLUG = "helsingborg"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    _proved.clear()
    yield
    _proved.clear()


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every token whose signature is checked."""
    seen: list[str] = []
    real = tokens.jwt.decode

    def counting(token: str, *given: Any, **more: Any) -> Any:
        seen.append(token)
        return real(token, *given, **more)

    monkeypatch.setattr(tokens.jwt, "decode", counting)
    return seen


def a_token(platform: Served, **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": platform.issuers[SLUG].address,
        "aud": "hemvist-api",
        "sub": "a-kept-program",
        "client_id": "some-client",
        "scope": "hemvist.api",
        "groups": ["hv-caseworker-amf"],
        "iat": now,
        "exp": now + 60,
    }
    return platform.issuers[SLUG].sign({**claims, **changes}, typ="at+jwt")


def refusal(token: str, slug: str = SLUG) -> Refusal:
    with pytest.raises(LoginRefused) as refused:
        authenticate_bearer(slug, token)
    return refused.value.code


def test_a_signature_is_checked_once(platform: Served, checked: list[str]) -> None:
    token = a_token(platform)
    assert authenticate_bearer(SLUG, token) == authenticate_bearer(SLUG, token)
    assert checked == [token]


def test_a_kept_token_expires(
    platform: Served, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = a_token(platform)
    authenticate_bearer(SLUG, token)
    later = real_now() + dt.timedelta(seconds=60 + tokens.LEEWAY_S + 1)
    monkeypatch.setattr(tokens, "real_now", lambda: later)
    assert refusal(token) is Refusal.TOKEN_EXPIRED
    assert checked == [token]


def test_keys_fetched_anew_check_every_token_anew(platform: Served, checked: list[str]) -> None:
    token = a_token(platform)
    authenticate_bearer(SLUG, token)
    forget_providers()
    authenticate_bearer(SLUG, token)
    assert checked == [token, token]


def test_a_key_that_is_gone_takes_its_kept_tokens_along(platform: Served) -> None:
    issuer = platform.issuers[SLUG]
    token = a_token(platform)
    authenticate_bearer(SLUG, token)
    own = issuer.key
    try:
        issuer.key = RSAKey.generate_key(2048, auto_kid=True)
        forget_providers()
        assert refusal(token) is Refusal.TOKEN_KEY_UNKNOWN
    finally:
        issuer.key = own
        forget_providers()


def test_another_configuration_checks_anew(platform: Served, checked: list[str]) -> None:
    token = a_token(platform)
    authenticate_bearer(SLUG, token)
    use_directory(directory_of(load_tenants()))
    authenticate_bearer(SLUG, token)
    assert checked == [token, token]


def test_a_kept_token_is_nothing_in_another_kommun(platform: Served) -> None:
    token = a_token(platform)
    authenticate_bearer(SLUG, token)
    assert refusal(token, "karlstad") is Refusal.ISSUER_UNKNOWN


def test_a_token_that_did_not_hold_is_not_kept(platform: Served, checked: list[str]) -> None:
    head, body, signature = a_token(platform).split(".")
    forged = f"{head}.{body}.{signature[:-4]}AAAA"
    assert refusal(forged) is refusal(forged) is Refusal.TOKEN_SIGNATURE
    assert checked == [forged, forged]
    assert len(_proved) == 0
