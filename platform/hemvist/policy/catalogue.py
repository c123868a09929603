"""Derived facts: what the core computes from the record on a date, under one name for all packs.

A pack takes from here with ``uses``. What a computation counts is stated here; the concept that
owns the record computes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hemvist.policy.facts import FactDef, FactKind, FactType
from hemvist.policy.labels import Label

#: Known to the engine itself: the date the question is put for.
DECISION_DATE = "decision_date"

_PROTECTION = {
    "none": Label("Ingen", "None"),
    "secrecy_mark": Label("Sekretessmarkering", "Secrecy mark"),
    "protected_registration": Label("Skyddad folkbokföring", "Protected registration"),
    "fictitious": Label("Fingerade personuppgifter", "Fictitious identity"),
    "unknown": Label("Okänt, behandlas som skyddad", "Unknown, treated as protected"),
}


@dataclass(frozen=True, slots=True)
class Derived:
    """One fact of the catalogue. ``options_from`` names the part of the pack that lists options:
    ``departments``, ``programmes`` or ``contract_forms``."""

    name: str
    type: FactType
    label: Label
    computed_from: Label
    options: Mapping[str, Label] = field(default_factory=dict)
    fields: Mapping[str, FactDef] = field(default_factory=dict)
    options_from: str | None = None

    def definition(self, options: Mapping[str, Mapping[str, Label]]) -> FactDef:
        """The fact as a pack sees it; ``options`` gives the pack's own lists by name."""
        found = options[self.options_from] if self.options_from else self.options
        counts = self.type in (FactType.INT, FactType.MONEY)
        return FactDef(
            self.name,
            self.type,
            self.label,
            kind=FactKind.DERIVED,
            options=MappingProxyType(dict(found)),
            fields=MappingProxyType(dict(self.fields)),
            minimum=0 if counts else None,
            maximum=10_000 if self.type is FactType.INT else None,
            computed_from=self.computed_from,
        )


def _count(name: str, sv: str, en: str, from_sv: str, from_en: str) -> Derived:
    return Derived(name, FactType.INT, Label(sv, en), Label(from_sv, from_en))


def _truth(name: str, sv: str, en: str, from_sv: str, from_en: str) -> Derived:
    return Derived(name, FactType.BOOL, Label(sv, en), Label(from_sv, from_en))


def _day(name: str, sv: str, en: str, from_sv: str, from_en: str) -> Derived:
    return Derived(name, FactType.DATE, Label(sv, en), Label(from_sv, from_en))


def _field(name: str, type: FactType, sv: str, en: str, optional: bool = False) -> FactDef:
    bound = 0 if type is FactType.MONEY else None
    return FactDef(name, type, Label(sv, en), FactKind.DERIVED, optional=optional, minimum=bound)


def _fields(*fields: FactDef) -> Mapping[str, FactDef]:
    return {definition.name: definition for definition in fields}


