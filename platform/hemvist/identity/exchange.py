"""What passes between us and the issuer during a login: the request, the answer, the tokens."""

from __future__ import annotations

from collections.abc import Mapping

import httpx2
from authlib.integrations.httpx_client import (  # type: ignore[import-untyped]
    OAuth2Client,
    OAuthError,
)

from hemvist.identity.issuers import Claims, IssuerConfig
from hemvist.identity.provider import check_address, http_options, provider
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.settings import get_settings

#: RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6.
_KNOWN_ERRORS = frozenset(
    {
        "access_denied",
        "account_selection_required",
        "consent_required",
        "interaction_required",
        "invalid_request",
        "invalid_scope",
        "login_required",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_response_type",
    }
)


def callback_url(slug: str) -> str:
    """The redirect address that the kommun registers at its issuer."""
    return f"{get_settings().base_url.rstrip('/')}/{slug}/oidc/callback"


def authorization_url(
    config: IssuerConfig, slug: str, *, state: str, nonce: str, code_verifier: str
) -> str:
    """Where a login begins at the issuer: code flow with PKCE S256 (RFC 7636)."""
    endpoint = provider(config.issuer).metadata().authorization_endpoint
    with _client(config, slug) as client:
        url, _ = client.create_authorization_url(
            endpoint, state=state, code_verifier=code_verifier, nonce=nonce
        )
    return str(url)


def check_answer(config: IssuerConfig, answer: Mapping[str, str]) -> None:
    """Raise ``LoginRefused`` unless the answer comes from this issuer and is no refusal."""
    stated = answer.get("iss")
    # RFC 9207: without this, one issuer could pass another issuer's code to us.
    if stated is not None and stated != config.issuer:
        raise LoginRefused(Refusal.ISSUER_MISMATCH)
    if stated is None and provider(config.issuer).metadata().names_itself:
        raise LoginRefused(Refusal.ISSUER_MISMATCH, "the answer does not name its issuer")
    if "error" in answer:
        # Anybody can write this address, so only a known word of it may reach the log.
        known = answer["error"] in _KNOWN_ERRORS
        raise LoginRefused(Refusal.DENIED_BY_ISSUER, answer["error"] if known else "")


def fetch_tokens(
    config: IssuerConfig, slug: str, code: str, code_verifier: str
) -> Mapping[str, object]:
    """The token endpoint's answer for ``code``. Raises ``LoginRefused``."""
    endpoint = check_address(provider(config.issuer).metadata().token_endpoint)
    try:
        with _client(config, slug) as client:
            answer: Mapping[str, object] = client.fetch_token(
                endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=code_verifier,
                redirect_uri=callback_url(slug),
            )
    except OAuthError as error:
        raise LoginRefused(Refusal.CODE_REFUSED, str(error)) from error
    except (httpx2.HTTPError, ValueError) as error:
        raise LoginRefused(Refusal.ISSUER_UNAVAILABLE, str(error)) from error
    return answer


def with_userinfo(config: IssuerConfig, claims: Claims, access_token: object) -> Claims:
    """``claims`` with those of the userinfo endpoint, where the kommun's issuer keeps roles there."""
    endpoint = provider(config.issuer).metadata().userinfo_endpoint
    if not config.use_userinfo or endpoint is None or not isinstance(access_token, str):
        return claims
    more = provider(config.issuer).get_json(endpoint, {"Authorization": f"Bearer {access_token}"})
    # OpenID Connect Core §5.3.2: the answer counts only if it speaks of the same subject.
    if more.get("sub") != claims["sub"]:
        raise LoginRefused(Refusal.TOKEN_CLAIM, "userinfo sub")
    return {**more, **claims}


def _client(config: IssuerConfig, slug: str) -> OAuth2Client:
    return OAuth2Client(
        client_id=config.client_id,
        client_secret=config.client_secret,
        scope=" ".join(config.scopes),
        redirect_uri=callback_url(slug),
        code_challenge_method="S256",
        **http_options(config.issuer),
    )
