"""Takeovers (överlåtelser): what comes within half a year, and one contract's way to a lease."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist.policy import add_months
from hemvist.policy.programmes import PARTIES
from hemvist.takeovers.models import ABSENCE_REASONS
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

#: How many months ahead the property office looks.
MONTHS_AHEAD = 6
#: Selections of the list → the states in them.
SELECTIONS: Mapping[str, list[str]] = {
    "soon": ["waiting", "asked", "agreed", "refused", "tribunal"],
    "open": ["waiting", "asked", "agreed", "refused", "tribunal"],
    "done": ["done"],
}


@router.get("/{slug}/takeovers")
def takeovers(visitor: Reader, which: str = "soon", after: str | None = None) -> Response:
    """The takeovers that come, the nearest first."""
    data = visitor.read("takeovers", **chosen(which), after=after)
    return show(
        visitor,
        "pages/takeovers.html",
        page=data["takeovers"],
        filters=data["savedFilters"],
        which=which if which in SELECTIONS else "soon",
        until=add_months(today(), MONTHS_AHEAD),
    )


def chosen(which: str) -> dict[str, Any]:
    """The selection of the list, as its document takes it."""
    name = which if which in SELECTIONS else "soon"
    until = add_months(today(), MONTHS_AHEAD) if name == "soon" else None
    return {
        "state": SELECTIONS[name],
        "eligibleTo": None if until is None else until.isoformat(),
    }


@router.get("/{slug}/takeovers/{takeover_id}")
def takeover(visitor: Reader, takeover_id: str) -> Response:
    """What stands between the contract and a lease of one's own, and the acts on it."""
    return _page(visitor, takeover_id)


def _step(form: Form) -> Mapping[str, Any]:
    return {
        "step": form.one("step"),
        "doneOn": form.read_date("doneOn"),
        "notes": form.one("notes"),
    }


def _postpone(form: Form) -> Mapping[str, Any]:
    until = form.read_date("until", required=True)
    return {"until": until, "because": form.one("because"), "expectedVersion": form.version}


def _apply(form: Form) -> Mapping[str, Any]:
    return {"on": form.read_date("on"), "expectedVersion": form.version}


def _request(form: Form) -> Mapping[str, Any]:
    shown = form.many("show")
    return {
        "on": form.read_date("on"),
        "show": shown or None,
        "consentedOn": form.read_date("consentedOn") if shown else None,
        "expectedVersion": form.version,
    }


def _answer(form: Form) -> Mapping[str, Any]:
    return {
        "agrees": form.one("agrees") == "yes",
        "reason": form.one("reason") or None,
        "on": form.read_date("on"),
        "expectedVersion": form.version,
    }


def _decision(form: Form) -> Mapping[str, Any]:
    return {
        "leave": form.one("leave") == "yes",
        "number": form.one("number"),
        "on": form.read_date("on"),
        "expectedVersion": form.version,
    }


def _carry_out(form: Form) -> Mapping[str, Any]:
    lease = {
        "signedOn": form.read_date("lease.signedOn"),
        "endsOn": form.read_date("lease.endsOn"),
        "rentOre": form.read_kronor("lease.rentOre"),
    }
    return {
        "on": form.read_date("on"),
        "parties": form.many("parties"),
        "agreed": form.many("agreed") or None,
        "told": form.many("told") or None,
        "notes": form.one("notes") or None,
        "lease": without_none(lease) or None,
        "expectedVersion": form.version,
    }


_ACTS: Mapping[str, tuple[str, str, Callable[[Form], Mapping[str, Any]]]] = {
    "step": ("take_takeover_step", "takeover_step_taken", _step),
    "postpone": ("postpone_takeover", "takeover_postponed", _postpone),
    "request": ("request_takeover", "takeover_requested", _request),
    "answer": ("answer_takeover", "takeover_answered", _answer),
    "tribunal": ("apply_to_tribunal", "takeover_tribunal_asked", _apply),
    "decision": ("register_tribunal_decision", "takeover_tribunal_decided", _decision),
    "carry-out": ("carry_out_takeover", "takeover_done", _carry_out),
}


