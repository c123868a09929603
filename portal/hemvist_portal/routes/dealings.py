"""What the landlord sees of an offer: times with it, and the household's word on its name."""

from __future__ import annotations

from starlette.responses import Response

from hemvist_portal.errors import Missing
from hemvist_portal.forms import without_none
from hemvist_portal.instants import read_instant
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.routes.offers import offer_page

router = portal_router()
_TIME_FLASHES = {"agree": "time_agreed", "decline": "time_declined", "withdraw": "time_withdrawn"}


@router.post("/{slug}/offers/{offer_id}/times/new")
def propose_time(visitor: Reader, form: Sent, offer_id: str) -> Response:
    """Propose a time to the landlord."""
    form.prefix = "time"
    values = {
        "offerId": offer_id,
        "kind": form.one("kind"),
        "startsAt": read_instant(form, "day", "clock", required=True),
        "place": form.one("place") or None,
    }
    if not form.problems and visitor.command("propose_landlord_time", form, without_none(values)):
        return done(visitor, f"offers/{offer_id}", "time_proposed")
    return offer_page(visitor, offer_id, form)


@router.post("/{slug}/offers/{offer_id}/times/{time_id}/{act}")
def act_on_time(visitor: Reader, form: Sent, offer_id: str, time_id: str, act: str) -> Response:
    """Agree to the landlord's time, decline it, or take one back."""
    if act not in _TIME_FLASHES:
        raise Missing
    form.prefix = f"{act}-{time_id}"
    values: dict[str, object] = {"timeId": time_id, "expectedVersion": form.version or 0}
    if act != "withdraw":
        values["agrees"] = act == "agree"
    name = "withdraw_landlord_time" if act == "withdraw" else "answer_landlord_time"
    if visitor.command(name, form, values):
        return done(visitor, f"offers/{offer_id}", _TIME_FLASHES[act])
    return offer_page(visitor, offer_id, form)


@router.post("/{slug}/offers/{offer_id}/name/consent")
def record_consent(visitor: Reader, form: Sent, offer_id: str) -> Response:
    """Register that the household consents to the landlord's knowing its name."""
    form.prefix = "name-consent"
    values = {"offerId": offer_id, "consentedOn": form.read_date("consentedOn", required=True)}
    if not form.problems and visitor.command("record_name_consent", form, values):
        return done(visitor, f"offers/{offer_id}", "name_consent_given")
    return offer_page(visitor, offer_id, form)


@router.post("/{slug}/offers/{offer_id}/name/again")
def tell_again(visitor: Reader, form: Sent, offer_id: str) -> Response:
    """Let the landlord see a name again that was withheld."""
    form.prefix = "name-again"
    if visitor.command("tell_name_again", form, {"offerId": offer_id}):
        return done(visitor, f"offers/{offer_id}", "name_told_again")
    return offer_page(visitor, offer_id, form)


@router.post("/{slug}/offers/{offer_id}/name/{consent_id}/withdraw")
def withdraw_consent(visitor: Reader, form: Sent, offer_id: str, consent_id: str) -> Response:
    """Register that the household takes its consent back."""
    form.prefix = "name-withdraw"
    values = {"consentId": consent_id, "expectedVersion": form.version or 0}
    if visitor.command("withdraw_name_consent", form, values):
        return done(visitor, f"offers/{offer_id}", "name_consent_withdrawn")
    return offer_page(visitor, offer_id, form)
