"""What stands in the way of a version of a guideline, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

VERSIONS: Mapping[str, tuple[str, str]] = {
    "pack_fault": (
        "Felet finns i {file}, rad {line}, tecken {column}. Granskningens ord, på engelska: {message}."
        " {cure}",
        "{file}, line {line}, column {column}: {message}. {cure}",
    ),
    "not_base64": ("Filen kom inte fram hel.", "The file did not arrive whole."),
    "other_pack": (
        "Versionen gäller en annan riktlinje.",
        "The version is of another guideline.",
    ),
    "version_taken": (
        "Det finns redan en version {number}.",
        "There is a version {number} already.",
    ),
    "past": (
        "Regler skrivs inte för dagar som har varit.",
        "Rules are not made for days that have passed.",
    ),
    "before_in_force": (
        "Versionen gäller från {start}; ett värde kan inte börja före den dagen.",
        "The version applies from {start}; a value cannot begin before that day.",
    ),
    "version_closed": (
        "Det som har skickats för godkännande ändras inte.",
        "What has been sent for approval is not changed.",
    ),
    "version_state": (
        "Det går inte i versionens läge.",
        "The state of the version does not allow it.",
    ),
    "day_passed": (
        "Dagen som versionen skulle gälla från har passerat. Välj en annan.",
        "The day from which the version was to apply has passed. Choose another.",
    ),
    "not_checked": (
        "Versionen har inte klarat kontrollen som den nu lyder.",
        "The version has not passed the check as it reads now.",
    ),
    "same_version": (
        "Ärendet {number} följer redan den versionen.",
        "Case {number} has that version already.",
    ),
    "version_not_in_force": (
        "Det finns ingen sådan version som gäller.",
        "No such version applies.",
    ),
    "version_cannot_judge": (
        "Ärendet kan inte prövas enligt den versionen.",
        "The case cannot be judged by that version.",
    ),
}
