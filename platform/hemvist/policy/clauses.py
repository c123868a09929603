"""Clauses of contracts and conditions of decisions, by kind: those stated and those refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hemvist.policy.items import Item
from hemvist.policy.labels import Label
from hemvist.policy.params import Span
from hemvist.policy.rules import LegalFlag

#: Kinds of clauses and conditions that guidelines or the law speak of.
CLAUSES: Mapping[str, Label] = MappingProxyType(
    {
        "sobriety": Label("Krav på nykterhet eller drogfrihet", "Demand for sobriety"),
        "alcohol_in_home": Label("Ingen alkohol i bostaden", "No alcohol in the home"),
        "drug_tests": Label("Drogtester", "Drug tests"),
        "treatment": Label("Krav på vård eller behandling", "Demand for treatment"),
        "medication": Label("Krav på medicinering", "Demand for medication"),
        "doctor_contact": Label("Krav på läkarkontakt", "Demand for contact with a doctor"),
        "accept_support": Label("Krav på att ta emot stöd", "Demand to accept support"),
        "home_visits": Label("Hembesök som villkor", "Home visits as a condition"),
        "sole_occupancy": Label("Bara hyresgästen får bo där", "Nobody else may live there"),
        "visitors_ban": Label("Förbud mot besök", "Visitors forbidden"),
        "entry_without_leave": Label(
            "Tillträde utan hyresgästens lov", "Entry without the tenant's leave"
        ),
        "ends_with_support": Label(
            "Kontraktet upphör när insatsen upphör", "The contract ends when the support ends"
        ),
        "short_notice": Label("Kort uppsägningstid", "Short period of notice"),
        "tenure_waiver": Label("Avstående från besittningsskydd", "Waiver of security of tenure"),
        "earlier_step": Label(
            "Krav på att först ha bott i träningslägenhet eller liknande",
            "Demand to have lived in a training flat or the like first",
        ),
    }
)
#: Where a clause can stand.
PLACES = ("contract", "decision")
#: What follows from a refusal: the act is stopped, or a person goes on and says why.
EFFECTS = ("block", "warn")
#: A rule of law may also only tell something.
CHECK_EFFECTS = (*EFFECTS, "note")


@dataclass(frozen=True, slots=True)
class StatedTime:
    """A length of time that the source states for a contract: notice, or a waiver of tenure."""

    span: Span
    cite: tuple[str, ...]
    covers: tuple[str, ...] = ()
    label: Label | None = None
    legal: LegalFlag | None = None
    #: Whose notice it is the time of, "landlord" or "tenant"; None where it is of either.
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause(Item):
    """A clause that the contract form carries; ``clause`` is its kind out of ``CLAUSES``."""

    clause: str
    legal: LegalFlag | None = None

    @property
    def active(self) -> bool:
        """Whether it still applies; history is shown and put into no contract."""
        return self.legal is None or self.legal.active


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(Item):
    """A kind of clause that the guideline or the law refuses, where, and how strictly."""

    clause: str
    where: tuple[str, ...]
    effect: str
    #: Programmes in which it is refused; all when empty.
    programmes: tuple[str, ...] = ()
    #: A parameter of yes or no: it is refused on days on which that says yes.
    while_param: str | None = None
    legal: LegalFlag | None = None

    @property
    def active(self) -> bool:
        """Whether the refusal applies."""
        return self.legal is None or self.legal.active
