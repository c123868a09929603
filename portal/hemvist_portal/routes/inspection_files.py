"""Photographs and signed protocols of an inspection: sending one in, and opening it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hemvist.homes import photos
from hemvist_portal.errors import Missing
from hemvist_portal.files import MEGABYTES, file_input, opened, sent_file
from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

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
    form, name, content = await sent_file(request, visitor)
    return await run_in_threadpool(_keep, visitor, form, contract_id, inspection_id, name, content)


def _keep(
    visitor: Visitor, form: Form, contract_id: str, inspection_id: str, name: str, content: bytes
) -> Response:
    values = file_input(form, name, content, "bild")
    if values is not None:
        values["inspectionId"] = inspection_id
        if visitor.command("add_inspection_file", form, values) is not None:
            return done(visitor, f"contracts/{contract_id}", "inspection_file_added")
    return _form(visitor, contract_id, inspection_id, form)


@router.get("/{slug}/inspection-files/{file_id}")
def open_photo(visitor: Reader, file_id: str) -> Response:
    """The file itself, for who reads the case; each opening is logged."""
    return opened(visitor, "InspectionFile", file_id, photos.open_file)


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
        megabytes=MEGABYTES,
    )
