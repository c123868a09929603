"""Cases (ärenden): the list, the case, its follow-ups."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist_portal.forms import without_none
from hemvist_portal.next_steps import link_of
from hemvist_portal.pages import Reader, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.assessments import asked

router = portal_router()


@router.get("/{slug}/cases")
def cases(
    visitor: Reader, state: str = "open", mine: str = "", after: str | None = None
) -> Response:
    """The reader's cases: open ones unless asked otherwise."""
    chosen: dict[str, Any] = {
        "state": state if state in ("open", "closed") else None,
        "mine": True if mine else None,
    }
    data = visitor.read("cases", filter=without_none(chosen), after=after)
    return show(
        visitor, "pages/cases.html", page=data["cases"], state=chosen["state"], mine=bool(mine)
    )


@router.get("/{slug}/cases/{case_id}")
def case(visitor: Reader, case_id: str) -> Response:
    """One case: what to do next, why it qualifies or not, and everything that happened."""
    found = visitor.node("case", "case", id=case_id)["case"]
    left = [
        question for question in found["questions"] if question["value"] is None and asked(question)
    ]
    steps = [
        {**step, "link": link_of(step["code"], found, step["milestone"])}
        for step in found["nextSteps"]
    ]
    return show(visitor, "pages/case.html", case=found, unanswered=len(left), steps=steps)


@router.get("/{slug}/cases/{case_id}/follow-ups")
def follow_ups(visitor: Reader, case_id: str) -> Response:
    """The case's obligations, what was held, and its plans."""
    data = visitor.node("follow_ups", "case", id=case_id)
    return show(visitor, "pages/follow_ups.html", case=data["case"])
