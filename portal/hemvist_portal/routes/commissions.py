"""Support on commission: a case's commission, the provider's own pages, and the monthly reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response

from hemvist.commissions.models import END_REASONS, REASONS
from hemvist.deadlines.models import NOT_HELD_REASONS
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pack_fields import put_value, read_value
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.plans import ROOM, filled, save_draft
from hemvist_portal.visitor import Visitor

router = portal_router()

#: Selections of the list → states of a commission.
SELECTIONS: Mapping[str, list[str]] = {
    "running": ["sent"],
    "making": ["routed", "draft"],
    "ended": ["ended", "withdrawn"],
}


@router.get("/{slug}/commissions")
def commissions(visitor: Reader, which: str = "running", after: str | None = None) -> Response:
    """The commissions that the reader sees, and whether their reports have come."""
    chosen = which if which in SELECTIONS else "running"
    data = visitor.read("commissions", state=SELECTIONS[chosen], after=after)
    return show(visitor, "pages/commissions.html", page=data["commissions"], which=chosen)


@router.get("/{slug}/cases/{case_id}/support")
def support(visitor: Reader, case_id: str) -> Response:
    """The commission of a case: whose choice it is, what it says, its reports."""
    return _support(visitor, case_id)


def _route(form: Form, case_id: str) -> dict[str, Any]:
    return {
        "caseId": case_id,
        **{name: form.one(name) for name in ("regime", "reason")},
        "on": form.read_date("on", required=True),
    }


def _choose(form: Form, case_id: str) -> dict[str, Any]:
    return {
        "caseId": case_id,
        **{name: form.one(name) for name in ("providerId", "reason")},
        "on": form.read_date("on", required=True),
    }


def _send(form: Form, case_id: str) -> dict[str, Any]:
    return {
        "commissionId": form.one("commissionId"),
        "ground": form.one("ground"),
        "sentOn": form.read_date("sentOn", required=True),
        "expectedVersion": form.version,
    }


def _withdraw(form: Form, case_id: str) -> dict[str, Any]:
    return {"commissionId": form.one("commissionId"), "expectedVersion": form.version}


def _end(form: Form, case_id: str) -> dict[str, Any]:
    return {
        "commissionId": form.one("commissionId"),
        **{name: form.one(name) for name in ("reason", "note")},
        "on": form.read_date("on", required=True),
        "expectedVersion": form.version,
    }


def _receive(form: Form, case_id: str) -> dict[str, Any]:
    return {"supportReportId": form.one("reportId"), "expectedVersion": form.version}


_ACTS: Mapping[str, tuple[str, str, Callable[[Form, str], dict[str, Any]]]] = {
    "route": ("route_support", "support_routed", _route),
    "choose": ("choose_provider", "provider_chosen", _choose),
    "send": ("send_commission", "commission_sent", _send),
    "withdraw": ("withdraw_commission", "commission_withdrawn", _withdraw),
    "end": ("end_commission", "commission_ended", _end),
    "receive": ("receive_support_report", "report_received", _receive),
}


@router.post("/{slug}/cases/{case_id}/support/{act}")
def act_on(visitor: Reader, form: Sent, case_id: str, act: str) -> Response:
    """One act on the commission of a case."""
    form.prefix = act
    if act == "write":
        return _write(visitor, form, case_id)
    if act not in _ACTS:
        raise Missing
    mutation, flash, read = _ACTS[act]
    values = read(form, case_id)
    if not form.problems and visitor.command(mutation, form, without_none(values)) is not None:
        return done(visitor, f"cases/{case_id}/support", flash)
    return _support(visitor, case_id, form)


def _write(visitor: Visitor, form: Form, case_id: str) -> Response:
    now = _now(visitor.node("support", "case", id=case_id)["case"])
    if now is None:
        raise Missing
    content = {
        one["id"]: read_value(form, f"content.{one['id']}", one["kind"].lower())
        for one in now["content"]
    }
    values = {
        "commissionId": form.one("commissionId"),
        "content": without_none(content),
        "startsOn": form.read_date("startsOn", required=True),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("write_commission", form, values) is not None:
        return done(visitor, f"cases/{case_id}/support", "commission_written")
    return _support(visitor, case_id, form)


def _now(case: Mapping[str, Any]) -> Mapping[str, Any] | None:
    running = ("routed", "draft", "sent")
    return next((one for one in case["commissions"] if one["state"] in running), None)


def _support(visitor: Visitor, case_id: str, form: Form | None = None) -> Response:
    data = visitor.node("support", "case", id=case_id)
    case = data["case"]
    now = _now(case)
    written = Form.of(startsOn=None if now is None else now["startsOn"])
    written.prefix = "write"
    for item in now["content"] if now else ():
        put_value(written, f"content.{item['id']}", item["kind"].lower(), item["value"])
    return show(
        visitor,
        "pages/support.html",
        case=case,
        now=now,
        items=now["content"] if now else [],
        providers=data["supportProviders"]["edges"] if data["supportProviders"] else [],
        form=form,
        written=written,
        all_reasons=REASONS,
        all_ends=END_REASONS,
    )


@router.get("/{slug}/commissions/{commission_id}")
def commission(visitor: Reader, commission_id: str) -> Response:
    """The provider's page of a commission; others are led to the case's."""
    one = visitor.node("commission", "commission", id=commission_id)["commission"]
    if not visitor.frame["mayWriteReport"]:
        return RedirectResponse(visitor.url(f"cases/{one['caseId']}/support"), 303)
    return _commission(visitor, one)


def _commission(visitor: Visitor, one: Mapping[str, Any], form: Form | None = None) -> Response:
    return show(
        visitor,
        "pages/commission.html",
        one=one,
        form=form,
        missed_reasons=NOT_HELD_REASONS["missed"],
    )


@router.post("/{slug}/commissions/{commission_id}/visits/{obligation_id}")
def visit(visitor: Reader, form: Sent, commission_id: str, obligation_id: str) -> Response:
    """A visit or another duty of the support staff that was carried out."""
    form.prefix = f"visit-{obligation_id}"
    values: dict[str, Any] = {
        "obligationId": obligation_id,
        "heldOn": form.read_date("heldOn", required=True),
        "departments": [],
        "residentTookPart": form.ticked("residentTookPart"),
        "inTheHome": form.ticked("inTheHome"),
        "notes": form.one("notes"),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("record_follow_up", form, values) is not None:
        return done(visitor, f"commissions/{commission_id}", "visit_recorded")
    one = visitor.node("commission", "commission", id=commission_id)["commission"]
    return _commission(visitor, one, form)


@router.post("/{slug}/commissions/{commission_id}/missed/{obligation_id}")
def missed(visitor: Reader, form: Sent, commission_id: str, obligation_id: str) -> Response:
    """A visit that did not take place; those whom the guideline names are told."""
    form.prefix = f"missed-{obligation_id}"
    values: dict[str, Any] = {
        "obligationId": obligation_id,
        "outcome": "missed",
        **{name: form.one(name) for name in ("reason", "tried")},
        "happenedOn": form.read_date("happenedOn", required=True),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("record_not_held", form, values) is not None:
        return done(visitor, f"commissions/{commission_id}", "visit_missed_recorded")
    one = visitor.node("commission", "commission", id=commission_id)["commission"]
    return _commission(visitor, one, form)


@router.get("/{slug}/commissions/{commission_id}/plan")
def plan(visitor: Reader, commission_id: str) -> Response:
    """The provider makes the plan with the household."""
    one = visitor.node("commission", "commission", id=commission_id)["commission"]
    return _plan_form(visitor, one, filled(one["planDraft"] or one["plan"], one["planDraft"]))


@router.post("/{slug}/commissions/{commission_id}/plan")
def save_plan(visitor: Reader, form: Sent, commission_id: str) -> Response:
    """Save the draft of the plan."""
    one = visitor.node("commission", "commission", id=commission_id)["commission"]
    if save_draft(visitor, form, one["caseId"], one["planItems"]):
        return done(visitor, f"commissions/{commission_id}", "plan_drafted")
    return _plan_form(visitor, one, form)


@router.post("/{slug}/commissions/{commission_id}/plan/agree")
def agree_plan(visitor: Reader, form: Sent, commission_id: str) -> Response:
    """Let the plan hold."""
    form.prefix = "agree"
    values = {
        "planId": form.one("planId"),
        "agreedOn": form.read_date("agreedOn", required=True),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("agree_plan", form, values) is not None:
        return done(visitor, f"commissions/{commission_id}", "plan_agreed")
    one = visitor.node("commission", "commission", id=commission_id)["commission"]
    return _commission(visitor, one, form)


def _plan_form(visitor: Visitor, one: Mapping[str, Any], form: Form) -> Response:
    place = f"commissions/{one['id']}"
    return show(
        visitor,
        "pages/plan_form.html",
        case=None,
        commission=one,
        items=one["planItems"],
        free=False,
        plan={"id": form.one("planId")} if form.one("planId") else None,
        rows=len(form.rows("goals")) + ROOM,
        form=form,
        action=f"{place}/plan",
        back=place,
    )


@router.get("/{slug}/commissions/{commission_id}/reports/{obligation_id}")
def report(visitor: Reader, commission_id: str, obligation_id: str) -> Response:
    """The report of a month by the guideline's template."""
    one = visitor.node("commission", "commission", id=commission_id)["commission"]
    written = _written(one, obligation_id)
    form = Form.of(written["version"] if written else 0)
    for item in written["content"] if written else ():
        put_value(form, f"content.{item['id']}", item["kind"].lower(), item["value"])
    return _report_form(visitor, one, obligation_id, form)


