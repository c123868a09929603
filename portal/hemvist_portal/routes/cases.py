"""Cases (ärenden): the list, the case, its follow-ups."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist_portal.forms import Form, without_none
from hemvist_portal.labels import LABELS
from hemvist_portal.next_steps import link_of
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.assessments import asked
from hemvist_portal.visitor import Visitor
from hemvist_portal.way import picture, told
from hemvist_portal.wording import translate

router = portal_router()


@router.get("/{slug}/cases")
def cases(
    visitor: Reader, state: str = "open", mine: str = "", after: str | None = None
) -> Response:
    """The reader's cases: open ones unless asked otherwise."""
    wanted = chosen(state, mine)
    data = visitor.read("cases", **wanted, after=after)
    shown = wanted["filter"].get("state")
    return show(
        visitor,
        "pages/cases.html",
        page=data["cases"],
        filters=data["savedFilters"],
        state=shown,
        mine=bool(mine),
    )


def chosen(state: str, mine: str) -> dict[str, Any]:
    """The selection of the list, as its document takes it."""
    wanted = {
        "state": state if state in ("open", "closed") else None,
        "mine": True if mine else None,
    }
    return {"filter": without_none(wanted)}


@router.get("/{slug}/cases/{case_id}")
def case(visitor: Reader, case_id: str) -> Response:
    """One case: what to do next, why it qualifies or not, and everything that happened."""
    return _page(visitor, case_id)


@router.post("/{slug}/cases/{case_id}/close")
def close(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Close the case, with the reason."""
    form.prefix = "close"
    values = {
        "caseId": case_id,
        "reason": form.one("reason"),
        "on": form.read_date("on"),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("close_case", form, without_none(values)) is not None:
        return done(visitor, f"cases/{case_id}", "case_closed")
    return _page(visitor, case_id, form)


def _page(visitor: Visitor, case_id: str, form: Form | None = None) -> Response:
    found = visitor.node("case", "case", id=case_id)["case"]
    left = [
        question for question in found["questions"] if question["value"] is None and asked(question)
    ]
    steps = [{**step, "link": link_of(step, found)} for step in found["nextSteps"]]
    return show(
        visitor,
        "pages/case.html",
        case=found,
        unanswered=len(left),
        steps=steps,
        stations=told(visitor.lang, found["way"], case_id),
        road=picture(visitor.lang, found["way"]),
        form=form,
        closing=[(code, translate(visitor.lang, text)) for code, text in LABELS["closing"].items()],
    )


@router.get("/{slug}/cases/{case_id}/follow-ups")
def follow_ups(visitor: Reader, case_id: str) -> Response:
    """The case's obligations, what was held, and its plans."""
    data = visitor.node("follow_ups", "case", id=case_id)
    return show(visitor, "pages/follow_ups.html", case=data["case"])
