"""Compressing larger answers (gzip), where the length of what is sent tells nobody a secret.

Whoever can make somebody's browser ask for a page with chosen words in its address, and sees how
long the encrypted answer is, can guess at what else stands on the page (BREACH). So a page for a
logged-in person is compressed only when the browser says that the request came from our own pages
or from the person's own hand; another site cannot make it say so. The API wants a token with each
request, which another site does not have, and the portal's own files hold no secrets.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

#: Less fits into one packet anyway.
LEAST = 1_400
#: Five sixths of a list of fifty go at the lowest level; the highest takes one part in a hundred
#: more, for six times the time (docs/decisions/0012-edge.md).
LEVEL = 1
#: Who asked, as browsers say it (Fetch Metadata): another page of ours, or the person's own hand.
_OWN = frozenset({"same-origin", "none"})


class Compression:
    """ASGI middleware that compresses what may be compressed for those who accept it."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._compressing = GZipMiddleware(app, minimum_size=LEAST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        chosen = self._compressing if scope["type"] == "http" and _may(scope) else self._plain
        await chosen(scope, receive, send)


def _may(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    if not _accepted(headers.get("accept-encoding", "")):
        return False
    if "cookie" not in headers or "/static/" in scope["path"]:
        return True
    if "x-csrf-token" in headers:
        # The API from a session: no other site can add this header.
        return True
    return headers.get("sec-fetch-site", "") in _OWN


def _accepted(encodings: str) -> bool:
    """Whether gzip is among them, and not with the weight 0 that refuses it."""
    for one in encodings.lower().split(","):
        name, _, weight = one.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
