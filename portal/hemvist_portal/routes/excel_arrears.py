"""The Excel lists of arrears and of a round: what is taken along on the visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from hemvist_portal.excel import Column, ListSheet
from hemvist_portal.excel_values import at, word, yes
from hemvist_portal.labels import source
from hemvist_portal.routes import arrears, prevention
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark


def _joined(*path: str) -> Any:
    found = at(*path)
    return lambda row, visitor: ", ".join(found(row, visitor) or ())


def _protected(row: Mapping[str, Any], visitor: Visitor) -> str:
    return visitor.words(mark("Ja") if row["account"]["protected"] else mark("Nej"))


def _outcome(row: Mapping[str, Any], visitor: Visitor) -> str:
    code = row["outcome"]
    return "" if code is None else visitor.words(source("prevention_outcome", code))


ARREARS_SHEETS: Mapping[str, ListSheet] = {
    "arrears": ListSheet(
        mark("Hyresskulder"),
        "arrears",
        "rentAccounts",
        (
            Column(mark("Avtal"), at("reference")),
            Column(mark("Hyresvärd"), at("landlord", "name"), width=28),
            # Null of whoever is, or may be, protected.
            Column(mark("Hyresgäst"), at("tenantName"), width=28),
            Column(mark("Adress"), at("streetAddress"), width=28),
            Column(mark("Lägenhet"), at("apartmentNumber"), width=10),
            Column(mark("Område"), at("area")),
            Column(mark("Skyddade personuppgifter"), yes("protected"), width=12),
            Column(mark("Obetalt (kr)"), at("balanceOre"), "kronor", 14),
            Column(mark("Sedan"), at("owingSince"), "day", 12),
            Column(mark("Månader"), at("monthsOwing"), "number", 10),
            Column(mark("Tecken"), _joined("signalLabels"), width=36),
            Column(mark("Barn i hemmet"), word("children", "children"), width=14),
            Column(mark("Hörde av sig"), at("calledOn"), "day", 12),
            Column(mark("Ärende"), at("case", "number")),
        ),
        lambda query: arrears.chosen(query.get("signal", ""), query.get("area", "")),
    ),
    "prevention": ListSheet(
        mark("Rundans lista"),
        "prevention_run",
        "preventionEntries",
        (
            Column(mark("Ordning"), at("place"), "number", 10),
            Column(mark("Område"), at("account", "area")),
            Column(mark("Hyresvärd"), at("account", "landlord", "name"), width=28),
            Column(mark("Avtal"), at("account", "reference")),
            Column(mark("Hyresgäst"), at("account", "tenantName"), width=28),
            Column(mark("Adress"), at("account", "streetAddress"), width=28),
            Column(mark("Lägenhet"), at("account", "apartmentNumber"), width=10),
            Column(mark("Skyddade personuppgifter"), _protected, width=12),
            Column(mark("Obetalt (kr)"), at("amountOre"), "kronor", 14),
            Column(mark("Går före"), _joined("first"), width=24),
            Column(mark("Tecken"), _joined("account", "signalLabels"), width=36),
            Column(mark("Barn i hemmet"), word("children", "children"), width=14),
            Column(mark("Brev"), at("letterOn"), "day", 12),
            Column(mark("Kontakt"), at("contactedOn"), "day", 12),
            Column(mark("Hänvisad"), at("referenceOn"), "day", 12),
            Column(mark("Konsulenten ringde"), at("consultantOn"), "day", 12),
            Column(mark("Resultat"), _outcome, width=26),
        ),
        lambda query: {
            "id": query.get("run", ""),
            **prevention.chosen(query.get("state", ""), query.get("area", "")),
        },
        lambda query: f"prevention/runs/{quote(query.get('run', ''))}",
    ),
}
