"""Quotas of a year as pictures with their table, as Excel; the figures that shares are taken of."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from hemvist.clock import today
from hemvist.quotas.models import BASES
from hemvist_portal import excel
from hemvist_portal.excel import Column, ListSheet
from hemvist_portal.excel_values import at, word
from hemvist_portal.forms import Form, without_none
from hemvist_portal.landlord.routes.quotas import year_of
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

SHEET = ListSheet(
    mark("Kvoter"),
    "quotas",
    "quotas",
    (
        Column(mark("Hyresvärd"), at("landlordName"), width=28),
        Column(mark("Avtal"), at("agreementTitle"), width=28),
        Column(mark("Kvot"), at("label"), width=28),
        Column(mark("Sort"), word("quota_kind", "kind"), width=28),
        Column(mark("Från"), at("fromOn"), "day", 12),
        Column(mark("Till"), at("toOn"), "day", 12),
        Column(mark("Räknat till"), at("until"), "day", 12),
        Column(mark("Avtalat"), at("agreed"), "number", 10),
        Column(mark("Avtalat, exakt"), at("agreedExact"), width=14),
        Column(mark("Borde vara i dag"), at("agreedByNow"), "number", 10),
        Column(mark("Erbjudna"), at("offered"), "number", 10),
        Column(mark("Intagna"), at("accepted"), "number", 10),
        Column(mark("Avböjda av kommunen"), at("refused"), "number", 10),
        Column(mark("Levererade"), at("delivered"), "number", 10),
        Column(mark("På väg"), at("inHand"), "number", 10),
        Column(mark("Återlämnade"), at("returned"), "number", 10),
        Column(mark("Kvar"), at("left"), "number", 10),
        Column(mark("Prognos"), at("forecast"), "number", 10),
        Column(mark("Dagar utan underlag"), at("unknownDays"), "number", 10),
    ),
)


@router.get("/{slug}/quotas")
def quotas(visitor: Reader, year: str = "") -> Response:
    """The quotas of a year, by landlord."""
    of = year_of(year)
    lines = visitor.read("quotas", year=of)["quotas"]
    groups = [
        (name, list(found)) for name, found in groupby(lines, key=lambda one: one["landlordName"])
    ]
    return show(visitor, "pages/quotas.html", lines=lines, groups=groups, year=of)


@router.get("/{slug}/quotas.xlsx")
def sheet(visitor: Reader, year: str = "") -> Response:
    """The same as an Excel file."""
    lines = visitor.read("quotas", year=year_of(year))["quotas"]
    file = excel.book_of(visitor, SHEET, lines)
    return StreamingResponse(
        iter(lambda: file.read(64 * 1024), b""),
        media_type=excel.MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="kvoter-{today()}.xlsx"',
            "Cache-Control": "no-store",
        },
        background=BackgroundTask(file.close),
    )


@router.get("/{slug}/quotas/figures")
def figures(visitor: Reader, after: str | None = None) -> Response:
    """The figures that shares are taken of, and recording one."""
    return _figures(visitor, after, Form())


@router.post("/{slug}/quotas/figures")
def record_figure(visitor: Reader, form: Sent) -> Response:
    """Record a figure, or take a wrong one back."""
    if form.act == "take_back":
        values: dict[str, Any] = {
            "quotaBaseId": form.one("quotaBaseId"),
            "expectedVersion": form.version or 0,
        }
        if visitor.command("take_back_quota_base", form, values) is not None:
            return done(visitor, "quotas/figures", "figure_taken_back")
        return _figures(visitor, None, form)
    values = {
        "kind": form.one("kind"),
        "landlordOrganisationNumber": form.one("landlordOrganisationNumber") or None,
        "agreementId": form.one("agreementId") or None,
        "area": form.one("area") or None,
        "homes": form.read_int("homes", required=True),
        "fromOn": form.read_date("fromOn", required=True),
        "toOn": form.read_date("toOn"),
        "source": form.one("source"),
    }
    if not form.problems and visitor.command("record_quota_base", form, without_none(values)):
        return done(visitor, "quotas/figures", "figure_recorded")
    return _figures(visitor, None, form)


@router.get("/{slug}/units/{unit_id}/quota")
def home_form(visitor: Reader, unit_id: str) -> Response:
    """The form that says what one home counts towards."""
    return _home(visitor, unit_id, Form())


@router.post("/{slug}/units/{unit_id}/quota")
def place_home(visitor: Reader, form: Sent, unit_id: str) -> Response:
    """Say what one home counts towards."""
    agreement, _, code = form.one("quota").partition("|")
    values = {
        "unitId": unit_id,
        "agreementId": agreement or None,
        "code": code or None,
        "because": form.one("because"),
    }
    if visitor.command("place_home_in_quota", form, without_none(values)) is not None:
        return done(visitor, f"units/{unit_id}", "home_placed")
    form.rename_problems({"code": "quota"})
    return _home(visitor, unit_id, form)


def _figures(visitor: Visitor, after: str | None, form: Form) -> Response:
    data = visitor.read("quota_figures", after=after)
    found = [edge["node"] for edge in data["agreements"]["edges"]]
    landlords = {one["landlord"]["organisationNumber"]: one["landlord"]["name"] for one in found}
    deals = [
        (one["id"], f"{one['landlord']['name']}: {one['title']}")
        for one in found
        if one["kind"] == "land_deal"
    ]
    return show(
        visitor,
        "pages/quota_figures.html",
        page=data["quotaBases"],
        landlords=sorted(landlords.items(), key=lambda one: one[1]),
        deals=deals,
        kinds=BASES,
        form=form,
    )


def _home(visitor: Visitor, unit_id: str, form: Form) -> Response:
    visitor.require("mayManageAgreements", "agreement.manage")
    data = visitor.node("home_quota", "unit", id=unit_id)
    unit = data["unit"]
    choices = [
        (f"{one['id']}|{quota['code']}", f"{one['title']}: {quota['label']}")
        for one in (edge["node"] for edge in data["agreements"]["edges"])
        if one["landlord"]["id"] == unit["landlord"]["id"]
        for version in one["versions"][:1]
        for quota in version["quotas"]
    ]
    return show(visitor, "pages/home_quota.html", unit=unit, choices=choices, form=form)
