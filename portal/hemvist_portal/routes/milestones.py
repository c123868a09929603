"""Recording a milestone (händelse): what happens without a form of its own."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from hemvist.clock import today
from hemvist.contracts.models import GIVEN_BY
from hemvist.contracts.notices import DETAILS
from hemvist.policy.programmes import PARTIES
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.labels import LABELS
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import translate

router = portal_router()

_DAYS = ("ends_on", "board_told_on", "demand_sent_on", "arrears_served_on")


@router.get("/{slug}/cases/{case_id}/milestone")
def milestone(visitor: Reader, case_id: str, milestone: str = "", programme: str = "") -> Response:
    """The form of one of the programme's milestones."""
    lease = _lease_to_end(visitor, case_id, milestone)
    if lease is not None:
        return RedirectResponse(visitor.url(f"contracts/{lease}/act/notice"), 303)
    form = Form.of(happenedOn=today())
    form.put("notice.given_by", GIVEN_BY[0])
    return _form(visitor, case_id, form, programme, milestone)


@router.post("/{slug}/cases/{case_id}/milestone")
def record(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Save the event."""
    data = _data(visitor, case_id)
    programme = form.one("programme")
    values = {
        "caseId": case_id,
        "milestone": form.one("milestone"),
        # Once the case has its programme, nobody names it.
        "programme": None if data["case"]["programme"] else programme,
        "happenedOn": form.read_date("happenedOn", required=True),
        "parties": form.many("parties"),
        "agreed": form.many("agreed") or None,
        "told": form.many("told") or None,
        "agendaDone": form.many("agendaDone") or None,
        "notice": _notice(form) or None,
        "notes": form.one("notes"),
        "wentOnBecause": form.one("wentOnBecause") or None,
    }
    if form.problems:
        return _form(visitor, case_id, form, programme, form.one("milestone"))
    if visitor.command("record_milestone", form, without_none(values)) is not None:
        return done(visitor, f"cases/{case_id}", "milestone_recorded")
    return _form(visitor, case_id, form, programme, form.one("milestone"))


def _lease_to_end(visitor: Visitor, case_id: str, milestone: str) -> str | None:
    """The case's running lease, where the milestone is a notice: it is given on the lease."""
    if not milestone:
        return None
    data = _data(visitor, case_id)
    named = (
        one
        for programme in data["pack"]["programmes"]
        if programme["id"] == data["case"]["programme"]
        for one in programme["milestones"]
        if one["id"] == milestone
    )
    if not any(one["details"]["event"] == "notice_given" for one in named):
        return None
    running = (one["id"] for one in data["case"]["contracts"] if one["state"] == "signed")
    return next(running, None)


def _notice(form: Form) -> dict[str, Any]:
    """What was written of a notice; nothing for other events, whose form does not ask."""
    if not form.one("notice.given_by"):
        return {}
    found: dict[str, Any] = {"given_by": form.one("notice.given_by")}
    for name in DETAILS:
        field = f"notice.{name}"
        value: Any = form.read_date(field) if name in _DAYS else form.one(field)
        if name == "board_has_copy" and value:
            value = value == "true"
        if value not in (None, ""):
            found[name] = value
    return found


def _data(visitor: Visitor, case_id: str) -> dict[str, Any]:
    case = visitor.node("case_frame", "case", id=case_id)["case"]
    data = visitor.node(
        "milestone", "case", id=case_id, pack=case["pack"], version=case["packVersion"]
    )
    if not data.get("pack"):
        raise Missing
    return data


def _form(visitor: Visitor, case_id: str, form: Form, programme: str, milestone: str) -> Response:
    data = _data(visitor, case_id)
    case = data["case"]
    programmes = [
        one
        for one in data["pack"]["programmes"]
        if one["milestones"] and case["programme"] in (None, one["id"])
    ]
    if not programmes:
        raise Missing
    chosen = next((one for one in programmes if one["id"] == programme), programmes[0])
    named = next((one for one in chosen["milestones"] if one["id"] == milestone), None)
    event = named["details"]["event"] if named else ""
    takeover = (chosen["takeover"] or {}).get("details", {})
    return show(
        visitor,
        "pages/milestone_form.html",
        case=case,
        programmes=programmes,
        programme=chosen,
        milestone=named,
        notices=[one for one in chosen["notices"] if one["details"]["before"] == event],
        agrees=takeover.get("agrees", []) if event == "lease_taken_over" else [],
        parties=PARTIES,
        grounds=[
            (code, translate(visitor.lang, text)) for code, text in LABELS["notice_ground"].items()
        ],
        form=form,
    )
