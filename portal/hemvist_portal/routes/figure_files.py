"""Figures as files: the meeting's report as PDF and Excel, pictures as SVG, an indicator as Excel."""

from __future__ import annotations

from typing import IO, Any

from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from hemvist.clock import today
from hemvist.documents import letterhead_of
from hemvist.documents.reports import render_report
from hemvist_portal.errors import Missing
from hemvist_portal.excel import MEDIA_TYPE
from hemvist_portal.figures import sheets
from hemvist_portal.figures.report import report_of
from hemvist_portal.figures.telling import Teller
from hemvist_portal.files import given_out
from hemvist_portal.pages import Reader, portal_router
from hemvist_portal.routes.figures import FARTHEST, back, flow_of, of_indicator, six

router = portal_router()

_SVG = "image/svg+xml"
#: Indicators that are asked for in one question.
_AT_ONCE = 6


@router.get("/{slug}/figures/report.pdf")
def report(visitor: Reader) -> Response:
    """The meeting's report."""
    teller = Teller(visitor.lang)
    data = six(visitor)
    whole = report_of(
        data["indicators"], flow_of(visitor, ""), data["figuresState"], today(), teller
    )
    content = render_report(whole, letterhead_of(visitor.slug, visitor.kommun.name))
    return _saved(content, "application/pdf", f"nyckeltal-{today()}.pdf")


@router.get("/{slug}/figures/report.xlsx")
def all_sheets(visitor: Reader) -> Response:
    """A sheet for each indicator, and one of definitions."""
    codes = [one["code"] for one in visitor.read("figures_all")["indicators"]]
    found = [
        (one, sheets.told_series(one))
        # What one question may cost has room for some of them.
        for begin in range(0, len(codes), _AT_ONCE)
        for one in visitor.read(
            "figures", codes=codes[begin : begin + _AT_ONCE], fromMonth=back(FARTHEST)
        )["indicators"]
    ]
    return _book(sheets.workbook(found, Teller(visitor.lang)), f"nyckeltal-{today()}.xlsx")


@router.get("/{slug}/figures/flow.svg")
def flow_picture(visitor: Reader, year: str = "") -> Response:
    """The picture of the flow."""
    data = flow_of(visitor, year)
    return _picture(data["picture"], "flode")


@router.get("/{slug}/figures/{code}.svg")
def picture(
    visitor: Reader, code: str, by: str = "all", months: str = "", n: str = "0"
) -> Response:
    """A picture of an indicator; ``n`` where there is one for each cell."""
    data = of_indicator(visitor, code, by, months)
    number = int(n) if n.isdecimal() else 0
    pictures = data["pictures"]
    return _picture(pictures[number][1] if number < len(pictures) else None, code)


@router.get("/{slug}/figures/{code}.xlsx")
def sheet(visitor: Reader, code: str, by: str = "all", months: str = "") -> Response:
    """An indicator's table and definition."""
    data = of_indicator(visitor, code, by, months)
    file = sheets.workbook([(data["indicator"], data["series"])], Teller(visitor.lang))
    return _book(file, f"{code}-{today()}.xlsx")


def _picture(drawn: Any, name: str) -> Response:
    if drawn is None:
        raise Missing
    return _saved(str(drawn).encode(), _SVG, f"{name}-{today()}.svg")


def _saved(content: bytes, kind: str, name: str) -> Response:
    answer = given_out(content, kind, name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _book(file: IO[bytes], name: str) -> Response:
    return StreamingResponse(
        iter(lambda: file.read(64 * 1024), b""),
        media_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
        background=BackgroundTask(file.close),
    )
