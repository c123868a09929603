"""Closed circles: who is in one, break-glass for who is not, and the review of each opening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from hemvist.settings import get_settings
from hemvist_graphql.ids import global_id
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

VERDICTS = ("approved", "questioned")
#: Selections of the reviewer's list → the states in them.
SELECTIONS: Mapping[str, list[str]] = {
    "waiting": ["open"],
    "reviewed": ["approved", "questioned"],
}
#: The part of the address → the command, what is said when it is done.
ACTS: Mapping[str, tuple[str, str]] = {
    "close": ("close_to_circle", "circle_closed"),
    "add": ("add_to_circle", "circle_changed"),
    "remove": ("remove_from_circle", "circle_changed"),
    "lift": ("lift_circle", "circle_lifted"),
}


@router.get("/{slug}/cases/{case_id}/circle")
def circle(visitor: Reader, case_id: str) -> Response:
    """The circle with its people and openings; for a manager what can be done with it."""
    return _circle(visitor, case_id)


@router.post("/{slug}/cases/{case_id}/circle/{act}")
def keep(visitor: Reader, form: Sent, case_id: str, act: str) -> Response:
    """Close the case, name one more person, take one out, or lift the circle."""
    if act not in ACTS:
        raise Missing
    command, told = ACTS[act]
    form.prefix = act
    values: dict[str, Any] = {"caseId": case_id, "expectedVersion": form.version}
    if act == "close":
        values["members"] = form.many("members")
    if act in ("close", "lift"):
        values["reason"] = form.one("reason")
    if act in ("add", "remove"):
        values["principalId"] = form.one("principalId")
    if act == "add" and not form.one("principalId"):
        form.add_problem("principalId", mark("Välj en person."))
    if not form.problems and visitor.command(command, form, values) is not None:
        if act == "remove" and form.one("principalId") == _own_id(visitor):
            return done(visitor, "cases", "circle_left")
        return done(visitor, f"cases/{case_id}/circle", told)
    return _circle(visitor, case_id, form)


@router.get("/{slug}/break-glass")
def glass(visitor: Reader, number: str = "") -> Response:
    """The form by which somebody outside the circle opens a closed case."""
    visitor.require("mayBreakGlass", "glass.break")
    most = get_settings().break_glass_hours
    return _glass(visitor, Form.of(number=number[:40], hours=most))


@router.post("/{slug}/break-glass")
def break_glass(visitor: Reader, form: Sent) -> Response:
    """Open the case for some hours, and go there."""
    values = {
        "number": form.one("number"),
        "reason": form.one("reason"),
        "hours": form.read_int("hours"),
    }
    if not form.problems:
        try:
            result = visitor.command("break_glass", form, without_none(values))
        except Missing:
            # Whether there is such a case elsewhere is not told.
            words = mark("Det finns inget slutet ärende med det numret i din förvaltning.")
            form.add_problem("number", words)
            result = None
        if result is not None:
            return done(visitor, f"cases/{result['caseOpening']['case']['id']}", "glass_broken")
    visitor.require("mayBreakGlass", "glass.break")
    return _glass(visitor, form)


@router.get("/{slug}/openings")
def openings(visitor: Reader, which: str = "waiting", after: str | None = None) -> Response:
    """The reviewer's list."""
    name = which if which in SELECTIONS else "waiting"
    data = visitor.read("openings", state=SELECTIONS[name], after=after)
    return show(visitor, "pages/openings.html", page=data["caseOpenings"], which=name)


@router.get("/{slug}/openings/{opening_id}")
def opening(visitor: Reader, opening_id: str) -> Response:
    """An opening: who, when, which number and why."""
    return _opening(visitor, opening_id, Form())


@router.post("/{slug}/openings/{opening_id}")
def review(visitor: Reader, form: Sent, opening_id: str) -> Response:
    """Approve it, or question it with a remark."""
    values = {
        "openingId": opening_id,
        "verdict": form.one("verdict"),
        "remark": form.one("remark") or None,
        "expectedVersion": form.version,
    }
    if values["verdict"] not in VERDICTS:
        form.add_problem("verdict", mark("Välj ett svar."))
    if not form.problems:
        result = visitor.command("review_opening", form, without_none(values))
        if result is not None:
            return done(visitor, f"openings/{opening_id}", "opening_reviewed")
    return _opening(visitor, opening_id, form)


def _own_id(visitor: Visitor) -> str:
    own = visitor.session.actor.principal_id
    assert own is not None
    return global_id("Principal", own)


def _circle(visitor: Visitor, case_id: str, form: Form | None = None) -> Response:
    found = visitor.node("case_circle", "case", id=case_id)["case"]
    # Whoever keeps no circles is not told who works here.
    keeps = visitor.frame["mayKeepCircle"]
    people = visitor.read("circle_people")["circlePeople"] if keeps else []
    own = found["department"]
    return show(
        visitor,
        "pages/case_circle.html",
        case=found,
        form=form,
        # Those of the department that has the case come first.
        people=sorted(people, key=lambda one: own not in one["departments"]),
        own_id=_own_id(visitor),
    )


def _glass(visitor: Visitor, form: Form) -> Response:
    most = get_settings().break_glass_hours
    return show(visitor, "pages/break_glass.html", form=form, most=most)


def _opening(visitor: Visitor, opening_id: str, form: Form) -> Response:
    found = visitor.node("opening", "opening", id=opening_id)["opening"]
    return show(visitor, "pages/opening.html", opening=found, form=form)
