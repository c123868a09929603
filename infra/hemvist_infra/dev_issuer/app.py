"""The development issuer over HTTP: one OpenID Connect issuer per kommun, for everything but work.

Anyone can be anyone here, so it refuses to exist in production.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote_plus, urlencode, urlsplit

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from hemvist.settings import get_settings
from hemvist_infra.dev_issuer import pages
from hemvist_infra.dev_issuer.grants import Client, GrantRefused
from hemvist_infra.dev_issuer.people import has_development_issuer
from hemvist_infra.dev_issuer.tenant_issuer import TenantIssuer
from hemvist_tenants import TenantConfig

MOUNT_PATH = "/dev-issuer"
_ASKED = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)
_NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _issuer_of(request: Request, slug: str) -> TenantIssuer:
    issuers: Mapping[str, TenantIssuer] = request.app.state.issuers
    if slug not in issuers:
        raise HTTPException(404)
    return issuers[slug]


Issuer = Annotated[TenantIssuer, Depends(_issuer_of)]


def dev_issuer_app(base_url: str, data_dir: Path, tenants: Mapping[str, TenantConfig]) -> FastAPI:
    """An application to be mounted at ``MOUNT_PATH`` of the one served at ``base_url``.

    ``data_dir`` keeps the signing keys. Raises ``RuntimeError`` in production.
    """
    if get_settings().environment == "production":
        raise RuntimeError("the development issuer lets anyone in: not in production")
    app = FastAPI(
        title="Hemvist development issuer",
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.issuers = {
        slug: TenantIssuer(base_url, data_dir, tenant)
        for slug, tenant in tenants.items()
        if has_development_issuer(tenant)
    }

    @app.get("/{slug}/.well-known/openid-configuration")
    async def discovery(issuer: Issuer) -> JSONResponse:
        return JSONResponse(_discovery(issuer))

    @app.get("/{slug}/jwks")
    async def jwks(issuer: Issuer) -> JSONResponse:
        return JSONResponse({"keys": [issuer.key.as_dict(private=False)]})

    @app.get("/{slug}/authorize")
    async def authorize_page(issuer: Issuer, request: Request) -> Response:
        return _authorize(issuer, dict(request.query_params))

    @app.post("/{slug}/authorize")
    async def authorize(issuer: Issuer, request: Request) -> Response:
        form = await _form(request)
        return _authorize(issuer, form, username=form.get("username", ""))

    @app.post("/{slug}/token")
    async def token(issuer: Issuer, request: Request) -> JSONResponse:
        form = await _form(request)
        try:
            answer = _token(issuer, form, request.headers.get("authorization"))
        except GrantRefused as refused:
            status = 401 if refused.error == "invalid_client" else 400
            body = {"error": refused.error, "error_description": refused.description}
            challenge = {"WWW-Authenticate": "Basic"} if status == 401 else {}
            return JSONResponse(body, status, headers={**_NOT_STORED, **challenge})
        return JSONResponse(answer, headers=_NOT_STORED)

    @app.get("/{slug}/userinfo")
    async def userinfo(issuer: Issuer, request: Request) -> JSONResponse:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise GrantRefused("invalid_token")
            return JSONResponse(issuer.userinfo(value), headers=_NOT_STORED)
        except GrantRefused as refused:
            challenge = {"WWW-Authenticate": f'Bearer error="{refused.error}"'}
            return JSONResponse({"error": refused.error}, 401, headers=challenge)

    @app.api_route("/{slug}/end-session", methods=["GET", "POST"])
    async def end_session(issuer: Issuer, request: Request) -> Response:
        asked = dict(request.query_params) if request.method == "GET" else await _form(request)
        return _end_session(issuer, asked)

    return app


def _discovery(issuer: TenantIssuer) -> dict[str, object]:
    address = issuer.address
    return {
        "issuer": address,
        "authorization_endpoint": f"{address}/authorize",
        "token_endpoint": f"{address}/token",
        "userinfo_endpoint": f"{address}/userinfo",
        "end_session_endpoint": f"{address}/end-session",
        "jwks_uri": f"{address}/jwks",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [issuer.algorithm],
        "scopes_supported": list(issuer.scopes()),
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            "client_secret_post",
            "none",
        ],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }


def _html(text: str, status: int = 200, form_action: str = "'self'") -> HTMLResponse:
    policy = f"default-src 'none'; style-src 'unsafe-inline'; form-action {form_action};"
    headers = {
        "Content-Security-Policy": policy + " frame-ancestors 'none'; base-uri 'none'",
        **_NOT_STORED,
    }
    return HTMLResponse(text, status, headers=headers)


def _authorize(
    issuer: TenantIssuer, asked: Mapping[str, str], username: str | None = None
) -> Response:
    request = {name: asked[name] for name in _ASKED if name in asked}
    client = issuer.clients.get(request.get("client_id", ""))
    redirect_uri = request.get("redirect_uri", "")
    # Nothing is sent to an address that the client has not registered, to the letter.
    if client is None:
        return _html(pages.refused(issuer.tenant, "Okänd klient (client_id)."), 400)
    if redirect_uri not in client.redirect_uris:
        return _html(pages.refused(issuer.tenant, "redirect_uri är inte registrerad."), 400)
    error = _request_error(request)
    if error is not None:
        return _back(issuer, request, {"error": error})
    if username is None:
        return _choose(issuer, request)
    person = issuer.people.get(username)
    if person is None:
        return _choose(issuer, request, unknown=username or "–")
    return _back(issuer, request, {"code": issuer.code_for(person, request)})


def _choose(
    issuer: TenantIssuer, request: Mapping[str, str], unknown: str | None = None
) -> HTMLResponse:
    page = pages.choose_person(issuer.tenant, issuer.people, request, unknown=unknown)
    target = urlsplit(request["redirect_uri"])
    # A browser holds the redirect after the form to form-action too.
    return _html(page, 200 if unknown is None else 404, f"'self' {target.scheme}://{target.netloc}")


def _request_error(request: Mapping[str, str]) -> str | None:
    if request.get("response_type") != "code":
        return "unsupported_response_type"
    challenge = request.get("code_challenge", "")
    if request.get("code_challenge_method") != "S256" or len(challenge) != 43:
        return "invalid_request"
    return None


def _back(
    issuer: TenantIssuer, request: Mapping[str, str], answer: Mapping[str, str]
) -> RedirectResponse:
    state = {"state": request["state"]} if "state" in request else {}
    query = urlencode({**answer, **state, "iss": issuer.address})
    return RedirectResponse(f"{request['redirect_uri']}?{query}", 303, headers=_NOT_STORED)


def _token(
    issuer: TenantIssuer, form: Mapping[str, str], authorization: str | None
) -> dict[str, object]:
    client = _client(issuer, form, authorization)
    grant = form.get("grant_type", "")
    if grant not in ("authorization_code", "refresh_token", "client_credentials"):
        raise GrantRefused("unsupported_grant_type")
    if grant not in client.grants:
        raise GrantRefused("unauthorized_client")
    if grant == "authorization_code":
        return issuer.redeem_code(
            client,
            form.get("code", ""),
            form.get("redirect_uri", ""),
            form.get("code_verifier", ""),
        )
    if grant == "refresh_token":
        return issuer.refresh(client, form.get("refresh_token", ""))
    return issuer.machine_tokens(client, form.get("scope", ""))


def _client(issuer: TenantIssuer, form: Mapping[str, str], authorization: str | None) -> Client:
    if authorization is None:
        return issuer.client(form.get("client_id", ""), form.get("client_secret"))
    if "client_secret" in form:
        raise GrantRefused("invalid_request", "two ways of proof")
    scheme, _, value = authorization.partition(" ")
    try:
        decoded = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise GrantRefused("invalid_client") from None
    name, colon, secret = decoded.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise GrantRefused("invalid_client")
    return issuer.client(unquote_plus(name), unquote_plus(secret))


def _end_session(issuer: TenantIssuer, asked: Mapping[str, str]) -> Response:
    hint, target = asked.get("id_token_hint"), asked.get("post_logout_redirect_uri")
    client_id = asked.get("client_id")
    if hint is not None:
        client_id = issuer.client_of_hint(hint)
    client = issuer.clients.get(client_id or "")
    if target is None or client is None or target not in client.after_logout_uris:
        return _html(pages.logged_out(issuer.tenant))
    state = f"?{urlencode({'state': asked['state']})}" if "state" in asked else ""
    return RedirectResponse(target + state, 303)


async def _form(request: Request) -> dict[str, str]:
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}
