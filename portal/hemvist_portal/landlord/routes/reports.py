"""What the landlord reports from its homes: the list, a new report, and one with its answers."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.incidents.models import KINDS
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.instants import read_instant
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.pages import Reader, Sent, done, landlord_router, show
from hemvist_portal.landlord.visitor import LandlordVisitor
from hemvist_portal.wording import mark

router = landlord_router()
#: Which reports → whether they have been answered.
SELECTIONS = {"waiting": False, "answered": True}


@router.get(f"/{SLUG}/reports")
def reports(
    visitor: Reader, kommun: str = "", which: str = "", after: str | None = None
) -> Response:
    """The reports, all unless asked otherwise, the latest first."""
    page = visitor.read(
        "reports",
        kommun=visitor.chosen_kommun(kommun),
        answered=SELECTIONS.get(which),
        after=after,
    )["reports"]
    return show(visitor, "landlord/reports.html", page=page, kommun=kommun, which=which)


@router.get(f"/{SLUG}/reports/new")
def new_report(visitor: Reader, unit: str = "") -> Response:
    """The empty form, about a home where one is named."""
    return _form(visitor, Form.of(unitId=unit))


@router.post(f"/{SLUG}/reports/new")
def send_report(visitor: Reader, form: Sent) -> Response:
    """Report it."""
    values: dict[str, Any] = {
        **{name: form.one(name) for name in ("unitId", "kind", "what", "contact")},
        "happenedOn": form.read_date("happenedOn", required=True),
        "happenedAt": read_instant(form, "happenedOn", "happenedTime"),
    }
    if not values["unitId"]:
        form.add_problem("unitId", mark("Välj bostad."))
    if not form.problems:
        result = visitor.command("report_from_unit", form, without_none(values))
        if result is not None:
            return done(visitor, f"reports/{result['report']['id']}", "landlord_reported")
        form.rename_problems({"happenedAt": "happenedTime"})
    return _form(visitor, form)


@router.get(f"/{SLUG}/reports/{{report_id}}")
def report(visitor: Reader, report_id: str) -> Response:
    """A report: by when something is promised, and what the kommun has said."""
    return _report(visitor, report_id, Form(prefix="more"))


@router.post(f"/{SLUG}/reports/{{report_id}}/more")
def say_more(visitor: Reader, form: Sent, report_id: str) -> Response:
    """Write something more about it."""
    values = {"reportId": report_id, "what": form.one("what")}
    if visitor.command("add_to_report", form, values) is not None:
        return done(visitor, f"reports/{report_id}", "report_added_to")
    form.prefix = "more"
    return _report(visitor, report_id, form)


def _form(visitor: LandlordVisitor, form: Form) -> Response:
    asked = form.one("unitId") if form.one("unitId").startswith("Unit_") else ""
    data = visitor.read("report_form", unit=asked or "Unit_", asked=bool(asked))
    if asked and data["unit"] is None:
        raise Missing
    return show(
        visitor,
        "landlord/report_form.html",
        form=form,
        unit=data.get("unit"),
        units=data.get("units"),
        kinds=KINDS,
    )


def _report(visitor: LandlordVisitor, report_id: str, form: Form) -> Response:
    found = visitor.node("report", "report", id=report_id)["report"]
    return show(visitor, "landlord/report.html", report=found, form=form)
