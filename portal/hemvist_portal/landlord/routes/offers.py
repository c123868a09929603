"""Offers of the landlord's homes, times for viewing and signing, and choices among letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from starlette.responses import Response

from hemvist.calendar_feeds.icalendar import MEDIA_TYPE, Event, calendar
from hemvist.clock import now
from hemvist.dealings.models import PLACES, TIME_KINDS
from hemvist.settings import get_settings
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.instants import read_instant
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.pages import Reader, Sent, done, landlord_router, show
from hemvist_portal.landlord.visitor import LandlordVisitor
from hemvist_portal.wording import mark

router = landlord_router()
#: Selections of the list.
SELECTIONS = ("waiting", "all")
#: What an entry in a calendar says: neither whom nor where, since calendars are shared.
_SUMMARY: Mapping[str, str] = {
    "viewing": mark("Visning av en bostad"),
    "signing": mark("Kontraktsskrivning"),
}


@router.get(f"/{SLUG}/offers")
def offers(
    visitor: Reader, kommun: str = "", which: str = "waiting", after: str | None = None
) -> Response:
    """The offers that something waits for, or all of them."""
    data = visitor.read(
        "offers",
        kommun=visitor.chosen_kommun(kommun),
        waiting=which != "all",
        state=None,
        after=after,
    )
    return show(
        visitor,
        "landlord/offers.html",
        page=data["offers"],
        choices=[edge["node"] for edge in data["presentations"]["edges"]],
        kommun=kommun,
        which="all" if which == "all" else "waiting",
    )


@router.get(f"/{SLUG}/offers/{{offer_id}}")
def offer(visitor: Reader, offer_id: str) -> Response:
    """One offer: who is to live there as far as it may be known, and the times."""
    return _page(visitor, offer_id)


@router.post(f"/{SLUG}/offers/{{offer_id}}/times")
def propose(visitor: Reader, form: Sent, offer_id: str) -> Response:
    """Propose a time."""
    form.prefix = "propose"
    values = {
        "offerId": offer_id,
        "kind": form.one("kind"),
        "startsAt": read_instant(form, "on", "at", required=True),
        "place": form.one("place") or None,
        "note": form.one("note") or None,
    }
    if not form.problems and visitor.command("propose_time", form, without_none(values)):
        return done(visitor, f"offers/{offer_id}", "time_proposed")
    return _page(visitor, offer_id, form)


@router.post(f"/{SLUG}/offers/{{offer_id}}/times/{{time_id}}/{{act}}")
def act_on_time(visitor: Reader, form: Sent, offer_id: str, time_id: str, act: str) -> Response:
    """Agree to a time, decline it, or take it back."""
    if act not in ("agree", "decline", "withdraw"):
        raise Missing
    form.prefix = time_id
    values: dict[str, object] = {"timeId": time_id, "expectedVersion": form.version or 0}
    if act != "withdraw":
        values["agrees"] = act == "agree"
    name = "withdraw_time" if act == "withdraw" else "answer_time"
    if visitor.command(name, form, values):
        flash = {"agree": "time_agreed", "decline": "time_declined", "withdraw": "time_withdrawn"}
        return done(visitor, f"offers/{offer_id}", flash[act])
    return _page(visitor, offer_id, form)


@router.get(f"/{SLUG}/times/{{time_id}}.ics")
def calendar_entry(visitor: Reader, time_id: str) -> Response:
    """The time for one's own calendar: what and when, and the way here; never whom or where."""
    found = visitor.node("dealing_time", "dealingTime", id=time_id)["dealingTime"]
    if found["state"] not in ("proposed", "agreed") or found["offer"] is None:
        raise Missing
    base = str(get_settings().base_url).rstrip("/")
    event = Event(
        found["id"],
        datetime.fromisoformat(found["startsAt"]),
        visitor.words(_SUMMARY[found["kind"]]),
        f"{base}/{SLUG}/offers/{found['offer']['id']}",
    )
    return Response(
        calendar("Hemvist", "landlord-times", [event], now()),
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": 'attachment; filename="hemvist.ics"'},
    )


@router.get(f"/{SLUG}/presentations/{{presentation_id}}")
def presentation(visitor: Reader, presentation_id: str) -> Response:
    """Households under letters, to choose among."""
    return _presentation(visitor, presentation_id, None)


@router.post(f"/{SLUG}/presentations/{{presentation_id}}")
def choose(visitor: Reader, form: Sent, presentation_id: str) -> Response:
    """Choose one of them, or nobody."""
    picked = form.one("alias")
    if not picked:
        form.add_problem("alias", mark("Välj ett av hushållen, eller inget av dem."))
    values = {
        "presentationId": presentation_id,
        "alias": None if picked == "nobody" else picked,
        "expectedVersion": form.version or 0,
    }
    if not form.problems and visitor.command("choose_household", form, without_none(values)):
        return done(visitor, f"presentations/{presentation_id}", "household_chosen")
    return _presentation(visitor, presentation_id, form)


def _presentation(visitor: LandlordVisitor, presentation_id: str, form: Form | None) -> Response:
    found = visitor.node("presentation", "presentation", id=presentation_id)["presentation"]
    return show(visitor, "landlord/presentation.html", presentation=found, form=form or Form.of())


def _page(visitor: LandlordVisitor, offer_id: str, form: Form | None = None) -> Response:
    found = visitor.node("offer", "offer", id=offer_id)["offer"]
    going = [one for one in found["times"] if one["state"] in ("proposed", "agreed")]
    return show(
        visitor,
        "landlord/offer.html",
        offer=found,
        going=sorted(going, key=lambda one: one["startsAt"]),
        past=[one for one in found["times"] if one not in going],
        open=found["state"] in ("made", "accepted") and not found["tenancies"],
        kinds=TIME_KINDS if found["state"] == "accepted" else TIME_KINDS[:1],
        places=PLACES,
        form=form,
    )
