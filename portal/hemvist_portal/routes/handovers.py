"""Handovers: those that the reader is named for, and each with its checklist and its next step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

TEXTS = ("contact", "language", "children", "care", "threat", "other")
GROUNDS = ("consent", "osl_10_2")
ITEM_STATES = ("open", "done", "not_needed")
#: What has to be seen to before anybody moves in.
FIRST = ("protected_registration", "keys_handed_over", "transport")


@router.get("/{slug}/handovers")
def handovers(visitor: Reader) -> Response:
    """Those that the reader is named for."""
    data = visitor.read("handovers")
    return show(visitor, "pages/handovers.html", handovers=data["handovers"]["mine"])


@router.get("/{slug}/handovers/{handover_id}")
def handover(visitor: Reader, handover_id: str) -> Response:
    """The handover, the other kommun and what it told. Each look is logged."""
    return _page(visitor, handover_id)


@router.post("/{slug}/handovers/{handover_id}/items/{item}")
def settle(visitor: Reader, form: Sent, handover_id: str, item: str) -> Response:
    """Settle a line of the checklist."""
    form.prefix = f"item-{item}"
    values = {
        "handoverId": handover_id,
        "item": item,
        "state": form.one("state"),
        "note": form.one("note") or None,
        "expectedVersion": form.version,
    }
    if visitor.command("settle_handover_item", form, without_none(values)) is not None:
        return done(visitor, f"handovers/{handover_id}", "handover_done")
    return _page(visitor, handover_id, form)


@router.post("/{slug}/handovers/{handover_id}/{step}")
def act(visitor: Reader, form: Sent, handover_id: str, step: str) -> Response:
    """Carry out a step."""
    if step not in STEPS:
        raise Missing
    command, read, flash = STEPS[step]
    form.prefix = step
    values = {"handoverId": handover_id, **read(form)}
    if not form.problems and visitor.command(command, form, without_none(values)) is not None:
        # Whoever is named no longer, by their own hand, sees the handover no more.
        place = "handovers" if step == "end-handler" else f"handovers/{handover_id}"
        return done(visitor, place, flash)
    return _page(visitor, handover_id, form)


def _person(form: Form) -> Mapping[str, Any]:
    return {"principalId": form.one("principalId")}


def _send(form: Form) -> Mapping[str, Any]:
    ground = form.one("ground")
    return {
        **{name: form.one(name) or None for name in TEXTS},
        "ground": ground,
        "notMoving": form.many("notMoving"),
        # A day that stands in the form is no part of another ground.
        "consentOn": form.read_date("consentOn") if ground == "consent" else None,
        "expectedVersion": form.version,
    }


def _nothing(_form: Form) -> Mapping[str, Any]:
    return {}


def _take_in(form: Form) -> Mapping[str, Any]:
    return {"department": form.one("department"), "expectedVersion": form.version}


def _moved(form: Form) -> Mapping[str, Any]:
    return {"on": form.read_date("on", required=True), "expectedVersion": form.version}


#: The part of the address → the command, how its form is read, and what is said when it is done.
STEPS: Mapping[str, tuple[str, Callable[[Form], Mapping[str, Any]], str]] = {
    "name": ("name_handover_handler", _person, "handover_done"),
    "end-handler": ("end_handover_handler", _person, "handover_done"),
    "send": ("send_handover", _send, "handover_sent"),
    "open": ("open_handover_parcel", _nothing, "handover_done"),
    "take-in": ("take_in_handover", _take_in, "handover_taken_in"),
    "moved": ("record_handover_move", _moved, "handover_done"),
}


def _page(visitor: Visitor, handover_id: str, form: Form | None = None) -> Response:
    data = visitor.node("handover", "look", id=handover_id)
    found = next((one for one in data["handovers"]["mine"] if one["id"] == handover_id), None)
    if found is None:
        raise Missing
    named = {one["person"]["id"] for one in found["handlers"]}
    telling = found["state"] == "prepared" and found["case"]
    return show(
        visitor,
        "pages/handover.html",
        handover=found,
        look=data["look"],
        candidates=[one for one in data["handoverCandidates"] if one["id"] not in named],
        in_function=bool(data["handoverCandidates"]),
        departments=_departments(visitor),
        household=_household(visitor, found["case"]["id"]) if telling else [],
        texts=TEXTS,
        grounds=GROUNDS,
        states=ITEM_STATES,
        first=FIRST,
        form=form,
    )


def _household(visitor: Visitor, case_id: str) -> list[dict[str, Any]]:
    """The people of the household, of whom some may stay."""
    case = visitor.node("handover_household", "case", id=case_id)["case"]
    return [one["person"] for one in case["household"]["members"] if one["until"] is None]


def _departments(visitor: Visitor) -> list[str]:
    """Departments of the reader's own that can have a case."""
    own = {membership["department"] for membership in visitor.frame["memberships"]}
    referring = [one.code for one in visitor.kommun.departments if one.kind == "referring"]
    return [code for code in referring if code in own]
