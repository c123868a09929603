"""Requests between kommuner: the reader's own, those of a case, and each step on a page of its own."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.files import file_input, given_out, sent_file
from hemvist_portal.forms import Form, without_none
from hemvist_portal.kommuner import KOMMUNER, kommun_code
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

KINDS = ("takeover", "application")
DIRECTIONS = ("outgoing", "incoming")
WISHES = ("wants", "accepts", "objects", "not_asked")
OUTCOMES = ("moved", "kept", "dismissed")
GROUNDS = ("sol_29_12", "sol_29_9", "consent", "osl_10_2")
FIELDS = (
    *(
        "identity",
        "members",
        "protection",
        "contacts",
        "investigation",
        "decisions",
        "support_plan",
    ),
    *("health", "threat"),
)
HELP = ("assistance_asked", "assistance_given", "data_handed_over", "data_received")
#: Help that tells the other kommun something.
TELLS = ("assistance_given", "data_handed_over")
#: Selections of the list → the states in them.
SELECTIONS: Mapping[str, list[str]] = {
    "live": ["drafted", "waiting", "refused", "with_ivo", "agreed", "moved_by_ivo"],
    "over": ["carried_over", "kept_by_ivo", "withdrawn"],
}


@router.get("/{slug}/kommun-requests")
def kommun_requests(visitor: Reader, which: str = "live", after: str | None = None) -> Response:
    """The requests in whose circle the reader is."""
    name = which if which in SELECTIONS else "live"
    data = visitor.read("kommun_requests", state=SELECTIONS[name], after=after)
    return show(visitor, "pages/kommun_requests.html", page=data["kommunRequests"], which=name)


@router.get("/{slug}/cases/{case_id}/kommun-requests")
def of_case(visitor: Reader, case_id: str) -> Response:
    """The case's requests, as far as the reader is in their circle, and the form of a new one."""
    return _of_case(visitor, case_id, Form.of(kind="takeover", direction="outgoing", on=today()))


