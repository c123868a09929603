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
from hemvist.identity.bearer import authenticate_bearer
from hemvist.identity.refusals import LoginRefused, Refusal
from hemvist.identity.sessions import authenticate_session, cookie_name, require_csrf
from hemvist.outages import Busy, Outage, outage_of
from hemvist.serving import gate, stoppable
from hemvist.settings import get_settings
from hemvist_graphql.allowance import Allowance
from hemvist_graphql.documents import Document, by_id, known
from hemvist_graphql.documents import document as find
from hemvist_graphql.execution import execute_text
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
        actor = _actor(slug, request)
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
    answer = execute_text(actor, document, asked["variables"], asked["operationName"])
    if not answer.startswith('{"data"'):
        # An answer without data says only what was wrong.
        return _without_data(answer)
    # What is answered here is personal data: nothing between us and the caller may keep it.
    headers = {"Cache-Control": "no-store"}
    return Response(answer, headers=headers, media_type="application/json")


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


def _actor(slug: str, request: Request) -> Actor:
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refused(401, Code.UNAUTHENTICATED, "send Authorization: Bearer <token>")
        try:
            return authenticate_bearer(slug, token.strip())
        except LoginRefused as refused:
            raise _refused(refused) from None
    session = authenticate_session(request.cookies.get(cookie_name()))
    if session is None or session.tenant_slug != slug:
        raise Refused(401, Code.UNAUTHENTICATED, "log in, or send Authorization: Bearer <token>")
    try:
        # Also for reads: they leave an audit row, which no foreign page may cause.
        require_csrf(session, request.headers.get(CSRF_HEADER))
    except LoginRefused as refused:
        raise Refused(
            403, Code.FORBIDDEN, f"send the session's token in {CSRF_HEADER}", reason=refused.code
        ) from None
    return session.actor


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
