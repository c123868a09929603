"""Forms of what is done with a guarantee: claims, payments, recourse, write-offs, its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist.guarantees.claims import DOCUMENTS
from hemvist.guarantees.claims import OUTCOMES as CLAIM_OUTCOMES
from hemvist.guarantees.models import COVER, END_REASONS
from hemvist.guarantees.recourse import OUTCOMES as WRITE_OFF_OUTCOMES
from hemvist_portal.errors import Missing
from hemvist_portal.formats import kronor_input
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.programmes import programme_named, programmes_of
from hemvist_portal.rendering import show
from hemvist_portal.routes.guarantees import found
from hemvist_portal.visitor import Visitor

router = portal_router()

#: Rows for documents and instalments that a form offers.
ROWS = 3
MOST_ROWS = 120
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """A form: its command, who may, what it is about, and what is read of it."""

    command: str
    flash: str
    read: Callable[[Form], Values]
    #: The list of the guarantee's page that holds its subject, and the input's field for its id.
    subject: str = ""
    key: str = "guaranteeId"
    decides: bool = False


def _claim(form: Form) -> Values:
    documents = []
    for number in form.rows("documents"):
        row = f"documents[{number}]"
        document = {
            "kind": form.one(f"{row}.kind"),
            "title": form.one(f"{row}.title"),
            "datedOn": form.read_date(f"{row}.datedOn"),
            "reference": form.one(f"{row}.reference") or None,
        }
        if document["title"] or document["kind"]:
            documents.append(without_none(document))
    return {
        "kind": form.one("kind") or "rent",
        "amountOre": form.read_kronor("amountOre", required=True),
        "periodFrom": form.read_date("periodFrom", required=True),
        "periodTo": form.read_date("periodTo", required=True),
        "receivedOn": form.read_date("receivedOn", required=True),
        "documents": documents,
        "notes": form.one("notes") or None,
    }


def _decision_on_claim(form: Form) -> Values:
    approved = form.one("outcome") == "approved"
    return {
        "outcome": form.one("outcome"),
        "approvedOre": form.read_kronor("approvedOre", required=approved) if approved else None,
        "motivation": form.one("motivation"),
        "on": form.read_date("on"),
    }


def _payment(form: Form) -> Values:
    return {
        "amountOre": form.read_kronor("amountOre", required=True),
        "reference": form.one("reference") or None,
        "on": form.read_date("on"),
    }


def _instalments(form: Form) -> list[Values]:
    found: list[Values] = []
    for number in form.rows("instalments")[:MOST_ROWS]:
        row = f"instalments[{number}]"
        if form.one(f"{row}.dueOn") or form.one(f"{row}.amountOre"):
            found.append(
                {
                    "dueOn": form.read_date(f"{row}.dueOn", required=True),
                    "amountOre": form.read_kronor(f"{row}.amountOre", required=True),
                }
            )
    return found


def _demand(form: Form) -> Values:
    return {
        "amountOre": form.read_kronor("amountOre", required=True),
        "instalments": _instalments(form),
        "notes": form.one("notes") or None,
        "on": form.read_date("on"),
    }


def _reassessment(form: Form) -> Values:
    return {
        "months": form.read_int("months"),
        "motivation": form.one("motivation"),
        "on": form.read_date("on"),
    }


def _notice(form: Form) -> Values:
    return {
        "endsOn": form.read_date("endsOn"),
        "motivation": form.one("motivation"),
        "on": form.read_date("on"),
    }


def _end(form: Form) -> Values:
    return {
        "reason": form.one("reason"),
        "dialogueOn": form.read_date("dialogueOn"),
        "parties": form.many("parties") or None,
        "told": form.many("told") or None,
        "motivation": form.one("motivation") or None,
        "on": form.read_date("on"),
    }


ACTS: Mapping[str, Act] = {
    "claim": Act("register_guarantee_claim", "claim_registered", _claim),
    "decide": Act(
        "decide_guarantee_claim",
        "claim_decided",
        _decision_on_claim,
        "claims",
        "guaranteeClaimId",
        decides=True,
    ),
    "pay": Act("pay_guarantee_claim", "claim_paid", _payment, "claims", "guaranteeClaimId"),
    "demand": Act("demand_recourse", "recourse_demanded", _demand),
    "instalments": Act(
        "agree_instalments",
        "instalments_agreed",
        lambda form: {"instalments": _instalments(form), "on": form.read_date("on")},
        "recourses",
        "guaranteeRecourseId",
    ),
    "repaid": Act(
        "record_recourse_payment", "recourse_paid", _payment, "recourses", "guaranteeRecourseId"
    ),
    "write-off": Act(
        "propose_write_off",
        "write_off_proposed",
        lambda form: {
            "amountOre": form.read_kronor("amountOre", required=True),
            "reason": form.one("reason"),
            "on": form.read_date("on"),
        },
        "recourses",
        "guaranteeRecourseId",
    ),
    "decide-write-off": Act(
        "decide_write_off",
        "write_off_decided",
        lambda form: {
            "outcome": form.one("outcome"),
            "motivation": form.one("motivation") or None,
            "on": form.read_date("on"),
        },
        "writeOffs",
        "guaranteeWriteOffId",
        decides=True,
    ),
    "reverse": Act(
        "reverse_guarantee_entry",
        "guarantee_entry_reversed",
        lambda form: {"reason": form.one("reason"), "on": form.read_date("on")},
        "ledger",
        "guaranteeEntryId",
        decides=True,
    ),
    "reassess": Act("reassess_guarantee", "guarantee_reassessed", _reassessment),
    "notice": Act("give_guarantor_notice", "guarantor_notice_given", _notice),
    "end": Act("end_guarantee", "guarantee_ended", _end),
}


@router.get("/{slug}/guarantees/{guarantee_id}/{act}")
def act_form(visitor: Reader, guarantee_id: str, act: str, of: str = "") -> Response:
    """The form of one act; ``of`` is the claim, recourse or write-off that it is about."""
    chosen = _chosen(visitor, act)
    one = found(visitor, guarantee_id)
    subject = _subject(one, chosen, of)
    # An entry is never changed: it is the guarantee that is.
    form = Form.of((subject or one).get("version", one["version"]))
    _fill(form, act, one, subject)
    return _form(visitor, act, one, subject, form)


@router.post("/{slug}/guarantees/{guarantee_id}/{act}")
def carry_out(visitor: Reader, form: Sent, guarantee_id: str, act: str) -> Response:
    """Carry the act out."""
    chosen = _chosen(visitor, act)
    one = found(visitor, guarantee_id)
    of = form.one("of")
    subject = _subject(one, chosen, of)
    if form.act == "row":
        return _form(visitor, act, one, subject, form)
    values = chosen.read(form) | {chosen.key: of if chosen.subject else guarantee_id}
    if act != "claim":
        values["expectedVersion"] = form.version
    if not form.problems and visitor.command(chosen.command, form, without_none(values)):
        return done(visitor, f"guarantees/{guarantee_id}", chosen.flash)
    return _form(visitor, act, one, subject, form)


def _chosen(visitor: Visitor, act: str) -> Act:
    if act not in ACTS:
        raise Missing
    chosen = ACTS[act]
    if chosen.decides:
        visitor.require("mayDecideGuarantee", "guarantee.decide")
    else:
        visitor.require("mayManageGuarantee", "guarantee.manage")
    return chosen


def _subject(one: Values, act: Act, of: str) -> Values | None:
    if not act.subject:
        return None
    for row in one[act.subject]:
        if row["id"] == of:
            subject: Values = row
            return subject
    raise Missing


def _fill(form: Form, act: str, one: Values, subject: Values | None) -> None:
    """What is likely is filled in already."""
    form.put("receivedOn" if act == "claim" else "on", today())
    left = {
        "pay": "leftToPayOre",
        "repaid": "leftOre",
        "write-off": "leftOre",
    }
    if act == "demand":
        form.put("amountOre", kronor_input(one["toDemandOre"]))
        form.put("instalments[0].amountOre", kronor_input(one["toDemandOre"]))
    elif act in left and subject is not None:
        form.put("amountOre", kronor_input(subject[left[act]]))
    elif act == "decide" and subject is not None:
        form.put("approvedOre", kronor_input(min(subject["amountOre"], one["leftOfCapOre"])))
    elif act == "instalments" and subject is not None:
        for number, row in enumerate(subject["instalments"]):
            form.put(f"instalments[{number}].dueOn", row["dueOn"])
            form.put(f"instalments[{number}].amountOre", kronor_input(row["amountOre"]))
    elif act == "notice":
        form.put("endsOn", one["earliestEndByNotice"])


def _form(visitor: Visitor, act: str, one: Values, subject: Values | None, form: Form) -> Response:
    data = programmes_of(visitor, one["case"]["id"]) if act in ("end", "reassess") else None
    programme = programme_named(data, one["case"]["programme"] or "") if data else None
    name = "documents" if act == "claim" else "instalments"
    rows = min(max(ROWS, *(number + 2 for number in form.rows(name)), 1), MOST_ROWS)
    return show(
        visitor,
        "pages/guarantee_act.html",
        act=act,
        one=one,
        subject=subject,
        programme=programme,
        notices=[
            notice
            for notice in (programme or {}).get("notices", ())
            if notice["details"]["before"] == "guarantee_ended"
        ],
        form=form,
        rows=rows,
        document_kinds=DOCUMENTS,
        cover=[kind for kind in COVER if kind in one["covers"]] or ["rent"],
        reasons=END_REASONS,
        outcomes=WRITE_OFF_OUTCOMES if act == "decide-write-off" else CLAIM_OUTCOMES,
    )
