"""The address of a protected household: asked for with a reason, shown for a while to who asked."""

from __future__ import annotations

from starlette.responses import Response

from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()


@router.get("/{slug}/cases/{case_id}/address")
def address(visitor: Reader, case_id: str) -> Response:
    """The form, or the addresses while they are shown."""
    return _page(visitor, case_id, Form())


@router.post("/{slug}/cases/{case_id}/address")
def reveal(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Let the addresses be shown to the reader for a while."""
    values = {"caseId": case_id, "reason": form.one("reason")}
    if visitor.command("reveal_address", form, values) is not None:
        return done(visitor, f"cases/{case_id}/address", "address_revealed")
    return _page(visitor, case_id, form)


@router.post("/{slug}/households/{household_id}/persons/{person_id}/check")
def check(visitor: Reader, form: Sent, household_id: str, person_id: str) -> Response:
    """Let the register be asked about a person."""
    form.prefix = "ask"
    asked = visitor.command("request_protection_check", form, {"personId": person_id})
    told = "protection_check_requested" if asked else "protection_check_not_requested"
    return done(visitor, f"households/{household_id}", told)


def _page(visitor: Visitor, case_id: str, form: Form) -> Response:
    data = visitor.node("address", "case", id=case_id)
    return show(visitor, "pages/address.html", case=data["case"], form=form)