@router.post("/{slug}/commissions/{commission_id}/reports/{obligation_id}")
def save_report(visitor: Reader, form: Sent, commission_id: str, obligation_id: str) -> Response:
    """Save the draft, and send it where the provider says so."""
    one = visitor.node("commission", "commission", id=commission_id)["commission"]
    content = {
        item["id"]: read_value(form, f"content.{item['id']}", item["kind"].lower())
        for item in one["reportItems"]
    }
    values = {
        "commissionId": commission_id,
        "obligationId": obligation_id,
        "content": without_none(content),
        "expectedVersion": form.version or 0,
    }
    saved = visitor.command("write_support_report", form, values)
    if saved is None:
        return _report_form(visitor, one, obligation_id, form)
    if form.act != "send":
        return done(visitor, f"commissions/{commission_id}", "report_written")
    kept = saved["supportReport"]
    if kept["state"] != "draft":
        # A double click: the first of the two has sent it.
        return done(visitor, f"commissions/{commission_id}", "report_sent")
    # What was typed is kept; should it not be whole, the page says what is missing.
    key = f"{form.key[:90]}-send"
    sending = Form(values=form.values, version=kept["version"], csrf=form.csrf, key=key)
    sent = {"supportReportId": kept["id"], "expectedVersion": kept["version"]}
    if visitor.command("send_support_report", sending, sent) is not None:
        return done(visitor, f"commissions/{commission_id}", "report_sent")
    return _report_form(visitor, one, obligation_id, sending)


def _written(one: Mapping[str, Any], obligation_id: str) -> Mapping[str, Any] | None:
    found = (report for report in one["reports"] if report["obligation"]["id"] == obligation_id)
    return next(found, None)


def _report_form(
    visitor: Visitor, one: Mapping[str, Any], obligation_id: str, form: Form
) -> Response:
    visitor.require("mayWriteReport", "report.write")
    due = next((duty["dueOn"] for duty in one["duties"] if duty["id"] == obligation_id), None)
    return show(visitor, "pages/report_form.html", one=one, duty=obligation_id, due=due, form=form)
