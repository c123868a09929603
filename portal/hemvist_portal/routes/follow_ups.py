"""Recording a follow-up (uppföljning), with the housing plan where the pack wants one made."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pack_fields import read_value
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.programmes import programme_named, programmes_of
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()


@router.get("/{slug}/obligations/{obligation_id}/follow-up")
def follow_up(visitor: Reader, obligation_id: str) -> Response:
    """The form: who took part, what was gone through, the plan."""
    obligation, items = _obligation(visitor, obligation_id)
    form = Form.of(
        obligation["version"], heldOn=today(), departments=list(obligation["departments"])
    )
    return _form(visitor, obligation, items, form)


@router.post("/{slug}/obligations/{obligation_id}/follow-up")
def record(visitor: Reader, form: Sent, obligation_id: str) -> Response:
    """Save the follow-up."""
    obligation, items = _obligation(visitor, obligation_id)
    plan = {
        item["id"]: read_value(form, f"plan.{item['id']}", item["kind"].lower()) for item in items
    }
    values = {
        "obligationId": obligation_id,
        "heldOn": form.read_date("heldOn", required=True),
        "departments": form.many("departments"),
        "residentTookPart": form.ticked("residentTookPart"),
        "inTheHome": form.ticked("inTheHome"),
        "agendaDone": form.many("agendaDone"),
        "notes": form.one("notes"),
        "plan": without_none(plan) if items else None,
        "expectedVersion": form.version,
    }
    if form.problems:
        return _form(visitor, obligation, items, form)
    if visitor.command("record_follow_up", form, without_none(values)) is not None:
        path = f"cases/{obligation['case']['id']}/follow-ups"
        return done(visitor, path, "follow_up_recorded")
    return _form(visitor, obligation, items, form)


@router.get("/{slug}/cases/{case_id}/end-of-follow-up")
def end_of_follow_up(visitor: Reader, case_id: str) -> Response:
    """The end of the follow-up: what the guideline says, who has concluded, and the form."""
    data = _end_data(visitor, case_id)
    departments = [data["case"]["department"]]
    departments += [one.code for one in visitor.kommun.departments if one.kind == "property"]
    form = Form.of(data["case"]["version"], on=today(), departments=departments)
    return _end_form(visitor, data, form)


@router.post("/{slug}/cases/{case_id}/end-of-follow-up")
def end(visitor: Reader, form: Sent, case_id: str) -> Response:
    """End the follow-up."""
    values = {
        "caseId": case_id,
        "departments": form.many("departments"),
        "on": form.read_date("on", required=True),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("end_follow_up", form, values) is not None:
        return done(visitor, f"cases/{case_id}", "follow_up_ended")
    return _end_form(visitor, _end_data(visitor, case_id), form)


def _end_data(visitor: Visitor, case_id: str) -> dict[str, Any]:
    case = visitor.node("case_frame", "case", id=case_id)["case"]
    data = visitor.node(
        "end_of_follow_up", "case", id=case_id, pack=case["pack"], version=case["packVersion"]
    )
    programmes = (data.get("pack") or {}).get("programmes", [])
    own = next((one for one in programmes if one["id"] == case["programme"]), None)
    if own is None or own["endOfFollowUp"] is None:
        raise Missing
    return {**data, "rules": own["endOfFollowUp"]}


def _end_form(visitor: Visitor, data: dict[str, Any], form: Form) -> Response:
    rule = data["rules"]["details"]["rule"]
    case = data["case"]
    return show(
        visitor,
        "pages/end_of_follow_up.html",
        case=case,
        rules=data["rules"],
        criterion=next((one for one in case["criteria"] if one["rule"] == rule), None),
        concluded=[one for one in case["assessments"] if one["rule"] == rule],
        form=form,
    )


def _obligation(
    visitor: Visitor, obligation_id: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The obligation, and the plan's items where it makes a plan."""
    found = visitor.node("obligation", "obligation", id=obligation_id)["obligation"]
    if not found["createsPlan"]:
        return found, []
    data = programmes_of(visitor, found["case"]["id"])
    return found, programme_named(data, "")["planItems"]


def _form(
    visitor: Visitor, obligation: dict[str, Any], items: list[dict[str, Any]], form: Form
) -> Response:
    return show(visitor, "pages/follow_up_form.html", obligation=obligation, items=items, form=form)
