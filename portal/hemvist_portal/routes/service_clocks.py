"""One clock of service: its incident's page where it has one, else a page of its own."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.instants import now_values, read_instant
from hemvist_portal.next_steps import place_of
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()


@router.get("/{slug}/clocks/{clock_id}")
def clock(visitor: Reader, clock_id: str) -> Response:
    """A clock of an incident is shown there; any other has its answer here."""
    return _page(visitor, clock_id)


@router.post("/{slug}/clocks/{clock_id}/answer")
def answer(visitor: Reader, form: Sent, clock_id: str) -> Response:
    """What the clock waited for was done."""
    form.prefix = "answer"
    values = {
        "serviceClockId": clock_id,
        "at": read_instant(form, "on", "time", required=True),
        "expectedVersion": form.version,
    }
    if not form.problems:
        if visitor.command("answer_service_clock", form, without_none(values)) is not None:
            return done(visitor, f"clocks/{clock_id}", "clock_answered")
        form.rename_problems({"at": "time"})
    return _page(visitor, clock_id, form)


@router.post("/{slug}/clocks/{clock_id}/cancel")
def cancel(visitor: Reader, form: Sent, clock_id: str) -> Response:
    """The clock has nothing to count any more."""
    form.prefix = "cancel"
    values = {
        "serviceClockId": clock_id,
        "reason": form.one("reason"),
        "expectedVersion": form.version,
    }
    if visitor.command("cancel_service_clock", form, values) is not None:
        return done(visitor, f"clocks/{clock_id}", "clock_cancelled")
    return _page(visitor, clock_id, form)


def _page(visitor: Visitor, clock_id: str, form: Form | None = None) -> Response:
    found = visitor.node("service_clock", "serviceClock", id=clock_id)["serviceClock"]
    if found["incident"]:
        if form is not None:
            raise Missing
        return RedirectResponse(visitor.url(f"incidents/{found['incident']['id']}"), 303)
    place = place_of(found["subjectType"], found["subjectId"], found["case"]["id"])
    return show(
        visitor,
        "pages/service_clock.html",
        clock=found,
        place=place if not place.startswith("clocks/") else f"cases/{found['case']['id']}",
        moment=now_values("on", "time"),
        form=form,
    )
