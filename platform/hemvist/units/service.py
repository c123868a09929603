"""Registering units, and changing what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from hemvist import audit
from hemvist.clock import today
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.landlords.models import Landlord
from hemvist.landlords.service import check_organisation_number, find_or_register
from hemvist.tenancy import TenantSession
from hemvist.units.access import unit_for
from hemvist.units.checks import (
    MAX_TEXT,
    check_apartment_number,
    check_designation,
    check_figures,
    check_rent_parts,
    check_source,
    check_texts,
    check_width,
    tidy,
)
from hemvist.units.models import KEPT_FOR, Unit
from hemvist.units.states import keep_line

__all__ = ["MAX_TEXT", "change", "keep_for", "register", "register_of", "same_flat"]


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
    rent_parts: Mapping[str, int] | None = None,
    step_free_width_cm: int | None = None,
) -> Unit:
    """Register a vacant unit. ``rent_ore`` is the monthly rent in öre, ``size_m2`` square metres.

    ``rent_parts`` (``RENT_PARTS`` → öre) are together the rent. Raises ``NotAllowed``,
    ``ValidationFailed`` with every problem, also when the same flat (designation, address,
    lägenhetsnummer) is registered already.
    """
    require(actor, Action.UNIT_REGISTER)
    problems = check_texts({"landlordName": landlord_name})
    number = check_organisation_number(landlord_organisation_number, "landlordOrganisationNumber")
    if isinstance(number, Problem):
        problems.append(number)
    particulars = {
        "property_designation": property_designation,
        "street_address": street_address,
        "postal_code": postal_code,
        "city": city,
        "area": area,
        "apartment_number": apartment_number,
        "rooms": rooms,
        "size_m2": size_m2,
        "rent_ore": rent_ore,
        "rent_parts": dict(rent_parts or {}),
        "floor": floor,
        "lift": lift,
        "step_free": step_free,
        "step_free_width_cm": step_free_width_cm,
        "adapted": adapted,
    }
    problems += check_particulars(particulars) + check_source(source)
    if problems or isinstance(number, Problem):
        raise ValidationFailed(problems)
    _lock_flat(session, particulars)
    if same_flat(session, particulars) is not None:
        raise ValidationFailed.one(
            "apartmentNumber", "already_registered", "the flat is registered already"
        )
    landlord = find_or_register(session, organisation_number=number, name=landlord_name)
    unit = register_of(session, actor, landlord, particulars, source, available_from)
    keep_line(session, actor, unit, on=today(), cause="registered")
    audit.record(session, actor, Action.UNIT_REGISTER, subject_type="unit", subject_id=unit.id)
    return unit


def register_of(
    session: TenantSession,
    actor: Actor,
    landlord: Landlord,
    particulars: Mapping[str, Any],
    source: str,
    available_from: date,
) -> Unit:
    """A vacant unit with checked particulars. The caller keeps the line of its state, and the log."""
    return session.save(
        Unit(
            landlord_id=landlord.id,
            **{name: tidy(particulars[name]) for name in _TEXTS},
            postal_code=particulars["postal_code"].replace(" ", ""),
            apartment_number=particulars["apartment_number"].strip(),
            source=source,
            rooms=particulars["rooms"],
            size_m2=Decimal(str(particulars["size_m2"])),
            rent_ore=particulars["rent_ore"],
            rent_parts=dict(particulars["rent_parts"]),
            floor=particulars["floor"],
            lift=particulars["lift"],
            step_free=particulars["step_free"],
            step_free_width_cm=particulars["step_free_width_cm"],
            adapted=particulars["adapted"],
            available_from=available_from,
            # The database's defaults are the model's; said here so that the row reads whole.
            kept_for="",
            kept_because="",
            state="vacant",
        )
    )


_TEXTS = ("property_designation", "street_address", "city", "area")


def check_particulars(said: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with a unit's particulars, by the names of its fields."""
    problems = check_designation(said["property_designation"])
    problems += check_texts(
        {"streetAddress": said["street_address"], "city": said["city"], "area": said["area"]}
    )
    problems += check_apartment_number(said["apartment_number"])
    problems += check_figures(
        said["postal_code"], said["rooms"], said["size_m2"], said["rent_ore"], said["floor"]
    )
    problems += check_rent_parts(said["rent_parts"], said["rent_ore"])
    return problems + check_width(said["step_free_width_cm"], said["step_free"], "stepFreeWidthCm")


def same_flat(session: TenantSession, said: Mapping[str, Any]) -> UUID | None:
    """The unit with this designation, address and lägenhetsnummer, or None."""
    key = _flat(said)
    found: UUID | None = session.scalar(
        select(Unit.id).where(
            Unit.property_designation == key[0],
            Unit.street_address == key[1],
            Unit.apartment_number == key[2],
        )
    )
    return found


