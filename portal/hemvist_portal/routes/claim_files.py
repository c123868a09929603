"""The landlord's documents of a claim: sending one in, and opening it."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from hemvist.documents.uploads import MAX_BYTES
from hemvist.errors import HemvistError
from hemvist.guarantees import files
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql.ids import require_row_id
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.guarantees import found
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()


@router.get("/{slug}/guarantees/{guarantee_id}/claims/{claim_id}/files")
def file_form(visitor: Reader, guarantee_id: str, claim_id: str) -> Response:
    """The form that sends a file in."""
    visitor.require("mayManageGuarantee", "guarantee.manage")
    return _form(visitor, guarantee_id, claim_id, Form())


@router.post("/{slug}/guarantees/{guarantee_id}/claims/{claim_id}/files")
async def add_file(request: Request, visitor: Reader, guarantee_id: str, claim_id: str) -> Response:
    """Keep the file that was sent."""
    async with request.form(max_files=1, max_fields=20) as data:
        form = Form.sent(data)
        visitor.check_form(form.csrf)
        sent = data.get("file")
        name, content = "", b""
        if isinstance(sent, UploadFile):
            name, content = sent.filename or "", await sent.read(MAX_BYTES + 1)
    return await run_in_threadpool(_keep, visitor, form, guarantee_id, claim_id, name, content)


def _keep(
    visitor: Visitor, form: Form, guarantee_id: str, claim_id: str, name: str, content: bytes
) -> Response:
    if not content:
        form.add_problem("content", mark("Välj en fil."))
    elif len(content) > MAX_BYTES:
        form.add_problem("content", mark("Filen är för stor. Högst 8 megabyte."))
    else:
        values: dict[str, Any] = {
            "guaranteeClaimId": claim_id,
            "name": name[:300] or "handling",
            "contentBase64": base64.b64encode(content).decode(),
        }
        if form.one("caption"):
            values["caption"] = form.one("caption")
        if visitor.command("add_guarantee_claim_file", form, values) is not None:
            return done(visitor, f"guarantees/{guarantee_id}", "claim_file_added")
    return _form(visitor, guarantee_id, claim_id, form)


@router.get("/{slug}/claim-files/{file_id}")
def open_file(visitor: Reader, file_id: str) -> Response:
    """The file itself, for who reads the case; each opening is logged."""
    actor = visitor.session.actor
    try:
        row_id = require_row_id("ClaimFile", file_id)
        with tenant_session(Audience.STAFF, actor.tenant_id, actor.principal_id) as session:
            row, content = files.open_claim_file(session, actor, file_id=row_id)
            kind, name = row.media_type, row.name
    except HemvistError as hidden:
        raise Missing from hidden
    shown = "inline" if kind.startswith("image/") else "attachment"
    return Response(
        content,
        media_type=kind,
        headers={
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


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
        megabytes=MAX_BYTES // (1024 * 1024),
    )
