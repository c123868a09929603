"""Protected moves: a coordinator's own part, who is named, and what a case asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.kommuner import KOMMUNER, read_kommun, read_kommuner
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

URGENCIES = ("acute", "high", "normal")
WITHDRAWALS = ("household_declines", "solved_otherwise", "threat_changed", "own_error")
OFFER_ENDS = ("own_need", "unfit", "not_vacant")
REFUSALS = {
    "sending": ("threat_near", "household_declines", "flat_unfit", "network_of_threat", "other"),
    "receiving": ("no_support", "flat_gone", "threat_near", "capacity", "other"),
}
ROLES = ("operative", "manager")
UNDER_WAY = ("accepted", "agreed")
ON_OFFER = ("offered", "proposed", "agreed")
LIVE = ("prepared", "open", "proposed", "agreed")
#: Days back that the log reviewer chooses among.
LOG_DAYS = ("7", "31", "92")
#: Fields for kommuner where the threat has ties; each takes several with commas between.
EXCLUDED = ("excluded", "excluded2", "excluded3")


@router.get("/{slug}/transfers")
def transfers(visitor: Reader) -> Response:
    """What waits for an answer, the own requests and flats, balance and levers."""
    return _page(visitor)


@router.post("/{slug}/transfers/offer")
def offer(visitor: Reader, form: Sent) -> Response:
    """Offer a vacant flat to a network."""
    form.prefix = "offer"
    values = {
        "network": form.one("network"),
        "unitId": form.one("unitId"),
        "firstOn": form.read_date("firstOn"),
        "lastOn": form.read_date("lastOn", required=True),
    }
    if (
        not form.problems
        and visitor.command("offer_to_network", form, without_none(values)) is not None
    ):
        return done(visitor, "transfers", "transfer_done")
    return _page(visitor, form)


@router.post("/{slug}/transfers/{row_id}/hand-over")
def hand_over(visitor: Reader, form: Sent, row_id: str) -> Response:
    """Begin the own half of a handover, and go on to it."""
    form.prefix = f"hand-over-{row_id}"
    result = visitor.command("start_handover", form, {"transferProposalId": row_id})
    if result is not None:
        begun = result["handover"]
        place = f"handovers/{begun['id']}" if begun else "handovers"
        return done(visitor, place, "handover_begun")
    return _page(visitor, form)


@router.post("/{slug}/transfers/{row_id}/{step}")
def act(visitor: Reader, form: Sent, row_id: str, step: str) -> Response:
    """Open or take back a request, take back a flat, answer a proposal."""
    if step not in STEPS:
        raise Missing
    command, named, read = STEPS[step]
    form.prefix = f"{step}-{row_id}"
    values = {named: row_id, "expectedVersion": form.version, **read(form)}
    if not form.problems and visitor.command(command, form, values) is not None:
        return done(visitor, "transfers", "transfer_done")
    return _page(visitor, form)


def _nothing(_form: Form) -> Mapping[str, Any]:
    return {}


def _override(form: Form) -> Mapping[str, Any]:
    return {"kommun": read_kommun(form, "kommun"), "reason": form.one("reason")}


def _because(form: Form) -> Mapping[str, Any]:
    return {"because": form.one("because")}


#: The part of the address → the command, what the row is called there, and how its form is read.
STEPS: Mapping[str, tuple[str, str, Callable[[Form], Mapping[str, Any]]]] = {
    "open": ("open_transfer_request", "transferRequestId", _nothing),
    "withdraw": ("withdraw_transfer_request", "transferRequestId", _because),
    "override": ("override_transfer_request", "transferRequestId", _override),
    "end": ("withdraw_transfer_offer", "transferOfferId", _because),
    "accept": ("accept_transfer", "transferProposalId", _nothing),
    "refuse": ("refuse_transfer", "transferProposalId", _because),
}


@router.get("/{slug}/transfer-log")
def log(visitor: Reader, days: str = "") -> Response:
    """Every look and act of some days, for the log reviewer."""
    visitor.require("mayReviewLog", "log.review")
    chosen = int(days) if days in LOG_DAYS else int(LOG_DAYS[1])
    found = visitor.read("transfer_log", days=chosen)["transferLog"]
    return show(
        visitor, "pages/transfer_log.html", lines=found, choices=LOG_DAYS, chosen=str(chosen)
    )


@router.get("/{slug}/transfer-function")
def function(visitor: Reader) -> Response:
    """Who is named in the kommun's function for each network."""
    return _function(visitor, Form.of(role="operative"))


