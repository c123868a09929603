"""Incidents in a home (händelser i boendet): the list, a report, and one incident with its clocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from hemvist.incidents.models import (
    ACTIONS,
    CHANNELS,
    GROUNDS,
    KINDS,
    OUTCOMES,
    REPORTERS,
    SEVERITIES,
    TOLD_BY,
)
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.instants import now_values, read_instant
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

SELECTIONS = ("open", "closed", "all")
#: What a report is about → the document of its form.
_ABOUT = {"case": "incident_case", "unit": "incident_unit"}


@router.get("/{slug}/incidents")
def incidents(
    visitor: Reader, which: str = "open", kind: str = "", after: str | None = None
) -> Response:
    """The incidents, those under way unless asked otherwise, and the clocks that wait."""
    data = visitor.read("incidents", **chosen(which, kind), after=after)
    return show(
        visitor,
        "pages/incidents.html",
        page=data["incidents"],
        filters=data["savedFilters"],
        clocks=data["serviceClocks"],
        which=which if which in SELECTIONS else "open",
        kind=kind if kind in KINDS else "",
        kinds=KINDS,
    )


def chosen(which: str, kind: str = "") -> dict[str, Any]:
    """The selection of the list, as its document takes it."""
    return {
        "state": None if which == "all" else which if which in SELECTIONS else "open",
        "kind": kind if kind in KINDS else None,
    }


@router.get("/{slug}/cases/{case_id}/incident")
def report_on_case(visitor: Reader, case_id: str) -> Response:
    """The form of a report about a household's home."""
    return _form(visitor, "case", case_id, _empty())


@router.post("/{slug}/cases/{case_id}/incident")
def report_on_case_sent(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Take in a report about a household's home."""
    return _report(visitor, form, "case", case_id)


@router.get("/{slug}/units/{unit_id}/incident")
def report_on_unit(visitor: Reader, unit_id: str) -> Response:
    """The form of a report about a home, whoever lives there."""
    return _form(visitor, "unit", unit_id, _empty())


@router.post("/{slug}/units/{unit_id}/incident")
def report_on_unit_sent(visitor: Reader, form: Sent, unit_id: str) -> Response:
    """Take in a report about a home."""
    return _report(visitor, form, "unit", unit_id)


def _empty() -> Form:
    received = now_values("receivedOn", "receivedTime")
    return Form.of(channel="phone", happenedOn=received["receivedOn"], **received)


def _report(visitor: Visitor, form: Form, about: str, row_id: str) -> Response:
    values = {
        f"{about}Id": row_id,
        **{name: form.one(name) for name in ("kind", "reportedBy", "channel", "what")},
        "happenedOn": form.read_date("happenedOn", required=True),
        "happenedAt": read_instant(form, "happenedOn", "happenedTime"),
        "receivedAt": read_instant(form, "receivedOn", "receivedTime", required=True),
        "anonymous": form.ticked("anonymous"),
        "reporterName": form.one("reporterName"),
        "reporterContact": form.one("reporterContact"),
    }
    if not form.problems:
        result = visitor.command("report_incident", form, without_none(values))
        if result is not None:
            return done(visitor, f"incidents/{result['incident']['id']}", "incident_reported")
        form.rename_problems({"happenedAt": "happenedTime", "receivedAt": "receivedTime"})
    return _form(visitor, about, row_id, form)


def _form(visitor: Visitor, about: str, row_id: str, form: Form) -> Response:
    found = visitor.node(_ABOUT[about], about, id=row_id)[about]
    visitor.require("mayReportIncident", "incident.report")
    return show(
        visitor,
        "pages/incident_form.html",
        form=form,
        about=about,
        found=found,
        kinds=KINDS,
        reporters=REPORTERS,
        channels=CHANNELS,
    )


@router.get("/{slug}/incidents/{incident_id}")
def incident(visitor: Reader, incident_id: str) -> Response:
    """One incident: its clocks, what was done, and what can be done now."""
    return _page(visitor, incident_id)


def _assess(form: Form) -> Mapping[str, Any]:
    return {
        **{name: form.one(name) for name in ("severity", "reason", "childrenNote")},
        "at": read_instant(form, "on", "time", required=True),
    }


def _act(form: Form) -> Mapping[str, Any]:
    return {
        **{name: form.one(name) for name in ("kind", "notes", "doneBy")},
        "serviceClockIds": form.many("serviceClockIds"),
        "at": read_instant(form, "on", "time", required=True),
    }


def _ground(form: Form) -> dict[str, Any]:
    return {
        "ground": form.one("ground"),
        "consentedOn": form.read_date("consentedOn"),
        "groundNote": form.one("groundNote"),
    }


def _tell(form: Form) -> Mapping[str, Any]:
    return {
        **_ground(form),
        "words": form.many("words"),
        "toldHow": form.one("toldHow"),
        "at": read_instant(form, "on", "time", required=True),
    }


def _close(form: Form) -> Mapping[str, Any]:
    confirmed = {"yes": True, "no": False}.get(form.one("confirmed"))
    return {
        "outcome": form.one("outcome"),
        "confirmed": confirmed,
        "note": form.one("note"),
        "at": read_instant(form, "on", "time", required=True),
    }


_ACTS: Mapping[str, tuple[str, str, Callable[[Form], Mapping[str, Any]]]] = {
    "assess": ("assess_incident", "incident_assessed", _assess),
    "act": ("act_on_incident", "incident_acted_on", _act),
    "share": ("share_incident", "incident_shared", _ground),
    "tell": ("tell_landlord", "landlord_told", _tell),
    "close": ("close_incident", "incident_closed", _close),
}


@router.post("/{slug}/incidents/{incident_id}/clocks/{clock_id}")
def cancel_clock(visitor: Reader, form: Sent, incident_id: str, clock_id: str) -> Response:
    """Take away a clock that has nothing to count any more."""
    form.prefix = f"clock-{clock_id}"
    values = {
        "serviceClockId": clock_id,
        "reason": form.one("reason"),
        "expectedVersion": form.version,
    }
    if visitor.command("cancel_service_clock", form, values) is not None:
        return done(visitor, f"incidents/{incident_id}", "clock_cancelled")
    return _page(visitor, incident_id, form)


@router.post("/{slug}/incidents/{incident_id}/{act}")
def act_on(visitor: Reader, form: Sent, incident_id: str, act: str) -> Response:
    """One act on an incident."""
    if act not in _ACTS:
        raise Missing
    mutation, flash, read = _ACTS[act]
    form.prefix = act
    values = {"incidentId": incident_id, **read(form), "expectedVersion": form.version}
    if not form.problems and visitor.command(mutation, form, without_none(values)) is not None:
        return done(visitor, f"incidents/{incident_id}", flash)
    form.rename_problems({"at": "time"})
    return _page(visitor, incident_id, form)


def _page(visitor: Visitor, incident_id: str, form: Form | None = None) -> Response:
    found = visitor.node("incident", "incident", id=incident_id)["incident"]
    waiting = [one for one in found["clocks"] if one["stoppedAt"] is None]
    return show(
        visitor,
        "pages/incident.html",
        incident=found,
        waiting=waiting,
        form=form,
        moment=now_values("on", "time"),
        severities=SEVERITIES,
        actions=ACTIONS[2:],
        outcomes=OUTCOMES,
        grounds=GROUNDS,
        told_by=TOLD_BY,
    )
