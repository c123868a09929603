"""What every route shares: who reads, what was sent, and pages for requests that end early."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hemvist.errors import NotFound
from hemvist.outages import Busy, Outage, outage_of
from hemvist.serving import gate, share_of, stoppable
from hemvist_portal.errors import Forbidden, LoginNeeded, Missing, PageEnds, StaleForm, TryAgain
from hemvist_portal.forms import Form
from hemvist_portal.labels import source
from hemvist_portal.rendering import here, set_flash, show_plain
from hemvist_portal.visitor import Visitor, visitor_of
from hemvist_portal.wording import language_of, translate


class PortalRoute(APIRoute):
    """A route whose early ends (``PageEnds``) become pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, wrapped."""
        handle = self._handler(super().get_route_handler())

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except PageEnds as end:
                return self.ended(request, end)
            except NotFound:
                # An id of nothing, or of another kind of thing, in an address of a file, say.
                return self.ended(request, Missing())
            except Exception as error:
                outage = outage_of(error)
                if outage is None:
                    raise
                again = TryAgain(outage, unchanged=isinstance(error, Busy))
                return self.ended(request, again)

        return handled

    def ended(self, request: Request, end: PageEnds) -> Response:
        """The page for a request that ended early."""
        return ending(request, end)

    def _handler(
        self, handle: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        return handle


class DataRoute(PortalRoute):
    """A route that reads the kommun's data: it waits its turn, and ends when the reader goes away."""

    def _handler(
        self, handle: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def handled(request: Request) -> Response:
            # Before a place is taken: who sends slowly keeps nobody waiting.
            await request.body()
            async with gate("data").place(share_of(request.scope)), stoppable(request.receive):
                return await handle(request)

        return handled


def portal_router(*, data: bool = True) -> APIRouter:
    """A router of pages; ``data`` unless they read nothing of a kommun's."""
    return APIRouter(route_class=DataRoute if data else PortalRoute, include_in_schema=False)


def by_script(request: Request) -> bool:
    """Whether a form was sent by ``static/visit.js``, which goes on by itself."""
    return request.headers.get("x-requested-with") == "hemvist"


def ending(request: Request, end: PageEnds) -> Response:
    """The page for a request that ended early."""
    slug = str(request.path_params.get("slug", ""))
    if isinstance(end, LoginNeeded) and by_script(request):
        return Response(status_code=401, headers={"Cache-Control": "no-store"})
    if isinstance(end, LoginNeeded):
        wanted = here(request) if request.method == "GET" else f"/{slug}/today"
        return RedirectResponse(
            f"/{quote(slug)}/login?{urlencode({'return_to': wanted})}",
            303,
            headers={"Cache-Control": "no-store"},
        )
    if isinstance(end, Forbidden):
        right = translate(language_of(request), source("action", end.action))
        return show_plain(
            request, "pages/forbidden.html", 403, slug=slug, right=right, message=end.message
        )
    if isinstance(end, TryAgain):
        page = show_plain(
            request,
            "pages/try_again.html",
            503,
            slug=slug,
            outage=end.outage.value,
            sent=request.method != "GET",
            unchanged=end.unchanged,
        )
        if end.outage is not Outage.TIMEOUT:
            page.headers["Retry-After"] = "5"
        return page
    if isinstance(end, StaleForm):
        return show_plain(request, "pages/stale_form.html", 403, slug=slug)
    assert isinstance(end, Missing)
    return show_plain(request, "pages/missing.html", 404, slug=slug)


def _reader(request: Request, slug: str) -> Visitor:
    return visitor_of(request, slug)


Reader = Annotated[Visitor, Depends(_reader)]


async def _sent(request: Request, visitor: Reader) -> Form:
    async with request.form(max_files=0, max_fields=2000) as data:
        form = Form.sent(data)
    visitor.check_form(form.csrf)
    return form


Sent = Annotated[Form, Depends(_sent)]


def done(visitor: Visitor, path: str, flash: str) -> Response:
    """On to ``path`` after a command, where ``flash`` is shown."""
    if by_script(visitor.request):
        # A script could not tell a redirect to the page from one to the login.
        told = Response(status_code=204, headers={"Cache-Control": "no-store"})
        told.headers["X-Hemvist-Next"] = visitor.url(path)
        set_flash(told, flash)
        return told
    answer = RedirectResponse(visitor.url(path), 303, headers={"Cache-Control": "no-store"})
    set_flash(answer, flash)
    return answer
