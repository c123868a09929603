"""Units (bostäder): the list, registering one, the unit."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist.units.models import RENT_PARTS, SOURCES
from hemvist_portal.files import MEGABYTES
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

STATES = ("vacant", "offered", "reserved", "let", "returned")
#: Pages of a landlord's units, of a hundred each, that the form of a head lease offers.
MOST_PAGES = 5


@router.get("/{slug}/units")
def units(
    visitor: Reader, state: str = "vacant", rooms: str = "", after: str | None = None
) -> Response:
    """The units, vacant ones unless asked otherwise."""
    page = visitor.read("units", **chosen(state, rooms), after=after)["units"]
    return show(visitor, "pages/units.html", page=page, state=state, states=STATES, rooms=rooms)


def chosen(state: str, rooms: str = "") -> dict[str, Any]:
    """The selection of the list, as its document takes it."""
    counted = rooms.isascii() and rooms.isdigit() and len(rooms) < 3
    return {
        "state": [state] if state in STATES else None,
        "minRooms": int(rooms) if counted else None,
    }


@router.get("/{slug}/units/new")
def new_unit(visitor: Reader) -> Response:
    """The empty form."""
    visitor.require("mayRegisterUnit", "unit.register")
    form = Form.of(availableFrom=today(), city=visitor.kommun.name)
    return show(visitor, "pages/unit_form.html", form=form, sources=SOURCES, parts=RENT_PARTS)


def rent_parts(form: Form) -> dict[str, int] | None:
    """The parts of the rent as they were typed; None where none was."""
    parts = {part: form.read_kronor(f"rentParts.{part}") for part in RENT_PARTS}
    return {part: amount for part, amount in parts.items() if amount} or None


@router.post("/{slug}/units/new")
def register_unit(visitor: Reader, form: Sent) -> Response:
    """Register the unit and its landlord."""
    texts = (
        "landlordOrganisationNumber",
        "landlordName",
        "propertyDesignation",
        "streetAddress",
        "postalCode",
        "city",
        "area",
        "apartmentNumber",
        "source",
    )
    values = {
        **{name: form.one(name) for name in texts},
        "rooms": form.read_int("rooms", required=True),
        "sizeM2": form.read_number("sizeM2", required=True),
        "rentOre": form.read_kronor("rentOre", required=True),
        "floor": form.read_int("floor", required=True),
        "lift": form.ticked("lift"),
        "stepFree": form.ticked("stepFree"),
        "adapted": form.ticked("adapted"),
        "availableFrom": form.read_date("availableFrom", required=True),
        "stepFreeWidthCm": form.read_int("stepFreeWidthCm"),
        "rentParts": rent_parts(form),
    }
    if not form.problems:
        result = visitor.command("register_unit", form, without_none(values))
        if result is not None:
            return done(visitor, f"units/{result['unit']['id']}", "unit_registered")
    visitor.require("mayRegisterUnit", "unit.register")
    return show(visitor, "pages/unit_form.html", form=form, sources=SOURCES, parts=RENT_PARTS)


@router.get("/{slug}/units/{unit_id}")
def unit(visitor: Reader, unit_id: str) -> Response:
    """The unit and its offers."""
    return unit_page(visitor, unit_id, Form())


def unit_page(visitor: Visitor, unit_id: str, form: Form) -> Response:
    """The unit's page; ``form`` is that of a picture."""
    data = visitor.node("unit", "unit", id=unit_id)
    picks = any(one["landlordPicks"] for pack in data["packs"] for one in pack["programmes"])
    return show(
        visitor,
        "pages/unit.html",
        unit=data["unit"],
        picks=picks,
        form=form,
        megabytes=MEGABYTES,
    )


@router.get("/{slug}/units/{unit_id}/head-lease")
def head_lease_form(visitor: Reader, unit_id: str) -> Response:
    """The form of the kommun's own lease of the unit."""
    unit = visitor.node("unit", "unit", id=unit_id)["unit"]
    form = Form.of(signedOn=today(), startsOn=unit["availableFrom"])
    return _head_lease(visitor, unit, form)


@router.post("/{slug}/units/{unit_id}/head-lease")
def sign_head_lease(visitor: Reader, form: Sent, unit_id: str) -> Response:
    """Register the kommun's own lease, of more units where they are ticked."""
    values = {
        "unitId": unit_id,
        "moreUnitIds": form.many("moreUnitIds") or None,
        "reference": form.one("reference") or None,
        "signedOn": form.read_date("signedOn", required=True),
        "startsOn": form.read_date("startsOn", required=True),
        "endsOn": form.read_date("endsOn"),
        "rentOre": form.read_kronor("rentOre", required=True),
    }
    if not form.problems and visitor.command("sign_head_lease", form, without_none(values)):
        return done(visitor, f"units/{unit_id}", "head_lease_signed")
    return _head_lease(visitor, visitor.node("unit", "unit", id=unit_id)["unit"], form)


def _head_lease(visitor: Visitor, unit: dict[str, Any], form: Form) -> Response:
    """The form; other units of its landlord that no lease of the kommun's covers can be ticked."""
    others: list[dict[str, Any]] = []
    after: str | None = None
    for _ in range(MOST_PAGES):
        page = visitor.read("landlord_units", id=unit["landlord"]["id"], after=after)["units"]
        others += [
            one
            for one in (edge["node"] for edge in page["edges"])
            if one["id"] != unit["id"]
            and all(row["state"] != "signed" for row in one["headLeases"])
        ]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    # Those of the same property first: they are let together most often.
    mine = unit["propertyDesignation"]
    others.sort(
        key=lambda one: (
            one["propertyDesignation"] != mine,
            one["streetAddress"],
            one["apartmentNumber"],
        )
    )
    return show(
        visitor, "pages/head_lease_form.html", unit=unit, others=others, form=form, ends=False
    )


@router.get("/{slug}/units/{unit_id}/head-lease/end")
def head_lease_end_form(visitor: Reader, unit_id: str) -> Response:
    """The form that ends the kommun's own lease."""
    unit = visitor.node("unit", "unit", id=unit_id)["unit"]
    version = unit["headLeases"][0]["version"] if unit["headLeases"] else None
    form = Form.of(version, endedOn=today())
    return show(visitor, "pages/head_lease_form.html", unit=unit, form=form, ends=True)


@router.post("/{slug}/units/{unit_id}/head-lease/end")
def end_head_lease(visitor: Reader, form: Sent, unit_id: str) -> Response:
    """End the kommun's own lease."""
    values = {
        "unitId": unit_id,
        "expectedVersion": form.version or 0,
        "endedOn": form.read_date("endedOn", required=True),
    }
    if not form.problems and visitor.command("end_head_lease", form, without_none(values)):
        return done(visitor, f"units/{unit_id}", "head_lease_ended")
    unit = visitor.node("unit", "unit", id=unit_id)["unit"]
    return show(visitor, "pages/head_lease_form.html", unit=unit, form=form, ends=True)