@router.post("/{slug}/takeovers/{takeover_id}/absence")
def record_absence(visitor: Reader, form: Sent, takeover_id: str) -> Response:
    """Register an absence from the home."""
    form.prefix = "absence"
    values = {
        "contractId": form.one("contractId"),
        "beganOn": form.read_date("beganOn", required=True),
        "endedOn": form.read_date("endedOn"),
        "reason": form.one("reason"),
        "approved": form.ticked("approved"),
    }
    if not form.problems and visitor.command("record_absence", form, without_none(values)):
        return done(visitor, f"takeovers/{takeover_id}", "absence_recorded")
    return _page(visitor, takeover_id, form)


@router.post("/{slug}/takeovers/{takeover_id}/no-absence")
def state_no_absence(visitor: Reader, form: Sent, takeover_id: str) -> Response:
    """State that nobody has been away for longer."""
    form.prefix = "no-absence"
    if visitor.command("state_no_absence", form, {"takeoverId": takeover_id}) is not None:
        return done(visitor, f"takeovers/{takeover_id}", "no_absence_stated")
    return _page(visitor, takeover_id, form)


@router.post("/{slug}/takeovers/{takeover_id}/absences/{absence_id}")
def end_absence(visitor: Reader, form: Sent, takeover_id: str, absence_id: str) -> Response:
    """Register the last day of an absence."""
    form.prefix = f"end-{absence_id}"
    values = {
        "absenceId": absence_id,
        "endedOn": form.read_date("endedOn", required=True),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("end_absence", form, without_none(values)):
        return done(visitor, f"takeovers/{takeover_id}", "absence_recorded")
    return _page(visitor, takeover_id, form)


@router.post("/{slug}/takeovers/{takeover_id}/{act}")
def act_on(visitor: Reader, form: Sent, takeover_id: str, act: str) -> Response:
    """One act on the way."""
    if act not in _ACTS:
        raise Missing
    mutation, flash, send = _ACTS[act]
    form.prefix = act
    values = {"takeoverId": takeover_id, **send(form)}
    if not form.problems and visitor.command(mutation, form, without_none(values)) is not None:
        return done(visitor, f"takeovers/{takeover_id}", flash)
    return _page(visitor, takeover_id, form)


def _page(visitor: Visitor, takeover_id: str, form: Form | None = None) -> Response:
    found = visitor.node("takeover", "takeover", id=takeover_id)["takeover"]
    case = found["case"]
    data = visitor.node(
        "milestone", "case", id=case["id"], pack=case["pack"], version=case["packVersion"]
    )
    programmes = (data.get("pack") or {}).get("programmes", [])
    programme = next((one for one in programmes if one["id"] == found["programme"]), None)
    if programme is None:
        raise Missing
    details = (programme["takeover"] or {}).get("details", {})
    taken = {step["code"]: step for step in found["stepsTaken"]}
    return show(
        visitor,
        "pages/takeover.html",
        takeover=found,
        steps=[(one, taken.get(one["id"])) for one in details.get("steps", [])],
        waits_for=_waits_for(found, details),
        timed=details.get("after") is not None,
        asks="landlord" in details.get("decided_by", []) and not details.get("owner_bound", False),
        away=_away(found),
        showable=[(one["code"], one["label"]) for one in programme["landlordMaySee"]],
        told=[
            one for one in programme["notices"] if one["details"]["before"] == "lease_taken_over"
        ],
        agrees=details.get("agrees", []),
        parties=_parties(programme),
        reasons=ABSENCE_REASONS,
        form=form,
    )


def _waits_for(found: Mapping[str, Any], details: Mapping[str, Any]) -> str:
    """What has to happen before the lease can change hands: its day, the landlord's yes, or nothing."""
    if found["eligibleOn"] is None or found["eligibleOn"] > today().isoformat():
        return "day"
    asks = "landlord" in details.get("decided_by", []) and not details.get("owner_bound", False)
    if asks and found["state"] != "agreed" and "landlord" not in details.get("agrees", []):
        return "landlord"
    return ""


def _away(found: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The question of absence where the guideline asks it, with the answer if somebody gave one."""
    asked = (one for check in found["checks"] for one in check["evidence"])
    return next((one for one in asked if one["fact"] == "absence_days"), None)


def _parties(programme: Mapping[str, Any]) -> tuple[str, ...]:
    """Who takes part by the guideline; everybody where it names nobody."""
    for one in programme["milestones"]:
        if one["details"]["event"] == "lease_taken_over" and one["details"].get("by"):
            return tuple(one["details"]["by"])
    return PARTIES
