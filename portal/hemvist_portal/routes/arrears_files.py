"""Landlords' files of rents: sent in, looked through, their columns told, imported or thrown away."""

from __future__ import annotations

import base64
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hemvist.spreadsheets.sheets import MAX_BYTES
from hemvist_portal.files import sent_file
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

_STATES = ("faulty", "good", "known", "imported", "left_out")
_ROLES = ("caseworker", "property_officer")


@router.get("/{slug}/arrears/files")
def files(visitor: Reader, after: str | None = None) -> Response:
    """The files that were read, and the form that sends one in."""
    return _list(visitor, after, Form())


@router.post("/{slug}/arrears/files")
async def send_file(request: Request, visitor: Reader) -> Response:
    """Read the file that was sent into a preview."""
    form, name, content = await sent_file(request, visitor)
    return await run_in_threadpool(_read, visitor, form, name, content)


@router.get("/{slug}/arrears/files/{file_id}")
def file(
    visitor: Reader, file_id: str, state: str = "faulty", after: str | None = None
) -> Response:
    """The preview: how many rows are good, and every fault by row, column and rule."""
    return _preview(visitor, file_id, state, after, {})


@router.post("/{slug}/arrears/files/{file_id}/columns")
def tell_columns(visitor: Reader, form: Sent, file_id: str) -> Response:
    """Say which column has what, and read the file anew."""
    form.prefix = "columns"
    columns = {
        name.removeprefix("columns."): form.one(name)
        for name in form.values
        if name.startswith("columns.") and form.one(name)
    }
    order = {"day": True, "month": False}.get(form.one("dayFirst"))
    values = {
        "arrearsFileId": file_id,
        "columns": columns,
        "dayFirst": order,
        "expectedVersion": form.version,
    }
    if visitor.command("tell_arrears_columns", form, without_none(values)) is not None:
        return done(visitor, f"arrears/files/{file_id}", "columns_told")
    return _preview(visitor, file_id, "faulty", None, {"columns": form})


@router.post("/{slug}/arrears/files/{file_id}/import")
def import_file(visitor: Reader, form: Sent, file_id: str) -> Response:
    """Import the good rows but those that are left out."""
    form.prefix = "import"
    left: list[int] = []
    for part in form.one("leaveOut").replace(";", ",").split(","):
        text = part.strip()
        if text and not (text.isascii() and text.isdigit() and len(text) < 7):
            form.add_problem("leaveOut", mark("Skriv radernas nummer med komma emellan."))
        elif text:
            left.append(int(text))
    values = {"arrearsFileId": file_id, "leaveOut": left or None, "expectedVersion": form.version}
    if not form.failed:
        result = visitor.command("import_arrears_file", form, without_none(values))
        if result is not None:
            return done(visitor, f"arrears/files/{file_id}", "arrears_imported")
        form.rename_problems({"fileId": "leaveOut", "arrearsFileId": "leaveOut"})
    return _preview(visitor, file_id, "faulty", None, {"import": form})


@router.post("/{slug}/arrears/files/{file_id}/discard")
def discard(visitor: Reader, form: Sent, file_id: str) -> Response:
    """Throw the file away."""
    form.prefix = "discard"
    values = {"arrearsFileId": file_id, "expectedVersion": form.version}
    if visitor.command("discard_arrears_file", form, values) is not None:
        return done(visitor, "arrears/files", "arrears_discarded")
    return _preview(visitor, file_id, "faulty", None, {"discard": form})


def _read(visitor: Visitor, form: Form, name: str, content: bytes) -> Response:
    if not content:
        form.add_problem("content", mark("Välj en fil."))
    elif len(content) > MAX_BYTES:
        form.add_problem("content", mark("Filen är för stor. Högst 6 megabyte."))
    values = {
        "department": form.one("department"),
        "organisationNumber": form.one("organisationNumber"),
        "landlordName": form.one("landlordName"),
        "positionOn": form.read_date("positionOn"),
        "fileName": name[:300] or "hyresfil",
    }
    if not form.failed:
        values["contentBase64"] = base64.b64encode(content).decode()
        result = visitor.command("read_arrears_file", form, without_none(values))
        if result is not None:
            return done(visitor, f"arrears/files/{result['arrearsFile']['id']}", "arrears_read")
        form.rename_problems({"contentBase64": "content", "columns": "content"})
    return _list(visitor, None, form)


def _list(visitor: Visitor, after: str | None, form: Form) -> Response:
    data = visitor.read("arrears_files", after=after)
    rows = [edge["node"] for edge in data["arrearsFiles"]["edges"]]
    landlords = {row["landlord"]["organisationNumber"]: row["landlord"]["name"] for row in rows}
    return show(
        visitor,
        "pages/arrears_files.html",
        page=data["arrearsFiles"],
        landlords=landlords,
        departments=importing_departments(visitor),
        form=form,
        megabytes=MAX_BYTES // (1024 * 1024),
    )


def importing_departments(visitor: Visitor) -> list[tuple[str, str]]:
    """The reader's own departments that take in files and make rounds, with their names."""
    codes = {
        one.department
        for one in visitor.session.actor.memberships
        if one.role.value in _ROLES and one.department
    }
    named = visitor.frame["tenant"]["departments"]
    return [(one["code"], one["name"]) for one in named if one["code"] in codes]


def _preview(
    visitor: Visitor, file_id: str, state: str, after: str | None, forms: dict[str, Form]
) -> Response:
    shown = state if state in _STATES else "faulty"
    data = visitor.node("arrears_file", "file", id=file_id, state=shown, after=after)
    form: Any = next((one for one in forms.values() if one.failed), Form())
    return show(
        visitor,
        "pages/arrears_file.html",
        one=data["file"],
        page=data["rows"],
        state=shown,
        forms=forms,
        form=form,
    )
