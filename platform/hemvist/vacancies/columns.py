"""What a landlord's list of vacancies can tell, and the headings under which it is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hemvist.spreadsheets.headings import normal
from hemvist.units.models import RENT_PARTS


@dataclass(frozen=True, slots=True)
class Field:
    """Something a list can tell. ``heading`` is the template's; ``others`` are known as well."""

    name: str
    heading: str
    others: tuple[str, ...] = ()
    required: bool = False
    #: What the template shows as an example.
    example: str = ""


#: In the order of the template's columns.
FIELDS = (
    Field(
        "property_designation",
        "Fastighetsbeteckning",
        ("fastighet", "beteckning", "property", "property designation"),
        True,
        "Björnen 7",
    ),
    Field(
        "street_address",
        "Gatuadress",
        ("adress", "gata", "besoksadress", "address", "street", "street address"),
        True,
        "Exempelgatan 12",
    ),
    Field(
        "apartment_number",
        "Lägenhetsnummer",
        ("lagenhetsnr", "lghnr", "lgh nr", "lgh", "lagenhet", "apartment", "apartment number"),
        True,
        "1102",
    ),
    Field(
        "postal_code", "Postnummer", ("postnr", "zip", "postal code", "postcode"), True, "999 99"
    ),
    Field("city", "Ort", ("postort", "stad", "city", "town"), True, "Exempelstad"),
    Field("area", "Område", ("bostadsomrade", "stadsdel", "omradesnamn", "area", "district")),
    Field("rooms", "Rum", ("antal rum", "rum och kok", "rok", "storlek rum", "rooms"), True, "2"),
    Field(
        "size_m2",
        "Yta",
        ("boarea", "boyta", "kvm", "m2", "yta kvm", "area kvm", "size"),
        True,
        "58",
    ),
    Field("rent", "Hyra", ("manadshyra", "hyra per manad", "total hyra", "rent"), False, "7450"),
    Field("rent_base", "Grundhyra", ("bashyra", "hyra exkl", "base rent")),
    Field("rent_heating", "Värme", ("uppvarmning", "heating")),
    Field("rent_electricity", "El", ("hushallsel", "electricity")),
    Field("rent_water", "Vatten", ("va", "varmvatten", "water")),
    Field("rent_parking", "Parkering", ("p plats", "bilplats", "garage", "parking")),
    Field("rent_internet", "Bredband", ("internet", "fiber", "broadband")),
    Field("rent_furniture", "Möbler", ("moblering", "furniture")),
    Field("rent_other", "Övriga tillägg", ("tillagg", "ovrigt tillagg", "other")),
    Field("floor", "Våning", ("vaningsplan", "van", "floor")),
    Field("lift", "Hiss", ("lift", "elevator"), False, "ja"),
    Field("step_free", "Utan trappsteg", ("stegfri", "trappfri", "step free"), False, "nej"),
    Field(
        "step_free_width_cm",
        "Fri bredd i cm",
        ("fri bredd", "fri passage", "dorrbredd", "dorrbredd cm", "clear width"),
    ),
    Field("adapted", "Anpassad", ("handikappanpassad", "tillganglig", "adapted"), False, "nej"),
    Field(
        "available_from",
        "Ledig från",
        ("tilltrade", "inflyttning", "inflyttningsdatum", "ledig", "available", "available from"),
        True,
        "2027-02-01",
    ),
    Field("note", "Anteckning", ("kommentar", "ovrigt", "information", "note", "comment")),
)
NAMES = tuple(field.name for field in FIELDS)
HEADINGS: Mapping[str, str] = {field.name: field.heading for field in FIELDS}
#: Field → part of the rent.
RENT_FIELDS: Mapping[str, str] = {f"rent_{part}": part for part in RENT_PARTS}
_KNOWN: Mapping[str, str] = {
    heading: field.name for field in FIELDS for heading in (normal(field.heading), *field.others)
}


def guess(headings: Sequence[str]) -> dict[str, str]:
    """Field → heading, for headings that are known; the first of two alike."""
    found: dict[str, str] = {}
    for heading in headings:
        field = _KNOWN.get(normal(heading))
        if field is not None:
            found.setdefault(field, heading)
    return found


def missing(columns: Mapping[str, str]) -> list[str]:
    """Fields without which no row tells of a flat."""
    lacking = [field.name for field in FIELDS if field.required and field.name not in columns]
    if "rent" not in columns and "rent_base" not in columns:
        lacking.append("rent")
    return lacking