def _flat(said: Mapping[str, Any]) -> tuple[str, str, str]:
    return (
        tidy(said["property_designation"]),
        tidy(said["street_address"]),
        said["apartment_number"].strip(),
    )


def _lock_flat(session: TenantSession, said: Mapping[str, Any]) -> None:
    """Two may register the same flat at once: the second waits here, and sees the first."""
    lock = f"unit:{session.tenant_id}:{_flat(said)}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(lock, 0))))


def change(
    session: TenantSession,
    actor: Actor,
    *,
    unit_id: UUID,
    expected_version: int,
    area: str | None = None,
    source: str | None = None,
    rooms: int | None = None,
    size_m2: float | None = None,
    rent_ore: int | None = None,
    rent_parts: Mapping[str, int] | None = None,
    floor: int | None = None,
    lift: bool | None = None,
    step_free: bool | None = None,
    step_free_width_cm: int | None = None,
    adapted: bool | None = None,
    available_from: date | None = None,
) -> Unit:
    """Change what is known of a unit; what is not given stays as it is.

    Which flat it is (designation, address, number) does not change. The rent of a home that somebody
    lives in is changed in its contract. Where the way is no longer without steps, its width is gone.
    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    unit = unit_for(session, actor, unit_id, Action.UNIT_REGISTER)
    session.change(unit, expected_version)
    given: dict[str, Any] = {
        "area": area,
        "source": source,
        "rooms": rooms,
        "size_m2": size_m2,
        "rent_ore": rent_ore,
        "rent_parts": rent_parts,
        "floor": floor,
        "lift": lift,
        "step_free": step_free,
        "step_free_width_cm": step_free_width_cm,
        "adapted": adapted,
        "available_from": available_from,
    }
    told: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if step_free is False:
        told["step_free_width_cm"] = None
    said = {name: getattr(unit, name) for name in (*_PARTICULARS, "source")} | told
    problems = check_particulars(said) + check_source(said["source"])
    if problems:
        raise ValidationFailed(problems)
    if "rent_ore" in told and told["rent_ore"] != unit.rent_ore and unit.state == "let":
        raise Conflict("unit_let", "the rent is changed in the contract")
    changed = sorted(name for name, value in told.items() if getattr(unit, name) != value)
    for name, value in told.items():
        match name:
            case "area":
                value = tidy(value)
            case "size_m2":
                value = Decimal(str(value))
            case "rent_parts":
                value = dict(value)
        setattr(unit, name, value)
    session.flush()
    _log(session, actor, unit, "unit.change", {"fields": changed})
    return unit


_PARTICULARS = (
    *("property_designation", "street_address", "postal_code", "city", "area"),
    *("apartment_number", "rooms", "size_m2", "rent_ore", "rent_parts", "floor", "lift"),
    *("step_free", "step_free_width_cm", "adapted"),
)


def keep_for(
    session: TenantSession,
    actor: Actor,
    *,
    unit_id: UUID,
    expected_version: int,
    kept_for: str = "",
    because: str = "",
) -> Unit:
    """Keep a large or adapted flat for the next household ("large", "adapted", "other"), or no longer ("").

    Whoever would give it back is told so and has to say why all the same. Raises
    ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    unit = unit_for(session, actor, unit_id, Action.UNIT_REGISTER)
    session.change(unit, expected_version)
    problems: list[Problem] = []
    if kept_for and kept_for not in KEPT_FOR:
        problems.append(Problem("keptFor", "unknown_choice", "large, adapted or other"))
    if kept_for == "other" and not because.strip():
        problems.append(Problem("because", "required", "say why"))
    if len(because) > MAX_TEXT:
        problems.append(
            Problem("because", "too_long", f"at most {MAX_TEXT} characters", {"limit": MAX_TEXT})
        )
    if problems:
        raise ValidationFailed(problems)
    unit.kept_for = kept_for
    unit.kept_because = because.strip() if kept_for else ""
    session.flush()
    _log(session, actor, unit, "unit.keep", {"kept_for": kept_for})
    return unit


def give_up_kept(unit: Unit, because: str, field: str) -> None:
    """A unit goes back to its owner. Where it is kept for another household somebody has to say why.

    Raises ``ValidationFailed`` on ``field`` (``kept_for_reuse``), and on ``keptBecause``.
    """
    if not unit.kept_for:
        return
    if not because.strip():
        raise ValidationFailed.one(
            field,
            "kept_for_reuse",
            "the flat is kept for another household: say why it goes back all the same",
            kept_for=unit.kept_for,
        )
    if len(because) > MAX_TEXT:
        raise ValidationFailed.one(
            "keptBecause", "too_long", f"at most {MAX_TEXT} characters", limit=MAX_TEXT
        )
    unit.kept_for, unit.kept_because = "", because.strip()


def _log(
    session: TenantSession, actor: Actor, unit: Unit, action: str, details: dict[str, Any]
) -> None:
    audit.record(session, actor, action, subject_type="unit", subject_id=unit.id, details=details)
