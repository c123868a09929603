"""What is done with a contract that runs: notice, end, rent, waiver, keys, inspections, guarantee."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist.contracts.changes import PARTNERS, WAIVER_BASES
from hemvist.contracts.models import END_REASONS, GIVEN_BY
from hemvist.homes.models import (
    CONDITIONS,
    COST_BEARERS,
    HOLDERS,
    INSPECTIONS,
    KEY_KINDS,
    MOVES,
)
from hemvist_portal.contract_state import stands
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.labels import LABELS
from hemvist_portal.pack_fields import read_value
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.programmes import programme_of_contract, programmes_of
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark, translate

router = portal_router()

#: Lines of a protocol in the form; whoever needs more keeps a second protocol or uses the API.
LINES = 20
#: How many of them stand open from the start.
LINES_OPEN = 4
_ITEM = ("room", "part", "condition", "note", "costBearer", "costOre")
_PRESENT = ("resident", "property", "support_worker", "landlord", "referring")
_NOTICE_DAYS = ("board_told_on", "demand_sent_on", "arrears_served_on")


def _notice(form: Form) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if form.one("givenBy") == "landlord":
        details = {name: form.read_date(f"details.{name}") for name in _NOTICE_DAYS}
        details["ground"] = form.one("details.ground") or None
        copy = form.one("details.board_has_copy")
        details["board_has_copy"] = copy == "true" if copy else None
    return {
        "expectedVersion": form.version or 0,
        "givenBy": form.one("givenBy"),
        "givenOn": form.read_date("givenOn", required=True),
        "endsOn": form.read_date("endsOn"),
        "details": without_none(details) or None,
        "wentOnBecause": form.one("wentOnBecause") or None,
    }


def _extend(form: Form) -> dict[str, Any]:
    # The demands themselves are read where the guideline's form is known.
    return {
        "expectedVersion": form.version or 0,
        "signedOn": form.read_date("signedOn", required=True),
        "endsOn": form.read_date("endsOn"),
        "guaranteeMonths": form.read_int("guaranteeMonths"),
        "wentOnBecause": form.one("wentOnBecause") or None,
    }


def _end(form: Form) -> dict[str, Any]:
    return {
        "expectedVersion": form.version or 0,
        "reason": form.one("reason"),
        "endedOn": form.read_date("endedOn", required=True),
        "unitBecomes": form.one("unitBecomes") or None,
        "keptBecause": form.one("keptBecause") or None,
    }


def _rent(form: Form) -> dict[str, Any]:
    return {
        "expectedVersion": form.version or 0,
        "validFrom": form.read_date("validFrom", required=True),
        "rentOre": form.read_kronor("rentOre", required=True),
        "reason": form.one("reason"),
        "toldOn": form.read_date("toldOn", required=True),
    }


def _days(form: Form) -> dict[str, Any]:
    return {
        "expectedVersion": form.version or 0,
        "signedOn": form.read_date("signedOn", required=True),
        "startsOn": form.read_date("startsOn", required=True),
        "reason": form.one("reason"),
    }


def _waiver(form: Form) -> dict[str, Any]:
    return {
        "expectedVersion": form.version or 0,
        "signedOn": form.read_date("signedOn", required=True),
        "months": form.read_int("months", required=True),
        "basis": form.one("basis"),
        "approvalNumber": form.one("approvalNumber") or None,
        "approvedOn": form.read_date("approvedOn"),
        "exemptForm": form.one("exemptForm") or None,
        "partner": form.one("partner"),
        "partnerAcceptedOn": form.read_date("partnerAcceptedOn"),
        "wentOnBecause": form.one("wentOnBecause") or None,
    }


def _keys(form: Form) -> dict[str, Any]:
    return {
        "move": form.one("move"),
        "keyKind": form.one("keyKind"),
        "holder": form.one("holder"),
        "quantity": form.read_int("quantity", required=True),
        "movedOn": form.read_date("movedOn", required=True),
        "terms": form.one("terms") or None,
        "termsAgreedOn": form.read_date("termsAgreedOn"),
        "receiptSigned": form.ticked("receiptSigned"),
    }


def _inspection(form: Form) -> dict[str, Any]:
    _close_up(form)
    items = []
    for row in form.rows("items"):
        at = f"items[{row}]"
        items.append(
            without_none(
                {
                    "room": form.one(f"{at}.room"),
                    "part": form.one(f"{at}.part"),
                    "condition": form.one(f"{at}.condition"),
                    "note": form.one(f"{at}.note") or None,
                    "costBearer": form.one(f"{at}.costBearer") or None,
                    "costOre": form.read_kronor(f"{at}.costOre"),
                }
            )
        )
    return {
        "kind": form.one("kind"),
        "heldOn": form.read_date("heldOn", required=True),
        "present": form.many("present"),
        "items": items,
        "signedByTenant": form.ticked("signedByTenant"),
        "notes": form.one("notes") or None,
    }


def _close_up(form: Form) -> None:
    """Take empty lines of the protocol away: the API numbers its problems by the lines it got."""
    lines = [
        {name: form.values.pop(f"items[{row}].{name}", [""]) for name in _ITEM}
        for row in form.rows("items")
    ]
    filled = [line for line in lines if any(value[0].strip() for value in line.values())]
    for row, line in enumerate(filled):
        form.values |= {f"items[{row}].{name}": value for name, value in line.items()}


def _guarantee(form: Form) -> dict[str, Any]:
    months = form.read_int("months")
    if months is None and not form.error("months"):
        form.add_problem("months", mark("Välj ett av alternativen."))
    return {
        "programme": form.one("programme"),
        "months": months,
        "capOre": form.read_kronor("capOre"),
        "issuedOn": form.read_date("issuedOn", required=True),
        "wentOnBecause": form.one("wentOnBecause") or None,
    }


#: Act → command, how the form is read, and what is said when it was carried out.
ACTS: dict[str, tuple[str, Callable[[Form], dict[str, Any]], str]] = {
    "notice": ("give_contract_notice", _notice, "contract_notice_given"),
    "extend": ("extend_contract", _extend, "contract_extended"),
    "end": ("end_contract", _end, "contract_ended"),
    "rent": ("change_rent", _rent, "rent_changed"),
    "days": ("correct_contract_days", _days, "days_corrected"),
    "waiver": ("record_tenure_waiver", _waiver, "tenure_waived"),
    "keys": ("move_keys", _keys, "keys_moved"),
    "inspection": ("record_inspection", _inspection, "inspection_recorded"),
    "guarantee": ("issue_guarantee", _guarantee, "guarantee_issued"),
}


@router.get("/{slug}/contracts/{contract_id}/act/{act}")
def act_form(visitor: Reader, contract_id: str, act: str, kind: str = "") -> Response:
    """The form of one act."""
    if act not in ACTS:
        raise Missing
    data = _data(visitor, contract_id)
    day = today()
    form = Form.of(
        data["contract"]["version"],
        givenOn=day,
        endedOn=day,
        toldOn=day,
        signedOn=data["contract"]["signedOn"] if act == "days" else day,
        startsOn=data["contract"]["startsOn"],
        movedOn=day,
        heldOn=day,
        givenBy="tenant",
        partner="none",
        basis="tribunal",
        holder="tenant",
        quantity="1",
        move="handed_out",
        keyKind="flat",
        months=data["guideline_months"] if act == "waiver" else None,
        issuedOn=day,
        programme=data["programme"]["id"],
        kind=kind if kind in INSPECTIONS else "move_in",
        present=["resident", "property"],
    )
    return _form(visitor, data, act, form)


@router.post("/{slug}/contracts/{contract_id}/act/{act}")
def act(visitor: Reader, form: Sent, contract_id: str, act: str) -> Response:
    """Carry the act out."""
    if act not in ACTS:
        raise Missing
    command, read, flash = ACTS[act]
    values = read(form)
    if act == "extend":
        demanded = _data(visitor, contract_id)["demanded"]
        terms = {
            term["id"]: read_value(form, f"terms.{term['id']}", term["kind"].lower())
            for term in demanded
        }
        values["terms"] = without_none(terms) or None
    if not form.problems:
        sent = without_none({"contractId": contract_id, **values})
        if visitor.command(command, form, sent) is not None:
            return done(visitor, f"contracts/{contract_id}", flash)
        # What the service calls the notice are the form's particulars of it.
        form.rename_problems({"notice": "details"})
    return _form(visitor, _data(visitor, contract_id), act, form)


def _data(visitor: Visitor, contract_id: str) -> dict[str, Any]:
    contract = visitor.node("contract", "contract", id=contract_id)["contract"]
    data = programmes_of(visitor, contract["case"]["id"])
    programme = programme_of_contract(data, contract)
    months = ((programme.get("tenureWaiver") or {}).get("details") or {}).get("months")
    return {
        "contract": contract,
        "programme": programme,
        "stands": stands(contract),
        "demanded": [
            one
            for one in programme.get("contractTerms", [])
            if one["required"] or one["mustBe"] is not None
        ],
        "guideline_months": months if isinstance(months, int) else None,
    }


def _form(visitor: Visitor, data: dict[str, Any], act: str, form: Form) -> Response:
    def choices(group: str, codes: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(code, translate(visitor.lang, LABELS[group][code])) for code in codes]

    return show(
        visitor,
        "pages/contract_act.html",
        act=act,
        form=form,
        lines=LINES,
        lines_open=max(LINES_OPEN, len(form.rows("items"))),
        given_by=choices("given_by", GIVEN_BY),
        grounds=choices("notice_ground", tuple(LABELS["notice_ground"])),
        reasons=choices("end_reason", tuple(one for one in END_REASONS if one != "taken_over")),
        bases=choices("waiver_basis", WAIVER_BASES),
        partners=choices("waiver_partner", PARTNERS),
        moves=choices("key_move", MOVES),
        key_kinds=choices("key_kind", KEY_KINDS),
        holders=choices("key_holder", HOLDERS),
        inspections=choices("inspection_kind", INSPECTIONS),
        conditions=choices("item_condition", CONDITIONS),
        bearers=choices("cost_bearer", COST_BEARERS),
        present=choices("party", _PRESENT),
        **data,
    )
