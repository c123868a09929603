"""What waits for a landlord, in words: one line for each kind that the API gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hemvist_portal.wording import mark


@dataclass(frozen=True, slots=True)
class Kind:
    """What is to be done, and the page on which one does it (``{id}``: the subject's)."""

    words: str
    path: str


KINDS: Mapping[str, Kind] = {
    "vacancy_file": Kind(mark("Gå igenom listan och anmäl"), "vacancies/files/{id}"),
    "viewing_proposed": Kind(mark("Svara på tiden för visning"), "offers/{id}"),
    "signing_proposed": Kind(mark("Svara på tiden för kontraktet"), "offers/{id}"),
    "choice": Kind(mark("Välj bland de hushåll som presenteras"), "presentations/{id}"),
    "takeover": Kind(mark("Svara om hyresgästen får ta över"), "takeovers/{id}"),
    "report": Kind(mark("Svar på er anmälan"), "reports/{id}"),
    "invitation": Kind(mark("Bekräfta en inbjudan"), "members"),
}
#: A kind that the API has and the portal has no words for yet.
OTHER = Kind(mark("Något väntar"), "start")


#: Type of a row, as its id begins → the page that shows it.
PLACES: Mapping[str, str] = {
    "Unit": "units/{id}",
    "Vacancy": "vacancies",
    "Offer": "offers/{id}",
    "Presentation": "presentations/{id}",
    "Tenancy": "tenancies",
    "Takeover": "takeovers/{id}",
    "Report": "reports/{id}",
    "Agreement": "quotas",
    "Paper": "papers",
}


def subject_place(subject_id: str | None) -> str:
    """The page of what an event is about; "" where there is none."""
    return PLACES.get((subject_id or "").partition("_")[0], "").format(id=subject_id)


def subject_list(subject_id: str | None) -> str:
    """The list that what an event is about stands in; "" where there is none."""
    return PLACES.get((subject_id or "").partition("_")[0], "").partition("/")[0]


def kind_of(code: str) -> Kind:
    """The words and the page of a kind."""
    return KINDS.get(code, OTHER)
