"""Ladders (åtgärdstrappor): tenancies in trouble, how each stands, and every step of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist.ladder.models import GROUNDS, SEVERITIES, WAYS
from hemvist.policy.programmes import PARTIES
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.instants import now_values, read_instant
from hemvist_portal.ladder_forms import (
    asked_questions,
    changed_answers,
    filled,
    pictured,
    put_answers,
    read_actions,
)
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.way import picture

router = portal_router()

SELECTIONS = ("open", "corrected", "moved_out", "closed", "all")
#: Rows for actions that the form of the plan shows.
ACTION_ROWS = 3


@router.get("/{slug}/ladders")
def ladders(visitor: Reader, which: str = "open", after: str | None = None) -> Response:
    """The tenancies in trouble, those under way unless asked otherwise."""
    chosen = which if which in SELECTIONS else "open"
    state = None if chosen == "all" else chosen
    page = visitor.read("ladders", state=state, after=after)["ladders"]
    return show(visitor, "pages/ladders.html", page=page, which=chosen, selections=SELECTIONS)


@router.get("/{slug}/cases/{case_id}/ladder")
def begin_form(visitor: Reader, case_id: str, incident: str = "") -> Response:
    """The form that takes a tenancy in trouble up."""
    form = Form.of(openedOn=today(), incidentId=incident, ground="misconduct")
    return _form(visitor, case_id, form)


@router.post("/{slug}/cases/{case_id}/ladder")
def begin(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Take a tenancy in trouble up."""
    names = ("ground", "severity", "severityReason", "about")
    values = {
        "caseId": case_id,
        "incidentId": form.one("incidentId") or None,
        "openedOn": form.read_date("openedOn"),
        **{name: form.one(name) for name in names},
    }
    if not form.problems:
        made = visitor.command("open_ladder", form, without_none(values))
        if made is not None:
            return done(visitor, f"ladders/{made['ladder']['id']}", "ladder_opened")
    return _form(visitor, case_id, form)


@router.get("/{slug}/ladders/{ladder_id}")
def ladder(visitor: Reader, ladder_id: str) -> Response:
    """One ladder: its picture, what comes next, what is missing, and the forms of its steps."""
    return _page(visitor, ladder_id)


@router.post("/{slug}/ladders/{ladder_id}/questions")
def answer(visitor: Reader, form: Sent, ladder_id: str) -> Response:
    """Answer what the guideline asks before its steps."""
    form.prefix = "questions"
    found = visitor.node("ladder", "ladder", id=ladder_id)["ladder"]
    changed = changed_answers(form, found["questions"])
    severity = form.one("severity")
    values: dict[str, Any] = {
        "ladderId": ladder_id,
        "expectedVersion": form.version,
        "answers": changed,
    }
    if severity and severity != found["severity"]:
        values |= {"severity": severity, "severityReason": form.one("severityReason")}
    if "severity" not in values and not changed:
        return done(visitor, f"ladders/{ladder_id}", "nothing_changed")
    if visitor.command("weigh_ladder", form, values) is not None:
        return done(visitor, f"ladders/{ladder_id}", "ladder_weighed")
    form.rename_problems(
        {f"answers[{at}]": f"answers.{one['fact']}" for at, one in enumerate(changed)}
    )
    return _page(visitor, ladder_id, form)


@router.post("/{slug}/ladders/{ladder_id}/{act}")
def act_on(visitor: Reader, form: Sent, ladder_id: str, act: str) -> Response:
    """One step of the ladder."""
    if act not in _ACTS:
        raise Missing
    mutation, send = _ACTS[act]
    form.prefix = act
    values = {"ladderId": ladder_id, "expectedVersion": form.version, **send(form)}
    return _carried_out(visitor, form, ladder_id, mutation, values)


@router.post("/{slug}/ladders/{ladder_id}/{act}/{row_id}")
def act_on_row(visitor: Reader, form: Sent, ladder_id: str, act: str, row_id: str) -> Response:
    """An act on a meeting, an action of the plan or an eviction of the ladder."""
    if act not in _ROW_ACTS:
        raise Missing
    mutation, field, send = _ROW_ACTS[act]
    form.prefix = f"{act}-{row_id}"
    values = {field: row_id, "expectedVersion": form.version, **send(form)}
    return _carried_out(visitor, form, ladder_id, mutation, values)


