"""The landlord's documents of a claim: sending one in, and opening it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hemvist.guarantees import files
from hemvist_portal.errors import Missing
from hemvist_portal.files import MEGABYTES, file_input, opened, sent_file
from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.guarantees import found
from hemvist_portal.visitor import Visitor

router = portal_router()


@router.get("/{slug}/guarantees/{guarantee_id}/claims/{claim_id}/files")
def file_form(visitor: Reader, guarantee_id: str, claim_id: str) -> Response:
    """The form that sends a file in."""
    visitor.require("mayManageGuarantee", "guarantee.manage")
    return _form(visitor, guarantee_id, claim_id, Form())


@router.post("/{slug}/guarantees/{guarantee_id}/claims/{claim_id}/files")
async def add_file(request: Request, visitor: Reader, guarantee_id: str, claim_id: str) -> Response:
    """Keep the file that was sent."""
    form, name, content = await sent_file(request, visitor)
    return await run_in_threadpool(_keep, visitor, form, guarantee_id, claim_id, name, content)


def _keep(
    visitor: Visitor, form: Form, guarantee_id: str, claim_id: str, name: str, content: bytes
) -> Response:
    values = file_input(form, name, content, "handling")
    if values is not None:
        values["guaranteeClaimId"] = claim_id
        if visitor.command("add_guarantee_claim_file", form, values) is not None:
            return done(visitor, f"guarantees/{guarantee_id}", "claim_file_added")
    return _form(visitor, guarantee_id, claim_id, form)


@router.get("/{slug}/claim-files/{file_id}")
def open_file(visitor: Reader, file_id: str) -> Response:
    """The file itself, for who reads the case; each opening is logged."""
    return opened(visitor, "ClaimFile", file_id, files.open_claim_file)


def _form(visitor: Visitor, guarantee_id: str, claim_id: str, form: Form) -> Response:
    one = found(visitor, guarantee_id)
    claim = next((row for row in one["claims"] if row["id"] == claim_id), None)
    if claim is None:
        raise Missing
    return show(
        visitor,
        "pages/claim_file.html",
        one=one,
        claim=claim,
        form=form,
        megabytes=MEGABYTES,
    )
