"""Decisions (biståndsbeslut): the proposal, and deciding or returning it."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.clauses import ROWS, read_clauses
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.programmes import programme_named, programmes_of
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

KINDS = ("support_to_obtain_housing", "housing")


@router.get("/{slug}/cases/{case_id}/decision")
def proposal(visitor: Reader, case_id: str, kind: str = KINDS[0], programme: str = "") -> Response:
    """The form of a proposal."""
    form = Form.of(on=today(), validFrom=today(), outcome="granted")
    return _form(visitor, case_id, form, kind, programme)


@router.post("/{slug}/cases/{case_id}/decision")
def propose(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Put the proposal before the one who decides."""
    values = {
        "caseId": case_id,
        "programme": form.one("programme"),
        "kind": form.one("kind"),
        "outcome": form.one("outcome"),
        "legalBasis": form.many("legalBasis"),
        "motivation": form.one("motivation"),
        "childAssessment": form.one("childAssessment") or None,
        "departureReason": form.one("departureReason") or None,
        "validFrom": form.read_date("validFrom"),
        "validUntil": form.read_date("validUntil"),
        "contractId": form.one("contractId") or None,
        "conditions": read_clauses(form, "conditions") or None,
        "wentOnBecause": form.one("wentOnBecause") or None,
        "on": form.read_date("on"),
    }
    if not form.problems:
        result = visitor.command("propose_decision", form, without_none(values))
        if result is not None:
            return done(visitor, f"decisions/{result['decision']['id']}", "decision_proposed")
    return _form(visitor, case_id, form, form.one("kind"), form.one("programme"))


@router.get("/{slug}/decisions/{decision_id}")
def decision(visitor: Reader, decision_id: str, replay: str = "") -> Response:
    """The decision, or the proposal with what the one who decides can do."""
    return _page(visitor, decision_id, replay=bool(replay))


@router.post("/{slug}/decisions/{decision_id}/decide")
def decide(visitor: Reader, form: Sent, decision_id: str) -> Response:
    """Decide as proposed."""
    form.prefix = "decide"
    values = {
        "decisionId": decision_id,
        "on": form.read_date("on"),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("decide", form, without_none(values)) is not None:
        return done(visitor, f"decisions/{decision_id}", "decision_decided")
    return _page(visitor, decision_id, form)


@router.post("/{slug}/decisions/{decision_id}/return")
def send_back(visitor: Reader, form: Sent, decision_id: str) -> Response:
    """Return the proposal with what is to be done."""
    form.prefix = "return"
    values = {
        "decisionId": decision_id,
        "reason": form.one("reason"),
        "on": form.read_date("on"),
        "expectedVersion": form.version,
    }
    if form.problems:
        return _page(visitor, decision_id, form)
    if visitor.command("return_decision", form, without_none(values)) is not None:
        return done(visitor, f"decisions/{decision_id}", "decision_returned")
    return _page(visitor, decision_id, form)


def _page(
    visitor: Visitor, decision_id: str, form: Form | None = None, *, replay: bool = False
) -> Response:
    data = visitor.node("decision", "decision", id=decision_id, replay=replay)
    return show(visitor, "pages/decision.html", decision=data["decision"], form=form)


def _form(visitor: Visitor, case_id: str, form: Form, kind: str, programme: str) -> Response:
    if kind not in KINDS:
        raise Missing
    data = programmes_of(visitor, case_id, form.one("on") if not form.error("on") else None)
    able = [one for one in data["programmes"] if kind in one["decisionKinds"]]
    if not able:
        raise Missing
    data["programmes"] = able
    chosen: dict[str, Any] = programme_named(data, programme)
    bases = chosen["supportBases" if kind == KINDS[0] else "housingBases"]
    if not form.failed and len(bases) == 1:
        form.put("legalBasis", [bases[0]["id"]])
    return show(
        visitor,
        "pages/decision_form.html",
        form=form,
        kind=kind,
        programme=chosen,
        bases=bases,
        clause_count=ROWS,
        **data,
    )
