"""Contracts (kontrakt): signing one on an accepted offer, and the contract with its guarantee."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.clauses import ROWS, read_clauses
from hemvist_portal.contract_state import stands
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pack_fields import read_value
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.programmes import programme_named, programme_of_contract, programmes_of
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

#: Questions of yes or no on a waiver of tenure.
WAIVER = ("own_document", "needs_approval", "approved", "partner_accepts", "block_letting")


@router.get("/{slug}/offers/{offer_id}/contract")
def contract_form(visitor: Reader, offer_id: str) -> Response:
    """The form, driven by the pack's contract form."""
    offer, programme = _offer(visitor, offer_id)
    form = Form.of(signedOn=today(), startsOn=offer["unit"]["availableFrom"])
    return _form(visitor, offer, programme, form)


@router.post("/{slug}/offers/{offer_id}/contract")
def sign(visitor: Reader, form: Sent, offer_id: str) -> Response:
    """Register the signed contract; with a guarantee where the form has one."""
    offer, programme = _offer(visitor, offer_id)
    terms = {
        term["id"]: read_value(form, f"terms.{term['id']}", term["kind"].lower())
        for term in programme["contractTerms"]
    }
    values: dict[str, Any] = {
        "offerId": offer_id,
        "signedOn": form.read_date("signedOn", required=True),
        "startsOn": form.read_date("startsOn", required=True),
        "endsOn": form.read_date("endsOn"),
        "terms": without_none(terms),
        "toldOfLinkOn": form.read_date("toldOfLinkOn"),
        "ownerNotifiedOn": form.read_date("ownerNotifiedOn"),
    }
    values["clauses"] = read_clauses(form, "clauses") or None
    values["waiver"] = _waiver(form) or None
    values["wentOnBecause"] = form.one("wentOnBecause") or None
    if programme["guaranteeMonths"]:
        values["guaranteeMonths"] = form.read_int("guaranteeMonths")
        values["guaranteeCapOre"] = form.read_kronor("guaranteeCapOre")
        if values["guaranteeMonths"] is None and not form.error("guaranteeMonths"):
            form.add_problem("guaranteeMonths", mark("Välj ett av alternativen."))
    if not form.problems:
        result = visitor.command("sign_contract", form, without_none(values))
        if result is not None:
            return done(visitor, f"contracts/{result['contract']['id']}", "contract_signed")
    return _form(visitor, offer, programme, form)


@router.get("/{slug}/contracts/{contract_id}")
def contract(visitor: Reader, contract_id: str) -> Response:
    """The contract: terms, guarantee, and the way to an own first-hand lease."""
    found = visitor.node("contract", "contract", id=contract_id)["contract"]
    data = programmes_of(visitor, found["case"]["id"])
    programme = programme_of_contract(data, found)
    return show(
        visitor,
        "pages/contract.html",
        contract=found,
        programme=programme,
        stands=stands(found),
    )


def _waiver(form: Form) -> dict[str, Any]:
    """The particulars of a waiver of tenure that were answered."""
    found: dict[str, Any] = {}
    for name in WAIVER:
        answer = form.one(f"waiver.{name}")
        if answer:
            found[name] = answer == "true"
    number = form.one("waiver.approval_number")
    return found | ({"approval_number": number} if number else {})


def _offer(visitor: Visitor, offer_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    offer = visitor.node("offer", "offer", id=offer_id)["offer"]
    data = programmes_of(visitor, offer["case"]["id"])
    return offer, programme_named(data, offer["referral"]["programme"])


def _form(
    visitor: Visitor, offer: dict[str, Any], programme: dict[str, Any], form: Form
) -> Response:
    return show(
        visitor,
        "pages/contract_form.html",
        offer=offer,
        programme=programme,
        form=form,
        clause_count=ROWS,
    )
