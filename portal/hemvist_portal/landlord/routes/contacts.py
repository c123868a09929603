"""Whom the landlord calls, in each kommun."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from starlette.responses import Response

from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.pages import Reader, landlord_router, show

router = landlord_router()


@router.get(f"/{SLUG}/contacts")
def contacts(visitor: Reader, kommun: str = "") -> Response:
    """The cards of every kommun in reach, or of one."""
    data = visitor.read("contacts", kommun=visitor.chosen_kommun(kommun))
    return show(
        visitor,
        "landlord/contacts.html",
        kommun=kommun,
        groups=by_kommun(data["contactCards"]),
        silent=[] if kommun else silent(visitor.frame["kommuner"], data["contactCards"]),
    )


def by_kommun(cards: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The cards under the names of their kommuner, each card once: who acts for two landlords has two
    doors to the same kommun."""
    once = list({card["id"]: card for card in cards}.values())
    return [
        (name, list(found))
        for name, found in groupby(once, key=lambda card: (card["kommun"] or {}).get("name", ""))
    ]


def silent(kommuner: list[dict[str, Any]], cards: list[dict[str, Any]]) -> list[str]:
    """Names of the kommuner that have not said whom to call."""
    said = {card["kommun"]["name"] for card in cards if card["kommun"]}
    return sorted({one["name"] for one in kommuner} - said)
