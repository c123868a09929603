"""Help for landlords: what one does where, and who gets to know what."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from hemvist_portal.errors import LoginNeeded
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.pages import landlord_router, show
from hemvist_portal.landlord.visitor import landlord_visitor, landlords_config
from hemvist_portal.rendering import show_plain
from hemvist_portal.statics import theme

router = landlord_router()


@router.get(f"/{SLUG}/help")
def help_page(request: Request) -> Response:
    """The help, for everybody: it says nothing of anybody's."""
    try:
        visitor = landlord_visitor(request)
    except LoginNeeded:
        return show_plain(request, "landlord/help.html", slug=SLUG)
    visitor.read("frame")
    return show(visitor, "landlord/help.html")


@router.get(f"/{SLUG}/static/theme.css")
def landlords_theme() -> Response:
    """The colours of the landlords' pages."""
    return theme(landlords_config())
