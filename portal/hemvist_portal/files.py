"""Files that are sent in with a form, and files that are given out."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from hemvist.documents.uploads import MAX_BYTES
from hemvist.errors import HemvistError
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql.ids import require_row_id
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

MEGABYTES = MAX_BYTES // (1024 * 1024)
#: Gives a file's row and its bytes, and logs that it was opened.
Opening = Callable[..., tuple[Any, bytes]]


async def sent_file(request: Request, visitor: Visitor) -> tuple[Form, str, bytes]:
    """The form, and the name and content of the file that came with it; a little beyond the limit."""
    async with request.form(max_files=1, max_fields=20) as data:
        form = Form.sent(data)
        visitor.check_form(form.csrf)
        sent = data.get("file")
        if isinstance(sent, UploadFile):
            return form, sent.filename or "", await sent.read(MAX_BYTES + 1)
    return form, "", b""


def file_input(form: Form, name: str, content: bytes, otherwise: str) -> dict[str, Any] | None:
    """What the API takes of the file; None, with the problem in the form, where it cannot be."""
    if not content:
        form.add_problem("content", mark("Välj en fil."))
        return None
    if len(content) > MAX_BYTES:
        form.add_problem("content", mark("Filen är för stor. Högst 8 megabyte."))
        return None
    values: dict[str, Any] = {
        "name": name[:300] or otherwise,
        "contentBase64": base64.b64encode(content).decode(),
    }
    if form.one("caption"):
        values["caption"] = form.one("caption")
    return values


def opened(visitor: Visitor, type_name: str, file_id: str, opening: Opening) -> Response:
    """The file itself, for who may read it. Nothing in it is run. Raises ``Missing``."""
    actor = visitor.session.actor
    try:
        row_id = require_row_id(type_name, file_id)
        with tenant_session(Audience.STAFF, actor.tenant_id, actor.principal_id) as session:
            row, content = opening(session, actor, file_id=row_id)
            kind, name = row.media_type, row.name
    except HemvistError as hidden:
        raise Missing from hidden
    return given_out(content, kind, name)


def given_out(content: bytes, kind: str, name: str) -> Response:
    """A file: a picture to look at, all else to save. Nothing in it is run."""
    shown = "inline" if kind.startswith("image/") else "attachment"
    return Response(
        content,
        media_type=kind,
        headers={
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
