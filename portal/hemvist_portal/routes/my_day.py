"""The reader's own: a calendar that shows what is due, and the weekly mail."""

from __future__ import annotations

from starlette.responses import Response

from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()


@router.get("/{slug}/my-day")
def my_day(visitor: Reader) -> Response:
    """The reader's calendar and weekly mail as they are."""
    return _page(visitor)


@router.post("/{slug}/my-day/calendar")
def calendar(visitor: Reader, form: Sent) -> Response:
    """Make a new address, or revoke the one there is."""
    if form.act == "revoke":
        values = {"calendarFeedId": form.one("feedId")}
        if visitor.command("revoke_calendar_feed", form, values) is not None:
            return done(visitor, "my-day", "feed_revoked")
        return _page(visitor, form)
    if visitor.command("make_calendar_feed", form, {"language": visitor.lang}) is not None:
        return done(visitor, "my-day", "feed_made")
    return _page(visitor, form)


@router.post("/{slug}/my-day/digest")
def digest(visitor: Reader, form: Sent) -> Response:
    """Ask for the weekly mail, or let it be."""
    if form.act == "off":
        if visitor.command("unsubscribe_digest", form, {}) is not None:
            return done(visitor, "my-day", "digest_off")
        return _page(visitor, form)
    values = {"address": form.one("address"), "language": visitor.lang}
    if visitor.command("subscribe_digest", form, values) is not None:
        return done(visitor, "my-day", "digest_on")
    return _page(visitor, form)


def _page(visitor: Visitor, form: Form | None = None) -> Response:
    data = visitor.read("my_day")["myDay"]
    feeds, digests = data["calendarFeeds"], data["digestSubscriptions"]
    return show(
        visitor,
        "pages/my_day.html",
        feed=feeds[0] if feeds else None,
        digest=digests[0] if digests else None,
        domains=visitor.kommun.mail_domains,
        form=form or Form(),
    )
