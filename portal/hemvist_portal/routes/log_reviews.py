"""The log review: a month's looks, what is said of each, the log about a person, and the board's figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from hemvist_portal.errors import Forbidden, Unreadable
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

#: Selections of the reviewer's list → the states in them.
SELECTIONS: Mapping[str, list[str]] = {
    "waiting": ["open"],
    "matters": ["matter"],
    "reviewed": ["signed_off", "founded", "unfounded"],
}
VERDICTS: Mapping[str, tuple[str, ...]] = {
    "open": ("signed_off", "matter"),
    "matter": ("founded", "unfounded"),
}


@router.get("/{slug}/log-review")
def looks(visitor: Reader, which: str = "waiting", after: str | None = None) -> Response:
    """The reviewer's list, and how the months stand."""
    name = which if which in SELECTIONS else "waiting"
    data = visitor.read("log_looks", state=SELECTIONS[name], after=after)
    return show(
        visitor,
        "pages/log_looks.html",
        page=data["logLooks"],
        months=data["logMonths"],
        which=name,
    )


@router.get("/{slug}/log-review/{look_id}")
def look(visitor: Reader, look_id: str) -> Response:
    """A look: who, when, at what, and why it is shown."""
    return _look(visitor, look_id, Form())


@router.post("/{slug}/log-review/{look_id}")
def review(visitor: Reader, form: Sent, look_id: str) -> Response:
    """Sign it off, open a matter, or say what a matter came to."""
    values = {
        "lookId": look_id,
        "verdict": form.one("verdict"),
        "remark": form.one("remark") or None,
        "expectedVersion": form.version,
    }
    if not any(values["verdict"] in verdicts for verdicts in VERDICTS.values()):
        form.add_problem("verdict", mark("Välj ett svar."))
    if not form.problems:
        result = visitor.command("review_look", form, without_none(values))
        if result is not None:
            return done(visitor, f"log-review/{look_id}", "look_reviewed")
    return _look(visitor, look_id, form)


@router.post("/{slug}/log-review/{look_id}/address")
def address(visitor: Reader, form: Sent, look_id: str) -> Response:
    """State where the one lives who looked."""
    form.prefix = "address"
    values = {
        "lookId": look_id,
        "streetAddress": form.one("streetAddress"),
        "postalCode": form.one("postalCode"),
    }
    if visitor.command("state_staff_address", form, values) is not None:
        return done(visitor, f"log-review/{look_id}", "address_stated")
    return _look(visitor, look_id, Form(), form)


@router.get("/{slug}/person-log")
def person(visitor: Reader) -> Response:
    """The form by which the log about a person is asked for."""
    visitor.require("mayReviewLog", "log.review")
    return show(visitor, "pages/person_log.html", lines=None, form=Form())


@router.post("/{slug}/person-log")
def person_log(visitor: Reader, form: Sent) -> Response:
    """The log about a person. The number is sent in the body, so that no log of addresses has it."""
    lines: list[dict[str, Any]] | None = None
    visitor.require("mayReviewLog", "log.review")
    try:
        lines = visitor.read("person_log", number=form.one("personalNumber"))["personLog"]
    except Unreadable:
        visitor.read("frame")
        form.add_problem("personalNumber", mark("Skriv hela numret som ÅÅÅÅMMDD-NNNN."))
    return show(visitor, "pages/person_log.html", lines=lines, form=form)


@router.get("/{slug}/log-report")
def report(visitor: Reader) -> Response:
    """The months in figures, for the board."""
    data = visitor.read("log_report")
    if not (visitor.frame["mayReviewLog"] or visitor.frame["mayReadLogFigures"]):
        raise Forbidden("log.figures", "")
    months = [
        {**one, "counts": {state["code"]: state["count"] for state in one["states"]}}
        for one in data["logMonths"]
    ]
    return show(visitor, "pages/log_report.html", months=months)


def _look(visitor: Visitor, look_id: str, form: Form, home: Form | None = None) -> Response:
    found = visitor.node("log_look", "look", id=look_id)["look"]
    return show(
        visitor,
        "pages/log_look.html",
        look=found,
        form=form,
        home=home,
        verdicts=VERDICTS,
    )
