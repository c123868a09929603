"""What stands in the way of a simulation, and why one failed, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

SIMULATIONS: Mapping[str, tuple[str, str]] = {
    "simulations_under_way": (
        "Högst {limit} simuleringar kan pågå samtidigt. Vänta på en eller avbryt en.",
        "At most {limit} simulations can be under way. Wait for one or cancel one.",
    ),
    "simulation_ended": (
        "Simuleringen är redan avslutad.",
        "The simulation has already ended.",
    ),
    "unknown_pack": (
        "Det finns ingen sådan version av riktlinjen.",
        "There is no such version of the guideline.",
    ),
    "unknown_programme": (
        "Ingen av versionerna har programmet.",
        "Neither version has the programme.",
    ),
    "unknown_rule": (
        "Ingen av versionerna har en sådan regel som gäller.",
        "Neither version has such a rule in force.",
    ),
    "several_packs": (
        "Versionerna hör till olika riktlinjer.",
        "The versions are of different guidelines.",
    ),
    "before_version": (
        "Version {version} gäller först från {start}. Välj den dagen eller en senare.",
        "Version {version} applies from {start}. Choose that day or a later one.",
    ),
    "param_gap": (
        "En av versionerna har ett värde som saknas den dagen.",
        "One of the versions lacks a value on that day.",
    ),
    "content_changed": (
        "En av versionerna ändrades efter att simuleringen begärdes. Begär en ny.",
        "One of the versions was changed after the simulation was asked for. Ask for a new one.",
    ),
    "back_ends_disagree": (
        "Prövningens egen kontroll stämde inte. Resultatet visas inte; felet är anmält i loggen.",
        "The engine's check of itself did not hold. No result is shown; the fault is in the log.",
    ),
    "internal": (
        "Simuleringen avbröts av ett fel som är anmält i loggen.",
        "The simulation was stopped by a fault, which is in the log.",
    ),
}
