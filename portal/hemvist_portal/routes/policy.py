"""The kommun's guidelines (riktlinjer) as the platform reads them."""

from __future__ import annotations

from starlette.responses import Response

from hemvist_portal.errors import Missing
from hemvist_portal.pages import Reader, portal_router
from hemvist_portal.rendering import show

router = portal_router()


@router.get("/{slug}/policy")
def packs(visitor: Reader) -> Response:
    """Every guideline that the kommun works by."""
    data = visitor.read("packs")
    return show(visitor, "pages/policy.html", packs=data["packs"])


@router.get("/{slug}/policy/pack")
def pack(visitor: Reader, name: str = "", version: str | None = None) -> Response:
    """One guideline: its programmes, and each rule in plain words with its source."""
    found = visitor.read("pack", name=name, version=version)["pack"]
    if not found:
        raise Missing
    return show(visitor, "pages/pack.html", pack=found)
