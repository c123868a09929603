"""The landlord's first page: what waits, what is new, the quota in short, and whom to call."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hemvist_portal.errors import LoginNeeded
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.news import NAMED, is_yesterday, lines
from hemvist_portal.landlord.pages import Reader, landlord_router, show
from hemvist_portal.landlord.routes.contacts import by_kommun
from hemvist_portal.landlord.visitor import landlord_visitor
from hemvist_portal.rendering import show_plain

router = landlord_router()


@router.get(f"/{SLUG}")
def home(request: Request) -> Response:
    """On to the start page; for whoever is not logged in, what this is and the way in."""
    try:
        landlord_visitor(request)
    except LoginNeeded:
        return show_plain(request, "landlord/welcome.html", slug=SLUG)
    return RedirectResponse(f"/{SLUG}/start", 303, headers={"Cache-Control": "no-store"})


@router.get(f"/{SLUG}/start")
def start(visitor: Reader) -> Response:
    """What waits for the reader, over every kommun at once."""
    data = visitor.read("start")
    # Of each kommun the first card: one way in.
    ways_in = [(name, cards[0]) for name, cards in by_kommun(data["contactCards"])]
    return show(
        visitor,
        "landlord/start.html",
        ways_in=ways_in,
        quotas=data["quotas"],
        waiting=[one for one in data["waiting"] if one["turn"] == "landlord"],
        awaited=[one for one in data["waiting"] if one["turn"] == "kommun"],
        news=lines([edge["node"] for edge in data["events"]["edges"]]),
        named=NAMED,
        is_yesterday=is_yesterday,
    )
