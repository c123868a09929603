"""``POST /{slug}/graphql/export``: a whole list as lines of JSON (NDJSON), as it is read.

The first line says what is asked, the last that it is complete, with a count: a stream that ends
without it was cut. What goes wrong in the middle is the last line instead.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from hemvist.clock import now
from hemvist.hands import hands
from hemvist.identity import Actor
from hemvist.outages import Busy, Outage
from hemvist.running import Work
from hemvist.serving import gate, share_of, stoppable
from hemvist.settings import get_settings
from hemvist_graphql.asking import Who, asked_of, body_of, document_of
from hemvist_graphql.compiled.json import dumps
from hemvist_graphql.explaining import formatted
from hemvist_graphql.exporting import Export, Page, PageFailed, export_of, read_page
from hemvist_graphql.failures import not_now
from hemvist_graphql.http import refusal, without_data

MEDIA_TYPE = "application/x-ndjson"
#: Seconds to wait before a page is tried again that found no place: people come first.
_YIELD = 0.5
#: Seconds for the last line to be taken.
_LAST_WORDS = 5.0
_HEADERS = [
    (b"content-type", MEDIA_TYPE.encode()),
    (b"cache-control", b"no-store"),
]
router = APIRouter()


@dataclass(frozen=True, slots=True)
class _Begun:
    """An export that is let in, and its first page."""

    actor: Actor
    export: Export
    variables: Mapping[str, Any]
    first: Page


class Endpoint:
    """The route as an ASGI application: it sends while it reads."""

    path = "/{slug}/graphql/export"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whose ``path_params`` have the slug."""
        request = Request(scope, receive)
        slug: str = scope["path_params"]["slug"]
        body = await body_of(request)
        try:
            async with gate("export").place(share_of(scope)), stoppable(receive) as work:
                # What is refused is refused before anything is sent.
                async with gate("data").place(share_of(scope)):
                    begun = await hands().run(lambda: _begun(slug, request, body))
                if isinstance(begun, Response):
                    await begun(scope, receive, send)
                else:
                    await _send(slug, begun, work, share_of(scope), send)
        except Busy as busy:
            await refusal(busy)(scope, receive, send)


router.routes.append(
    Route(Endpoint.path, Endpoint(), methods=["POST"], name="export", include_in_schema=False)
)


def _begun(slug: str, request: Request, body: bytes | None) -> _Begun | Response:
    try:
        actor, _ = Who(slug, request).looked_up()
        request.state.tenant_id = actor.tenant_id
        asked = asked_of(request, body)
        variables = asked["variables"] or {}
        document = document_of(actor, asked)
        prepared = document.operation(asked["operationName"])
        export = export_of(prepared, variables)
        after = variables.get(export.after, export.start)
        return _Begun(actor, export, variables, read_page(actor, export, variables, after))
    except PageFailed as failed:
        return without_data(dumps({"errors": [failed.error]}))
    except Exception as error:
        return refusal(error)


async def _send(slug: str, begun: _Begun, work: Work, share: Hashable, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    page, rows = begun.first, 0
    after = begun.variables.get(begun.export.after, begun.export.start)
    last: dict[str, Any]
    try:
        # Also for a caller who takes nothing: the place is wanted by others.
        async with asyncio.timeout(get_settings().export_time_limit):
            await _line(send, {"export": _asked(slug, begun)})
            while True:
                await _text(send, page.lines)
                rows += page.rows
                if page.after is None:
                    break
                after = page.after
                page = await _page(begun, after, share)
        last = {"complete": {"rows": rows}}
    except TimeoutError:
        await hands().run(work.stop)
        failed = not_now(Outage.TIMEOUT)
        error = formatted(failed)
        last = {"error": error, "rows": rows, "after": after}
    except PageFailed as failure:
        last = {"error": failure.error, "rows": rows, "after": after}
    # To one who has gone it goes nowhere; one who takes nothing is not waited for.
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WORDS):
            await _line(send, last)
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _asked(slug: str, begun: _Begun) -> dict[str, Any]:
    export = begun.export
    return {
        "kommun": slug,
        "list": export.field,
        "operation": export.name,
        "startedAt": now().isoformat(),
        "pageSize": export.page,
    }


async def _page(begun: _Begun, after: str | None, share: Hashable) -> Page:
    """One page, read when there is a place for it beside those who wait for a page of theirs."""
    actor, export, variables = begun.actor, begun.export, begun.variables
    while True:
        try:
            async with gate("data").place(share):
                return await hands().run(lambda: read_page(actor, export, variables, after))
        except Busy:
            await asyncio.sleep(_YIELD)


async def _line(send: Send, value: Mapping[str, Any]) -> None:
    await _text(send, dumps(value) + "\n")


async def _text(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
