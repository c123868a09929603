"""The landlord's quotas as pictures with their table, its agreements and their documents."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from starlette.responses import Response

from hemvist.agreements.landlord_views import FILE_BYTES, FILES
from hemvist.clock import today
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.files import opened
from hemvist_portal.landlord.pages import Reader, landlord_router, show

router = landlord_router()


@router.get(f"/{SLUG}/quotas")
def quotas(visitor: Reader, kommun: str = "", year: str = "") -> Response:
    """Quotas of a year, by kommun."""
    of = year_of(year)
    lines = visitor.read("quotas", kommun=visitor.chosen_kommun(kommun), year=of)["quotas"]
    return show(
        visitor,
        "landlord/quotas.html",
        groups=by_kommun(lines),
        lines=lines,
        kommun=kommun,
        year=of,
    )


@router.get(f"/{SLUG}/agreements")
def agreements(visitor: Reader, kommun: str = "", after: str | None = None) -> Response:
    """The agreements, what they say in short, and the documents that were shared."""
    page = visitor.read("agreements", kommun=visitor.chosen_kommun(kommun), after=after)
    return show(visitor, "landlord/agreements.html", page=page["agreements"], kommun=kommun)


@router.get(f"/{SLUG}/agreement-files/{{file_id}}")
def open_file(visitor: Reader, file_id: str) -> Response:
    """A shared document itself. Nothing in it is run."""
    return opened(visitor, "AgreementFile", file_id, FILES, FILE_BYTES)


def year_of(asked: str) -> int:
    """The year that was asked for; this one where it is none."""
    if asked.isascii() and asked.isdigit() and 1950 <= int(asked[:5]) <= 2150:
        return int(asked)
    return today().year


def by_kommun(lines: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The lines under the names of their kommuner, with the landlord where there are several."""
    several = len({one["landlordName"] for one in lines}) > 1
    return [
        (f"{name}, {landlord}" if several else name, list(found))
        for (name, landlord), found in groupby(
            lines, key=lambda one: (one["kommunName"], one["landlordName"])
        )
    ]
