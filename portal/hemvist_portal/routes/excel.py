"""Lists as Excel files (Hämta som Excel): what each list's page shows, all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from hemvist.clock import today
from hemvist_portal import excel
from hemvist_portal.errors import Missing
from hemvist_portal.excel import Column, ListSheet, TooMany
from hemvist_portal.labels import source
from hemvist_portal.pages import Reader, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes import cases, referrals, units
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

_CHUNK = 64 * 1024


@router.get("/{slug}/excel/{name}.xlsx")
def fetch(visitor: Reader, name: str) -> Response:
    """The list as a file; a page that says so where it has too many rows."""
    sheet = SHEETS.get(name)
    if sheet is None:
        raise Missing
    query = visitor.request.query_params
    try:
        file = excel.workbook(visitor, sheet, query)
    except TooMany:
        return show(
            visitor,
            "pages/excel_too_many.html",
            413,
            back=f"{name}?{visitor.request.url.query}".rstrip("?"),
            count=excel.MAX_ROWS,
        )
    return StreamingResponse(
        _chunks(file),
        media_type=excel.MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{today()}.xlsx"',
            "Cache-Control": "no-store",
        },
        background=BackgroundTask(file.close),
    )


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _at(*path: str) -> excel.Value:
    """The value that lies at ``path`` in the row."""

    def value(row: Mapping[str, Any], _: Visitor) -> Any:
        found: Any = row
        for key in path:
            found = None if found is None else found[key]
        return found

    return value


def _word(group: str, *path: str) -> excel.Value:
    """The word for the code at ``path``."""
    at = _at(*path)
    return lambda row, visitor: visitor.words(source(group, at(row, visitor)))


def _department(row: Mapping[str, Any], visitor: Visitor) -> str:
    for one in visitor.kommun.departments:
        if one.code == row["department"]:
            return one.name_en if visitor.lang == "en" else one.name_sv
    return str(row["department"])


def _applicant(*path: str) -> excel.Value:
    """The applicant's name; none where anybody in the household is, or may be, protected."""
    at = _at(*path)

    def value(row: Mapping[str, Any], visitor: Visitor) -> str:
        household = at(row, visitor) if path else row
        if household["anyoneProtected"]:
            return ""
        names = (
            f"{one['person']['givenName']} {one['person']['familyName']}"
            for one in household["members"]
            if one["role"].lower() == "applicant" and one["person"]["givenName"]
        )
        return next(names, "")

    return value


def _protected(*path: str) -> excel.Value:
    at = _at(*path)

    def value(row: Mapping[str, Any], visitor: Visitor) -> str:
        household = at(row, visitor) if path else row
        return visitor.words(mark("Ja") if household["anyoneProtected"] else mark("Nej"))

    return value


def _yes(key: str) -> excel.Value:
    return lambda row, visitor: visitor.words(mark("Ja") if row[key] else mark("Nej"))


#: Name in the address, which is also that of the list's page → the list.
SHEETS: Mapping[str, ListSheet] = {
    "cases": ListSheet(
        mark("Ärenden"),
        "cases",
        "cases",
        (
            Column(mark("Ärende"), _at("number")),
            Column(mark("Läge"), _word("case_state", "state"), width=12),
            Column(mark("Hushållet"), _at("household", "alias"), width=14),
            Column(mark("Sökande"), _applicant("household"), width=28),
            Column(mark("Skyddade personuppgifter"), _protected("household"), width=12),
            Column(mark("Program"), _at("programmeLabel"), width=32),
            Column(mark("Var det står"), _at("stage"), width=28),
            Column(mark("Förvaltning"), _at("departmentName"), width=32),
            Column(mark("Handläggare"), _at("handler", "name"), width=24),
            Column(mark("Öppnat"), _at("openedOn"), "day", 12),
            Column(mark("Avslutat"), _at("closedOn"), "day", 12),
        ),
        lambda query: cases.chosen(query.get("state", "open"), query.get("mine", "")),
    ),
    "households": ListSheet(
        mark("Hushåll"),
        "households",
        "households",
        (
            Column(mark("Hushållet"), _at("alias"), width=14),
            Column(mark("Sökande"), _applicant(), width=28),
            Column(mark("Skyddade personuppgifter"), _protected(), width=12),
            Column(mark("Personer"), lambda row, _: len(row["members"]), "number", 10),
            Column(
                mark("Ärenden"), lambda row, _: ", ".join(one["number"] for one in row["cases"])
            ),
            Column(mark("Förvaltning"), _department, width=32),
            Column(mark("Registrerat"), _at("registeredOn"), "day", 12),
        ),
    ),
    "referrals": ListSheet(
        mark("Remisser"),
        "referrals",
        "referrals",
        (
            Column(mark("Remiss"), _at("programmeLabel"), width=32),
            Column(mark("Ärende"), _at("case", "number")),
            Column(mark("Hushållet"), _at("case", "household", "alias"), width=14),
            Column(mark("Sökande"), _applicant("case", "household"), width=28),
            Column(mark("Skyddade personuppgifter"), _protected("case", "household"), width=12),
            Column(mark("Förvaltning"), _at("case", "departmentName"), width=32),
            Column(mark("Läge"), _word("referral_state", "state")),
            Column(mark("Skickad"), _at("submittedOn"), "day", 12),
            Column(mark("Registrerad"), _at("registeredOn"), "day", 12),
            Column(mark("Gäller till"), _at("validUntil"), "day", 12),
        ),
        lambda query: referrals.chosen(query.get("state", "")),
    ),
    "units": ListSheet(
        mark("Bostäder"),
        "units",
        "units",
        (
            Column(mark("Adress"), _at("streetAddress"), width=28),
            Column(mark("Lägenhet"), _at("apartmentNumber"), width=10),
            Column(mark("Postnummer"), _at("postalCode"), width=11),
            Column(mark("Postort"), _at("city")),
            Column(mark("Område"), _at("area")),
            Column(mark("Fastighetsbeteckning"), _at("propertyDesignation"), width=22),
            Column(mark("Hyresvärd"), _at("landlord", "name"), width=28),
            Column(mark("Rum"), _at("rooms"), "number", 8),
            Column("m²", _at("sizeM2"), "number", 8),
            Column(mark("Hyra (kr per månad)"), _at("rentOre"), "kronor", 14),
            Column(mark("Våning"), _at("floor"), "number", 8),
            Column(mark("Hiss"), _yes("lift"), width=8),
            Column(mark("Utan trappsteg"), _yes("stepFree"), width=10),
            Column(mark("Anpassad"), _yes("adapted"), width=10),
            Column(mark("Ledig från"), _at("availableFrom"), "day", 12),
            Column(mark("Läge"), _word("unit_state", "state")),
        ),
        lambda query: units.chosen(query.get("state", "vacant"), query.get("rooms", "")),
    ),
    "notices": ListSheet(
        mark("Notiser"),
        "notices",
        "notices",
        (
            Column(mark("Vad"), _at("label"), width=48),
            Column(mark("Ärende"), _at("case", "number")),
            Column(mark("Hushållet"), _at("case", "household", "alias"), width=14),
            Column(mark("När"), _at("createdAt"), "instant"),
            Column(mark("Läst"), _at("readAt"), "instant"),
        ),
    ),
}
