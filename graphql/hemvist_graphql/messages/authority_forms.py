"""What stands in the way of an authority's form, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

AUTHORITY_FORMS: Mapping[str, tuple[str, str]] = {
    "bad_number": ("Skriv ett helt tal, noll eller mer.", "Write a whole number, nought or more."),
    "form_counted_early": (
        "Talen räknades innan perioden var slut. Räkna om blanketten först.",
        "The numbers were counted before the period was over. Count the form anew first.",
    ),
    "form_not_draft": ("Blanketten är inte längre ett utkast.", "The form is no longer a draft."),
    "form_not_open": (
        "Blanketten går inte att svara på nu.",
        "The form cannot be answered now.",
    ),
    "form_not_open_yet": (
        "Blanketten kan inte göras klar innan den får lämnas in.",
        "The form cannot be made ready before it may be handed in.",
    ),
    "form_not_ready": (
        "Gör blanketten klar innan den markeras som skickad.",
        "Make the form ready before it is marked as sent.",
    ),
    "form_sent": (
        "Blanketten är redan skickad.",
        "The form has been sent already.",
    ),
    "not_for_department": (
        "Blanketten görs inte av den här förvaltningen.",
        "The form is not made by this department.",
    ),
    "sent_elsewhere": (
        "Det som skickas är en annan rapport, som finns på sin egen sida.",
        "What is sent is another report, which has a page of its own.",
    ),
}
