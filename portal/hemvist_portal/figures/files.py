"""Pictures and sheets of figures as files: never kept by what lies between, named by their day."""

from __future__ import annotations

from typing import IO, Any

from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.excel import MEDIA_TYPE
from hemvist_portal.files import given_out

_SVG = "image/svg+xml"


def picture(drawn: Any, name: str) -> Response:
    """A picture as it stands on the page. Raises ``Missing`` where there is none."""
    if drawn is None:
        raise Missing
    return saved(str(drawn).encode(), _SVG, f"{name}-{today()}.svg")


def saved(content: bytes, kind: str, name: str) -> Response:
    """A whole file."""
    answer = given_out(content, kind, name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def book(file: IO[bytes], name: str) -> Response:
    """A workbook, which is gone when it is sent."""
    return StreamingResponse(
        iter(lambda: file.read(64 * 1024), b""),
        media_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{today()}.xlsx"',
            "Cache-Control": "no-store",
        },
        background=BackgroundTask(file.close),
    )
