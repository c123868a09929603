"""Checking tokens of an issuer: ID tokens, access tokens to our API, and logout tokens.

OpenID Connect Core 1.0 §3.1.3.7, RFC 9068 §4 and Back-Channel Logout 1.0 §2.6 say what to check;
RFC 8725 says what goes wrong when it is not.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError

from hemvist.clock import real_now
from hemvist.identity.issuers import Claims, IssuerConfig, claim_values
from hemvist.identity.provider import provider
from hemvist.identity.refusals import LoginRefused, Refusal

#: How far the issuer's clock may be from ours, in seconds.
LEEWAY_S = 60
#: An ID token or logout token older than this was not made for what is happening now.
MAX_AGE_S = 600
MAX_LENGTH = 16_384
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

_LOGOUT_TYPE = "logout+jwt"
_ACCESS_TYPES = frozenset({"at+jwt", "application/at+jwt"})


def unverified_issuer(token: str) -> str:
    """The ``iss`` that ``token`` claims, only to choose whose keys to check it with."""
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        issuer = claims["iss"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise LoginRefused(Refusal.TOKEN_MALFORMED) from None
    if not isinstance(issuer, str):
        raise LoginRefused(Refusal.TOKEN_MALFORMED)
    return issuer


def check_id_token(
    config: IssuerConfig, token: str, *, nonce: str, access_token: str | None = None
) -> Claims:
    """The claims of an ID token made for our client and this very login. Raises ``LoginRefused``."""
    header, claims = _verified(config, token)
    if _type(header) in _ACCESS_TYPES | {_LOGOUT_TYPE}:
        raise LoginRefused(Refusal.TOKEN_TYPE)
    _for_client(config, claims)
    _subject(claims)
    _recent(claims)
    if not _same(claims.get("nonce"), nonce):
        raise LoginRefused(Refusal.TOKEN_NONCE)
    stated = claims.get("at_hash")
    if stated is not None and (
        access_token is None or not _same(stated, _half_hash(header["alg"], access_token))
    ):
        raise LoginRefused(Refusal.TOKEN_CLAIM, "at_hash")
    return claims


def check_access_token(config: IssuerConfig, token: str) -> Claims:
    """The claims of a bearer token made out to our API. Raises ``LoginRefused``."""
    header, claims = _verified(config, token)
    if _type(header) not in _ACCESS_TYPES | {"jwt", ""}:
        raise LoginRefused(Refusal.TOKEN_TYPE)
    if config.api_audience not in _audiences(claims):
        raise LoginRefused(Refusal.TOKEN_AUDIENCE)
    _subject(claims)
    scopes = {
        scope
        for name in ("scope", "scp")
        for value in claim_values(claims, (name,))
        for scope in value.split()
    }
    if config.api_scope not in scopes:
        raise LoginRefused(Refusal.TOKEN_SCOPE)
    return claims


def check_logout_token(config: IssuerConfig, token: str) -> Claims:
    """The claims of a logout token for our client. The caller refuses a repeated ``jti``."""
    header, claims = _verified(config, token)
    if _type(header) not in {_LOGOUT_TYPE, f"application/{_LOGOUT_TYPE}", "jwt", ""}:
        raise LoginRefused(Refusal.TOKEN_TYPE)
    _for_client(config, claims)
    _recent(claims)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise LoginRefused(Refusal.TOKEN_CLAIM, "events")
    if "nonce" in claims:
        raise LoginRefused(Refusal.TOKEN_CLAIM, "nonce")
    if not is_plain(claims.get("jti")):
        raise LoginRefused(Refusal.TOKEN_CLAIM, "jti")
    if not any(is_plain(claims.get(name)) for name in ("sub", "sid")):
        raise LoginRefused(Refusal.TOKEN_CLAIM, "sub")
    return claims


def _verified(config: IssuerConfig, token: str) -> tuple[Mapping[str, Any], Claims]:
    """Header and claims after signature, issuer, times and required claims have been checked."""
    if len(token) > MAX_LENGTH:
        raise LoginRefused(Refusal.TOKEN_MALFORMED, "too long")
    header = _header(token)
    algorithm, key_id = header.get("alg"), header.get("kid")
    # The list decides, never the token: this is what stops "none" and HMAC with a public key.
    if algorithm not in config.algorithms:
        raise LoginRefused(Refusal.TOKEN_ALGORITHM)
    if key_id is not None and not isinstance(key_id, str):
        raise LoginRefused(Refusal.TOKEN_MALFORMED, "kid")
    key = provider(config.issuer).key(algorithm, key_id)
    try:
        decoded = jwt.decode(token, key, algorithms=[algorithm])
    except BadSignatureError:
        raise LoginRefused(Refusal.TOKEN_SIGNATURE) from None
    except (JoseError, ValueError, RecursionError) as error:
        raise LoginRefused(Refusal.TOKEN_MALFORMED, str(error)) from error
    claims: Claims = decoded.claims
    if claims.get("iss") != config.issuer:
        raise LoginRefused(Refusal.TOKEN_ISSUER)
    check_times(claims)
    for name, value in config.required_claims.items():
        if claims.get(name) != value:
            raise LoginRefused(Refusal.TOKEN_CLAIM, name)
    return header, claims


def _header(token: str) -> Mapping[str, Any]:
    try:
        first, _, _ = token.split(".")
        header = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError):
        raise LoginRefused(Refusal.TOKEN_MALFORMED) from None
    if not isinstance(header, dict):
        raise LoginRefused(Refusal.TOKEN_MALFORMED)
    return header


def _type(header: Mapping[str, Any]) -> str:
    return str(header.get("typ", "")).lower()


def _instant(claims: Claims, name: str, *, needed: bool) -> float | None:
    value = claims.get(name)
    if value is None and not needed:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise LoginRefused(Refusal.TOKEN_CLAIM, name)
    return float(value)


def check_times(claims: Claims) -> None:
    """Raise ``LoginRefused`` unless ``claims`` hold at this moment, give or take the clocks."""
    now = real_now().timestamp()
    expires = _instant(claims, "exp", needed=True)
    if expires is not None and expires <= now - LEEWAY_S:
        raise LoginRefused(Refusal.TOKEN_EXPIRED)
    for name in ("nbf", "iat"):
        starts = _instant(claims, name, needed=False)
        if starts is not None and starts > now + LEEWAY_S:
            raise LoginRefused(Refusal.TOKEN_NOT_YET_VALID)


def _recent(claims: Claims) -> None:
    issued = _instant(claims, "iat", needed=True)
    if issued is not None and issued < real_now().timestamp() - MAX_AGE_S:
        raise LoginRefused(Refusal.TOKEN_EXPIRED, "issued long ago")


def _audiences(claims: Claims) -> frozenset[str]:
    return claim_values(claims, ("aud",))


def _for_client(config: IssuerConfig, claims: Claims) -> None:
    audiences = _audiences(claims)
    if config.client_id not in audiences:
        raise LoginRefused(Refusal.TOKEN_AUDIENCE)
    party = claims.get("azp")
    if party is None and len(audiences) == 1:
        return
    if party != config.client_id:
        raise LoginRefused(Refusal.TOKEN_AUDIENCE, "azp")


def _subject(claims: Claims) -> None:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not is_plain(subject):
        raise LoginRefused(Refusal.TOKEN_CLAIM, "sub")


def is_plain(value: object) -> bool:
    """Whether ``value`` is a text as an identifier must be: 1 to 255 visible ASCII characters."""
    return (
        isinstance(value, str) and 0 < len(value) <= 255 and value.isascii() and value.isprintable()
    )


def _same(stated: object, expected: str) -> bool:
    return (
        isinstance(stated, str)
        and stated.isascii()
        and hmac.compare_digest(stated.encode(), expected.encode())
    )


def _half_hash(algorithm: str, value: str) -> str:
    """``at_hash`` of OpenID Connect Core §3.1.3.6."""
    digest = hashlib.new(f"sha{algorithm[2:]}", value.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
