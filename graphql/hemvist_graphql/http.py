"""``POST /{slug}/graphql``: the API of one kommun, for programs with a token and for the portal."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from hemvist.hands import hands
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
from hemvist.outages import Busy, Outage, outage_of
from hemvist.serving import gate, stoppable
from hemvist.settings import get_settings
from hemvist_graphql.allowance import Allowance
from hemvist_graphql.documents import Document, by_id, known
from hemvist_graphql.documents import document as find
from hemvist_graphql.execution import execute_claimed, execute_text
from hemvist_graphql.failures import RETRY_AFTER, STATUS, Code, RequestFailed, not_now

#: Bytes of a request. No form of the platform needs more, and files do not come this way.
MAX_BODY = 512 * 1024
CSRF_HEADER = "X-CSRF-Token"

router = APIRouter()


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


async def graphql(slug: str, request: Request) -> Response:
    """Carry out one operation in the kommun ``slug``."""
    # Before a place is taken: a caller who sends slowly keeps nobody waiting.
    body = await body_of(request)
    try:
        async with gate("data").place(), stoppable(request.receive):
            return await hands().run(lambda: _answered(slug, request, body))
    except Busy:
        return _failed(not_now(Outage.BUSY))


class Endpoint:
    """``graphql`` as an ASGI application of its own: there is nothing to look up or to convert
    before it."""

    #: What telemetry calls it.
    path = "/{slug}/graphql"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whose ``path_params`` have the slug."""
        response = await graphql(scope["path_params"]["slug"], Request(scope, receive))
        await response(scope, receive, send)


endpoint = Endpoint()
router.routes.append(
    Route(Endpoint.path, endpoint, methods=["POST"], name="graphql", include_in_schema=False)
)


def _answered(slug: str, request: Request, body: bytes | None) -> Response:
    try:
        who = _Who(slug, request)
        answer = _claimed(who, request, body)
        if answer is None:
            actor, proof = who.looked_up()
            request.state.tenant_id = actor.tenant_id
            asked = _asked(request, body)
            document = _document(actor, asked)
    except RequestFailed as failed:
        return _failed(failed)
    except Refused as refused:
        headers = {"WWW-Authenticate": "Bearer"} if refused.status == 401 else {}
        return JSONResponse(
            {"errors": [refused.error]}, status_code=refused.status, headers=headers
        )
    except Exception as error:
        outage = outage_of(error)
        if outage is None:
            raise
        return _failed(not_now(outage))
    if answer is None:
        variables, name = asked["variables"], asked["operationName"]
        answer = execute_text(actor, document, variables, name, proof)
    if not answer.startswith('{"data"'):
        # An answer without data says only what was wrong.
        return _without_data(answer)
    # What is answered here is personal data: nothing between us and the caller may keep it.
    headers = {"Cache-Control": "no-store"}
    return Response(answer, headers=headers, media_type="application/json")


def _claimed(who: _Who, request: Request, body: bytes | None) -> str | None:
    """The answer where one statement can prove who asks and read for them; else None, and whatever
    is wrong is said to somebody who has been looked up. Raises for a database that is away."""
    try:
        claim = who.claimed()
        if claim is None:
            return None
        asked = _asked(request, body)
        if asked["query"] is not None and not known(asked["query"]):
            return None
        document = by_id(asked["documentId"]) if asked["query"] is None else find(asked["query"])
    except (Refused, RequestFailed):
        return None
    actor, proof = claim
    answer = execute_claimed(actor, proof, document, asked["variables"], asked["operationName"])
    if answer is not None:
        request.state.tenant_id = actor.tenant_id
    return answer


def _without_data(answer: str) -> Response:
    extensions = json.loads(answer)["errors"][0].get("extensions") or {}
    code = extensions.get("code", "")
    headers = {"Cache-Control": "no-store"}
    wait = extensions.get("retryAfter", RETRY_AFTER.get(code))
    if wait is not None:
        headers["Retry-After"] = str(wait)
    return Response(answer, STATUS.get(code, 400), headers, media_type="application/json")


