"""A landlord's choice (hyresvärden väljer): whom it is shown, under letters, and whom it took."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()


@router.get("/{slug}/units/{unit_id}/presentation")
def presentation(visitor: Reader, unit_id: str) -> Response:
    """Whom to show, or what the landlord was shown and its answer."""
    return _page(visitor, unit_id, None)


@router.post("/{slug}/units/{unit_id}/presentation")
def present(visitor: Reader, form: Sent, unit_id: str) -> Response:
    """Show households to the landlord."""
    chosen = form.many("referralIds")
    values = {"unitId": unit_id, "referralIds": chosen, "on": form.read_date("on")}
    if len(chosen) < 2:
        form.add_problem("referralIds", mark("Välj minst två hushåll."))
    form.prefix = "present"
    if not form.problems and visitor.command("present_households", form, without_none(values)):
        return done(visitor, f"units/{unit_id}/presentation", "households_presented")
    return _page(visitor, unit_id, form)


@router.post("/{slug}/units/{unit_id}/presentation/{presentation_id}/choice")
def choose(visitor: Reader, form: Sent, unit_id: str, presentation_id: str) -> Response:
    """The landlord has chosen: the home is offered to that household."""
    values = {
        "presentationId": presentation_id,
        "alias": form.one("alias"),
        "on": form.read_date("on"),
        "expectedVersion": form.version,
    }
    form.prefix = "choice"
    if not values["alias"]:
        form.add_problem("alias", mark("Välj vilket hushåll hyresvärden tog."))
    if not form.problems:
        result = visitor.command("record_landlord_choice", form, without_none(values))
        if result is not None:
            return done(visitor, f"offers/{result['offer']['id']}", "landlord_chose")
    return _page(visitor, unit_id, form)


@router.post("/{slug}/units/{unit_id}/presentation/{presentation_id}/close")
def close(visitor: Reader, form: Sent, unit_id: str, presentation_id: str) -> Response:
    """The landlord took nobody."""
    values = {
        "presentationId": presentation_id,
        "on": form.read_date("on"),
        "expectedVersion": form.version,
    }
    form.prefix = "close"
    if not form.problems and visitor.command("close_presentation", form, without_none(values)):
        return done(visitor, f"units/{unit_id}", "presentation_closed")
    return _page(visitor, unit_id, form)


def _page(visitor: Visitor, unit_id: str, form: Form | None) -> Response:
    visitor.require("mayMakeOffer", "offer.make")
    data = visitor.node("presentation", "unit", id=unit_id)
    most = picks_of(data["packs"])
    return show(
        visitor,
        "pages/presentation.html",
        unit=data["unit"],
        most=max(most.values(), default=0),
        open=next(
            (one for one in data["unit"]["presentations"] if one["state"] == "presented"), None
        ),
        referrals=[
            edge["node"] for edge in data["referrals"]["edges"] if edge["node"]["programme"] in most
        ],
        form=form,
        on=today(),
    )


def picks_of(packs: list[dict[str, Any]]) -> dict[str, int]:
    """Programmes in which the landlord chooses, and of how many households."""
    return {
        one.get("id", ""): one["landlordPicks"]
        for pack in packs
        for one in pack["programmes"]
        if one["landlordPicks"]
    }
