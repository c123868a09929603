"""The guarantees that the landlord holds, and its claims on them."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hemvist.guarantees.claims import DOCUMENTS
from hemvist.guarantees.models import STATES
from hemvist_portal.files import MEGABYTES, file_input, sent_file
from hemvist_portal.forms import Form, without_none
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.pages import Reader, done, landlord_router, show
from hemvist_portal.landlord.visitor import LandlordVisitor

router = landlord_router()


@router.get(f"/{SLUG}/guarantees")
def guarantees(
    visitor: Reader, kommun: str = "", state: str = "", after: str | None = None
) -> Response:
    """The guarantees, all unless asked otherwise."""
    page = visitor.read(
        "guarantees",
        kommun=visitor.chosen_kommun(kommun),
        state=state if state in STATES else None,
        after=after,
    )["guarantees"]
    return show(
        visitor, "landlord/guarantees.html", page=page, kommun=kommun, state=state, states=STATES
    )


@router.get(f"/{SLUG}/guarantees/{{guarantee_id}}")
def guarantee(visitor: Reader, guarantee_id: str) -> Response:
    """A guarantee with what has been claimed, and the form of a claim."""
    return _page(visitor, guarantee_id, Form(prefix="claim"))


@router.post(f"/{SLUG}/guarantees/{{guarantee_id}}/claims")
async def claim(request: Request, visitor: Reader, guarantee_id: str) -> Response:
    """Claim on it."""
    form, name, content = await sent_file(request, visitor)
    return await run_in_threadpool(_claim, visitor, form, guarantee_id, name, content)


def _claim(
    visitor: LandlordVisitor, form: Form, guarantee_id: str, name: str, content: bytes
) -> Response:
    file = file_input(form, name, content, "handling")
    values = {
        **{one: form.one(one) for one in ("kind", "documentKind", "title", "notes")},
        "guaranteeId": guarantee_id,
        "amountOre": form.read_kronor("amountOre", required=True),
        "periodFrom": form.read_date("periodFrom", required=True),
        "periodTo": form.read_date("periodTo", required=True),
        **(file or {}),
    }
    if not form.problems and visitor.command("claim_on_guarantee", form, without_none(values)):
        return done(visitor, f"guarantees/{guarantee_id}", "landlord_claimed")
    form.prefix = "claim"
    return _page(visitor, guarantee_id, form)


def _page(visitor: LandlordVisitor, guarantee_id: str, form: Form) -> Response:
    found = visitor.node("guarantee", "guarantee", id=guarantee_id)["guarantee"]
    return show(
        visitor,
        "landlord/guarantee.html",
        one=found,
        form=form,
        covers=found["covers"] or ["rent"],
        documents=DOCUMENTS,
        megabytes=MEGABYTES,
    )
