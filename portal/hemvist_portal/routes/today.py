"""Today's work (dagens arbete) and notices."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from hemvist_graphql.today import MOST, MOST_CASES, MOST_MOVES, MOST_SIGNALS
from hemvist_portal import bulk
from hemvist_portal.day import sections
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show

router = portal_router()


@router.get("/{slug}")
def home(visitor: Reader) -> Response:
    """The kommun's first page: today's work, or the figures for those who only steer."""
    visitor.read("frame")
    steers = {one["role"].lower() for one in visitor.frame["memberships"]} == {"steering"}
    place = visitor.url("figures" if steers else "today")
    return RedirectResponse(place, 303, headers={"Cache-Control": "no-store"})


@router.get("/{slug}/today")
def today(visitor: Reader) -> Response:
    """What the reader should do today, most pressing first."""
    data = visitor.read("today")
    # A full list is a part of a longer one, and its count says so.
    return show(
        visitor,
        "pages/today.html",
        work=data["today"],
        sections=sections(data["today"], MOST),
        most=MOST,
        most_cases=MOST_CASES,
        most_signals=MOST_SIGNALS,
        most_moves=MOST_MOVES,
    )


@router.get("/{slug}/notices")
def notices(visitor: Reader, after: str | None = None) -> Response:
    """Every notice to the reader's roles."""
    data = visitor.read("notices", after=after)
    return show(visitor, "pages/notices.html", page=data["notices"], outcome=None)


@router.post("/{slug}/notices/read")
def read_notices(visitor: Reader, form: Sent) -> Response:
    """Mark every notice that was ticked as read."""
    back = form.one("back")
    place = back if back in ("today", "notices") else "notices"
    rows = bulk.ticked(form)
    outcome = bulk.carry_out(
        visitor, form, "mark_notice_read", rows, lambda row: {"noticeId": row.id}
    )
    if not outcome.refused:
        return done(visitor, place, "notices_read" if outcome.done else "nothing_ticked")
    data = visitor.read("notices", after=None)
    return show(visitor, "pages/notices.html", 422, page=data["notices"], outcome=outcome)


@router.post("/{slug}/notices/{notice_id}/read")
def read_notice(visitor: Reader, form: Sent, notice_id: str) -> Response:
    """Mark a notice as read and stay where one was."""
    visitor.command("mark_notice_read", form, {"noticeId": notice_id})
    back = form.one("back")
    return done(visitor, back if back in ("today", "notices") else "today", "notice_read")
