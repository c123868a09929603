"""Tokens and logins for programs and tests: the real flow over HTTP, without a browser."""

from __future__ import annotations

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import httpx2

from hemvist_infra.dev_issuer.grants import CLI_CLIENT, CLI_REDIRECT
from hemvist_infra.dev_issuer.people import development_entry
from hemvist_tenants import development_secret, login_tenants


def _http() -> httpx2.Client:
    return httpx2.Client(timeout=10, trust_env=False)


def person_tokens(
    base_url: str, slug: str, username: str, *, scope: str | None = None
) -> dict[str, str]:
    """The answer of the token endpoint for a demo person, by code and PKCE as a public client."""
    issuer = f"{base_url.rstrip('/')}/dev-issuer/{slug}"
    api_scope = development_entry(login_tenants()[slug]).api_scope
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    request = {
        "client_id": CLI_CLIENT,
        "redirect_uri": CLI_REDIRECT,
        "response_type": "code",
        "scope": scope or f"openid profile groups {api_scope}",
        "state": secrets.token_urlsafe(16),
        "nonce": secrets.token_urlsafe(16),
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "username": username,
    }
    with _http() as client:
        sent_back = client.post(f"{issuer}/authorize", data=request)
        answer = parse_qs(urlsplit(sent_back.headers.get("location", "")).query)
        if "code" not in answer:
            raise LookupError(f"{username!r} cannot log in at {issuer}")
        tokens = client.post(
            f"{issuer}/token",
            data={
                "grant_type": "authorization_code",
                "client_id": CLI_CLIENT,
                "redirect_uri": CLI_REDIRECT,
                "code": answer["code"][0],
                "code_verifier": verifier,
            },
        )
        tokens.raise_for_status()
        result: dict[str, str] = tokens.json()
        return result


def person_token(base_url: str, slug: str, username: str) -> str:
    """A bearer token by which a demo person's program may use the API, for ten minutes."""
    return person_tokens(base_url, slug, username)["access_token"]


def machine_token(base_url: str, slug: str, client_id: str) -> str:
    """A bearer token of a demo machine, by client credentials."""
    with _http() as client:
        answer = client.post(
            f"{base_url.rstrip('/')}/dev-issuer/{slug}/token",
            data={"grant_type": "client_credentials"},
            auth=(client_id, development_secret(slug, client_id)),
        )
        answer.raise_for_status()
        token: str = answer.json()["access_token"]
        return token


def log_in(client: httpx2.Client, base_url: str, slug: str, username: str) -> httpx2.Response:
    """Log a demo person in: ``client`` keeps the cookie. The answer is the last redirect's target.

    Walks as a browser does: our login page, the issuer's list, the callback.
    """
    first = client.get(f"{base_url}/{slug}/login", follow_redirects=False)
    request = {
        name: values[0]
        for name, values in parse_qs(urlsplit(first.headers["location"]).query).items()
    }
    back = client.post(
        f"{base_url}/dev-issuer/{slug}/authorize",
        data={**request, "username": username},
        follow_redirects=False,
    )
    return client.get(back.headers["location"], follow_redirects=False)