@router.post("/{slug}/transfer-function")
def name_person(visitor: Reader, form: Sent) -> Response:
    """Name a coordinator."""
    values = {name: form.one(name) for name in ("network", "principalId", "role")}
    if visitor.command("name_transfer_person", form, values) is not None:
        return done(visitor, "transfer-function", "transfer_done")
    return _function(visitor, form)


@router.post("/{slug}/transfer-function/{naming_id}/end")
def end_naming(visitor: Reader, form: Sent, naming_id: str) -> Response:
    """Let somebody be named no longer."""
    values = {"transferNamingId": naming_id, "expectedVersion": form.version}
    if visitor.command("end_transfer_naming", form, values) is not None:
        return done(visitor, "transfer-function", "transfer_done")
    return _function(visitor, form)


@router.get("/{slug}/cases/{case_id}/transfer")
def of_case(visitor: Reader, case_id: str) -> Response:
    """The case's requests, and the form of a new one."""
    return _of_case(visitor, case_id, Form.of(urgency="normal", minRooms=2, maxExtraRooms=1))


@router.post("/{slug}/cases/{case_id}/transfer")
def prepare(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Say what the household needs elsewhere."""
    values = {
        "caseId": case_id,
        "network": form.one("network"),
        "urgency": form.one("urgency"),
        "minRooms": form.read_int("minRooms", required=True),
        "maxExtraRooms": form.read_int("maxExtraRooms", required=True),
        "stepFree": form.ticked("stepFree"),
        "services": form.many("services"),
        "excluded": read_kommuner(form, *EXCLUDED),
    }
    if not form.problems and visitor.command("prepare_transfer_request", form, values) is not None:
        return done(visitor, f"cases/{case_id}/transfer", "transfer_prepared")
    return _of_case(visitor, case_id, form)


@router.post("/{slug}/cases/{case_id}/transfer/{request_id}/withdraw")
def withdraw(visitor: Reader, form: Sent, case_id: str, request_id: str) -> Response:
    """Take a request back from the case."""
    form.prefix = "withdraw"
    values = {
        "transferRequestId": request_id,
        "because": form.one("because"),
        "expectedVersion": form.version,
    }
    if visitor.command("withdraw_transfer_request", form, values) is not None:
        return done(visitor, f"cases/{case_id}/transfer", "transfer_done")
    return _of_case(visitor, case_id, form)


def _page(visitor: Visitor, form: Form | None = None) -> Response:
    data = visitor.read("transfers")
    own, office = data["transfers"], data["transferOffice"]
    to_answer, under_way, settled = _sorted(own["proposals"])
    return show(
        visitor,
        "pages/transfers.html",
        requests=own["requests"],
        to_answer=to_answer,
        under_way=under_way,
        settled=settled,
        offers=[one for one in own["offers"] if one["state"] in ON_OFFER],
        ended=[one for one in own["offers"] if one["state"] not in ON_OFFER],
        addresses={one["id"]: one["address"] for one in office["onOffer"]},
        statements={one["network"]: one for one in own["statements"]},
        names=_names(office["networks"]),
        office=office,
        withdrawals=WITHDRAWALS,
        ends=OFFER_ENDS,
        refusals=REFUSALS,
        today=today,
        kommuner=KOMMUNER,
        form=form,
    )


def _sorted(proposals: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], ...]:
    """What is to be answered, the nearest end first; what goes on; and what is settled."""
    to_answer = [one for one in proposals if one["state"] == "proposed"]
    return (
        sorted(to_answer, key=lambda one: one["answerBy"]),
        [one for one in proposals if one["state"] in UNDER_WAY],
        [one for one in proposals if one["state"] not in ("proposed", *UNDER_WAY)],
    )


def _function(visitor: Visitor, form: Form) -> Response:
    data = visitor.read("transfer_function")
    return show(
        visitor,
        "pages/transfer_function.html",
        named=data["transfers"]["named"],
        office=data["transferOffice"],
        names=_names(data["transferOffice"]["memberships"]),
        roles=ROLES,
        form=form,
    )


def _of_case(visitor: Visitor, case_id: str, form: Form) -> Response:
    data = visitor.node("case_transfer", "case", id=case_id)
    return show(
        visitor,
        "pages/case_transfer.html",
        case=data["case"],
        office=data["transferOffice"],
        names=_names(data["transferOffice"]["memberships"]),
        urgencies=URGENCIES,
        withdrawals=WITHDRAWALS,
        live=LIVE,
        excluded=EXCLUDED,
        kommuner=KOMMUNER,
        form=form,
    )


def _names(networks: list[dict[str, Any]]) -> dict[str, str]:
    return {one["code"]: one["name"] for one in networks}
