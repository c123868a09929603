"""What a landlord's file can tell, and the headings under which landlords have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hemvist.spreadsheets.headings import normal


@dataclass(frozen=True, slots=True)
class Field:
    """Something a file can tell. ``headings`` are in the form of ``normal``."""

    name: str
    headings: tuple[str, ...]
    required: bool = False


#: In the order of a form. Of ``owed`` and ``rent`` with ``paid`` one is enough.
FIELDS = (
    Field(
        "reference",
        (
            *("avtalsnummer", "avtalsnr", "avtal", "kontraktsnummer", "kontraktsnr", "kontrakt"),
            *("hyresavtal", "hyresnummer", "objektsnummer", "objektsnr", "objekt", "objekt nr"),
            *("hyresobjekt", "kundnummer", "kundnr", "contract", "contract number", "reference"),
        ),
        required=True,
    ),
    Field(
        "month",
        (
            *("manad", "hyresmanad", "period", "avser", "avser period", "avser manad"),
            *("hyresperiod", "debiteringsperiod", "month", "rent month"),
        ),
        required=True,
    ),
    Field(
        "owed",
        (
            *("skuld", "hyresskuld", "restbelopp", "rest", "kvar att betala", "obetalt", "saldo"),
            *("att betala", "obetalt belopp", "utestaende", "utestaende belopp", "aterstar"),
            *("forfallet belopp", "arrears", "owed", "balance"),
        ),
    ),
    Field(
        "rent",
        (
            *("hyra", "manadshyra", "hyresbelopp", "avgift", "avgiftsbelopp", "fakturabelopp"),
            *("fakturerat", "fakturerat belopp", "debiterat", "debiterat belopp", "belopp", "rent"),
        ),
    ),
    Field(
        "paid",
        ("betalt", "inbetalt", "betalt belopp", "inbetalt belopp", "inbetalning", "paid"),
    ),
    Field(
        "due_on",
        (
            *("forfallodag", "forfallodatum", "forfaller", "forfall", "betalas senast"),
            *("sista betalningsdag", "forfallodat", "due date", "due"),
        ),
    ),
    Field(
        "paid_on",
        (
            *("betald", "betaldag", "betaldatum", "betalningsdag", "betalningsdatum"),
            *("inbetald", "inbetalningsdag", "inbetalningsdatum", "paid on", "paid date"),
        ),
    ),
    Field(
        "tenant_name",
        ("hyresgast", "hyresgastens namn", "namn", "kund", "kundnamn", "boende", "tenant", "name"),
    ),
    Field(
        "personal_number",
        ("personnummer", "personnr", "pnr", "person org nr", "persnr", "personal number"),
    ),
    Field(
        "street_address",
        ("adress", "gatuadress", "gata", "besoksadress", "address", "street"),
    ),
    Field(
        "apartment_number",
        ("lagenhetsnummer", "lagenhetsnr", "lghnr", "lgh nr", "lgh", "lagenhet", "apartment"),
    ),
    Field("area", ("omrade", "bostadsomrade", "ort", "postort", "stadsdel", "area", "city")),
    Field(
        "called_on",
        ("har ringt", "kontaktat oss", "kontakt", "senaste kontakt", "hort av sig", "called"),
    ),
    Field("collection", ("inkasso", "inkassokrav", "inkassodatum", "collection")),
    Field(
        "eviction_applied",
        ("kfm", "kronofogden", "avhysning", "ansokan om avhysning", "eviction"),
    ),
)
NAMES = tuple(field.name for field in FIELDS)
_KNOWN: Mapping[str, str] = {heading: field.name for field in FIELDS for heading in field.headings}


def guess(headings: Sequence[str]) -> dict[str, str]:
    """Field → heading, for headings that landlords are known to use; the first of two alike."""
    found: dict[str, str] = {}
    for heading in headings:
        field = _KNOWN.get(normal(heading))
        if field is not None:
            found.setdefault(field, heading)
    return found


def fitting(columns: Mapping[str, str], headings: Sequence[str]) -> dict[str, str]:
    """What is saved of a landlord where the file has those headings, and guesses for the rest."""
    by_normal = {normal(heading): heading for heading in reversed(headings)}
    found = {
        field: by_normal[normal(heading)]
        for field, heading in columns.items()
        if field in NAMES and normal(heading) in by_normal
    }
    taken = set(found.values())
    for field, heading in guess(headings).items():
        if field not in found and heading not in taken:
            found[field] = heading
    return found


def missing(columns: Mapping[str, str]) -> list[str]:
    """Fields without which no row says anything: what nobody has named a column for."""
    lacking = [field.name for field in FIELDS if field.required and field.name not in columns]
    if "owed" not in columns and not ("rent" in columns and "paid" in columns):
        lacking.append("owed")
    return lacking
