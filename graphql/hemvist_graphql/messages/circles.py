"""Closed circles, break-glass, consents and disclosures, by rule: (Swedish, English)."""

from __future__ import annotations

from collections.abc import Mapping

CIRCLES: Mapping[str, tuple[str, str]] = {
    "circle_too_large": (
        "En krets har högst {limit} personer.",
        "A circle has at most {limit} people.",
    ),
    "nobody_active": (
        "Personen kan inte logga in här.",
        "The person cannot log in here.",
    ),
    "handler_left_out": (
        "Den som handlägger något av hushållets ärenden måste vara med i kretsen.",
        "Whoever handles a case of the household must be in the circle.",
    ),
    "already_closed_to_circle": (
        "Ärendet är redan slutet till en krets.",
        "The case is closed to a circle already.",
    ),
    "already_in_circle": (
        "Personen är redan med i kretsen.",
        "The person is in the circle already.",
    ),
    "not_in_circle": (
        "Bara den som är med i kretsen kan ändra den. En nödöppning räcker inte.",
        "Only who is named in the circle changes it. A break-glass opening is not enough.",
    ),
    "circle_needs_manager": (
        "En chef i förvaltningen måste vara kvar i kretsen.",
        "A manager of the department must stay in the circle.",
    ),
    "case_seen": (
        "Du ser redan ärendet. Sök på numret.",
        "You see the case already. Search for its number.",
    ),
    "already_reviewed": ("Nödöppningen är redan granskad.", "The opening has been reviewed."),
    "already_withdrawn": ("Samtycket är redan återtaget.", "The consent has been withdrawn."),
    "no_consent_asked": (
        "Den här grunden vilar inte på något samtycke.",
        "This ground rests on no consent.",
    ),
    "consent_needed": (
        "Det finns inget samtycke att lämna ut det här på.",
        "There is no consent that this could be told by.",
    ),
    "consent_over": (
        "Samtycket gäller inte den dagen.",
        "The consent does not hold on that day.",
    ),
    "consent_for_another": (
        "Samtycket gäller en annan mottagare.",
        "The consent is for somebody else.",
    ),
    "consent_too_narrow": (
        "Samtycket omfattar inte alla uppgifterna.",
        "The consent does not cover all of it.",
    ),
}
