"""Refusals of acts on units and reported vacancies: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist.vacancies.columns import HEADINGS

VACANCIES: Mapping[str, tuple[str, str]] = {
    **{
        f"no_column_{name}": (
            f"Kolumnen {heading} saknas i filen.",
            f"The file has no column {heading}.",
        )
        for name, heading in HEADINGS.items()
    },
    "designation": (
        "Skriv namn och nummer, som Våxnäs 1:24 eller Björnen 7.",
        "Write a name and a number, as Våxnäs 1:24 or Björnen 7.",
    ),
    "apartment_place": (
        "De två första siffrorna är våningen (10 är entréplanet), de två sista lägenhetens plats "
        "från 01.",
        "The first two digits are the floor (10 has the entrance), the last two the flat's place "
        "from 01.",
    ),
    "rent_sum": (
        "Hyrans delar blir tillsammans inte hyran.",
        "The parts of the rent do not add up to it.",
    ),
    "width_of_steps": (
        "Fri bredd anges för en väg utan trappsteg. Kryssa i att bostaden nås utan trappsteg.",
        "A clear width is of a way without steps. Say that the home is reached without steps.",
    ),
    "kept_for_reuse": (
        "Bostaden är sparad för ett annat hushåll. Skriv varför den lämnas tillbaka ändå.",
        "The home is kept for another household. Say why it goes back all the same.",
    ),
    "day_range": (
        "Dagen måste ligga mellan {earliest} och {latest}.",
        "The day must lie between {earliest} and {latest}.",
    ),
    "already_reported": (
        "Bostaden är redan anmäld och väntar på svar.",
        "The home has been reported already and waits for an answer.",
    ),
    "already_vacant": (
        "Kommunen har redan bostaden som ledig.",
        "The kommun has the home as vacant already.",
    ),
    "not_in_district": (
        "Fastigheten hör inte till ditt distrikt.",
        "The property is not of your district.",
    ),
    "rooms": ("Antalet rum går inte att läsa. Skriv en siffra.", "Write the rooms as a number."),
    "whole_number": ("Skriv ett heltal.", "Write a whole number."),
    "vacancy_answered": ("Anmälan är redan besvarad.", "The report has been answered."),
    "registered_elsewhere": (
        "Bostaden finns redan, hos en annan hyresvärd.",
        "The home is registered with another landlord.",
    ),
    "unit_let": (
        "Någon bor i bostaden. Hyran ändras i kontraktet.",
        "Somebody lives in the home. Its rent is changed in the contract.",
    ),
}
