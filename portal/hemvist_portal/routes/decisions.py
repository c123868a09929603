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
#: Kinds that alter an earlier decision, and those that every programme has.
ALTERING = ("extension", "change", "end")
EVERYWHERE = ("support_measure", "takeover_recommendation")


@router.get("/{slug}/cases/{case_id}/decision")
def proposal(
    visitor: Reader,
    case_id: str,
    kind: str = KINDS[0],
    programme: str = "",
    alters: str = "",
    appeal: str = "",
) -> Response:
    """The form of a proposal; after a won ``appeal`` it says which judgment it follows."""
    form = Form.of(on=today(), validFrom=today(), outcome="granted", altersId=alters)
    if appeal:
        words = _after_judgment(visitor, appeal)
        form.put("motivation", [words])
        form.put("departureReason", [words])
    return _form(visitor, case_id, form, kind, programme, fresh=True)


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
        "altersId": form.one("altersId") or None,
        "alterGround": form.one("alterGround") or None,
        "disadvantage": form.ticked("disadvantage") or None,
        "toldOn": form.read_date("toldOn"),
        "reservation": form.ticked("reservation") or None,
        "costOre": form.read_kronor("costOre"),
        "on": form.read_date("on"),
    }
    name = "propose_decision"
    if form.ticked("together"):
        name, values = "propose_decisions_together", _pair(without_none(values))
    if not form.problems:
        result = visitor.command(name, form, without_none(values))
        if result is not None:
            return done(visitor, f"decisions/{result['decision']['id']}", "decision_proposed")
    # What is wrong with granting one alone is mended where the other is added.
    form.rename_problems({"kind": "together"})
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
        "boardMinute": form.one("boardMinute") or None,
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


@router.post("/{slug}/decisions/{decision_id}/notify")
def notify(visitor: Reader, form: Sent, decision_id: str) -> Response:
    """Record that the person came to know of it; the time for an appeal runs."""
    values = {
        "how": form.one("how"),
        "notifiedOn": form.read_date("notifiedOn"),
        "expectedVersion": form.version,
    }
    return _act(
        visitor, form, decision_id, ("notify", "notify_decision", "decision_notified"), values
    )


@router.post("/{slug}/decisions/{decision_id}/effort")
def effort(visitor: Reader, form: Sent, decision_id: str) -> Response:
    """Note what was done to carry it out."""
    values = {
        "kind": form.one("kind"),
        "obstacle": form.one("obstacle"),
        "notes": form.one("notes"),
        "madeOn": form.read_date("madeOn"),
    }
    steps = ("effort", "record_execution_effort", "effort_recorded")
    return _act(visitor, form, decision_id, steps, values)


@router.post("/{slug}/decisions/{decision_id}/executed")
def executed(visitor: Reader, form: Sent, decision_id: str) -> Response:
    """Note that it was carried out."""
    values = {"executedOn": form.read_date("executedOn"), "expectedVersion": form.version}
    steps = ("executed", "record_execution", "decision_executed")
    return _act(visitor, form, decision_id, steps, values)


def _after_judgment(visitor: Visitor, appeal_id: str) -> str:
    """What the decision is reasoned with, in Swedish whatever language the reader has."""
    judged = visitor.node("appeal", "appeal", id=appeal_id)["appeal"]
    which = f"{judged['court']} har den {judged['outcomeOn']} i mål {judged['courtNumber']}"
    return f"{which} gett personen rätt. Beslutet följer domen."


def _act(
    visitor: Visitor,
    form: Form,
    decision_id: str,
    steps: tuple[str, str, str],
    values: dict[str, Any],
) -> Response:
    form.prefix, command, said = steps
    sent = without_none({"decisionId": decision_id, **values})
    if not form.problems and visitor.command(command, form, sent) is not None:
        return done(visitor, f"decisions/{decision_id}", said)
    return _page(visitor, decision_id, form)


def _pair(values: dict[str, Any]) -> dict[str, Any]:
    """The input of two decisions in one act, with the same words."""
    outer: dict[str, Any] = {
        name: values.pop(name) for name in ("caseId", "programme", "on") if name in values
    }
    values.pop("contractId", None)
    return {**outer, "parts": [{**values, "kind": kind} for kind in KINDS]}


def _page(
    visitor: Visitor, decision_id: str, form: Form | None = None, *, replay: bool = False
) -> Response:
    data = visitor.node("decision", "decision", id=decision_id, replay=replay)
    return show(visitor, "pages/decision.html", decision=data["decision"], form=form)


def _stands(case: dict[str, Any], kind: str, programme: str) -> bool:
    """Whether the other of the two was granted in the programme and holds, as far as its state says."""
    other = KINDS[1 - KINDS.index(kind)]
    return any(
        one["kind"] == other
        and (one["outcome"], one["state"], one["programme"]) == ("granted", "decided", programme)
        and one["endedOn"] is None
        for one in case["decisions"]
    )


def _form(
    visitor: Visitor, case_id: str, form: Form, kind: str, programme: str, *, fresh: bool = False
) -> Response:
    if kind not in (*KINDS, *ALTERING, *EVERYWHERE):
        raise Missing
    data = programmes_of(
        visitor, case_id, (form.one("on") or None) if not form.error("on") else None
    )
    alters = None
    if kind in ALTERING:
        wanted = form.one("altersId")
        alters = next((one for one in data["case"]["decisions"] if one["id"] == wanted), None)
        if alters is None:
            raise Missing
        programme = alters["programme"]
    about = alters["kind"] if alters else kind
    if about not in EVERYWHERE:
        able = [one for one in data["programmes"] if about in one["decisionKinds"]]
        if not able:
            raise Missing
        data["programmes"] = able
    chosen: dict[str, Any] = programme_named(data, programme)
    bases = chosen["housingBases" if about == KINDS[1] else "supportBases"]
    bases = bases or chosen["housingBases"]
    if not form.failed and len(bases) == 1:
        form.put("legalBasis", [bases[0]["id"]])
    order = chosen["order"] or []
    # Where the contract comes first there is nothing to decide on the home yet.
    contract_first = "contract" in order and order.index("contract") < (
        order.index("housing") if "housing" in order else len(order)
    )
    pair = kind == KINDS[0] and KINDS[1] in chosen["decisionKinds"] and not contract_first
    # Where the guideline grants them together, that is how the form begins, at either of the two.
    bound = kind in chosen["grantedTogether"] and not _stands(data["case"], kind, chosen["id"])
    if bound and fresh:
        form.put("together", ["true"])
    return show(
        visitor,
        "pages/decision_form.html",
        form=form,
        kind=kind,
        alters=alters,
        pair=pair or bound,
        bound=bound,
        programme=chosen,
        bases=bases,
        clause_count=ROWS,
        **data,
    )
