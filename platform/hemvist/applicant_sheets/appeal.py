"""How a decision is appealed, as the law was on the day it was made.

Dated and cited, so that a sheet about an old decision keeps its old provisions. Socialtjänstlag
(2025:400) 35:1 took over from (2001:453) 16:3 on 2025-07-01; förvaltningslag (2017:900) sections 43
and 44 from (1986:223) section 23 on 2018-07-01.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hemvist.policy import LegalBasis
from hemvist.policy.labels import Label


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision in force from a day until the next one of its kind."""

    start: date
    cite: Label
    #: Weeks from the day the person got the decision, for the provision on time.
    weeks: int | None = None


RIGHT = (
    Provision(
        date(2002, 1, 1),
        Label(
            "16 kap. 3 § socialtjänstlagen (2001:453)", "Social Services Act (2001:453) ch. 16 s. 3"
        ),
    ),
    Provision(
        date(2025, 7, 1),
        Label(
            "35 kap. 1 § socialtjänstlagen (2025:400)", "Social Services Act (2025:400) ch. 35 s. 1"
        ),
    ),
)
TIME = (
    Provision(
        date(1987, 1, 1),
        Label("23 § förvaltningslagen (1986:223)", "Administrative Procedure Act (1986:223) s. 23"),
        weeks=3,
    ),
    Provision(
        date(2018, 7, 1),
        Label(
            "43 och 44 §§ förvaltningslagen (2017:900)",
            "Administrative Procedure Act (2017:900) ss. 43 and 44",
        ),
        weeks=3,
    ),
)
#: Help that a kommun gives without a right to it: no appeal on the merits (SoL 2001 4:2, SoL 2025
#: 11:4 and 11:5).
_NO_RIGHT = {"4:2", "11:4", "11:5"}
_NUMBERS = {3: Label("tre", "three")}


def in_force(provisions: tuple[Provision, ...], on: date) -> Provision:
    """The provision of a day; the first there is for a day before them all."""
    return next((one for one in reversed(provisions) if one.start <= on), provisions[0])


def appeal_text(decided_on: date, bases: tuple[LegalBasis, ...], office: str, lang: str) -> str:
    """How to appeal a decision of a day that rests on ``bases``; ``office`` is who made it."""
    sections = {cite.partition(" ")[2] for basis in bases for cite in basis.cite}
    if sections and sections <= _NO_RIGHT:
        return _NOT_ON_MERITS[lang]
    right, time = in_force(RIGHT, decided_on), in_force(TIME, decided_on)
    assert time.weeks is not None
    weeks = _NUMBERS.get(time.weeks, Label(str(time.weeks), str(time.weeks))).text(lang)
    return _TEXT[lang].format(
        office=office, weeks=weeks, right=right.cite.text(lang), time=time.cite.text(lang)
    )


_TEXT = {
    "sv": (
        "Om du inte är nöjd kan du överklaga beslutet till förvaltningsrätten ({right}). Skriv vilket "
        "beslut du överklagar, hur du vill att det ska ändras och varför. Lämna eller skicka det du "
        "skrivit till {office}, inte till domstolen. Det ska ha kommit dit inom {weeks} veckor från "
        "den dag du fick del av beslutet ({time}). Din handläggare kan hjälpa dig."
    ),
    "en": (
        "If you are not content you can appeal against the decision to the administrative court "
        "(förvaltningsrätten) ({right}). Write which decision you appeal against, how you want it "
        "changed and why. Hand in or send what you have written to {office}, not to the court. It "
        "must get there within {weeks} weeks from the day you were given the decision ({time}). Your "
        "caseworker can help you."
    ),
}
_NOT_ON_MERITS = {
    "sv": (
        "Beslutet gäller hjälp som kommunen kan ge utan att vara skyldig till det. Ett sådant beslut "
        "prövas inte i sak av förvaltningsrätten. Fråga din handläggare om du vill få det omprövat."
    ),
    "en": (
        "The decision is about help that the municipality can give without having to. The "
        "administrative court does not try the merits of such a decision. Ask your caseworker if you "
        "want it reconsidered."
    ),
}
