"""Who asks over HTTP, and what: the same for an answer and for an export."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import orjson
from starlette.requests import Request

from hemvist.identity import Actor
from hemvist.identity.bearer import authenticate_bearer, claimed_bearer
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.identity.sessions import (
    AuthenticatedSession,
    authenticate_session,
    claimed_session,
    cookie_name,
    require_csrf,
)
from hemvist.identity.standing import Proof
from hemvist.serving import caller_is
from hemvist.settings import get_settings
from hemvist.tenancy.platform import PLATFORM_SLUG
from hemvist_graphql.allowance import Allowance
from hemvist_graphql.documents import STAFF, Document, Library
from hemvist_graphql.failures import Code, RequestFailed

#: Bytes of a request. No form of the platform needs more, and files do not come this way.
MAX_BODY = 512 * 1024
CSRF_HEADER = "X-CSRF-Token"


class Refused(Exception):
    """The request is not let in: a status and one error."""

    def __init__(self, status: int, code: Code, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"message": message, "extensions": {"code": code.value, **details}}


async def body_of(request: Request) -> bytes | None:
    """The body, or None when it is longer than ``MAX_BODY``; the rest is then not read."""
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > MAX_BODY:
        return None
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > MAX_BODY:
            return None
    return bytes(received)


class Who:
    """Who sent a request, by its token or by the portal's session."""

    def __init__(self, slug: str, request: Request, *, landlords: bool = False) -> None:
        """``slug`` is the kommun that is asked, or with ``landlords`` that of the landlords' tenant."""
        self._slug, self._request, self._landlords = slug, request, landlords

    def claimed(self, *, waiting: bool = True) -> tuple[Actor, Proof] | None:
        """Who it was when they were last looked up, for a statement to prove; or None.

        Without ``waiting``, only what is at hand: for an event loop.
        """
        try:
            self._require_kommun()
            token = self._token()
            if token is not None:
                known = claimed_bearer(self._slug, token, waiting=waiting)
                return None if known is None else (self._is(known[0], token), known[1])
            cookie = self._request.cookies.get(cookie_name(), "")
            claim = claimed_session(cookie)
            if claim is None:
                return None
            session, proof = claim
            return self._is(self._own(session).actor, cookie), proof
        except LoginRefused:
            return None

    def looked_up(self) -> tuple[Actor, Proof | None]:
        """Who it is, and the proof of just that. Raises ``Refused``."""
        try:
            self._require_kommun()
            token = self._token()
            if token is not None:
                actor = self._is(authenticate_bearer(self._slug, token), token)
                return claimed_bearer(self._slug, token) or (actor, None)
        except LoginRefused as refused:
            raise _refused(refused) from None
        cookie = self._request.cookies.get(cookie_name(), "")
        session = self._own(authenticate_session(cookie))
        self._is(session.actor, cookie)
        found = claimed_session(cookie)
        return (session.actor, None) if found is None else (found[0].actor, found[1])

    def _is(self, actor: Actor, credential: str) -> Actor:
        caller_is(self._request.scope, credential, actor.tenant_id, actor.principal_id)
        return actor

    def _require_kommun(self) -> None:
        """Landlords' people log in to no kommun: their tenant has no API of this kind."""
        if self._slug == PLATFORM_SLUG and not self._landlords:
            raise LoginRefused(Refusal.TENANT_UNKNOWN)

    def _token(self) -> str | None:
        header = self._request.headers.get("authorization")
        if header is None:
            return None
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refused(401, Code.UNAUTHENTICATED, "send Authorization: Bearer <token>")
        return token.strip()

    def _own(self, session: AuthenticatedSession | None) -> AuthenticatedSession:
        if session is None or session.tenant_slug != self._slug:
            raise Refused(
                401, Code.UNAUTHENTICATED, "log in, or send Authorization: Bearer <token>"
            )
        try:
            # Also for reads: they leave an audit row, which no foreign page may cause.
            require_csrf(session, self._request.headers.get(CSRF_HEADER))
        except LoginRefused as refused:
            raise Refused(
                403,
                Code.FORBIDDEN,
                f"send the session's token in {CSRF_HEADER}",
                reason=refused.code,
                field=CSRF_HEADER,
            ) from None
        return session


def _refused(refused: LoginRefused) -> Refused:
    known = refused.code in (Refusal.NO_MEMBERSHIP, Refusal.BLOCKED)
    if known:
        return Refused(403, Code.FORBIDDEN, "you have no role here", reason=refused.code.value)
    return Refused(
        401, Code.UNAUTHENTICATED, "the token is not accepted", reason=refused.code.value
    )


def asked_of(request: Request, body: bytes | None) -> dict[str, Any]:
    """What a request asks for. Raises ``Refused``."""
    if body is None:
        raise Refused(
            413,
            Code.REQUEST_TOO_LARGE,
            f"a request may have at most {MAX_BODY} bytes",
            limit=MAX_BODY,
        )
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, Code.BAD_REQUEST, "send application/json", field="Content-Type")
    asked = _read(body)
    if not isinstance(asked, dict):
        raise Refused(400, Code.BAD_REQUEST, "the body is not a JSON object")
    query, variables = asked.get("query"), asked.get("variables")
    id_ = asked.get("documentId")
    name = asked.get("operationName")
    if id_ is not None and query is not None:
        raise Refused(400, Code.BAD_REQUEST, "send query or documentId, not both", field="query")
    if not isinstance(query if id_ is None else id_, str):
        name_ = "query" if id_ is None else "documentId"
        raise Refused(400, Code.BAD_REQUEST, f"{name_} must be a text", field=name_)
    if variables is not None and not isinstance(variables, dict):
        raise Refused(400, Code.BAD_REQUEST, "variables must be an object", field="variables")
    if name is not None and not isinstance(name, str):
        raise Refused(400, Code.BAD_REQUEST, "operationName must be a text", field="operationName")
    return {"query": query, "documentId": id_, "variables": variables, "operationName": name}


def _read(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        pass
    try:
        # Half a surrogate, or a number of a thousand digits: JSON, and refused where it stands.
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused(400, Code.BAD_REQUEST, "the body is not JSON") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


@cache
def _allowance() -> Allowance:
    settings = get_settings()
    return Allowance(settings.new_documents_at_once, settings.new_documents_per_minute)


def document_of(actor: Actor, asked: dict[str, Any], library: Library = STAFF) -> Document:
    """What is asked for by id or as text. Raises ``RequestFailed``."""
    if asked["documentId"] is not None:
        return library.by_id(asked["documentId"])
    text = asked["query"]
    if not library.known(text):
        wait = _allowance().take((actor.tenant_id, actor.principal_id))
        if wait:
            raise RequestFailed(
                Code.TOO_MANY_DOCUMENTS,
                "too many documents that are new here: send values as variables, or have the"
                " document registered and send its documentId",
                retryAfter=wait,
            )
    return library.document(text)
