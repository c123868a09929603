"""What people set up for themselves, and work that moves between them: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

MY_DAY: Mapping[str, tuple[str, str]] = {
    "handled_by_you": ("Du är redan handläggare.", "You handle it already."),
    "already_revoked": (
        "Adressen är redan återkallad.",
        "The address has been revoked already.",
    ),
    "already_off": ("Veckobrevet är redan avstängt.", "The weekly mail is off already."),
    "mail_address_form": (
        "Skriv en e-postadress, till exempel namn@kommunen.se.",
        "Write a mail address, such as name@kommun.se.",
    ),
    "mail_domain": (
        "Veckobrevet går bara till kommunens egna adresser: {domains}.",
        "The weekly mail goes to the kommun's own addresses only: {domains}.",
    ),
    "own_department": (
        "Du kan dela urvalet med en förvaltning som du arbetar i.",
        "You can share a selection with a department that you work in.",
    ),
    "personal_data": (
        "Ett urvals namn får inte innehålla ett personnummer.",
        "A selection's name may not hold a personal number.",
    ),
    "too_many": (
        "Det går att ha högst {limit}. Ta bort något först.",
        "At most {limit} can be kept. Remove one first.",
    ),
    "planned_too_late": (
        "Riktlinjen säger senast {latest} ({cite}).",
        "The guideline says {latest} at the latest ({cite}).",
    ),
    "planned_past": (
        "Planera en dag från och med i dag.",
        "Plan a day from today on.",
    ),
}
