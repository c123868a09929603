"""The Excel lists of the later steps: matching, decisions not carried out, takeovers, guarantees, and
the cases behind a simulation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from hemvist_portal.excel import Column, ListSheet, Value
from hemvist_portal.excel_values import applicant, at, protected, word
from hemvist_portal.labels import source
from hemvist_portal.routes import guarantees, policy_simulations, takeovers
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

#: The accounts of a guarantee's ledger that somebody owes something on, as the columns call them.
#: Together with the bank they are nothing.
_ACCOUNTS = (
    ("landlord", mark("Saldo: skuld till hyresvärden (kr)")),
    ("household", mark("Saldo: hushållets skuld (kr)")),
    ("liability", mark("Saldo: godkänt, ännu inte krävt (kr)")),
    ("loss", mark("Saldo: förlust (kr)")),
    ("bank", mark("Saldo: bank (kr)")),
)


def _balance(account: str) -> Value:
    def value(row: Mapping[str, Any], _: Visitor) -> int:
        found = (one["balanceOre"] for one in row["accounts"] if one["account"] == account)
        return next(found, 0)

    return value


def _ranked_by(row: Mapping[str, Any], visitor: Visitor) -> str:
    """What the household was ranked by; hidden of a protected one, a lot where nothing tells."""
    if row["values"] is None:
        return visitor.words(mark("Visas inte"))
    labels = {one["id"]: one["label"] for one in row["run"]["priority"]}
    plain = {"true": mark("ja"), "false": mark("nej"), "unknown": mark("vet inte")}
    told = (
        (labels.get(one["id"], one["id"]), "unknown" if one["value"] is None else str(one["value"]))
        for one in row["values"]
    )
    said = [
        f"{label}: {visitor.words(plain[value]) if value in plain else value}"
        for label, value in told
    ]
    return "; ".join(said) or visitor.words(mark("lott"))


def _why_not(row: Mapping[str, Any], visitor: Visitor) -> str:
    """Why the home that the page shows is not the household's; empty where it fits."""
    return ", ".join(one["label"] for one in row["whyNot"] or ())


def _fits(row: Mapping[str, Any], visitor: Visitor) -> str:
    if row["whyNot"] is None:
        return ""
    return visitor.words(mark("Nej") if row["whyNot"] else mark("Ja"))


def _latest_effort(key: str) -> Value:
    def value(row: Mapping[str, Any], visitor: Visitor) -> Any:
        if not row["efforts"]:
            return None
        found = row["efforts"][-1][key]
        return visitor.words(source("obstacle", found)) if key == "obstacle" else found

    return value


def _position(query: Mapping[str, str]) -> int:
    text = query.get("home", "1")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10_000 else 1


def _board(query: Mapping[str, str]) -> str:
    return f"matching/{quote(query.get('run', ''), safe='')}?home={_position(query)}"


def _simulated(query: Mapping[str, str]) -> dict[str, Any]:
    change = query.get("change", "")
    return {
        "id": query.get("simulation", ""),
        "subject": query.get("subject") or None,
        "change": [change] if change in policy_simulations.CHANGES else None,
    }


def _simulation_page(query: Mapping[str, str]) -> str:
    version, simulation = (quote(query.get(one, ""), safe="") for one in ("version", "simulation"))
    asked = urlencode({one: query[one] for one in ("subject", "change") if query.get(one)})
    return f"policy/versions/{version}/simulations/{simulation}/cases?{asked}".rstrip("?")


_HOUSEHOLD = (
    Column(mark("Ärende"), at("case", "number")),
    Column(mark("Hushållet"), at("case", "household", "alias"), width=14),
    Column(mark("Sökande"), applicant("case", "household"), width=28),
    Column(mark("Skyddade personuppgifter"), protected("case", "household"), width=12),
)

