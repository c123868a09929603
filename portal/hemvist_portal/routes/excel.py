"""Lists as Excel files (Hämta som Excel): what each list's page shows, all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO

from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from hemvist.clock import today
from hemvist_portal import excel
from hemvist_portal.errors import Missing
from hemvist_portal.excel import Column, ListSheet, TooMany
from hemvist_portal.excel_values import applicant, at, department, protected, word, yes
from hemvist_portal.pages import Reader, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes import cases, referrals, units
from hemvist_portal.routes.authority_forms import FORM_SHEET
from hemvist_portal.routes.excel_arrears import ARREARS_SHEETS
from hemvist_portal.routes.excel_later import LATER_SHEETS
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
            back=sheet.page(query)
            if sheet.page
            else f"{name}?{visitor.request.url.query}".rstrip("?"),
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


#: Name in the address, which is also that of the list's page → the list.
SHEETS: Mapping[str, ListSheet] = {
    "cases": ListSheet(
        mark("Ärenden"),
        "cases",
        "cases",
        (
            Column(mark("Ärende"), at("number")),
            Column(mark("Läge"), word("case_state", "state"), width=12),
            Column(mark("Hushållet"), at("household", "alias"), width=14),
            Column(mark("Sökande"), applicant("household"), width=28),
            Column(mark("Skyddade personuppgifter"), protected("household"), width=12),
            Column(mark("Program"), at("programmeLabel"), width=32),
            Column(mark("Var det står"), at("stage"), width=28),
            Column(mark("Förvaltning"), at("departmentName"), width=32),
            Column(mark("Handläggare"), at("handler", "name"), width=24),
            Column(mark("Öppnat"), at("openedOn"), "day", 12),
            Column(mark("Avslutat"), at("closedOn"), "day", 12),
        ),
        lambda query: cases.chosen(query.get("state", "open"), query.get("mine", "")),
    ),
    "households": ListSheet(
        mark("Hushåll"),
        "households",
        "households",
        (
            Column(mark("Hushållet"), at("alias"), width=14),
            Column(mark("Sökande"), applicant(), width=28),
            Column(mark("Skyddade personuppgifter"), protected(), width=12),
            Column(mark("Personer"), lambda row, _: len(row["members"]), "number", 10),
            Column(
                mark("Ärenden"), lambda row, _: ", ".join(one["number"] for one in row["cases"])
            ),
            Column(mark("Förvaltning"), department, width=32),
            Column(mark("Registrerat"), at("registeredOn"), "day", 12),
        ),
    ),
    "referrals": ListSheet(
        mark("Remisser"),
        "referrals",
        "referrals",
        (
            Column(mark("Remiss"), at("programmeLabel"), width=32),
            Column(mark("Ärende"), at("case", "number")),
            Column(mark("Hushållet"), at("case", "household", "alias"), width=14),
            Column(mark("Sökande"), applicant("case", "household"), width=28),
            Column(mark("Skyddade personuppgifter"), protected("case", "household"), width=12),
            Column(mark("Förvaltning"), at("case", "departmentName"), width=32),
            Column(mark("Läge"), word("referral_state", "state")),
            Column(mark("Skickad"), at("submittedOn"), "day", 12),
            Column(mark("Registrerad"), at("registeredOn"), "day", 12),
            Column(mark("Gäller till"), at("validUntil"), "day", 12),
        ),
        lambda query: referrals.chosen(query.get("state", "")),
    ),
    "units": ListSheet(
        mark("Bostäder"),
        "units",
        "units",
        (
            Column(mark("Adress"), at("streetAddress"), width=28),
            Column(mark("Lägenhet"), at("apartmentNumber"), width=10),
            Column(mark("Postnummer"), at("postalCode"), width=11),
            Column(mark("Postort"), at("city")),
            Column(mark("Område"), at("area")),
            Column(mark("Fastighetsbeteckning"), at("propertyDesignation"), width=22),
            Column(mark("Hyresvärd"), at("landlord", "name"), width=28),
            Column(mark("Rum"), at("rooms"), "number", 8),
            Column("m²", at("sizeM2"), "number", 8),
            Column(mark("Hyra (kr per månad)"), at("rentOre"), "kronor", 14),
            Column(mark("Våning"), at("floor"), "number", 8),
            Column(mark("Hiss"), yes("lift"), width=8),
            Column(mark("Utan trappsteg"), yes("stepFree"), width=10),
            Column(mark("Anpassad"), yes("adapted"), width=10),
            Column(mark("Ledig från"), at("availableFrom"), "day", 12),
            Column(mark("Läge"), word("unit_state", "state")),
        ),
        lambda query: units.chosen(query.get("state", "vacant"), query.get("rooms", "")),
    ),
    "notices": ListSheet(
        mark("Notiser"),
        "notices",
        "notices",
        (
            Column(mark("Vad"), at("label"), width=48),
            Column(mark("Ärende"), at("case", "number")),
            Column(mark("Hushållet"), at("case", "household", "alias"), width=14),
            Column(mark("När"), at("createdAt"), "instant"),
            Column(mark("Läst"), at("readAt"), "instant"),
        ),
    ),
    **ARREARS_SHEETS,
    **LATER_SHEETS,
    "form-cases": FORM_SHEET,
}