_ALL = (
    _day(
        DECISION_DATE,
        "Prövningsdag",
        "Date of assessment",
        "Den dag prövningen avser",
        "The date the question is put for",
    ),
    Derived(
        "registered_kommun",
        FactType.TEXT,
        Label("Folkbokföringskommun", "Kommun of registration"),
        Label(
            "Den sökandes folkbokföring, fyrsiffrig kod", "Applicant's registration, four digits"
        ),
    ),
    _count(
        "age",
        "Sökandens ålder",
        "Applicant's age",
        "Sökandens födelsedag, fyllda år",
        "Applicant's birthday, whole years",
    ),
    _count(
        "adults",
        "Vuxna i hushållet",
        "Adults in the household",
        "Hushållets medlemmar som fyllt 18",
        "Members of the household aged 18 or more",
    ),
    _count(
        "children_under_18",
        "Barn under 18 år i hushållet",
        "Children under 18 in the household",
        "Hushållets medlemmar som inte fyllt 18",
        "Members of the household under 18",
    ),
    _count(
        "household_size",
        "Personer i hushållet",
        "Persons in the household",
        "Hushållets medlemmar",
        "Members of the household",
    ),
    Derived(
        "protection",
        FactType.CHOICE,
        Label("Skyddade personuppgifter", "Protected identity"),
        Label("Starkaste skyddet i hushållet", "Strongest protection in the household"),
        options=_PROTECTION,
    ),
    Derived(
        "department",
        FactType.CHOICE,
        Label("Ansvarig förvaltning", "Responsible department"),
        Label("Ärendets förvaltning", "The case's department"),
        options_from="departments",
    ),
    Derived(
        "programme",
        FactType.CHOICE,
        Label("Stödform", "Programme"),
        Label("Ärendets stödform", "The case's programme"),
        options_from="programmes",
    ),
    Derived(
        "current_contract_form",
        FactType.CHOICE,
        Label("Nuvarande kontraktsform", "Current contract form"),
        Label("Löpande kontrakt för hushållet", "The household's running contract"),
        options_from="contract_forms",
    ),
    _count(
        "months_in_home",
        "Hela månader i bostaden",
        "Whole months in the home",
        "Inflyttningsdagen",
        "The day of moving in",
    ),
    _count(
        "rent_paid_months",
        "Månader i rad med hyra i tid",
        "Months in a row with rent on time",
        "Hyresinbetalningarna",
        "The rent payments",
    ),
    Derived(
        "arrears_ore",
        FactType.MONEY,
        Label("Obetald hyra", "Unpaid rent"),
        Label("Hyresskuld i öre", "Rent owed, in öre"),
    ),
    Derived(
        "late_rents",
        FactType.RECORDS,
        Label("Sena hyror", "Late rents"),
        Label("Hyresinbetalningarna", "The rent payments"),
        fields=_fields(
            _field("month", FactType.DATE, "Månad", "Month"),
            _field("paid_on", FactType.DATE, "Betald", "Paid on", optional=True),
            _field("amount", FactType.MONEY, "Belopp", "Amount"),
        ),
    ),
    Derived(
        "disturbances",
        FactType.RECORDS,
        Label("Störningar", "Disturbances"),
        Label("Registrerade störningar", "Registered disturbances"),
        fields=_fields(
            _field("on", FactType.DATE, "Dag", "Day"),
            _field("confirmed", FactType.BOOL, "Bekräftad", "Confirmed"),
        ),
    ),
    Derived(
        "absences",
        FactType.RECORDS,
        Label("Frånvaro", "Absences"),
        Label("Registrerad frånvaro från bostaden", "Registered absence from the home"),
        fields=_fields(
            _field("from", FactType.DATE, "Från", "From"),
            _field("to", FactType.DATE, "Till", "To", optional=True),
            _field("approved", FactType.BOOL, "Godkänd", "Approved"),
        ),
    ),
    _truth(
        "guarantee_in_force",
        "Hyresgaranti gäller",
        "Guarantee in force",
        "Hushållets hyresgarantier",
        "The household's guarantees",
    ),
    _count(
        "months_with_guarantee",
        "Hela månader med hyresgaranti",
        "Whole months with a guarantee",
        "Garantins första dag",
        "The guarantee's first day",
    ),
    _truth(
        "plan_in_force",
        "Plan för boendet gäller",
        "Support plan in force",
        "Senaste undertecknade plan",
        "Latest signed plan",
    ),
    _day(
        "last_follow_up",
        "Senaste uppföljning",
        "Last follow-up",
        "Registrerade uppföljningar",
        "Recorded follow-ups",
    ),
    _count(
        "follow_ups_done",
        "Genomförda uppföljningar",
        "Follow-ups done",
        "Registrerade uppföljningar",
        "Recorded follow-ups",
    ),
    _truth(
        "joint_visit_done",
        "Gemensamt hembesök genomfört",
        "Joint home visit done",
        "Registrerade hembesök med båda förvaltningarna",
        "Recorded home visits by both departments",
    ),
    # From the referral to the contract. A case has one referral, contract and guarantee at a time;
    # the latest counts, as it stood on the date the question is put for.
    _day(
        "referral_registered_on",
        "Dag då remissen registrerades",
        "Day on which the referral was registered",
        "Ärendets senast registrerade remiss som inte återtagits",
        "The case's latest registered referral that was not withdrawn",
    ),
    _count(
        "referral_extensions",
        "Antal gånger som remissen har förlängts",
        "Times that the referral has been extended",
        "Förlängningar av den remissen",
        "Extensions of that referral",
    ),
    _truth(
        "contract_signed",
        "Hyreskontraktet är undertecknat",
        "The tenancy contract is signed",
        "Ärendets undertecknade kontrakt",
        "The case's signed contract",
    ),
    _truth(
        "link_proof_signed",
        "Daterad, undertecknad uppgift om att boendet hänger ihop med insatserna",
        "Dated, signed statement that the housing depends on the measures",
        "Dagen då hyresgästen fick veta det skriftligt, i kontraktet",
        "The day the tenant was told in writing, in the contract",
    ),
    _count(
        "guarantee_months",
        "Garantins längd i månader",
        "Length of the guarantee in months",
        "Ärendets senast lämnade hyresgaranti",
        "The case's latest guarantee",
    ),
    # The time that trial periods and takeovers count.
    _day(
        "moved_in_on",
        "Inflyttningsdag",
        "Day of moving in",
        "Första dagen i det kontrakt som hushållet bor med",
        "First day of the contract that the household lives by",
    ),
    _count(
        "absence_days",
        "Dagar av längre frånvaro sedan inflyttningen",
        "Days of longer absence since moving in",
        "Registrerad längre frånvaro, som dras av från provtiden",
        "Registered longer absence, deducted from the trial period",
    ),
    _day(
        "first_hand_since",
        "Dag då förstahandskontraktet började gälla",
        "Day on which the first-hand lease began",
        "Hushållets förstahandskontrakt eller det registrerade övertagandet",
        "The household's first-hand lease, or the takeover as recorded",
    ),
    _day(
        "contract_signed_on",
        "Dag då hyreskontraktet undertecknades",
        "Day on which the tenancy contract was signed",
        "Ärendets senast undertecknade kontrakt",
        "The case's latest signed contract",
    ),
    _count(
        "support_months",
        "Hela månader sedan stödet beviljades",
        "Whole months since the support was granted",
        "Ärendets senaste beslut om stöd till bostad",
        "The case's latest decision on support to obtain housing",
    ),
)

CATALOGUE: Mapping[str, Derived] = MappingProxyType({derived.name: derived for derived in _ALL})
