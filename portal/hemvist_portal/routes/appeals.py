"""Appeals (överklaganden): registering one, and each of its steps on its own page."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

RECEIVED_HOW = ("letter", "email", "e_service", "handed_in", "told")
#: Outcomes after which the kommun makes a decision that follows the judgment.
WON = ("granted", "granted_in_part")
RESULTS = ("unchanged", "changed_as_asked", "changed_in_part")
OUTCOMES = ("rejected", "granted", "granted_in_part", "remanded", "dismissed", "struck_out")
#: The part of the address → the command, and the texts of its form.
STEPS = {
    "judge": ("judge_appeal", ("lateGround", "dismissalReason")),
    "reconsider": ("reconsider_appeal", ("result", "reason", "newDecisionId")),
    "forward": ("forward_appeal", ("court",)),
    "settle": ("settle_appeal", ("outcome", "courtNumber")),
    "answer": ("answer_remand", ("newDecisionId",)),
    "withdraw": ("withdraw_appeal", ()),
}


@router.get("/{slug}/decisions/{decision_id}/appeal")
def appeal_form(visitor: Reader, decision_id: str) -> Response:
    """The form of an appeal that came in."""
    return _form(visitor, decision_id, Form.of(receivedOn=today(), how="letter"))


@router.post("/{slug}/decisions/{decision_id}/appeal")
def receive(visitor: Reader, form: Sent, decision_id: str) -> Response:
    """Register it; whether it came in time is counted."""
    values = {
        "decisionId": decision_id,
        "how": form.one("how"),
        "asks": form.one("asks"),
        "receivedOn": form.read_date("receivedOn"),
    }
    if not form.problems:
        result = visitor.command("receive_appeal", form, without_none(values))
        if result is not None:
            return done(visitor, f"appeals/{result['appeal']['id']}", "appeal_received")
    return _form(visitor, decision_id, form)


@router.get("/{slug}/appeals/{appeal_id}")
def appeal(visitor: Reader, appeal_id: str) -> Response:
    """The appeal, with what its next step asks."""
    return _page(visitor, appeal_id)


@router.post("/{slug}/appeals/{appeal_id}/{step}")
def act(visitor: Reader, form: Sent, appeal_id: str, step: str) -> Response:
    """Carry out a step."""
    if step not in STEPS:
        raise Missing
    command, texts = STEPS[step]
    form.prefix = step
    values: dict[str, Any] = {
        "appealId": appeal_id,
        "on": form.read_date("on"),
        "expectedVersion": form.version,
        **{name: form.one(name) or None for name in texts},
    }
    for name in ("result", "reason", "court", "outcome", "courtNumber"):
        if name in texts:
            values[name] = form.one(name)
    if not form.problems and visitor.command(command, form, without_none(values)) is not None:
        return done(visitor, f"appeals/{appeal_id}", "appeal_moved")
    return _page(visitor, appeal_id, form)


def _form(visitor: Visitor, decision_id: str, form: Form) -> Response:
    data = visitor.node("decision", "decision", id=decision_id, replay=False)
    return show(
        visitor, "pages/appeal_form.html", decision=data["decision"], form=form, ways=RECEIVED_HOW
    )


def _page(visitor: Visitor, appeal_id: str, form: Form | None = None) -> Response:
    found = visitor.node("appeal", "appeal", id=appeal_id)["appeal"]
    later = [
        one
        for one in found["case"]["decisions"]
        if one["id"] != found["decision"]["id"]
        and one["decidedOn"]
        and one["decidedOn"] >= found["receivedOn"]
    ]
    return show(
        visitor,
        "pages/appeal.html",
        appeal=found,
        later=later,
        to_follow=found["outcome"] in WON and not found["newDecision"],
        form=form,
        results=RESULTS,
        outcomes=OUTCOMES,
    )
