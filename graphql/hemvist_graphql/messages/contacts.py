"""Contact cards (kontaktkort): (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

CONTACTS: Mapping[str, tuple[str, str]] = {
    "too_many_cards": (
        "Det finns redan {limit} kontakter. Ta bort någon först.",
        "There are {limit} contacts already. Remove one first.",
    ),
    "card_withdrawn": (
        "Kontakten är borttagen.",
        "The contact has been removed.",
    ),
    "phone_or_email": (
        "Fyll i ett telefonnummer eller en e-postadress.",
        "Fill in a telephone number or a mail address.",
    ),
    "phone_form": (
        "Skriv telefonnumret med riktnummer, till exempel 010-123 45 67.",
        "Write the telephone number with its area code, such as 010-123 45 67.",
    ),
    "email_form": (
        "Skriv en e-postadress, till exempel bostad@kommunen.se.",
        "Write a mail address, such as homes@kommun.se.",
    ),
    "card_personal_data": (
        "En kontakt är en funktion: skriv inget personnummer här.",
        "A contact is a function: write no personal number here.",
    ),
}