def _carried_out(
    visitor: Visitor, form: Form, ladder_id: str, mutation: str, values: Mapping[str, Any]
) -> Response:
    if (
        not form.problems
        and visitor.command(mutation, form, without_none(dict(values))) is not None
    ):
        flash = "ladder_letter_sent" if mutation in _SENT else "ladder_step_taken"
        return done(visitor, f"ladders/{ladder_id}", flash)
    return _page(visitor, ladder_id, form)


def _talk(form: Form) -> Mapping[str, Any]:
    return {
        "parties": form.many("parties"),
        "what": form.one("what"),
        "inside": form.ticked("inside"),
        "heldOn": form.read_date("heldOn", required=True),
    }


def _demand(form: Form) -> Mapping[str, Any]:
    return {
        **filled(form, "what", "wentOnBecause"),
        "ways": form.many("ways"),
        "copies": form.many("copies"),
        "sentOn": form.read_date("sentOn", required=True),
        "untilOn": form.read_date("untilOn"),
    }


def _received_demand(form: Form) -> Mapping[str, Any]:
    return {
        "what": form.one("what"),
        "sentOn": form.read_date("sentOn", required=True),
        "receivedOn": form.read_date("receivedOn", required=True),
        "untilOn": form.read_date("untilOn"),
    }


def _board(form: Form) -> Mapping[str, Any]:
    return {"what": form.one("what"), "toldOn": form.read_date("toldOn", required=True)}


def _call(form: Form) -> Mapping[str, Any]:
    return {
        **filled(form, "place", "meetsAt"),
        "called": form.many("called"),
        "meetsOn": form.read_date("meetsOn", required=True),
    }


def _plan(form: Form) -> Mapping[str, Any]:
    return {
        "meetingId": form.one("meetingId") or None,
        "actions": read_actions(form),
        "agreedOn": form.read_date("agreedOn", required=True),
    }


def _notice(form: Form) -> Mapping[str, Any]:
    return {
        **filled(form, "what", "wentOnBecause"),
        "copies": form.many("copies"),
        "givenOn": form.read_date("givenOn", required=True),
        "endsOn": form.read_date("endsOn"),
        "servedOn": form.read_date("servedOn"),
    }


def _received_notice(form: Form) -> Mapping[str, Any]:
    return {
        "what": form.one("what"),
        "givenOn": form.read_date("givenOn", required=True),
        "endsOn": form.read_date("endsOn"),
        "receivedOn": form.read_date("receivedOn", required=True),
    }


def _because(form: Form) -> Mapping[str, Any]:
    return {"because": form.one("because"), "on": form.read_date("on", required=True)}


def _apply(form: Form) -> Mapping[str, Any]:
    return {
        **filled(form, "number"),
        "appliedOn": form.read_date("appliedOn", required=True),
        "byLandlord": form.ticked("byLandlord"),
    }


def _housing(form: Form) -> Mapping[str, Any]:
    return {"what": form.one("what"), "toldOn": form.read_date("toldOn", required=True)}


def _move_out(form: Form) -> Mapping[str, Any]:
    return {**filled(form, "notes"), "movedOn": form.read_date("movedOn", required=True)}


def _offer(form: Form) -> Mapping[str, Any]:
    return {"offer": form.one("offer") == "yes", **filled(form, "because")}


def _end(form: Form) -> Mapping[str, Any]:
    return {
        **filled(form, "outcome", "reason"),
        "endedOn": form.read_date("endedOn", required=True),
    }


def _hold(form: Form) -> Mapping[str, Any]:
    came = form.many("came")
    absent = [
        {"party": party, "because": form.one(f"absent.{party}")}
        for party in PARTIES
        if party not in came and form.one(f"absent.{party}")
    ]
    return {
        **filled(form, "picture"),
        "came": came,
        "absent": absent,
        "agendaDone": form.many("agendaDone"),
        "heldOn": form.read_date("heldOn", required=True),
    }