def _failed(failed: RequestFailed) -> Response:
    return _without_data(
        json.dumps({"errors": [{"message": failed.message, "extensions": failed.extensions}]})
    )


class _Who:
    """Who sent a request, by its token or by the portal's session."""

    def __init__(self, slug: str, request: Request) -> None:
        self._slug, self._request = slug, request

    def claimed(self) -> tuple[Actor, Proof] | None:
        """Who it was when they were last looked up, for a statement to prove; or None."""
        try:
            token = self._token()
            if token is not None:
                return claimed_bearer(self._slug, token)
            claim = claimed_session(self._request.cookies.get(cookie_name()))
            if claim is None:
                return None
            session, proof = claim
            return self._own(session).actor, proof
        except LoginRefused:
            return None

    def looked_up(self) -> tuple[Actor, Proof | None]:
        """Who it is, and the proof of just that. Raises ``Refused``."""
        try:
            token = self._token()
            if token is not None:
                actor = authenticate_bearer(self._slug, token)
                return claimed_bearer(self._slug, token) or (actor, None)
        except LoginRefused as refused:
            raise _refused(refused) from None
        cookie = self._request.cookies.get(cookie_name())
        session = self._own(authenticate_session(cookie))
        found = claimed_session(cookie)
        return (session.actor, None) if found is None else (found[0].actor, found[1])

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
            ) from None
        return session


def _refused(refused: LoginRefused) -> Refused:
    known = refused.code in (Refusal.NO_MEMBERSHIP, Refusal.BLOCKED)
    if known:
        return Refused(403, Code.FORBIDDEN, "you have no role here", reason=refused.code.value)
    return Refused(
        401, Code.UNAUTHENTICATED, "the token is not accepted", reason=refused.code.value
    )


def _asked(request: Request, body: bytes | None) -> dict[str, Any]:
    if body is None:
        raise Refused(
            413,
            Code.REQUEST_TOO_LARGE,
            f"a request may have at most {MAX_BODY} bytes",
            limit=MAX_BODY,
        )
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, Code.BAD_REQUEST, "send application/json")
    try:
        asked = orjson.loads(body)
    except ValueError:
        raise Refused(400, Code.BAD_REQUEST, "the body is not JSON") from None
    if not isinstance(asked, dict):
        raise Refused(400, Code.BAD_REQUEST, "the body is not a JSON object")
    query, variables = asked.get("query"), asked.get("variables")
    id_ = asked.get("documentId")
    name = asked.get("operationName")
    if id_ is not None and query is not None:
        raise Refused(400, Code.BAD_REQUEST, "send query or documentId, not both")
    if not isinstance(query if id_ is None else id_, str):
        name_ = "query" if id_ is None else "documentId"
        raise Refused(400, Code.BAD_REQUEST, f"{name_} must be a text")
    if variables is not None and not isinstance(variables, dict):
        raise Refused(400, Code.BAD_REQUEST, "variables must be an object")
    if name is not None and not isinstance(name, str):
        raise Refused(400, Code.BAD_REQUEST, "operationName must be a text")
    return {"query": query, "documentId": id_, "variables": variables, "operationName": name}


@cache
def _allowance() -> Allowance:
    settings = get_settings()
    return Allowance(settings.new_documents_at_once, settings.new_documents_per_minute)


def _document(actor: Actor, asked: dict[str, Any]) -> Document:
    """What is asked for by id or as text. Raises ``RequestFailed``."""
    if asked["documentId"] is not None:
        return by_id(asked["documentId"])
    text = asked["query"]
    if not known(text):
        wait = _allowance().take((actor.tenant_id, actor.principal_id))
        if wait:
            raise RequestFailed(
                Code.TOO_MANY_DOCUMENTS,
                "too many documents that are new here: send values as variables, or have the"
                " document registered and send its documentId",
                retryAfter=wait,
            )
    return find(text)
