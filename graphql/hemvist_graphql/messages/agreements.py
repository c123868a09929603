"""Agreements with landlords (avtal) and quotas (kvoter): (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

AGREEMENTS: Mapping[str, tuple[str, str]] = {
    "agreement_state": (
        "Det går inte i det läge som avtalet är i nu.",
        "That cannot be done as the agreement stands now.",
    ),
    "version_state": (
        "Versionen är inte längre ett utkast.",
        "The version is no longer a draft.",
    ),
    "version_drafted": (
        "Det finns redan ett utkast till nästa version.",
        "There is a draft of the next version already.",
    ),
    "meeting_state": (
        "Mötet är inte längre planerat.",
        "The meeting is no longer planned.",
    ),
    "figure_known": (
        "Det finns redan en uppgift för de dagarna. Ta tillbaka den först om den är fel.",
        "There is a figure of those days already. Take it back first if it is wrong.",
    ),
    "figure_taken_back": (
        "Uppgiften är redan tillbakatagen.",
        "The figure has been taken back already.",
    ),
    "outside_term": (
        "Dagen måste ligga inom avtalstiden, efter dess första dag för en ny version.",
        "The day must lie within the agreement's term, after its first day for a new version.",
    ),
    "first_version": (
        "Den första versionen gäller från avtalets första dag, {day}.",
        "The first version holds from the agreement's first day, {day}.",
    ),
    "party_missing": (
        "Både kommunen och hyresvärden måste stå som parter.",
        "Both the kommun and the landlord must be parties.",
    ),
    "code_form": (
        "Skriv kortnamnet med små bokstäver a–z, siffror och understreck.",
        "Write the short name in small letters a–z, digits and underscores.",
    ),
    "properties_needed": (
        "Ange de nya husens fastighetsbeteckningar.",
        "Name the properties of the new houses.",
    ),
    "not_for_kind": (
        "Det fylls inte i för den sorten.",
        "It is not filled in for that kind.",
    ),
    "not_standing": (
        "Det räknas över en tid: välj år, halvår eller avtalsperiod.",
        "It is counted over a time: choose year, half-year or the agreement's term.",
    ),
    "unknown_quota": (
        "Det finns ingen sådan kvot i avtalet.",
        "There is no such quota in the agreement.",
    ),
    "circular": (
        "Kvoterna skulle ligga inom varandra.",
        "The quotas would lie within each other.",
    ),
    "quota_within": (
        "En annan kvot räknas inom den. Ändra den först.",
        "Another quota counts within it. Change that one first.",
    ),
    "landlord_unknown": (
        "Det finns ingen hyresvärd med det organisationsnumret här.",
        "No landlord has this organisation number here.",
    ),
    "whose_figure": (
        "Hela marknadens och behovets tal har ingen hyresvärd; de andra har en.",
        "Figures of the whole market and of the need have no landlord; the others have one.",
    ),
}