def _settle(form: Form) -> Mapping[str, Any]:
    return {
        **filled(form, "outcome", "notes"),
        "settledOn": form.read_date("settledOn", required=True),
    }


def _date(form: Form) -> Mapping[str, Any]:
    return {
        "evictsOn": form.read_date("evictsOn", required=True),
        "learnedAt": read_instant(form, "learnedOn", "learnedTime", required=True),
    }


def _confirm(form: Form) -> Mapping[str, Any]:
    return {
        **filled(form, "wentOnBecause"),
        "confirmedAt": read_instant(form, "confirmedOn", "confirmedTime", required=True),
    }


def _carry_out(form: Form) -> Mapping[str, Any]:
    return {"on": form.read_date("on", required=True)}


_Send = Callable[[Form], Mapping[str, Any]]
_ACTS: Mapping[str, tuple[str, _Send]] = {
    "talk": ("record_talk", _talk),
    "demand": ("send_demand", _demand),
    "received-demand": ("receive_demand", _received_demand),
    "board": ("notify_board", _board),
    "call": ("call_meeting", _call),
    "plan": ("make_action_plan", _plan),
    "notice": ("give_ladder_notice", _notice),
    "received-notice": ("receive_notice", _received_notice),
    "take-back": ("take_back_notice", _because),
    "apply": ("apply_for_eviction", _apply),
    "housing": ("tell_of_housing", _housing),
    "move-out": ("register_move_out", _move_out),
    "propose": ("propose_new_offer", _offer),
    "decide": ("decide_new_offer", _offer),
    "end": ("end_ladder", _end),
}
_ROW_ACTS: Mapping[str, tuple[str, str, _Send]] = {
    "hold": ("hold_meeting", "meetingId", _hold),
    "cancel": ("cancel_meeting", "meetingId", _because),
    "settle": ("settle_action", "actionId", _settle),
    "date": ("set_eviction_date", "evictionId", _date),
    "confirm": ("confirm_eviction_date", "evictionId", _confirm),
    "withdraw": ("withdraw_eviction", "evictionId", _because),
    "carry-out": ("carry_out_eviction", "evictionId", _carry_out),
}
#: Acts by which a letter goes out.
_SENT = frozenset({"send_demand", "notify_board", "give_ladder_notice", "confirm_eviction_date"})


def _form(visitor: Visitor, case_id: str, form: Form) -> Response:
    case = visitor.node("ladder_form", "case", id=case_id)["case"]
    visitor.require("mayKeepLadder", "ladder.keep")
    return show(
        visitor,
        "pages/ladder_form.html",
        case=case,
        form=form,
        grounds=GROUNDS,
        severities=SEVERITIES,
    )


def _page(visitor: Visitor, ladder_id: str, form: Form | None = None) -> Response:
    found = visitor.node("ladder", "ladder", id=ladder_id)["ladder"]
    case = found["case"]
    data = visitor.node(
        "milestone", "case", id=case["id"], pack=case["pack"], version=case["packVersion"]
    )
    rungs = found["rungs"]
    if form is not None:
        form.rename_problems({"learnedAt": "learnedTime", "confirmedAt": "confirmedTime"})
    return show(
        visitor,
        "pages/ladder.html",
        ladder=found,
        rungs={one["code"]: one for one in rungs},
        comes=next((one for one in rungs if one["comesNext"]), None),
        stations=pictured(visitor.words, rungs),
        road=picture(visitor.lang, pictured(visitor.words, rungs)),
        agenda=_agenda(data, case["programme"]),
        parties=PARTIES,
        ways=WAYS,
        severities=SEVERITIES,
        questions=asked_questions(found["questions"]),
        put_answers=put_answers,
        rows=range(ACTION_ROWS),
        moment=now_values("learnedOn", "learnedTime") | now_values("confirmedOn", "confirmedTime"),
        form=form,
    )


def _agenda(data: Mapping[str, Any], programme: str | None) -> list[Any]:
    """The agenda of the joint meeting, where the guideline has it as a milestone."""
    for one in (data.get("pack") or {}).get("programmes", []):
        for milestone in one["milestones"] if one["id"] == programme else ():
            if milestone["details"]["event"] == "reconciliation_held":
                return list(milestone["details"].get("agenda", []))
    return []
