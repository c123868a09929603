"""A concluded assessment as it was, asked again, and as a sheet for the applicant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from hemvist_portal.pages import Reader, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.wording import LANGUAGES

router = portal_router()


@router.get("/{slug}/assessments/{assessment_id}")
def record(visitor: Reader, assessment_id: str, replay: str = "") -> Response:
    """What the rules said then and what a person concluded."""
    data = visitor.node("assessment_record", "assessment", id=assessment_id, replay=bool(replay))
    return show(visitor, "pages/assessment_record.html", assessment=data["assessment"])


@router.get("/{slug}/assessments/{assessment_id}/sheet")
def sheet(visitor: Reader, assessment_id: str, language: str = "") -> Response:
    """The sheet for the applicant, in a language of its own."""
    if language in LANGUAGES:
        visitor = replace(visitor, lang=language)
    data = visitor.node("applicant_sheet", "sheet", id=assessment_id)
    return show(
        visitor,
        "pages/applicant_sheet.html",
        sheet=data["sheet"],
        criteria=nested(data["sheet"]["criteria"]),
        assessment_id=assessment_id,
    )


def nested(criteria: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Criteria in preorder as a tree by their level."""
    roots: list[dict[str, Any]] = []
    way: list[dict[str, Any]] = []
    for one in criteria:
        placed = {**one, "parts": []}
        del way[one["level"] :]
        (way[-1]["parts"] if way else roots).append(placed)
        way.append(placed)
    return roots
