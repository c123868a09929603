"""Recording a follow-up (uppföljning), with the housing plan where the pack wants one made."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
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
