"""A household's plan (boendeplan, genomförandeplan, boplan): made, signed, followed, gone through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from hemvist.support_plans.models import GOAL_STATES, OUTCOMES
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pack_fields import put_value, read_value
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

#: Rows for goals on the form, beyond those that are written.
ROOM = 3


@router.get("/{slug}/cases/{case_id}/plan")
def plan(visitor: Reader, case_id: str) -> Response:
    """The plan in force, the one being made, those before, and the phases of the support."""
    return _page(visitor, case_id)


@router.get("/{slug}/cases/{case_id}/plan/draft")
def draft(visitor: Reader, case_id: str) -> Response:
    """The form of the next version, begun from what holds now."""
    case = visitor.node("plan", "case", id=case_id)["case"]
    being_made = _in_state(case, "draft")
    return plan_form(visitor, case, filled(being_made or _in_state(case, "agreed"), being_made))


@router.post("/{slug}/cases/{case_id}/plan/draft")
def save(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Save the draft."""
    case = visitor.node("plan", "case", id=case_id)["case"]
    if save_draft(visitor, form, case_id, case["planItems"]):
        return done(visitor, f"cases/{case_id}/plan", "plan_drafted")
    return plan_form(visitor, case, form)


def save_draft(visitor: Visitor, form: Form, case_id: str, items: list[Mapping[str, Any]]) -> bool:
    """Save a draft: a new one, or the one that the form names."""
    content = {
        one["id"]: read_value(form, f"plan.{one['id']}", one["kind"].lower()) for one in items
    }
    values: dict[str, Any] = {
        "content": without_none(content),
        "ownWords": form.one("ownWords"),
        "goals": _goals(form),
        "sections": _sections(form),
        "reviewOn": form.read_date("reviewOn"),
    }
    if form.problems:
        return False
    if form.one("planId"):
        values |= {"planId": form.one("planId"), "expectedVersion": form.version}
        return visitor.command("revise_plan", form, without_none(values)) is not None
    return (
        visitor.command("draft_plan", form, without_none(values | {"caseId": case_id})) is not None
    )


def _goals(form: Form) -> list[dict[str, Any]]:
    found = []
    for row in form.rows("goals"):
        goal = form.one(f"goals[{row}].goal")
        parts = [line.strip() for line in form.raw(f"goals[{row}].parts").splitlines()]
        if goal or any(parts):
            found.append(
                {
                    "goal": goal,
                    "how": form.one(f"goals[{row}].how"),
                    "parts": [{"goal": part} for part in parts if part],
                }
            )
    return found


def _sections(form: Form) -> list[dict[str, str]] | None:
    found = [
        {"heading": form.one(f"sections[{row}].heading"), "text": form.one(f"sections[{row}].text")}
        for row in form.rows("sections")
    ]
    return [one for one in found if one["heading"] or one["text"]] or None


def filled(source: Mapping[str, Any] | None, draft: Mapping[str, Any] | None) -> Form:
    """A form with what a plan says; a draft's own version."""
    form = Form.of(None if draft is None else draft["version"])
    if draft is not None:
        form.put("planId", draft["id"])
    if source is None:
        return form
    form.put("ownWords", source["ownWords"])
    form.put("reviewOn", source["reviewOn"] if draft is not None else None)
    for item in source["content"]:
        put_value(form, f"plan.{item['id']}", item["kind"].lower(), item["value"])
    for row, one in enumerate(source["sections"]):
        form.put(f"sections[{row}].heading", one["heading"])
        form.put(f"sections[{row}].text", one["text"])
    whole = [one for one in source["goals"] if one["parent"] is None]
    for row, goal in enumerate(whole):
        form.put(f"goals[{row}].goal", goal["goal"])
        form.put(f"goals[{row}].how", goal["how"])
        parts = [one["goal"] for one in source["goals"] if one["parent"] == {"id": goal["id"]}]
        form.put(f"goals[{row}].parts", "\n".join(parts))
    return form


def plan_form(visitor: Visitor, case: Mapping[str, Any], form: Form) -> Response:
    """The form of a draft."""
    visitor.require("mayAgreePlan", "support_plan.agree")
    return show(
        visitor,
        "pages/plan_form.html",
        case=case,
        commission=None,
        items=case["planItems"],
        free=case["planFree"],
        plan={"id": form.one("planId")} if form.one("planId") else None,
        rows=len(form.rows("goals")) + ROOM,
        form=form,
        action=f"cases/{case['id']}/plan/draft",
        back=f"cases/{case['id']}/plan",
    )


def _sign(form: Form) -> Mapping[str, Any]:
    return {
        **{name: form.one(name) for name in ("planId", "party", "name")},
        "signedOn": form.read_date("signedOn", required=True),
        "expectedVersion": form.version,
    }


def _agree(form: Form) -> Mapping[str, Any]:
    return {
        "planId": form.one("planId"),
        "agreedOn": form.read_date("agreedOn", required=True),
        "expectedVersion": form.version,
    }


def _discard(form: Form) -> Mapping[str, Any]:
    return {"planId": form.one("planId"), "expectedVersion": form.version}


def _review(form: Form) -> Mapping[str, Any]:
    return {
        **{name: form.one(name) for name in ("planId", "outcome", "ownWords", "notes")},
        "parties": form.many("parties"),
        "heldOn": form.read_date("heldOn", required=True),
        "nextOn": form.read_date("nextOn"),
        "expectedVersion": form.version,
    }


def _goal(form: Form) -> Mapping[str, Any]:
    goal, _, version = form.one("goal").partition(":")
    return {
        "goalId": goal,
        **{name: form.one(name) for name in ("state", "note")},
        "expectedVersion": int(version) if version.isascii() and version.isdigit() else 0,
    }


ACTS: Mapping[str, tuple[str, str, Callable[[Form], Mapping[str, Any]]]] = {
    "sign": ("sign_plan", "plan_signed_by_party", _sign),
    "agree": ("agree_plan", "plan_agreed", _agree),
    "discard": ("discard_plan", "plan_discarded", _discard),
    "review": ("review_plan", "plan_reviewed", _review),
    "goal": ("follow_goal", "goal_followed", _goal),
}


@router.post("/{slug}/cases/{case_id}/plan/{act}")
def act_on(visitor: Reader, form: Sent, case_id: str, act: str) -> Response:
    """One act on the plan."""
    if act not in ACTS:
        raise Missing
    mutation, flash, read = ACTS[act]
    form.prefix = act
    values = read(form)
    if not form.problems and visitor.command(mutation, form, without_none(values)) is not None:
        return done(visitor, f"cases/{case_id}/plan", flash)
    return _page(visitor, case_id, form)


def _in_state(case: Mapping[str, Any], state: str) -> Mapping[str, Any] | None:
    return next((one for one in case["plans"] if one["state"] == state), None)


def _page(visitor: Visitor, case_id: str, form: Form | None = None) -> Response:
    case = visitor.node("plan", "case", id=case_id)["case"]
    return show(
        visitor,
        "pages/plan.html",
        case=case,
        held=_in_state(case, "agreed"),
        draft=_in_state(case, "draft"),
        earlier=[one for one in case["plans"] if one["state"] in ("replaced", "discarded")],
        form=form,
        goal_states=GOAL_STATES,
        plan_outcomes=OUTCOMES,
    )
