"""Figures as files: the meeting's report as PDF and Excel, pictures as SVG, an indicator as Excel."""

from __future__ import annotations

from starlette.responses import Response

from hemvist.clock import today
from hemvist.documents import letterhead_of
from hemvist.documents.reports import render_report
from hemvist_portal.figures import files, sheets, tables
from hemvist_portal.figures.report import report_of
from hemvist_portal.figures.telling import Teller
from hemvist_portal.pages import Reader, portal_router
from hemvist_portal.routes.figures import FARTHEST, back, compared, flow_of, of_indicator, six

router = portal_router()

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
    return files.saved(content, "application/pdf", f"nyckeltal-{today()}.pdf")


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
    return files.book(sheets.workbook(found, Teller(visitor.lang)), "nyckeltal")


@router.get("/{slug}/figures/flow.svg")
def flow_picture(visitor: Reader, year: str = "") -> Response:
    """The picture of the flow."""
    data = flow_of(visitor, year)
    return files.picture(data["picture"], "flode")


@router.get("/{slug}/figures/flow.xlsx")
def flow_sheet(visitor: Reader, year: str = "") -> Response:
    """The table of the flow."""
    data = flow_of(visitor, year)
    found, teller = tables.of_flow(data, data["teller"]), data["teller"]
    return files.book(sheets.tables(found, [*data["found"].values()], teller), "flode")


@router.get("/{slug}/figures/compare.svg")
def compared_picture(
    visitor: Reader, code: str = "", by: str = "", year: str = "", against: str = ""
) -> Response:
    """The picture of two periods."""
    data = compared(visitor, code, by, year, against)
    return files.picture(data["picture"], f"{data['indicator']['code']}-jamfor")


@router.get("/{slug}/figures/compare.xlsx")
def compared_sheet(
    visitor: Reader, code: str = "", by: str = "", year: str = "", against: str = ""
) -> Response:
    """The table of two periods."""
    data = compared(visitor, code, by, year, against)
    found = tables.of_periods(data, data["teller"])
    file = sheets.tables(found, [data["indicator"]], data["teller"])
    return files.book(file, f"{data['indicator']['code']}-jamfor")


@router.get("/{slug}/figures/{code}.svg")
def picture(
    visitor: Reader, code: str, by: str = "all", months: str = "", n: str = "0"
) -> Response:
    """A picture of an indicator; ``n`` where there is one for each cell."""
    data = of_indicator(visitor, code, by, months)
    number = int(n) if n.isdecimal() else 0
    pictures = data["pictures"]
    return files.picture(pictures[number][1] if number < len(pictures) else None, code)


@router.get("/{slug}/figures/{code}.xlsx")
def sheet(visitor: Reader, code: str, by: str = "all", months: str = "") -> Response:
    """An indicator's table and definition."""
    data = of_indicator(visitor, code, by, months)
    file = sheets.workbook([(data["indicator"], data["series"])], Teller(visitor.lang))
    return files.book(file, code)
