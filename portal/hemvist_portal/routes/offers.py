"""Offers (erbjudanden): choosing a unit for a referral, and the department's answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist.dealings.models import PLACES, TIME_KINDS
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.programmes import programme_named, programmes_of
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()


@router.get("/{slug}/referrals/{referral_id}/offer")
def choose_unit(visitor: Reader, referral_id: str, rooms: str = "") -> Response:
    """Vacant units beside what the household needs."""
    return _choice(visitor, referral_id, Form.of(on=today()), rooms)


@router.post("/{slug}/referrals/{referral_id}/offer")
def make_offer(visitor: Reader, form: Sent, referral_id: str) -> Response:
    """Offer the unit to the referring department."""
    values = {
        "referralId": referral_id,
        "unitId": form.one("unitId"),
        "on": form.read_date("on"),
        "answerBy": form.read_date("answerBy"),
    }
    if not values["unitId"]:
        form.add_problem("unitId", mark("Välj en bostad."))
    if not form.problems:
        result = visitor.command("make_offer", form, without_none(values))
        if result is not None:
            return done(visitor, f"offers/{result['offer']['id']}", "offer_made")
    return _choice(visitor, referral_id, form, form.one("rooms"))


@router.get("/{slug}/offers/{offer_id}")
def offer(visitor: Reader, offer_id: str) -> Response:
    """The offer: the home beside the need, and the answer."""
    return offer_page(visitor, offer_id)


def _accept(form: Form) -> Mapping[str, Any]:
    return {"viewingOn": form.read_date("viewingOn"), "on": form.read_date("on")}


def _decline(form: Form) -> Mapping[str, Any]:
    answered = {"code": form.one("code"), "reason": form.one("reason")}
    return {**answered, "on": form.read_date("on")}


def _withdraw(form: Form) -> Mapping[str, Any]:
    return {"reason": form.one("reason"), "on": form.read_date("on")}


def _book(form: Form) -> Mapping[str, Any]:
    return {"viewingOn": form.read_date("viewingOn", required=True)}


def _hold(form: Form) -> Mapping[str, Any]:
    return {"on": form.read_date("on")}


def _household_yes(form: Form) -> Mapping[str, Any]:
    return {"yes": True, "on": form.read_date("on")}


def _household_no(form: Form) -> Mapping[str, Any]:
    return {"yes": False, **_decline(form)}


_ACTS = {
    "book": ("book_viewing", "viewing_booked", _book),
    "hold": ("hold_viewing", "viewing_held", _hold),
    "household-yes": ("answer_offer_for_household", "household_answered", _household_yes),
    "household-no": ("answer_offer_for_household", "household_answered", _household_no),
    "override": ("override_offer_consequence", "consequence_overridden", _withdraw),
    "accept": ("accept_offer", "offer_accepted", _accept),
    "decline": ("decline_offer", "offer_declined", _decline),
    "withdraw": ("withdraw_offer", "offer_withdrawn", _withdraw),
}


@router.post("/{slug}/offers/{offer_id}/{act}")
def act_on(visitor: Reader, form: Sent, offer_id: str, act: str) -> Response:
    """Accept, decline or withdraw."""
    if act not in _ACTS:
        raise Missing
    mutation, flash, send = _ACTS[act]
    form.prefix = act
    values = {"offerId": offer_id, **send(form), "expectedVersion": form.version}
    if not form.problems and visitor.command(mutation, form, without_none(values)) is not None:
        return done(visitor, f"offers/{offer_id}", flash)
    return offer_page(visitor, offer_id, form)


def _choice(visitor: Visitor, referral_id: str, form: Form, rooms: str) -> Response:
    fewest = int(rooms) if rooms.isascii() and rooms.isdigit() and len(rooms) < 3 else None
    data = visitor.node("offer_form", "referral", id=referral_id, minRooms=fewest)
    units = [edge["node"] for edge in data["units"]["edges"]]
    return show(
        visitor,
        "pages/offer_form.html",
        referral=data["referral"],
        units=units,
        form=form,
        rooms=rooms,
    )


def offer_page(visitor: Visitor, offer_id: str, form: Form | None = None) -> Response:
    """The page of an offer, with a form that was refused."""
    found = visitor.node("offer", "offer", id=offer_id)["offer"]
    data = programmes_of(visitor, found["case"]["id"])
    programme = programme_named(data, found["referral"]["programme"])
    return show(
        visitor,
        "pages/offer.html",
        offer=found,
        programme=programme,
        form=form,
        places=PLACES,
        time_kinds=TIME_KINDS if str(found["state"]).lower() == "accepted" else TIME_KINDS[:1],
    )
