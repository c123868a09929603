"""Tenancies in the landlord's homes, and requests to take leases over."""

from __future__ import annotations

from starlette.responses import Response

from hemvist.takeovers.asked_models import REPLIES
from hemvist_portal.forms import Form, without_none
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.pages import Reader, Sent, done, landlord_router, show
from hemvist_portal.landlord.visitor import LandlordVisitor
from hemvist_portal.wording import mark

router = landlord_router()
STATES = ("signed", "ended")
TAKEOVER_STATES = ("asked", "agreed", "refused", "tribunal", "done")


@router.get(f"/{SLUG}/tenancies")
def tenancies(
    visitor: Reader, kommun: str = "", state: str = "signed", after: str | None = None
) -> Response:
    """Who lives in the homes by which contract, as far as it may be known."""
    chosen = state if state in STATES else ""
    page = visitor.read(
        "tenancies", kommun=visitor.chosen_kommun(kommun), state=chosen or None, after=after
    )["tenancies"]
    return show(
        visitor, "landlord/tenancies.html", page=page, kommun=kommun, state=chosen, states=STATES
    )


@router.get(f"/{SLUG}/takeovers")
def takeovers(
    visitor: Reader, kommun: str = "", state: str = "asked", after: str | None = None
) -> Response:
    """Requests of the kommuner: those that wait for an answer first."""
    chosen = state if state in TAKEOVER_STATES else ""
    page = visitor.read(
        "takeovers", kommun=visitor.chosen_kommun(kommun), state=chosen or None, after=after
    )["takeovers"]
    return show(
        visitor,
        "landlord/takeovers.html",
        page=page,
        kommun=kommun,
        state=chosen,
        states=TAKEOVER_STATES,
    )


@router.get(f"/{SLUG}/takeovers/{{takeover_id}}")
def takeover(visitor: Reader, takeover_id: str) -> Response:
    """One request, with the figures that the kommun shows, and the answer."""
    return _page(visitor, takeover_id)


@router.post(f"/{SLUG}/takeovers/{{takeover_id}}")
def reply(visitor: Reader, form: Sent, takeover_id: str) -> Response:
    """Answer yes, no or later."""
    said = form.one("reply")
    values = {
        "takeoverId": takeover_id,
        "reply": said,
        "reason": form.one("reason") or None,
        "fromOn": form.read_date("fromOn") if said == "later" else None,
        "expectedVersion": form.version or 0,
    }
    if said not in REPLIES:
        form.add_problem("reply", mark("Välj ett svar."))
    if not form.problems and visitor.command("reply_to_takeover", form, without_none(values)):
        return done(visitor, f"takeovers/{takeover_id}", "takeover_replied")
    return _page(visitor, takeover_id, form)


def _page(visitor: LandlordVisitor, takeover_id: str, form: Form | None = None) -> Response:
    found = visitor.node("takeover", "takeover", id=takeover_id)["takeover"]
    return show(visitor, "landlord/takeover.html", takeover=found, form=form or Form.of())
