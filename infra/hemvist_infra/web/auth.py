"""Login, callback and logout over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from html import escape
from typing import Annotated, Any
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.routing import APIRoute

from hemvist.audit import record
from hemvist.db import Audience
from hemvist.identity import Actor, get_directory
from hemvist.identity.login import ATTEMPT_LIFETIME, begin_login, complete_login
from hemvist.identity.logout import log_out, obey_logout_token
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.identity.sessions import (
    LONGEST,
    AuthenticatedSession,
    authenticate_session,
    cookie_is_secure,
    cookie_name,
)
from hemvist.serving import gate
from hemvist.settings import get_settings
from hemvist.tenancy import tenant_session

log = structlog.get_logger("hemvist.login")

#: Renders an error page: request, stable code, what the page may show, HTTP status.
OnError = Callable[[Request, str, Mapping[str, str], int], Response]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_STATUS = {
    Refusal.TENANT_UNKNOWN: 404,
    Refusal.TENANT_NOT_OPEN: 403,
    Refusal.ISSUER_UNAVAILABLE: 502,
    Refusal.NO_MEMBERSHIP: 403,
    Refusal.BLOCKED: 403,
    Refusal.CSRF: 403,
    Refusal.SESSION_MISSING: 401,
}
_WORDS = {
    Refusal.TENANT_UNKNOWN: "Det finns ingen kommun på den adressen.",
    Refusal.TENANT_NOT_OPEN: "Hemvist är inte öppet för kommunen just nu. Ingenting är borttaget.",
    Refusal.ISSUER_UNAVAILABLE: "Kommunens inloggningstjänst svarar inte. Försök igen om en stund.",
    Refusal.NO_MEMBERSHIP: "Du är inloggad hos kommunen men har ingen behörighet i Hemvist.",
    Refusal.BLOCKED: "Ditt konto är spärrat i Hemvist.",
    Refusal.DENIED_BY_ISSUER: "Inloggningen avbröts.",
}


def plain_error(request: Request, code: str, params: Mapping[str, str], status: int) -> Response:
    """An error page without the portal's layout."""
    words = _WORDS.get(Refusal(code), "Inloggningen gick inte att slutföra. Börja om.")
    again = f'<p><a href="/{escape(params["slug"])}/login">Logga in</a></p>'
    body = (
        '<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Inloggning</title>'
        f"</head><body><main><h1>Inloggning</h1><p>{words}</p>{again}"
        f"<p><small>{escape(code)}</small></p></main></body></html>"
    )
    return HTMLResponse(body, status)


def session_of(request: Request) -> AuthenticatedSession | None:
    """The session of the request's cookie, or None."""
    return authenticate_session(request.cookies.get(cookie_name()))


class _Door(APIRoute):
    """A route of login: some at once, whatever goes on among those who are in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, behind its gate."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            await request.body()
            async with gate("door").place():
                return await handle(request)

        return handled


def auth_router(on_error: OnError = plain_error) -> APIRouter:
    """The routes of login. ``on_error`` renders what the person sees when something is refused."""
    router = APIRouter(route_class=_Door)

    def refused(request: Request, slug: str, refusal: LoginRefused) -> Response:
        status = _STATUS.get(refusal.code, 400)
        # Anything may stand in the address: only a kommun's own name goes into the log.
        tenant = slug if slug in get_directory().slugs else None
        log.warning("login_refused", tenant=tenant, code=refusal.code.value, detail=refusal.detail)
        answer = on_error(request, refusal.code.value, {"slug": slug}, status)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @router.get("/{slug}/login")
    def login(request: Request, slug: str, return_to: str | None = None) -> Response:
        """Send the browser to the kommun's issuer."""
        moved = _on_own_host(request)
        if moved is not None:
            return moved
        browser = request.cookies.get(cookie_name("login"))
        try:
            redirect = begin_login(slug, return_to=return_to, browser_secret=browser)
        except LoginRefused as refusal:
            return refused(request, slug, refusal)
        answer = _redirect(redirect.url)
        _set_cookie(answer, "login", redirect.browser_secret, ATTEMPT_LIFETIME.total_seconds())
        return answer

    @router.get("/{slug}/oidc/callback")
    def callback(request: Request, slug: str) -> Response:
        """Where the issuer sends the browser back."""
        try:
            done = complete_login(
                slug,
                request.query_params,
                browser_secret=request.cookies.get(cookie_name("login")),
                previous_cookie=request.cookies.get(cookie_name()),
            )
        except LoginRefused as refusal:
            return refused(request, slug, refusal)
        _log(done.opened.session.actor, "session.open")
        answer = _redirect(done.return_to)
        _set_cookie(answer, "session", done.opened.cookie, LONGEST.total_seconds())
        return answer

    @router.post("/{slug}/logout")
    def logout(request: Request, slug: str, csrf: Annotated[str, Form()] = "") -> Response:
        """Shut the session and go on to the issuer's logout."""
        session = session_of(request)
        try:
            target = log_out(slug, request.cookies.get(cookie_name()), csrf)
        except LoginRefused as refusal:
            return refused(request, slug, refusal)
        if session is not None:
            _log(session.actor, "session.close")
        answer = _redirect(target)
        answer.delete_cookie(
            cookie_name(), path="/", secure=cookie_is_secure(), httponly=True, samesite="lax"
        )
        return answer

    @router.post("/{slug}/oidc/backchannel-logout")
    def backchannel_logout(slug: str, logout_token: Annotated[str, Form()] = "") -> Response:
        """The issuer says, server to server, that a session has ended."""
        headers = {"Cache-Control": "no-store"}
        try:
            obey_logout_token(slug, logout_token)
        except LoginRefused as refusal:
            log.warning("logout_token_refused", code=refusal.code.value)
            if refusal.code is Refusal.TENANT_UNKNOWN:
                return JSONResponse({"error": "not_found"}, 404, headers=headers)
            return JSONResponse({"error": "invalid_request"}, 400, headers=headers)
        return Response(status_code=200, headers=headers)

    return router


def _log(actor: Actor, action: str) -> None:
    """Logins and logouts stand in the audit log beside what was done between them."""
    with tenant_session(Audience.STAFF, actor.tenant_id, actor.principal_id) as session:
        record(session, actor, action)


def _redirect(target: str) -> RedirectResponse:
    return RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})


def _set_cookie(answer: Response, kind: str, value: str, seconds: float) -> None:
    answer.set_cookie(
        cookie_name(kind),
        value,
        max_age=int(seconds),
        path="/",
        secure=cookie_is_secure(),
        httponly=True,
        samesite="lax",
    )


def _on_own_host(request: Request) -> Response | None:
    """A redirect from one name of this machine to the one in ``base_url``, whose cookies count.

    Only between names of this machine: behind a proxy the host seen here says nothing.
    """
    own = urlsplit(get_settings().base_url)
    seen = request.url.hostname
    if seen == own.hostname or {seen, own.hostname} - _LOOPBACK:
        return None
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return _redirect(f"{own.scheme}://{own.netloc}{path}")
