"""Lists of vacancies as landlords send them in, also faulty ones."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from openpyxl import Workbook
from sqlalchemy import select

from hemvist.clock import today
from hemvist.landlords.models import Landlord
from hemvist.tenancy import TenantSession
from hemvist.vacancies.columns import FIELDS
from hemvist_made_up import serial

HEADINGS = tuple(field.heading for field in FIELDS)
#: How seven of two hundred go wrong: heading → what stands there, and the rule that it breaks.
FAULTS: Sequence[tuple[str, Any, str]] = (
    ("Lägenhetsnummer", "11", "apartment_number"),
    ("Lägenhetsnummer", "1100", "apartment_place"),
    ("Hyra", "sjutusen", "amount"),
    ("Fastighetsbeteckning", "Björnen", "designation"),
    ("Postnummer", "1234", "postal_code"),
    ("Ledig från", "2027-02-30", "date"),
    ("Rum", "stor", "rooms"),
)


def listed(place: int, street: str, **changes: Any) -> dict[str, Any]:
    """A row of a list, without a fault."""
    return {
        "Fastighetsbeteckning": f"Listan {1 + place // 20}",
        "Gatuadress": f"{street} {1 + place // 10}",
        "Lägenhetsnummer": f"{11 + place % 5}{1 + place // 5 % 2:02}",
        "Postnummer": "651 84",
        "Ort": "Karlstad",
        "Område": "Våxnäs",
        "Rum": "2 rok",
        "Yta": "58,5",
        "Hyra": 7450 + place,
        "Hiss": "ja",
        "Ledig från": today() + timedelta(days=30),
        **changes,
    }


def two_hundred(street: str = "Listgatan") -> list[dict[str, Any]]:
    """200 rows, of which seven are faulty: rows 10, 30, 50 … 130 below the heading."""
    rows = [listed(place, street) for place in range(200)]
    for number, (heading, given, _) in enumerate(FAULTS):
        rows[9 + 20 * number][heading] = given
    return rows


def workbook(rows: Iterable[Mapping[str, Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """The rows as an Excel file."""
    book = Workbook()
    sheet = book.active
    sheet.append(list(headings))
    for one in rows:
        sheet.append([one.get(name) for name in headings])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def flat(**changes: Any) -> dict[str, Any]:
    """A flat to report, at an address of its own."""
    place = next(serial)
    return {
        "property_designation": f"Ledig {place}",
        "street_address": f"Lediggatan {place}",
        "postal_code": "651 84",
        "city": "Karlstad",
        "apartment_number": "1102",
        "rooms": 2,
        "size_m2": 58.5,
        "rent_ore": 745_000,
        "available_from": today() + timedelta(days=30),
        **changes,
    }


def landlord_id(session: TenantSession, number: str) -> UUID:
    """The landlord with an organisation number."""
    return session.scalars(select(Landlord.id).where(Landlord.organisation_number == number)).one()
