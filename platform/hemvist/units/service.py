"""Registering units and moving them between their states."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from hemvist import audit
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.landlords.service import check_organisation_number, find_or_register
from hemvist.tenancy import TenantSession
from hemvist.units.models import SOURCES, TRANSITIONS, Unit

MAX_TEXT = 200
MAX_RENT_ORE = 10_000_000


def register(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_organisation_number: str,
    landlord_name: str,
    property_designation: str,
    street_address: str,
    postal_code: str,
    city: str,
    area: str,
    apartment_number: str,
    source: str,
    rooms: int,
    size_m2: float,
    rent_ore: int,
    floor: int,
    lift: bool,
    step_free: bool,
    adapted: bool,
    available_from: date,
) -> Unit:
    """Register a vacant unit. ``rent_ore`` is the monthly rent in öre, ``size_m2`` square metres.

    Raises ``NotAllowed``, ``ValidationFailed`` with every problem, also when the same flat
    (designation, address, lägenhetsnummer) is registered already.
    """
    require(actor, Action.UNIT_REGISTER)
    texts = {
        "landlordName": landlord_name,
        "propertyDesignation": property_designation,
        "streetAddress": street_address,
        "city": city,
        "area": area,
    }
    problems = [
        Problem(field, "required", "must be filled in")
        for field, text in texts.items()
        if not text.strip()
    ]
    problems += [
        Problem(field, "too_long", f"at most {MAX_TEXT} characters", {"limit": MAX_TEXT})
        for field, text in texts.items()
        if len(text) > MAX_TEXT
    ]
    number = check_organisation_number(landlord_organisation_number, "landlordOrganisationNumber")
    if isinstance(number, Problem):
        problems.append(number)
    problems += _check_figures(postal_code, apartment_number, source, rooms, size_m2, rent_ore)
    if not -5 <= floor <= 100:
        problems.append(Problem("floor", "range", "between -5 and 100", {"min": -5, "max": 100}))
    if problems or isinstance(number, Problem):
        raise ValidationFailed(problems)
    key = (property_designation.strip(), street_address.strip(), apartment_number.strip())
    # Two may register the same flat at once: the second waits here, and sees the first.
    lock = f"unit:{session.tenant_id}:{key}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(lock, 0))))
    known = session.scalar(
        select(Unit.id).where(
            Unit.property_designation == key[0],
            Unit.street_address == key[1],
            Unit.apartment_number == key[2],
        )
    )
    if known is not None:
        raise ValidationFailed.one(
            "apartmentNumber", "already_registered", "the flat is registered already"
        )
    landlord = find_or_register(session, organisation_number=number, name=landlord_name)
    unit = session.save(
        Unit(
            landlord_id=landlord.id,
            property_designation=key[0],
            street_address=key[1],
            postal_code=postal_code.replace(" ", ""),
            city=city.strip(),
            area=area.strip(),
            apartment_number=key[2],
            source=source,
            rooms=rooms,
            size_m2=Decimal(str(size_m2)),
            rent_ore=rent_ore,
            floor=floor,
            lift=lift,
            step_free=step_free,
            adapted=adapted,
            available_from=available_from,
            # The database's default is the model's; said here so that the row reads whole.
            state="vacant",
        )
    )
    audit.record(session, actor, Action.UNIT_REGISTER, subject_type="unit", subject_id=unit.id)
    return unit


def move(unit: Unit, state: str) -> None:
    """Change a locked unit's state. Raises ``Conflict`` when the change is not allowed."""
    if state not in TRANSITIONS[unit.state]:
        raise Conflict("unit_state", f"the unit is {unit.state}", state=unit.state)
    unit.state = state
    unit.version += 1


def _check_figures(
    postal_code: str,
    apartment_number: str,
    source: str,
    rooms: int,
    size_m2: float,
    rent_ore: int,
) -> list[Problem]:
    problems: list[Problem] = []
    postal = postal_code.replace(" ", "")
    if not (len(postal) == 5 and postal.isascii() and postal.isdigit()):
        problems.append(Problem("postalCode", "postal_code", "five digits"))
    flat = apartment_number.strip()
    if not (len(flat) == 4 and flat.isascii() and flat.isdigit()):
        problems.append(Problem("apartmentNumber", "apartment_number", "four digits, as 1102"))
    if source not in SOURCES:
        problems.append(Problem("source", "unknown_choice", "not one of the sources"))
    if not 1 <= rooms <= 20:
        problems.append(Problem("rooms", "range", "between 1 and 20", {"min": 1, "max": 20}))
    if not 5 <= size_m2 <= 1000:
        problems.append(Problem("sizeM2", "range", "between 5 and 1000", {"min": 5, "max": 1000}))
    if not 0 <= rent_ore <= MAX_RENT_ORE:
        problems.append(
            Problem("rentOre", "range", "out of bounds", {"min": 0, "max": MAX_RENT_ORE})
        )
    return problems
