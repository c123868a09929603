"""Choosing a kommun, the reader's language, and the portal's own files."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form as Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hemvist.identity.sessions import LONGEST, cookie_is_secure
from hemvist_portal.errors import Missing
from hemvist_portal.landlord import SLUG as LANDLORDS
from hemvist_portal.pages import portal_router
from hemvist_portal.rendering import show_plain
from hemvist_portal.statics import PREFIX, static_file, theme
from hemvist_portal.wording import COOKIE, LANGUAGES
from hemvist_tenants import known_tenants

router = portal_router(data=False)


@router.get("/")
def start(request: Request) -> Response:
    """The kommuner to log in at."""
    choices = sorted(known_tenants().values(), key=lambda one: one.name)
    return show_plain(request, "pages/start.html", kommuner=choices, landlords=LANDLORDS)


@router.post("/language")
def choose_language(
    lang: Annotated[str, Field()] = "", return_to: Annotated[str, Field()] = "/"
) -> Response:
    """Keep the reader's language in a cookie. It changes nothing else, so it needs no token."""
    answer = RedirectResponse(_local(return_to), 303, headers={"Cache-Control": "no-store"})
    if lang in LANGUAGES:
        answer.set_cookie(
            COOKIE,
            lang,
            max_age=int(LONGEST.total_seconds()) * 24 * 30,
            path="/",
            httponly=True,
            samesite="lax",
            secure=cookie_is_secure(),
        )
    return answer


@router.get(PREFIX + "/{name:path}")
def own_file(name: str) -> Response:
    """One of the portal's own files."""
    return static_file(name)


@router.get("/{slug}/static/theme.css")
def kommun_theme(slug: str) -> Response:
    """The kommun's colours."""
    kommun = known_tenants().get(slug)
    if kommun is None:
        raise Missing
    return theme(kommun)


def _local(target: str) -> str:
    """``target`` when it is an address of ours, else the start page."""
    strange = not target.startswith("/") or target.startswith(("//", "/\\"))
    return "/" if strange or not target.isprintable() or len(target) > 2000 else target
