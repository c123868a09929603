"""The operator's page over the last look: who holds the token sees it, nobody else.

A process and an address of its own, not the one that kommuner reach. It shows states, numbers, slugs and
ids: nothing that is about a person.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from datetime import UTC
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from hemvist_infra.database import head_revision
from hemvist_infra.watching import judging
from hemvist_infra.watching.seen import Seen
from hemvist_infra.web.edge import Edge
from hemvist_portal import status_words
from hemvist_portal.rendering import show_plain
from hemvist_portal.statics import PREFIX, static_file
from hemvist_portal.wording import COOKIE, LANGUAGES

REALM = 'Basic realm="Hemvist", charset="UTF-8"'
_TOKEN_LENGTH = 32


class TokenMissing(RuntimeError):
    """There is no page without a token."""


def page_app(last: Callable[[], Seen | None], token: str, hosts: set[str], https: bool) -> FastAPI:
    """The page. Raises ``TokenMissing`` where ``token`` is too short to be one."""
    if len(token) < _TOKEN_LENGTH:
        raise TokenMissing
    app = FastAPI(
        title="Hemvist watch",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )

    @app.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @app.get(PREFIX + "/{name:path}")
    async def static(name: str) -> Response:
        return static_file(name)

    @app.get("/")
    async def page(request: Request) -> Response:
        refused = _refusal(request, token)
        if refused is not None:
            return refused
        return show_plain(request, "pages/status.html", **_shown(last()))

    @app.post("/language")
    async def language(request: Request) -> Response:
        refused = _refusal(request, token)
        if refused is not None:
            return refused
        form = await request.form()
        answer = RedirectResponse("/", 303)
        if form.get("lang") in LANGUAGES:
            answer.set_cookie(COOKIE, str(form["lang"]), path="/", httponly=True, samesite="lax")
        return answer

    @app.get("/status.json")
    async def status(request: Request) -> Response:
        refused = _refusal(request, token)
        if refused is not None:
            return refused
        seen = last()
        if seen is None:
            return JSONResponse({"state": "unknown"}, 503)
        return JSONResponse(told(seen))

    app.add_middleware(Edge, hosts=hosts, https=https)
    return app


def _refusal(request: Request, token: str) -> Response | None:
    """401 unless the request bears the token, as a browser's password or as a program's."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    elif scheme.lower() != "bearer":
        given = ""
    if hmac.compare_digest(given.encode(), token.encode()):
        return None
    return PlainTextResponse("401\n", 401, headers={"WWW-Authenticate": REALM})


def told(seen: Seen) -> dict[str, Any]:
    """A look as a program reads it."""
    every = list(judging.lines(seen))
    return {
        "at": seen.at.astimezone(UTC).isoformat(timespec="seconds"),
        "state": judging.worst(tuple(line.state for line in every)),
        "lines": {
            line.name: {"state": line.state, "value": line.value, "count": line.count}
            for line in every
        },
        "kommuner": {
            one.slug: {
                "id": str(one.tenant_id),
                "state": judging.of_kommun(one),
                "status": one.status,
                "acts": one.acts,
                "outbox": one.outbox,
                "parked": one.parked,
                "unhandled": one.unhandled,
            }
            for one in seen.counted
        },
        "failed": dict(seen.failed),
    }


def _shown(seen: Seen | None) -> dict[str, Any]:
    if seen is None:
        return {"seen": None, "words": status_words}
    every = list(judging.lines(seen))
    return {
        "seen": seen,
        # What is wrong first, else in the order that they are told.
        "lines": sorted(every, key=lambda line: judging.ORDER.index(line.state)),
        "worst": judging.worst(tuple(line.state for line in every)),
        # Whom somebody has to look at, then who does most.
        "kommuner": sorted(
            ((one, judging.of_kommun(one)) for one in seen.counted),
            key=lambda row: (row[1] == "ok", -row[0].acts, row[0].slug),
        ),
        "code_revision": head_revision(),
        "version": version("hemvist"),
        "words": status_words,
    }