#: As ``SHEETS`` of the lists' route.
LATER_SHEETS: Mapping[str, ListSheet] = {
    "guarantees": ListSheet(
        mark("Garantier och borgen"),
        "guarantees_sheet",
        "guarantees",
        (
            Column(mark("Ärende"), at("case", "number")),
            Column(mark("Hushållet"), at("case", "household", "alias"), width=14),
            Column(mark("Skyddade personuppgifter"), protected("case", "household"), width=12),
            Column(mark("Slag"), at("kindLabel"), width=22),
            Column(mark("Läge"), word("guarantee_state", "state"), width=12),
            Column(mark("Hyresvärd"), at("landlord", "name"), width=28),
            Column(mark("Organisationsnummer"), at("landlord", "organisationNumber"), width=16),
            Column(mark("Gäller från"), at("startsOn"), "day", 12),
            Column(mark("Gäller till"), at("endsOn"), "day", 12),
            Column(mark("Omprövas"), at("reviewOn"), "day", 12),
            Column(mark("Upphörde"), at("endedOn"), "day", 12),
            Column(mark("Hyra (kr per månad)"), at("rentOre"), "kronor", 14),
            Column(mark("Tak (kr)"), at("capOre"), "kronor", 14),
            Column(mark("Kvar av taket (kr)"), at("leftOfCapOre"), "kronor", 14),
            Column(mark("Godkänt (kr)"), at("approvedOre"), "kronor", 14),
            Column(mark("Betalt (kr)"), at("paidOre"), "kronor", 14),
            Column(mark("Krävt av hushållet (kr)"), at("demandedOre"), "kronor", 14),
            Column(mark("Återbetalt (kr)"), at("recoveredOre"), "kronor", 14),
            Column(mark("Avskrivet (kr)"), at("writtenOffOre"), "kronor", 14),
            Column(mark("Kan krävas av hushållet (kr)"), at("toDemandOre"), "kronor", 14),
            *(Column(words, _balance(code), "kronor", 16) for code, words in _ACCOUNTS),
        ),
        lambda query: guarantees.chosen(query.get("state", "active")),
    ),
    "matching": ListSheet(
        mark("Matchning"),
        "matching_run",
        "ranks",
        (
            Column(mark("Nr"), at("rank"), "number", 8),
            *_HOUSEHOLD,
            Column(mark("Turordnat efter"), _ranked_by, width=40),
            Column(mark("Planens bostad"), at("unit", "streetAddress"), width=28),
            Column(mark("Den här bostaden passar"), _fits, width=12),
            Column(mark("Varför inte"), _why_not, width=40),
        ),
        lambda query: {"id": query.get("run", ""), "position": _position(query)},
        page=_board,
        beside=("run",),
    ),
    "unexecuted": ListSheet(
        mark("Ej verkställda beslut"),
        "unexecuted",
        "unexecutedDecisions",
        (
            Column(mark("Beslut"), word("decision_kind", "kind"), width=32),
            *_HOUSEHOLD,
            Column(mark("Förvaltning"), at("case", "departmentName"), width=32),
            Column(mark("Beslutat"), at("decidedOn"), "day", 12),
            Column(mark("Väntar sedan"), at("waitingSince"), "day", 12),
            Column(mark("Ska vara verkställt"), at("executeBy"), "day", 12),
            Column(mark("Erbjudanden"), lambda row, _: len(row["case"]["offers"]), "number", 12),
            Column(mark("Insatser"), lambda row, _: len(row["efforts"]), "number", 10),
            Column(mark("Senaste insats"), _latest_effort("madeOn"), "day", 12),
            Column(mark("Hinder"), _latest_effort("obstacle"), width=28),
            Column(mark("Särskild avgift, lägst (kr)"), at("specialFee", "leastOre"), "kronor", 16),
            Column(mark("Särskild avgift, högst (kr)"), at("specialFee", "mostOre"), "kronor", 16),
        ),
        lambda query: {"lateOnly": bool(query.get("late")), "reports": False},
    ),
    "takeovers": ListSheet(
        mark("Överlåtelser"),
        "takeovers",
        "takeovers",
        (
            Column(mark("Tidigast"), at("eligibleOn"), "day", 12),
            Column(mark("Enligt riktlinjens tid"), at("earliestOn"), "day", 12),
            Column(mark("Uppskjuten till"), at("postponedUntil"), "day", 12),
            *_HOUSEHOLD,
            Column(mark("Adress"), at("contract", "unit", "streetAddress"), width=28),
            Column(mark("Lägenhet"), at("contract", "unit", "apartmentNumber"), width=10),
            Column(mark("Hyresvärd"), at("contract", "unit", "landlord", "name"), width=28),
            Column(mark("Kontrakt"), at("contract", "formLabel"), width=32),
            Column(mark("Läge"), word("takeover_state", "state")),
        ),
        lambda query: takeovers.chosen(query.get("which", "soon")),
    ),
    "simulation": ListSheet(
        mark("Simulering"),
        "policy_simulation_cases",
        "simulationChanges",
        (
            *_HOUSEHOLD,
            Column(mark("Var det står"), at("case", "stage"), width=28),
            Column(mark("Regel"), at("label"), width=40),
            Column(mark("Ändring"), word("simulation_change", "change"), width=22),
            Column(mark("Svar före"), word("outcome", "outcomeBefore"), width=14),
            Column(mark("Svar efter"), word("outcome", "outcomeAfter"), width=14),
        ),
        _simulated,
        page=_simulation_page,
    ),
}
