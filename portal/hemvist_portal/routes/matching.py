"""Matching (matchning): the board of vacant homes and waiting households, and what they need."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

METHODS = ("optimum", "greedy")
EXCLUSIONS = ("area", "postal_code", "landlord")


@router.get("/{slug}/matching")
def matchings(visitor: Reader, after: str | None = None) -> Response:
    """The matchings that were made, and the form for another."""
    return _matchings(visitor, Form.of(method="optimum"), after)


@router.post("/{slug}/matching")
def run(visitor: Reader, form: Sent) -> Response:
    """Match, and show the board."""
    pack, _, programme = form.one("programme").partition("#")
    values = {"pack": pack, "programme": programme, "method": form.one("method")}
    result = visitor.command("run_matching", form, values)
    if result is not None:
        return done(visitor, f"matching/{result['matchRun']['id']}", "matching_run")
    return _matchings(visitor, form, None)


@router.get("/{slug}/matching/{run_id}")
def board(visitor: Reader, run_id: str, home: str = "1", after: str | None = None) -> Response:
    """The homes of a matching, and for one of them everybody in order."""
    return _board(visitor, run_id, home, after, Form.of())


@router.post("/{slug}/matching/{run_id}")
def offer(visitor: Reader, form: Sent, run_id: str) -> Response:
    """Offer the home to the household that was chosen."""
    values = {
        "referralId": form.one("referralId"),
        "unitId": form.one("unitId"),
        "runId": run_id,
    }
    result = visitor.command("make_offer", form, values)
    if result is not None:
        return done(visitor, f"offers/{result['offer']['id']}", "offer_made")
    return _board(visitor, run_id, form.one("home"), None, form)


@router.get("/{slug}/cases/{case_id}/home-need")
def need(visitor: Reader, case_id: str) -> Response:
    """What home the household needs, as it was stated last."""
    return _need(visitor, case_id, None)


@router.post("/{slug}/cases/{case_id}/home-need")
def state_need(visitor: Reader, form: Sent, case_id: str) -> Response:
    """State what home the household needs."""
    form.prefix = "need"
    values = {
        "caseId": case_id,
        "roomsMin": form.read_int("roomsMin", required=True),
        "roomsMax": form.read_int("roomsMax", required=True),
        "floorMax": form.read_int("floorMax"),
        "lift": form.ticked("lift"),
        "stepFree": form.ticked("stepFree"),
        "adapted": form.ticked("adapted"),
        "rentMaxOre": form.read_kronor("rentMaxOre"),
        "unsuitableAreas": _lines(form.one("unsuitableAreas")),
        "excludedLandlords": _lines(form.one("excludedLandlords")),
        "expectedVersion": form.version or None,
    }
    if not form.problems:
        result = visitor.command("state_home_need", form, without_none(values))
        if result is not None:
            return done(visitor, f"cases/{case_id}/home-need", "home_need_stated")
    return _need(visitor, case_id, form)


@router.post("/{slug}/cases/{case_id}/home-exclusions")
def exclude(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Exclude homes for the household's safety."""
    form.prefix = "exclude"
    values = {"caseId": case_id, "kind": form.one("kind"), "value": form.one("value")}
    if visitor.command("exclude_homes", form, values) is not None:
        return done(visitor, f"cases/{case_id}/home-need", "home_excluded")
    return _need(visitor, case_id, form)


@router.post("/{slug}/cases/{case_id}/home-exclusions/{exclusion_id}")
def lift(visitor: Reader, form: Sent, case_id: str, exclusion_id: str) -> Response:
    """The exclusion is needed no more."""
    form.prefix = "lift"
    values = {"exclusionId": exclusion_id, "expectedVersion": form.version}
    if visitor.command("lift_home_exclusion", form, values) is not None:
        return done(visitor, f"cases/{case_id}/home-need", "home_exclusion_lifted")
    return _need(visitor, case_id, form)


def _matchings(visitor: Visitor, form: Form, after: str | None) -> Response:
    visitor.require("mayMatch", "matching.run")
    data = visitor.read("matching", after=after)
    choices = [
        (f"{pack['name']}#{one['id']}", one["label"])
        for pack in data["packs"]
        for one in pack["programmes"]
        if one["offerMode"]
    ]
    names = {key.partition("#")[2]: label for key, label in choices}
    return show(
        visitor,
        "pages/matching.html",
        page=data["matchRuns"],
        choices=choices,
        names=names,
        methods=METHODS,
        form=form,
    )


def _board(visitor: Visitor, run_id: str, home: str, after: str | None, form: Form) -> Response:
    visitor.require("mayMatch", "matching.run")
    position = int(home) if home.isascii() and home.isdigit() and 0 < int(home) < 10_000 else 1
    data = visitor.node("matching_run", "run", id=run_id, position=position, after=after)
    homes: list[dict[str, Any]] = data["run"]["homes"]
    chosen = next((one for one in homes if one["position"] == position), None)
    if chosen is None and homes:
        raise Missing
    return show(
        visitor,
        "pages/matching_run.html",
        run=data["run"],
        page=data["ranks"],
        ranks=[edge["node"] for edge in data["ranks"]["edges"]],
        labels={one["id"]: one for one in data["run"]["priority"]},
        places={one["position"]: one["unit"] for one in homes},
        chosen=chosen,
        form=form,
    )


def _need(visitor: Visitor, case_id: str, form: Form | None) -> Response:
    case = visitor.node("home_need", "case", id=case_id)["case"]
    stated = case["homeNeed"] or {}
    shown = Form.of(
        stated.get("version", 0),
        **{name: stated.get(name) for name in ("roomsMin", "roomsMax", "floorMax")},
        **{name: stated.get(name) or None for name in ("lift", "stepFree", "adapted")},
        rentMaxOre=None if not stated.get("rentMaxOre") else stated["rentMaxOre"] // 100,
        unsuitableAreas="\n".join(stated.get("unsuitableAreas") or ()),
        excludedLandlords="\n".join(stated.get("excludedLandlords") or ()),
    )
    shown.prefix = "need"
    return show(
        visitor,
        "pages/home_need.html",
        case=case,
        form=form,
        need=form if form and form.prefix == "need" else shown,
        kinds=EXCLUSIONS,
        on=today(),
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
