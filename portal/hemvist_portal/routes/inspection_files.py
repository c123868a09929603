"""Photographs and signed protocols of an inspection: sending one in, and opening it."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from hemvist.errors import HemvistError
from hemvist.homes import photos
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql.ids import require_row_id
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()


@router.get("/{slug}/contracts/{contract_id}/inspections/{inspection_id}/photos")
def photo_form(visitor: Reader, contract_id: str, inspection_id: str) -> Response:
    """The form that sends a file in."""
    return _form(visitor, contract_id, inspection_id, Form())


@router.post("/{slug}/contracts/{contract_id}/inspections/{inspection_id}/photos")
async def add_photo(
    request: Request, visitor: Reader, contract_id: str, inspection_id: str
) -> Response:
    """Keep the file that was sent."""
    async with request.form(max_files=1, max_fields=20) as data:
        form = Form.sent(data)
        visitor.check_form(form.csrf)
        sent = data.get("file")
        name, content = "", b""
        if isinstance(sent, UploadFile):
            name, content = sent.filename or "", await sent.read(photos.MAX_BYTES + 1)
    return await run_in_threadpool(_keep, visitor, form, contract_id, inspection_id, name, content)


def _keep(
    visitor: Visitor, form: Form, contract_id: str, inspection_id: str, name: str, content: bytes
) -> Response:
    if not content:
        form.add_problem("content", mark("Välj en fil."))
    elif len(content) > photos.MAX_BYTES:
        form.add_problem("content", mark("Filen är för stor. Högst 8 megabyte."))
    else:
        values: dict[str, Any] = {
            "inspectionId": inspection_id,
            "name": name[:300] or "bild",
            "contentBase64": base64.b64encode(content).decode(),
        }
        if form.one("caption"):
            values["caption"] = form.one("caption")
        if visitor.command("add_inspection_file", form, values) is not None:
            return done(visitor, f"contracts/{contract_id}", "inspection_file_added")
    return _form(visitor, contract_id, inspection_id, form)


@router.get("/{slug}/inspection-files/{file_id}")
def open_photo(visitor: Reader, file_id: str) -> Response:
    """The file itself, for who reads the case; each opening is logged."""
    actor = visitor.session.actor
    try:
        row_id = require_row_id("InspectionFile", file_id)
        with tenant_session(Audience.STAFF, actor.tenant_id, actor.principal_id) as session:
            row, content = photos.open_file(session, actor, file_id=row_id)
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


def _form(visitor: Visitor, contract_id: str, inspection_id: str, form: Form) -> Response:
    contract = visitor.node("contract", "contract", id=contract_id)["contract"]
    inspection = next((one for one in contract["inspections"] if one["id"] == inspection_id), None)
    if inspection is None:
        raise Missing
    return show(
        visitor,
        "pages/inspection_photo.html",
        contract=contract,
        inspection=inspection,
        form=form,
        megabytes=photos.MAX_BYTES // (1024 * 1024),
    )
