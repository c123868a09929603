"""What every route for landlords shares. A page's module needs no other import of this package."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hemvist.outages import Outage
from hemvist_portal.errors import Forbidden, LoginNeeded, PageEnds, StaleForm, TryAgain
from hemvist_portal.forms import Form
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.visitor import LandlordVisitor, landlord_visitor
from hemvist_portal.pages import DataRoute, PortalRoute, done
from hemvist_portal.rendering import here, show, show_plain

__all__ = ["Reader", "Sent", "done", "landlord_router", "show"]

_START = f"/{SLUG}/start"


def ending(request: Request, end: PageEnds) -> Response:
    """The landlords' page for a request that ended early."""
    if isinstance(end, LoginNeeded):
        wanted = here(request) if request.method == "GET" else _START
        target = f"/{SLUG}/login?{urlencode({'return_to': wanted})}"
        return RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})
    status, why = 404, "missing"
    if isinstance(end, Forbidden):
        status, why = 403, "forbidden"
    elif isinstance(end, StaleForm):
        status, why = 403, "stale"
    elif isinstance(end, TryAgain):
        status, why = 503, end.outage.value
    page = show_plain(
        request,
        "landlord/ended.html",
        status,
        slug=SLUG,
        why=why,
        sent=request.method != "GET",
        unchanged=isinstance(end, TryAgain) and end.unchanged,
    )
    if isinstance(end, TryAgain) and end.outage is not Outage.TIMEOUT:
        page.headers["Retry-After"] = "5"
    return page


class _LandlordRoute(DataRoute):
    def ended(self, request: Request, end: PageEnds) -> Response:
        """The landlords' page for a request that ended early."""
        return ending(request, end)


class _PlainLandlordRoute(PortalRoute):
    def ended(self, request: Request, end: PageEnds) -> Response:
        """The landlords' page for a request that ended early."""
        return ending(request, end)


def landlord_router(*, data: bool = True) -> APIRouter:
    """A router of landlords' pages; ``data`` unless they read nothing of anybody's."""
    route = _LandlordRoute if data else _PlainLandlordRoute
    return APIRouter(route_class=route, include_in_schema=False)


def _reader(request: Request) -> LandlordVisitor:
    return landlord_visitor(request)


Reader = Annotated[LandlordVisitor, Depends(_reader)]


async def _sent(request: Request, visitor: Reader) -> Form:
    async with request.form(max_files=0, max_fields=2000) as data:
        form = Form.sent(data)
    visitor.check_form(form.csrf)
    return form


Sent = Annotated[Form, Depends(_sent)]
