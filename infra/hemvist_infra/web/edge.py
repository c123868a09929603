"""The outermost layer: known hosts, a limit on bodies, headers, request ids, no internals told."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable
from uuid import uuid4

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hemvist.audit.origin import coming_from
from hemvist_infra.web.answers import (
    BROKEN,
    TOO_LARGE,
    TOO_SLOW,
    UNKNOWN_HOST,
    Refusal,
    answer,
)

#: Bytes that a request's body may have.
BODY_LIMIT = 1_000_000
#: A photograph of an inspection or a claim's document is sent by a form that holds one file.
PHOTO_LIMIT = 9_000_000
_PHOTOS = ("/photos", "/files")
#: Probes come by the machine's own address, and they are told nothing worth knowing.
_PROBES = frozenset({"/health/live", "/health/ready"})
_REQUEST_ID_HEADER = b"x-request-id"
_NO_STORE = (b"cache-control", b"no-store")
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

#: Everything from this address only; no script that is not a file of ours, nobody frames us.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action {form_targets}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

log = structlog.get_logger("hemvist.web")


def guarding_headers(*, https: bool, form_targets: Iterable[str] = ()) -> list[tuple[bytes, bytes]]:
    """What every answer tells the browser not to do with it, as ASGI takes it."""
    targets = " ".join(["'self'", *sorted(set(form_targets))])
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY.format(form_targets=targets),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # The query of a page may hold what somebody searched for.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
    ]


class _Cut(Exception):
    """The body grew beyond the limit while it was read, or did not come in time."""


class Edge:
    """ASGI middleware around everything.

    ``hosts`` are the names we answer to; ``form_targets`` the origins a form may lead to besides our
    own (a login ends in a redirect to the kommun's issuer, and browsers apply ``form-action`` to it).
    ``body_time_limit`` are the seconds within which a body must have come.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str],
        https: bool,
        form_targets: Iterable[str] = (),
        body_time_limit: float = 60.0,
    ) -> None:
        self._app = app
        self._body_time_limit = body_time_limit
        self._hosts = frozenset(hosts)
        self._raw = guarding_headers(https=https, form_targets=form_targets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers.get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = request_id
        started = False
        body = _Body(receive, _limit_of(scope), self._body_time_limit)

        async def sending(message: Message) -> None:
            nonlocal started
            if body.cut is not None and not started:
                # Whatever the application makes of a body cut off: ours is the answer to it.
                return
            if message["type"] == "http.response.start":
                started = True
                self._complete(message, scope["path"], request_id)
            await send(message)

        async def refuse(refusal: Refusal) -> None:
            if not started:
                # What is left of the body is not waited for.
                headers = {"Connection": "close"} if body.cut is TOO_SLOW else None
                body.cut = None
                await answer(refusal, scope, request_id, headers)(scope, receive, sending)

        address = scope.get("client")
        with (
            structlog.contextvars.bound_contextvars(request_id=request_id),
            coming_from(address[0] if address else ""),
        ):
            try:
                if not self._known_host(headers, scope["path"]):
                    await refuse(UNKNOWN_HOST)
                elif _announced_length(headers) > _limit_of(scope):
                    await refuse(TOO_LARGE)
                else:
                    await self._app(scope, body.receive, sending)
                    if body.cut is not None:
                        await refuse(body.cut)
            except Exception:
                if body.cut is not None:
                    await refuse(body.cut)
                    return
                # Told to nobody outside: the log has the place, never the values (see telemetry).
                log.exception("request_failed")
                await refuse(BROKEN)

    def _known_host(self, headers: Headers, path: str) -> bool:
        host = headers.get("host", "").rsplit(":", 1)[0] if headers.get("host") else ""
        return host in self._hosts or path in _PROBES

    def _complete(self, message: Message, path: str, request_id: str) -> None:
        headers = list(message.get("headers", ()))
        there = {name for name, _ in headers}
        headers += [header for header in self._raw if header[0] not in there]
        headers = [header for header in headers if header[0] != _REQUEST_ID_HEADER]
        headers.append((_REQUEST_ID_HEADER, request_id.encode("latin-1")))
        # Pages and answers hold secrets of one reader: no cache keeps them. Files under /static may be.
        if b"cache-control" not in there and "/static/" not in path:
            headers.append(_NO_STORE)
        message["headers"] = headers


def _request_id(sent: str) -> str:
    return sent if _REQUEST_ID.fullmatch(sent) else uuid4().hex


def _limit_of(scope: Scope) -> int:
    """How long a request's body may be, by its address."""
    photo = scope["method"] == "POST" and scope["path"].endswith(_PHOTOS)
    return PHOTO_LIMIT if photo else BODY_LIMIT


def _announced_length(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isdigit() and len(length) < 20 else 0


class _Body:
    """A request's body, which stops at the limit even if it says nothing of its length, and does not
    come a byte at a time for ever. ``cut`` is what the caller is told of a body that was stopped."""

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        self._receive = receive
        self._limit = limit
        self._read = 0
        self._began = time.monotonic()
        self._seconds = seconds
        self._whole = False
        self.cut: Refusal | None = None

    async def receive(self) -> Message:
        """The next part. Raises ``_Cut`` beyond the limits."""
        if self._whole:
            # All that can come now is that the caller goes, which may take as long as it likes.
            return await self._receive()
        left = self._began + self._seconds - time.monotonic()
        try:
            async with asyncio.timeout(max(left, 0.0)):
                message = await self._receive()
        except TimeoutError:
            self.cut = TOO_SLOW
            raise _Cut from None
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._read > self._limit:
                self.cut = TOO_LARGE
                raise _Cut
        return message
