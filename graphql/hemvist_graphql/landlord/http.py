"""``POST /landlord/graphql``: the landlords' API, one for every kommun, for programs and the portal."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from hemvist.hands import hands
from hemvist.outages import Busy
from hemvist.serving import gate, share_of, stoppable
from hemvist.tenancy.platform import PLATFORM_SLUG
from hemvist_graphql.asking import Who, asked_of, body_of, document_of
from hemvist_graphql.http import PERSONAL, refusal, without_data
from hemvist_graphql.landlord.execution import LIBRARY, execute_text

router = APIRouter()
#: First part of the address. It is no kommun's.
PLACE = "landlord"


async def landlord_graphql(request: Request) -> Response:
    """Carry out one operation of somebody of a landlord."""
    # Before a place is taken: a caller who sends slowly keeps nobody waiting.
    body = await body_of(request)
    try:
        async with gate("data").place(share_of(request.scope)), stoppable(request.receive):
            return await hands().run(lambda: _answered(request, body))
    except Busy as busy:
        return refusal(busy)


def _answered(request: Request, body: bytes | None) -> Response:
    try:
        actor, _ = Who(PLATFORM_SLUG, request, landlords=True).looked_up()
        request.state.tenant_id = actor.tenant_id
        asked = asked_of(request, body)
        document = document_of(actor, asked, LIBRARY)
    except Exception as error:
        return refusal(error)
    answer = execute_text(actor, document, asked["variables"], asked["operationName"])
    if not answer.startswith('{"data"'):
        return without_data(answer)
    return Response(answer, headers=PERSONAL, media_type="application/json")


class Endpoint:
    """``landlord_graphql`` as an ASGI application of its own."""

    #: What telemetry calls it.
    path = f"/{PLACE}/graphql"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await landlord_graphql(Request(scope, receive))
        await response(scope, receive, send)


endpoint = Endpoint()
router.routes.append(
    Route(
        Endpoint.path, endpoint, methods=["POST"], name="landlord_graphql", include_in_schema=False
    )
)
