"""``POST /{slug}/graphql``: the API of one kommun, for programs with a token and for the portal."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from hemvist.hands import hands
from hemvist.outages import Busy, outage_of
from hemvist.serving import gate, share_of, stoppable
from hemvist_graphql.asking import Refused, Who, asked_of, body_of, document_of
from hemvist_graphql.compiled import Unproven
from hemvist_graphql.documents import Document, Invalid, by_id, known
from hemvist_graphql.documents import document as find
from hemvist_graphql.execution import execute_at_once, execute_claimed, execute_text
from hemvist_graphql.explaining import formatted
from hemvist_graphql.failures import RETRY_AFTER, STATUS, RequestFailed, not_now
from hemvist_graphql.naming import named

router = APIRouter()
#: What is answered is personal data: nothing between us and the caller may keep it.
PERSONAL = {"Cache-Control": "no-store"}


async def graphql(slug: str, request: Request) -> Response:
    """Carry out one operation in the kommun ``slug``."""
    # Before a place is taken: a caller who sends slowly keeps nobody waiting.
    body = await body_of(request)
    try:
        async with gate("data").place(share_of(request.scope)), stoppable(request.receive):
            try:
                answer = await _at_once(slug, request, body)
                if answer is not None:
                    return answer
                claim = True
            except Unproven:
                claim = False
            return await hands().run(lambda: _answered(slug, request, body, claim))
    except Busy as busy:
        return refusal(busy)


async def _at_once(slug: str, request: Request, body: bytes | None) -> Response | None:
    """The answer where it takes one round trip and no thread; else None. Raises ``Unproven``."""
    try:
        claim = Who(slug, request).claimed(waiting=False)
        if claim is None:
            return None
        asked = asked_of(request, body)
        document = _at_hand(asked)
        if document is None:
            return None
        actor, proof = claim
        name = asked["operationName"]
        data = await execute_at_once(actor, proof, document, asked["variables"] or {}, name)
    except (Refused, RequestFailed):
        # It is said to those who have been looked up.
        return None
    except Unproven:
        raise
    except Exception as error:
        return refusal(error)
    if data is None:
        return None
    request.state.tenant_id = actor.tenant_id
    return Response(data, headers=PERSONAL, media_type="application/json")


def _at_hand(asked: dict[str, Any]) -> Document | None:
    """The document that is asked for, if it has been read before."""
    if asked["query"] is None:
        return by_id(asked["documentId"])
    return find(asked["query"]) if known(asked["query"]) else None


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


def _answered(slug: str, request: Request, body: bytes | None, claim: bool = True) -> Response:
    try:
        who = Who(slug, request)
        answer = _claimed(who, request, body) if claim else None
        if answer is None:
            actor, proof = who.looked_up()
            request.state.tenant_id = actor.tenant_id
            asked = asked_of(request, body)
            document = document_of(actor, asked)
    except Exception as error:
        return refusal(error)
    if answer is None:
        variables, name = asked["variables"], asked["operationName"]
        answer = execute_text(actor, document, variables, name, proof)
    if not answer.startswith('{"data"'):
        # An answer without data says only what was wrong.
        return without_data(answer)
    return Response(answer, headers=PERSONAL, media_type="application/json")


def _claimed(who: Who, request: Request, body: bytes | None) -> str | None:
    """The answer where one statement can prove who asks and read for them; else None, and whatever
    is wrong is said to somebody who has been looked up. Raises for a database that is away."""
    try:
        claim = who.claimed()
        if claim is None:
            return None
        asked = asked_of(request, body)
        document = _at_hand(asked)
        if document is None:
            return None
    except (Refused, RequestFailed):
        return None
    actor, proof = claim
    answer = execute_claimed(actor, proof, document, asked["variables"], asked["operationName"])
    if answer is not None:
        request.state.tenant_id = actor.tenant_id
    return answer


def refusal(error: Exception) -> Response:
    """The answer to a request that is not begun. Raises ``error`` again when it is a fault of ours."""
    if isinstance(error, RequestFailed):
        return _failed(error)
    if isinstance(error, Invalid):
        return without_data(json.dumps({"errors": [formatted(one) for one in error.errors]}))
    if isinstance(error, Refused):
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
        return JSONResponse(
            {"errors": [named(error.error)]}, status_code=error.status, headers=headers
        )
    outage = outage_of(error)
    if outage is None:
        raise error
    return _failed(not_now(outage))


def without_data(answer: str) -> Response:
    """The response for an answer that is errors only, with the status that they have."""
    extensions = json.loads(answer)["errors"][0].get("extensions") or {}
    code = extensions.get("code", "")
    headers = {"Cache-Control": "no-store"}
    wait = extensions.get("retryAfter", RETRY_AFTER.get(code))
    if wait is not None:
        headers["Retry-After"] = str(wait)
    return Response(answer, STATUS.get(code, 400), headers, media_type="application/json")


def _failed(failed: RequestFailed) -> Response:
    return without_data(json.dumps({"errors": [formatted(failed)]}))
