"""Agreements with landlords: the list, an agreement's page and what is done on it, meetings."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hemvist.agreements import files
from hemvist.agreements.models import KINDS
from hemvist.clock import today
from hemvist_portal.files import MEGABYTES, file_input, opened, sent_file
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()
STATES = ("in_force", "draft", "ended")


@router.get("/{slug}/agreements")
def agreements(visitor: Reader, state: str = "", after: str | None = None) -> Response:
    """The agreements, and meetings that are planned."""
    chosen = state if state in STATES else ""
    data = visitor.read("agreements", state=chosen or None, after=after)
    return show(
        visitor,
        "pages/agreements.html",
        page=data["agreements"],
        meetings=[edge["node"] for edge in data["agreementMeetings"]["edges"]],
        state=chosen,
        states=STATES,
    )


@router.get("/{slug}/agreements/new")
def new_agreement(visitor: Reader) -> Response:
    """The empty form."""
    visitor.require("mayManageAgreements", "agreement.manage")
    return show(visitor, "pages/agreement_form.html", form=Form.of(startsOn=today()), kinds=KINDS)


@router.post("/{slug}/agreements/new")
def open_agreement(visitor: Reader, form: Sent) -> Response:
    """Begin the agreement."""
    names = ("landlordOrganisationNumber", "landlordName", "kind", "title", "reference")
    values = {
        **{name: form.one(name) for name in names},
        "startsOn": form.read_date("startsOn", required=True),
        "endsOn": form.read_date("endsOn"),
        "noticeMonths": form.read_int("noticeMonths"),
    }
    if not form.problems:
        result = visitor.command("open_agreement", form, without_none(values))
        if result is not None:
            return done(visitor, f"agreements/{result['agreement']['id']}", "agreement_opened")
    visitor.require("mayManageAgreements", "agreement.manage")
    return show(visitor, "pages/agreement_form.html", form=form, kinds=KINDS)


@router.get("/{slug}/agreements/{agreement_id}")
def agreement(visitor: Reader, agreement_id: str) -> Response:
    """The agreement: what it says, how its quotas go, meetings, notes and documents."""
    return _page(visitor, agreement_id, Form())


@router.post("/{slug}/agreements/{agreement_id}")
def act(visitor: Reader, form: Sent, agreement_id: str) -> Response:
    """One of the page's small forms; ``act`` says which."""
    version = form.version or 0
    agreement = {"agreementId": agreement_id}
    draft = {"agreementVersionId": form.one("agreementVersionId"), "expectedVersion": version}
    ways: dict[str, tuple[str, str, dict[str, Any]]] = {
        "note": ("note_on_agreement", "agreement_noted", {**agreement, "what": form.one("what")}),
        "confirm": ("confirm_agreement_version", "version_confirmed", draft),
        "discard": ("discard_agreement_version", "version_discarded", draft),
        "actual": (
            "note_actual_term",
            "actual_noted",
            {
                "agreementTermId": form.one("agreementTermId"),
                "actual": form.one("actual"),
                "expectedVersion": version,
            },
        ),
    }
    if form.act == "next":
        ways["next"] = (
            "draft_agreement_version",
            "version_drafted",
            {
                **agreement,
                "holdsFrom": form.read_date("holdsFrom", required=True),
                "because": form.one("because"),
                "expectedVersion": version,
            },
        )
    if form.act == "end":
        ways["end"] = (
            "end_agreement",
            "agreement_ended",
            {
                **agreement,
                "lastDay": form.read_date("lastDay", required=True),
                "because": form.one("because"),
                "expectedVersion": version,
            },
        )
    way = ways.get(form.act)
    if way is not None and not form.problems and visitor.command(way[0], form, way[2]):
        return done(visitor, f"agreements/{agreement_id}", way[1])
    return _page(visitor, agreement_id, form)


@router.get("/{slug}/agreements/{agreement_id}/files")
def file_form(visitor: Reader, agreement_id: str) -> Response:
    """The form that keeps a document."""
    visitor.require("mayManageAgreements", "agreement.manage")
    return _file(visitor, agreement_id, Form())


@router.post("/{slug}/agreements/{agreement_id}/files")
async def add_file(request: Request, visitor: Reader, agreement_id: str) -> Response:
    """Keep the document that was sent."""
    form, name, content = await sent_file(request, visitor)
    return await run_in_threadpool(_keep, visitor, form, agreement_id, name, content)


