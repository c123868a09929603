"""Visits besides those that are dated, forms that are sent on, pauses, and support taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist.deadlines.models import PAUSE_REASONS
from hemvist.follow_ups.models import SIGNS
from hemvist.follow_ups.visits import VISITS
from hemvist_portal.drafts import draft_key, party_choices
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.labels import LABELS
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

#: What is done about a need for support → its command, and the field that a day has in it.
_NEED_ACTS = {
    "talk": ("record_support_talk", "talkedOn"),
    "answer": ("answer_support_offer", "answeredOn"),
    "reopen": ("reopen_follow_up", "on"),
    "close": ("close_support_need", "on"),
}


@router.get("/{slug}/cases/{case_id}/home-visit")
def home_visit(visitor: Reader, case_id: str, purpose: str = "home_visit") -> Response:
    """The form of a visit in the home that no date asked for."""
    case = visitor.node("case_frame", "case", id=case_id)["case"]
    departments = [case["department"]]
    if purpose == "joint_visit":
        departments += [one.code for one in visitor.kommun.departments if one.kind == "property"]
    form = Form.of(heldOn=today(), departments=departments)
    return _visit_form(visitor, case, purpose, form)


@router.post("/{slug}/cases/{case_id}/home-visit")
def record_home_visit(
    visitor: Reader, form: Sent, case_id: str, purpose: str = "home_visit"
) -> Response:
    """Save the visit."""
    values = {
        "caseId": case_id,
        "purpose": purpose,
        "heldOn": form.read_date("heldOn", required=True),
        "departments": form.many("departments"),
        "parties": form.many("parties") or None,
        "residentTookPart": form.ticked("residentTookPart"),
        "notes": form.one("notes"),
    }
    if not form.problems and visitor.command("record_home_visit", form, without_none(values)):
        return done(visitor, f"cases/{case_id}/follow-ups", "home_visit_recorded")
    case = visitor.node("case_frame", "case", id=case_id)["case"]
    return _visit_form(visitor, case, purpose, form)


@router.post("/{slug}/checklists/{checklist_id}/send")
def send_checklist(visitor: Reader, form: Sent, checklist_id: str) -> Response:
    """Send a filled-in form on."""
    case_id = form.one("case")
    values = {"checklistId": checklist_id, "expectedVersion": form.version}
    if visitor.command("send_checklist", form, values) is not None:
        return done(visitor, f"cases/{case_id}/follow-ups", "checklist_sent")
    data = visitor.node("follow_ups", "case", id=case_id)
    return show(visitor, "pages/follow_ups.html", case=data["case"], refused=form)


@router.get("/{slug}/cases/{case_id}/pause")
def pause(visitor: Reader, case_id: str) -> Response:
    """The form of a pause."""
    case = visitor.node("pause", "case", id=case_id)["case"]
    return _pause_form(visitor, case, Form.of(case["version"], startsOn=today()))


@router.post("/{slug}/cases/{case_id}/pause")
def pause_duties(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Let what recurs rest."""
    values = {
        "caseId": case_id,
        "startsOn": form.read_date("startsOn", required=True),
        "endsOn": form.read_date("endsOn"),
        "reason": form.one("reason"),
        "codes": form.many("codes") or None,
        "notes": form.one("notes"),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("pause_duties", form, without_none(values)):
        return done(visitor, f"cases/{case_id}/follow-ups", "duties_paused")
    return _pause_form(visitor, visitor.node("pause", "case", id=case_id)["case"], form)


@router.post("/{slug}/pauses/{pause_id}/end")
def end_pause(visitor: Reader, form: Sent, pause_id: str) -> Response:
    """The last day of a pause."""
    case_id = form.one("case")
    values = {
        "pauseId": pause_id,
        "endsOn": form.read_date("endsOn", required=True),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("end_pause", form, values) is not None:
        return done(visitor, f"cases/{case_id}/follow-ups", "pause_ended")
    data = visitor.node("follow_ups", "case", id=case_id)
    return show(visitor, "pages/follow_ups.html", case=data["case"], refused=form)


@router.get("/{slug}/cases/{case_id}/support-again")
def support_again(visitor: Reader, case_id: str) -> Response:
    """Where a follow-up that has ended stands to be taken up again."""
    return _need_page(visitor, case_id, Form.of(noticedOn=today(), on=today()))


@router.post("/{slug}/cases/{case_id}/support-again")
def act_on_need(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Take the next step."""
    if form.act == "notice":
        command, values = (
            "notice_support_need",
            {
                "caseId": case_id,
                "signs": form.many("signs"),
                "noticedOn": form.read_date("noticedOn", required=True),
                "notes": form.one("notes"),
            },
        )
    else:
        command, values = _step(form, _need(visitor, case_id))
    if not form.problems and visitor.command(command, form, values) is not None:
        if form.act == "reopen":
            return done(visitor, f"cases/{case_id}", "follow_up_reopened")
        return done(visitor, f"cases/{case_id}/support-again", "need_saved")
    return _need_page(visitor, case_id, form)


def _step(form: Form, need: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if form.act not in _NEED_ACTS:
        raise Missing
    command, day = _NEED_ACTS[form.act]
    values: dict[str, Any] = {"needId": need["id"], "expectedVersion": form.version}
    if form.act != "close":
        values[day] = form.read_date("on", required=True)
    if form.act == "talk":
        values["departments"] = form.many("departments")
    if form.act == "answer":
        if form.one("accepted") not in ("true", "false"):
            form.add_problem("accepted", "Välj ett av svaren.")
        values["accepted"] = form.one("accepted") == "true"
    return command, values


def _need(visitor: Visitor, case_id: str) -> Mapping[str, Any]:
    case = visitor.node("support_need", "case", id=case_id)["case"]
    found = _current(case)
    if found is None:
        raise Missing
    return found


def _current(case: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The need that is being looked into, if any."""
    needs: list[Mapping[str, Any]] = case["renewedNeeds"]
    going_on = ("noticed", "talked", "accepted")
    return next((one for one in reversed(needs) if one["state"].lower() in going_on), None)


def _need_page(visitor: Visitor, case_id: str, form: Form) -> Response:
    case = visitor.node("support_need", "case", id=case_id)["case"]
    if not case["takenUpAgain"]:
        raise Missing
    form.rename_problems({"talkedOn": "on", "answeredOn": "on"})
    return show(
        visitor,
        "pages/support_need.html",
        case=case,
        need=_current(case),
        ended=case["followUpOver"],
        signs=_choices(visitor, "need_sign", SIGNS),
        form=form,
    )


def _visit_form(visitor: Visitor, case: Mapping[str, Any], purpose: str, form: Form) -> Response:
    if purpose not in VISITS:
        raise Missing
    return show(
        visitor,
        "pages/home_visit_form.html",
        case=case,
        purpose=purpose,
        form=form,
        parties=party_choices(visitor),
        draft_key=draft_key(visitor),
    )


def _pause_form(visitor: Visitor, case: Mapping[str, Any], form: Form) -> Response:
    reasons = _choices(visitor, "absence_reason", PAUSE_REASONS)
    return show(visitor, "pages/pause_form.html", case=case, form=form, reasons=reasons)


def _choices(visitor: Visitor, group: str, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, visitor.words(LABELS[group][code])) for code in codes]