@router.post("/{slug}/cases/{case_id}/kommun-requests")
def open_request(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Open one: our own as a draft, another kommun's on the day it came in."""
    texts = ("kind", "direction", "counterpart", "functionAddress", "reasons", "wish")
    values = {
        "caseId": case_id,
        "on": form.read_date("on"),
        **{one: form.one(one) for one in texts},
    }
    values["counterpart"] = kommun_code(form.one("counterpart")) or form.one("counterpart")
    if not form.problems:
        result = visitor.command("open_kommun_request", form, without_none(values))
        if result is not None:
            place = f"kommun-requests/{result['kommunRequest']['id']}"
            return done(visitor, place, "kommun_request_opened")
    return _of_case(visitor, case_id, form)


@router.get("/{slug}/kommun-requests/{request_id}")
def kommun_request(visitor: Reader, request_id: str) -> Response:
    """The request, with its clock, its lines and what its next step asks."""
    return _page(visitor, request_id)


@router.get("/{slug}/kommun-requests/{request_id}/package")
def package(visitor: Reader, request_id: str) -> Response:
    """The request as a file, for a person to send by SDK. Each fetch is logged."""
    found = visitor.read("kommun_request_package", id=request_id)["package"]
    if found is None:
        raise Missing
    content = base64.b64decode(found["content"])
    answer = given_out(content, "application/zip", found["name"])
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/{slug}/kommun-requests/{request_id}/answer-file")
async def take_answer(request: Request, visitor: Reader, request_id: str) -> Response:
    """Take in the file that came back."""
    form, name, content = await sent_file(request, visitor)
    return await run_in_threadpool(_take, visitor, form, request_id, name, content)


def _take(visitor: Visitor, form: Form, request_id: str, name: str, content: bytes) -> Response:
    form.prefix = "answer-file"
    sent = file_input(form, name, content, "svar.json")
    if sent is not None:
        values = {
            "kommunRequestId": request_id,
            "contentBase64": sent["contentBase64"],
            "expectedVersion": form.version,
        }
        if visitor.command("take_kommun_request_answer", form, values) is not None:
            return done(visitor, f"kommun-requests/{request_id}", "kommun_request_moved")
    form.rename_problems({"file": "content", "contentBase64": "content"})
    return _page(visitor, request_id, form)


@router.post("/{slug}/kommun-requests/{request_id}/{step}")
def act(visitor: Reader, form: Sent, request_id: str, step: str) -> Response:
    """Carry out a step."""
    if step not in STEPS:
        raise Missing
    command, read = STEPS[step]
    form.prefix = step
    values = {
        "kommunRequestId": request_id,
        "expectedVersion": form.version,
        **read(form),
    }
    if not form.problems and visitor.command(command, form, without_none(values)) is not None:
        return done(visitor, f"kommun-requests/{request_id}", "kommun_request_moved")
    return _page(visitor, request_id, form)


def _send(form: Form) -> Mapping[str, Any]:
    return {"on": form.read_date("on"), "arrivedOn": form.read_date("arrivedOn")}


def _arrival(form: Form) -> Mapping[str, Any]:
    return {"arrivedOn": form.read_date("arrivedOn", required=True)}


def _answer(form: Form) -> Mapping[str, Any]:
    agreed = form.one("agreed")
    if agreed not in ("true", "false"):
        form.add_problem("agreed", mark("Välj ett svar."))
    return {
        "agreed": agreed == "true",
        "reasons": form.one("reasons") or None,
        "on": form.read_date("on"),
    }


def _refer(form: Form) -> Mapping[str, Any]:
    return {"number": form.one("number") or None, "on": form.read_date("on")}


def _ivo(form: Form) -> Mapping[str, Any]:
    texts = ("outcome", "number")
    return {"on": form.read_date("on"), **{name: form.one(name) for name in texts}}


def _help(form: Form) -> Mapping[str, Any]:
    told = form.one("kind") in TELLS
    return {
        "kind": form.one("kind"),
        # A ground that stands in the form says nothing of a step that tells nothing.
        "ground": (form.one("ground") or None) if told else None,
        "fields": (form.many("fields") or None) if told else None,
        "consentOn": form.read_date("consentOn") if told else None,
        "notes": form.one("notes") or None,
        "on": form.read_date("on"),
    }


def _day(form: Form) -> Mapping[str, Any]:
    return {"on": form.read_date("on")}


def _withdraw(form: Form) -> Mapping[str, Any]:
    return {"reasons": form.one("reasons") or None, "on": form.read_date("on")}


def _nothing(_form: Form) -> Mapping[str, Any]:
    return {}


#: The part of the address → the command, and how its form is read.
STEPS: Mapping[str, tuple[str, Any]] = {
    "send": ("send_kommun_request", _send),
    "arrival": ("note_kommun_request_arrival", _arrival),
    "answer": ("answer_kommun_request", _answer),
    "refer": ("refer_kommun_request", _refer),
    "ivo": ("note_ivo_decision", _ivo),
    "help": ("note_kommun_request_help", _help),
    "carry-over": ("carry_over_kommun_request", _day),
    "withdraw": ("withdraw_kommun_request", _withdraw),
    "handler": ("entrust_kommun_request", _nothing),
}


def _of_case(visitor: Visitor, case_id: str, form: Form) -> Response:
    found = visitor.node("case_kommun_requests", "case", id=case_id)["case"]
    return show(
        visitor,
        "pages/case_kommun_requests.html",
        case=found,
        form=form,
        kinds=KINDS,
        directions=DIRECTIONS,
        wishes=WISHES,
        kommuner=KOMMUNER,
    )


def _page(visitor: Visitor, request_id: str, form: Form | None = None) -> Response:
    found = visitor.node("kommun_request", "request", id=request_id)["request"]
    return show(
        visitor,
        "pages/kommun_request.html",
        request=found,
        form=form,
        outcomes=OUTCOMES,
        grounds=GROUNDS,
        fields=FIELDS,
        helps=HELP,
    )
