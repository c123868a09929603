"""Landlords by their organisation number."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import now
from hemvist.errors import Problem
from hemvist.ids import new_id
from hemvist.landlords.models import Landlord
from hemvist.tenancy import TenantSession


def check_organisation_number(text: str, field: str) -> str | Problem:
    """The ten digits of an organisationsnummer, or what is wrong with it.

    Ten digits with a control digit (Luhn), the third digit at least 2.
    """
    digits = text.strip().replace("-", "")
    if not (len(digits) == 10 and digits.isascii() and digits.isdigit()):
        return Problem(field, "organisation_number_form", "write it as NNNNNN-NNNN")
    doubled = [int(digit) * (2 - position % 2) for position, digit in enumerate(digits)]
    if sum(value - 9 if value > 9 else value for value in doubled) % 10 or int(digits[2]) < 2:
        return Problem(field, "organisation_number_check", "not a valid organisation number")
    return digits


def find_or_register(session: TenantSession, *, organisation_number: str, name: str) -> Landlord:
    """The landlord with this number; registered under ``name`` when it is new here.

    The number must have been checked. A landlord that is known keeps the name it has.
    """
    session.execute(
        insert(Landlord)
        .values(
            id=new_id(),
            organisation_number=organisation_number,
            name=name.strip(),
            created_at=now(),
        )
        .on_conflict_do_nothing(index_elements=["organisation_number"])
    )
    return session.execute(
        select(Landlord).where(Landlord.organisation_number == organisation_number)
    ).scalar_one()
