"""Favourable decisions that nothing has carried out: the list, what was done, the quarterly report."""

from __future__ import annotations

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()


@router.get("/{slug}/unexecuted")
def unexecuted(visitor: Reader, late: str = "", after: str | None = None) -> Response:
    """What somebody waits for, the oldest first, and the reports of those who make them."""
    return _page(visitor, bool(late), after)


@router.post("/{slug}/unexecuted/report")
def request_report(visitor: Reader, form: Sent) -> Response:
    """Let the worker make the quarter's report."""
    values = {"department": form.one("department"), "quarter": form.one("quarter")}
    if visitor.command("request_execution_report", form, values) is not None:
        return done(visitor, "unexecuted", "report_requested")
    return _page(visitor, False, None, form)


@router.post("/{slug}/unexecuted/reports/{report_id}/sent")
def mark_sent(visitor: Reader, form: Sent, report_id: str) -> Response:
    """Note that the report has been sent."""
    form.prefix = "sent"
    values = {
        "reportId": report_id,
        "sentOn": form.read_date("sentOn"),
        "expectedVersion": form.version,
    }
    if not form.problems:
        result = visitor.command("mark_execution_report_sent", form, without_none(values))
        if result is not None:
            return done(visitor, "unexecuted", "report_sent")
    return _page(visitor, False, None, form)


@router.get("/{slug}/unexecuted/reports/{report_id}/file")
def file(visitor: Reader, report_id: str) -> Response:
    """The report as a file for a spreadsheet."""
    found = visitor.node("execution_report", "report", id=report_id)["report"]
    if found["state"].lower() == "requested":
        raise Missing
    name = f"ej-verkstallda-{found['department']}-{found['quarter']}.csv"
    return Response(
        # The mark at the front lets spreadsheets read it as UTF-8.
        b"\xef\xbb\xbf" + found["content"].encode(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name.encode("ascii", "ignore").decode()}"',
            "Cache-Control": "no-store",
        },
    )


def _page(visitor: Visitor, late: bool, after: str | None, form: Form | None = None) -> Response:
    may_report = any(
        one.role.value == "department_manager" for one in visitor.session.actor.memberships
    )
    data = visitor.read("unexecuted", lateOnly=late, reports=may_report, after=after)
    reports = data.get("executionReports") or {"edges": []}
    managed = sorted(
        one.department
        for one in visitor.session.actor.memberships
        if one.role.value == "department_manager"
    )
    day = today()
    quarters = [
        f"{year}-Q{number}"
        for year in (day.year, day.year - 1)
        for number in (4, 3, 2, 1)
        if (year, number) <= (day.year, (day.month + 2) // 3)
    ][:5]
    return show(
        visitor,
        "pages/unexecuted.html",
        page=data["unexecutedDecisions"],
        reports=[edge["node"] for edge in reports["edges"]],
        late=late,
        form=form,
        managed=managed,
        quarters=quarters,
    )