def _keep(visitor: Visitor, form: Form, agreement_id: str, name: str, content: bytes) -> Response:
    values = file_input(form, name, content, "avtal")
    if values is not None:
        values |= {"agreementId": agreement_id, "shared": form.ticked("shared")}
        if visitor.command("add_agreement_file", form, values) is not None:
            return done(visitor, f"agreements/{agreement_id}", "agreement_file_added")
    return _file(visitor, agreement_id, form)


@router.get("/{slug}/agreement-files/{file_id}")
def open_file(visitor: Reader, file_id: str) -> Response:
    """The document itself; each opening is logged."""
    return opened(visitor, "AgreementFile", file_id, files.open_agreement_file)


@router.get("/{slug}/agreement-meetings/new")
def meeting_form(visitor: Reader, agreement: str = "") -> Response:
    """The form that plans a meeting."""
    return _meeting_form(visitor, Form.of(agreementId=agreement or None, plannedOn=today()))


@router.post("/{slug}/agreement-meetings/new")
def plan_meeting(visitor: Reader, form: Sent) -> Response:
    """Plan a meeting."""
    pack, _, code = form.one("of").partition("|")
    values = {
        "agreementId": form.one("agreementId") or None,
        "pack": pack or None,
        "code": code or None,
        "title": form.one("title"),
        "plannedOn": form.read_date("plannedOn", required=True),
    }
    if not form.problems:
        result = visitor.command("plan_agreement_meeting", form, without_none(values))
        if result is not None:
            found = result["agreementMeeting"]["id"]
            return done(visitor, f"agreement-meetings/{found}", "meeting_planned")
    return _meeting_form(visitor, form)


@router.get("/{slug}/agreement-meetings/{meeting_id}")
def meeting(visitor: Reader, meeting_id: str) -> Response:
    """A meeting, and noting how it went."""
    return _meeting(visitor, meeting_id, Form.of(on=today()))


@router.post("/{slug}/agreement-meetings/{meeting_id}")
def settle_meeting(visitor: Reader, form: Sent, meeting_id: str) -> Response:
    """Note how a meeting went, or that it is not held."""
    values: dict[str, Any] = {
        "agreementMeetingId": meeting_id,
        "expectedVersion": form.version or 0,
    }
    if form.act == "cancel":
        command, values["because"] = "cancel_agreement_meeting", form.one("because")
    else:
        command = "hold_agreement_meeting"
        values["on"] = form.read_date("on", required=True)
        values |= {"present": form.one("present"), "notes": form.one("notes")}
    if not form.problems and visitor.command(command, form, values) is not None:
        return done(visitor, f"agreement-meetings/{meeting_id}", "meeting_held")
    return _meeting(visitor, meeting_id, form)


def _page(visitor: Visitor, agreement_id: str, form: Form) -> Response:
    data = visitor.node("agreement", "agreement", id=agreement_id)
    one = data["agreement"]
    versions = one["versions"]
    return show(
        visitor,
        "pages/agreement.html",
        one=one,
        now=_holding(versions),
        draft=next((row for row in versions if row["state"] == "draft"), None),
        lines=data["quotas"],
        form=form,
    )


def _holding(versions: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The version that holds today, else the first that will."""
    confirmed = [one for one in versions if one["state"] == "in_force"]
    begun = [one for one in confirmed if one["holdsFrom"] <= str(today())]
    if begun:
        return max(begun, key=lambda one: str(one["holdsFrom"]))
    return min(confirmed, key=lambda one: str(one["holdsFrom"]), default=None)


def _file(visitor: Visitor, agreement_id: str, form: Form) -> Response:
    one = visitor.node("agreement", "agreement", id=agreement_id)["agreement"]
    return show(visitor, "pages/agreement_file.html", one=one, form=form, megabytes=MEGABYTES)


def _meeting_form(visitor: Visitor, form: Form) -> Response:
    visitor.require("mayManageAgreements", "agreement.manage")
    known = visitor.read("agreement_forms")["guidelineMeetings"]
    return show(visitor, "pages/agreement_meeting_form.html", form=form, known=known)


def _meeting(visitor: Visitor, meeting_id: str, form: Form) -> Response:
    one = visitor.node("agreement_meeting", "agreementMeeting", id=meeting_id)["agreementMeeting"]
    return show(visitor, "pages/agreement_meeting.html", one=one, form=form)
