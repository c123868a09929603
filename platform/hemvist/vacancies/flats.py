"""Which flat a report is of, and what is known of it already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from hemvist.errors import Problem
from hemvist.tenancy import TenantSession
from hemvist.units.checks import tidy
from hemvist.units.models import Unit
from hemvist.vacancies.models import Vacancy

MAX_NOTE = 500
#: A flat that has stood empty longer, or is free later, is told of by a mistake.
EMPTY_DAYS, AHEAD_DAYS = 730, 730


def flat_key(said: Mapping[str, Any]) -> str:
    """A flat's designation, address and number in a form that does not mind how they are spelled."""
    names = (said["property_designation"], said["street_address"], said["apartment_number"])
    return "|".join(tidy(name).casefold() for name in names)


def check_available(free: date, day: date) -> list[Problem]:
    """What is wrong with the day from which a flat is free."""
    earliest, latest = day - timedelta(days=EMPTY_DAYS), day + timedelta(days=AHEAD_DAYS)
    if earliest <= free <= latest:
        return []
    return [
        Problem(
            "availableFrom",
            "day_range",
            f"between {earliest} and {latest}",
            {"earliest": str(earliest), "latest": str(latest)},
        )
    ]


def waiting(session: TenantSession, keys: Iterable[str]) -> set[str]:
    """Of the flats those that wait for an answer of the property office, whoever reported them."""
    return set(
        session.scalars(
            select(Vacancy.flat_key).where(
                Vacancy.flat_key.in_(list(keys)), Vacancy.state == "reported"
            )
        )
    )


def units_of(session: TenantSession, landlord_id: UUID, keys: Iterable[str]) -> dict[str, Unit]:
    """The landlord's own units that the flats are, by their keys. Nobody else's are looked at."""
    wanted = set(keys)
    names = {key.partition("|")[0] for key in wanted}
    found = session.scalars(
        select(Unit).where(
            Unit.landlord_id == landlord_id,
            func.lower(Unit.property_designation).in_(sorted(names)),
        )
    )
    by_key = {
        flat_key(
            {
                "property_designation": unit.property_designation,
                "street_address": unit.street_address,
                "apartment_number": unit.apartment_number,
            }
        ): unit
        for unit in found
    }
    return {key: unit for key, unit in by_key.items() if key in wanted}
