"""How a follow-up or visit (uppföljning, hembesök) went, also from a telephone; and the end of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist.deadlines.models import NOT_HELD, NOT_HELD_REASONS
from hemvist_portal.drafts import draft_key, party_choices
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.labels import LABELS
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
        obligation["version"],
        outcome="held",
        heldOn=today(),
        happenedOn=today(),
        departments=list(obligation["departments"]) or _own(visitor),
    )
    return _form(visitor, obligation, items, form)


@router.post("/{slug}/obligations/{obligation_id}/follow-up")
def record(visitor: Reader, form: Sent, obligation_id: str) -> Response:
    """Save the follow-up, or that it did not take place."""
    obligation, items = _obligation(visitor, obligation_id)
    if form.one("outcome") in NOT_HELD:
        return _not_held(visitor, form, obligation, items)
    plan = {
        item["id"]: read_value(form, f"plan.{item['id']}", item["kind"].lower()) for item in items
    }
    values = {
        "obligationId": obligation_id,
        "heldOn": form.read_date("heldOn", required=True),
        "departments": form.many("departments"),
        "parties": form.many("parties") or None,
        "residentTookPart": form.ticked("residentTookPart"),
        "inTheHome": form.ticked("inTheHome"),
        "agendaDone": form.many("agendaDone"),
        "notes": form.one("notes"),
        "checklist": _checklist(form, obligation),
        "sendChecklist": form.ticked("sendChecklist") or None,
        "plan": without_none(plan) if items else None,
        "expectedVersion": form.version,
    }
    if form.problems:
        return _form(visitor, obligation, items, form)
    if visitor.command("record_follow_up", form, without_none(values)) is not None:
        path = f"cases/{obligation['case']['id']}/follow-ups"
        return done(visitor, path, "follow_up_recorded")
    return _form(visitor, obligation, items, form)


def _own(visitor: Visitor) -> list[str]:
    """The reader's departments in this kommun: whoever registers a visit mostly made it."""
    known = [one.code for one in visitor.kommun.departments]
    held = {one.department for one in visitor.session.actor.memberships}
    return [code for code in known if code in held]


def _checklist(form: Form, obligation: Mapping[str, Any]) -> dict[str, Any] | None:
    """The filled-in form with its remarks; None where nothing is to be filled in."""
    found: dict[str, Any] = {}
    for item in obligation["checklist"]:
        name = f"checklist.{item['id']}"
        found[item["id"]] = read_value(form, name, item["kind"].lower())
        found[f"{item['id']}.remark"] = form.one(f"{name}.remark") or None
    return without_none(found) or None


def _not_held(
    visitor: Visitor, form: Form, obligation: dict[str, Any], items: list[dict[str, Any]]
) -> Response:
    """Save that it did not take place."""
    outcome = form.one("outcome")
    values = {
        "obligationId": obligation["id"],
        "outcome": outcome,
        "reason": form.one(f"{outcome}Reason"),
        "happenedOn": form.read_date("happenedOn", required=True),
        "tried": form.one("tried"),
        "notes": form.one("missedNotes"),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("record_not_held", form, values) is not None:
        path = f"cases/{obligation['case']['id']}/follow-ups"
        return done(visitor, path, "not_held_recorded")
    form.rename_problems({"reason": f"{outcome}Reason", "notes": "missedNotes"})
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
    return show(
        visitor,
        "pages/follow_up_form.html",
        obligation=obligation,
        items=items,
        form=form,
        parties=party_choices(visitor),
        reasons={
            outcome: [(code, _words(visitor, outcome, code)) for code in codes]
            for outcome, codes in NOT_HELD_REASONS.items()
        },
        draft_key=draft_key(visitor),
    )


def _words(visitor: Visitor, outcome: str, code: str) -> str:
    return visitor.words(LABELS[f"{outcome}_reason"][code])
