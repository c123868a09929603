"""What the mail says: how many of what, in which kommun, and where to look. Nothing about anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from hemvist.landlord_events import TYPES

#: The platform's own news, beside those of ``TYPES``.
WEBHOOK_DISABLED = "webhook.disabled"
#: Mailed at once; all else waits for the day's mail.
AT_ONCE = frozenset({"offer.made"})

#: Every kind of news in words, by language.
WORDS: Mapping[str, Mapping[str, str]] = {
    "sv": {
        "unit.taken_in": "Bostad mottagen",
        "vacancy.declined": "Ledig bostad som kommunen avstår",
        "offer.made": "Nytt erbjudande om en bostad hos er",
        "households.presented": "Hushåll att välja bland",
        "offer.withdrawn": "Erbjudande som har tagits tillbaka",
        "viewing.set": "Tid för visning",
        "signing.set": "Tid för kontraktsskrivning",
        "contract.signed": "Kontrakt skrivet",
        "takeover.asked": "Fråga om att ta över ett kontrakt",
        "takeover.decided": "Besked om ett övertagande",
        "report.received": "Anmälan mottagen",
        "report.feedback": "Återkoppling på en anmälan",
        "report.late": "Anmälan där kommunens svar dröjer",
        "paper.sent": "Ny handling från kommunen",
        "quota.changed": "Ändrad kvot",
        "agreement.changed": "Ändrat avtal",
        "access.closed": "Kommunen har stängt er tillgång",
        WEBHOOK_DISABLED: "Koppling som har stängts av, eftersom ert system inte svarar",
    },
    "en": {
        "unit.taken_in": "Home taken in",
        "vacancy.declined": "Vacancy that the municipality declines",
        "offer.made": "New offer of one of your homes",
        "households.presented": "Households to choose among",
        "offer.withdrawn": "Offer that was withdrawn",
        "viewing.set": "Time for a viewing",
        "signing.set": "Time for signing",
        "contract.signed": "Contract signed",
        "takeover.asked": "Question about taking over a lease",
        "takeover.decided": "Answer about a takeover",
        "report.received": "Report received",
        "report.feedback": "Feedback on a report",
        "report.late": "Report that waits too long for an answer",
        "paper.sent": "New paper from the municipality",
        "quota.changed": "Quota changed",
        "agreement.changed": "Agreement changed",
        "access.closed": "The municipality has closed your access",
        WEBHOOK_DISABLED: "Connection switched off, since your system does not answer",
    },
}
_REST = {
    "sv": (
        "Hemvist: nytt hos {place}",
        "Hemvist: nytt hos {number} kommuner",
        "Hemvist: en koppling är avstängd",
        "Det här är nytt för dig som hyresvärd:",
        "Era kopplingar",
        "Se vad det gäller (du behöver logga in):",
        "Brevet säger aldrig vem något gäller. Välj vilka brev du vill ha:",
    ),
    "en": (
        "Hemvist: news from {place}",
        "Hemvist: news from {number} municipalities",
        "Hemvist: a connection is switched off",
        "This is new for you as a landlord:",
        "Your connections",
        "See what it is about (you need to log in):",
        "This mail never says whom anything concerns. Choose which mails you want:",
    ),
}

assert all(set(words) == {*TYPES, WEBHOOK_DISABLED} for words in WORDS.values())


def worded(
    news: Iterable[tuple[str | None, str, int]], language: str, address: str
) -> tuple[str, str]:
    """Subject and text. ``news`` is the kommun's name (None: the platform's), the type and how many;
    ``address`` is where landlords log in."""
    one, many, ours, new, own, look, choose = _REST[language]
    found = sorted(news, key=lambda item: (item[0] is None, item[0] or "", item[1]))
    places = list(dict.fromkeys(place for place, _, _ in found if place is not None))
    if not places:
        subject = ours
    elif len(places) == 1:
        subject = one.format(place=places[0])
    else:
        subject = many.format(number=len(places))
    lines = [new]
    for place, items in groupby(found, key=lambda item: item[0]):
        lines += ["", place or own]
        lines += [f"- {WORDS[language][type_]}: {number}" for _, type_, number in items]
    lines += ["", look, address, "", "-- ", choose, f"{address}/connections", ""]
    return subject, "\n".join(lines)
