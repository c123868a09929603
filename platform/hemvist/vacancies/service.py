"""Reporting a vacancy, and the property office's answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zlib import crc32

from hemvist import audit
from hemvist.agreements.service import takes_in_at_once
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.clock import now
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor, require
from hemvist.landlord_events import tell_landlord
from hemvist.landlords.models import Landlord
from hemvist.tenancy import TenantSession
from hemvist.units.access import unit_for
from hemvist.units.checks import check_source, floor_of, tidy
from hemvist.units.models import Unit
from hemvist.units.service import check_particulars, register_of, same_flat
from hemvist.units.states import keep_line, move
from hemvist.vacancies.flats import MAX_NOTE, check_available, flat_key, units_of, waiting
from hemvist.vacancies.models import DECLINE_REASONS, Vacancy

MAX_WORDS = 1_000
#: A flat in one of these states cannot be reported: the kommun has it free, or on its way to a tenant.
HELD = ("vacant", "offered", "reserved")
_FIELDS = (
    *("property_designation", "street_address", "postal_code", "city", "area"),
    *("apartment_number", "rooms", "size_m2", "rent_ore", "rent_parts", "floor", "lift"),
    *("step_free", "step_free_width_cm", "adapted"),
)


def channel_of(actor: Actor) -> str:
    """Through which door a report comes."""
    return "landlord" if actor.channel == "landlord" else "office"


def report(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_id: UUID,
    property_designation: str,
    street_address: str,
    postal_code: str,
    city: str,
    area: str = "",
    apartment_number: str,
    rooms: int,
    size_m2: float,
    rent_ore: int,
    rent_parts: Mapping[str, int] | None = None,
    floor: int | None = None,
    lift: bool = False,
    step_free: bool = False,
    step_free_width_cm: int | None = None,
    adapted: bool = False,
    available_from: date,
    note: str = "",
    on: date | None = None,
) -> Vacancy:
    """A landlord says that a flat is or becomes free. Amounts in öre a month.

    A flat of the landlord's that is known is found by designation, address and number, however
    spelled: it is then "again vacant". ``floor`` left out is what the lägenhetsnummer says. Where the
    landlord's agreement says so the flat is taken in at once. Raises ``ValidationFailed`` with every
    problem, also when the flat waits for an answer or stands vacant already; ``NotAllowed``.
    """
    require(actor, Action.VACANCY_REPORT, landlord=landlord_id)
    landlord = landlord_of(session, landlord_id)
    day = effective_day(on)
    said: dict[str, Any] = {
        "property_designation": property_designation,
        "street_address": street_address,
        "postal_code": postal_code,
        "city": city,
        "area": area.strip() or city,
        "apartment_number": apartment_number,
        "rooms": rooms,
        "size_m2": size_m2,
        "rent_ore": rent_ore,
        "rent_parts": dict(rent_parts or {}),
        "floor": 0 if floor is None else floor,
        "lift": lift,
        "step_free": step_free,
        "step_free_width_cm": step_free_width_cm,
        "adapted": adapted,
    }
    problems = check_particulars(said) + check_available(available_from, day)
    problems += too_long("note", note, MAX_NOTE)
    raise_if(problems)
    if floor is None:
        said["floor"] = floor_of(apartment_number)
    said |= {"available_from": available_from, "note": note}
    lock_reports(session, landlord)
    key = flat_key(said)
    if waiting(session, [key]):
        raise _known("already_reported", "the flat waits for an answer already")
    unit = units_of(session, landlord.id, [key]).get(key)
    if unit is not None and unit.state in HELD:
        raise _known("already_vacant", "the kommun has the flat vacant already")
    vacancy = session.save(Vacancy(**row_of(actor, landlord, unit, said, day)))
    _log(session, actor, vacancy, Action.VACANCY_REPORT)
    if takes_in_at_once(session, landlord.id, day):
        take_in_now(session, actor, vacancy, "owner_agreement", day)
    return vacancy


def report_again(
    session: TenantSession,
    actor: Actor,
    *,
    unit_id: UUID,
    available_from: date,
    rent_ore: int | None = None,
    rent_parts: Mapping[str, int] | None = None,
    note: str = "",
    on: date | None = None,
) -> Vacancy:
    """A flat that the kommun knows is free again; what is not said is as it was known.

    A new rent without its parts has none. Raises as ``report``; ``NotFound``.
    """
    unit = unit_for(session, actor, unit_id, Action.VACANCY_REPORT)
    said = {name: getattr(unit, name) for name in _FIELDS}
    if rent_ore is not None:
        said |= {"rent_ore": rent_ore, "rent_parts": {}}
    if rent_parts is not None:
        said["rent_parts"] = dict(rent_parts)
    return report(
        session,
        actor,
        landlord_id=unit.landlord_id,
        available_from=available_from,
        note=note,
        on=on,
        **said,
    )


def withdraw(
    session: TenantSession,
    actor: Actor,
    *,
    vacancy_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> Vacancy:
    """The landlord takes an unanswered report back. Raises ``Conflict``, ``NotFound``, ``NotAllowed``."""
    landlord_id = session.find(Vacancy, vacancy_id).landlord_id
    require(actor, Action.VACANCY_REPORT, landlord=landlord_id)
    vacancy = _waiting(session, vacancy_id, expected_version)
    _answer(session, actor, vacancy, "withdrawn", effective_day(on, not_before=vacancy.reported_on))
    _log(session, actor, vacancy, "vacancy.withdraw")
    return vacancy


def take_in(
    session: TenantSession,
    actor: Actor,
    *,
    vacancy_id: UUID,
    source: str | None = None,
    expected_version: int,
    on: date | None = None,
) -> Vacancy:
    """Take a reported flat in: it becomes a vacant unit, or the unit that it was is vacant again.

    ``source`` is how the kommun has it; by agreement with the owner unless said otherwise, for a known
    unit as before. Raises ``Conflict`` when it is answered, when its tenant has not moved out yet, or
    when another landlord's unit is the same flat; ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    session.find(Vacancy, vacancy_id)
    require(actor, Action.VACANCY_TAKE_IN)
    if source is not None:
        raise_if(check_source(source))
    vacancy = _waiting(session, vacancy_id, expected_version)
    day = effective_day(on, not_before=vacancy.reported_on)
    take_in_now(session, actor, vacancy, source, day)
    return vacancy


def decline(
    session: TenantSession,
    actor: Actor,
    *,
    vacancy_id: UUID,
    code: str,
    words: str = "",
    expected_version: int,
    on: date | None = None,
) -> Vacancy:
    """Say no to a reported flat, with a reason that the landlord reads.

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    session.find(Vacancy, vacancy_id)
    require(actor, Action.VACANCY_TAKE_IN)
    problems: list[Problem] = too_long("words", words, MAX_WORDS)
    if code not in DECLINE_REASONS:
        problems.append(Problem("code", "unknown_choice", "not one of the reasons"))
    elif code == "other":
        problems += required_text("words", words, MAX_WORDS)
    raise_if(problems)
    vacancy = _waiting(session, vacancy_id, expected_version)
    vacancy.decline_code, vacancy.answer_words = code, words.strip()
    _answer(session, actor, vacancy, "declined", effective_day(on, not_before=vacancy.reported_on))
    _tell(session, vacancy, "vacancy.declined", vacancy.id)
    _log(session, actor, vacancy, "vacancy.decline", {"code": code})
    return vacancy


def landlord_of(session: TenantSession, landlord_id: UUID) -> Landlord:
    """The landlord that reports. Raises ``NotFound``."""
    landlord = session.get(Landlord, landlord_id)
    if landlord is None:
        raise NotFound("Landlord")
    return landlord


def lock_reports(session: TenantSession, landlord: Landlord) -> None:
    """One report of a landlord's at a time: which flats are known stays so."""
    session.locked_for((landlord.id.int ^ crc32(b"vacancies" + session.tenant_id.bytes)) % 2**62)


def row_of(
    actor: Actor,
    landlord: Landlord,
    unit: Unit | None,
    said: Mapping[str, Any],
    day: date,
    **more: Any,
) -> dict[str, Any]:
    """A report's columns, of checked values."""
    return {
        "landlord_id": landlord.id,
        "unit_id": None if unit is None else unit.id,
        "flat_key": flat_key(said),
        "state": "reported",
        "channel": channel_of(actor),
        **{name: said[name] for name in _FIELDS},
        **{
            name: tidy(said[name])
            for name in ("property_designation", "street_address", "city", "area")
        },
        "postal_code": said["postal_code"].replace(" ", ""),
        "apartment_number": said["apartment_number"].strip(),
        "size_m2": Decimal(str(said["size_m2"])),
        "available_from": said["available_from"],
        "note": said["note"].strip(),
        "reported_on": day,
        "reported_at": now(),
        "reported_by": actor.principal_id,
        "file_id": None,
        "row_number": None,
        "answered_on": None,
        "answered_by": None,
        "decline_code": None,
        "answer_words": "",
        "version": 1,
        **more,
    }


def take_in_now(
    session: TenantSession, actor: Actor, vacancy: Vacancy, source: str | None, day: date
) -> Unit:
    """Make a waiting report a vacant unit; for who has asked whether that may be."""
    said = {name: getattr(vacancy, name) for name in _FIELDS}
    if vacancy.unit_id is None:
        landlord = landlord_of(session, vacancy.landlord_id)
        if same_flat(session, said) is not None:
            raise Conflict("registered_elsewhere", "the flat is registered with another landlord")
        unit = register_of(
            session, actor, landlord, said, source or "owner_agreement", vacancy.available_from
        )
        keep_line(session, actor, unit, on=day, cause="taken_in", subject_id=vacancy.id)
    else:
        unit = session.find(Unit, vacancy.unit_id)
        session.lock(unit)
        if unit.state != "returned":
            raise Conflict("unit_state", f"the unit is {unit.state}", state=unit.state)
        for name in _FIELDS:
            setattr(unit, name, said[name])
        unit.source = source or unit.source
        unit.available_from = vacancy.available_from
        move(session, actor, unit, "vacant", on=day, cause="taken_in", subject_id=vacancy.id)
    vacancy.unit_id = unit.id
    _answer(session, actor, vacancy, "taken_in", day)
    _tell(session, vacancy, "unit.taken_in", unit.id)
    _log(session, actor, vacancy, "vacancy.take_in", {"unit": str(unit.id)})
    return unit


def _known(rule: str, message: str) -> ValidationFailed:
    return ValidationFailed.one("apartmentNumber", rule, message)


def _waiting(session: TenantSession, vacancy_id: UUID, expected_version: int) -> Vacancy:
    vacancy = session.find(Vacancy, vacancy_id)
    session.change(vacancy, expected_version)
    if vacancy.state != "reported":
        raise Conflict("vacancy_answered", f"it is {vacancy.state}", state=vacancy.state)
    return vacancy


def _answer(session: TenantSession, actor: Actor, vacancy: Vacancy, state: str, day: date) -> None:
    vacancy.state, vacancy.answered_on = state, day
    vacancy.answered_by = actor.principal_id
    session.flush()


def _tell(session: TenantSession, vacancy: Vacancy, type: str, subject_id: UUID) -> None:
    tell_landlord(
        session,
        type,
        landlord_id=vacancy.landlord_id,
        subject_id=subject_id,
        property_designation=vacancy.property_designation,
    )


def _log(
    session: TenantSession,
    actor: Actor,
    vacancy: Vacancy,
    action: str,
    details: dict[str, Any] | None = None,
) -> None:
    audit.record(
        session,
        actor,
        action,
        subject_type="vacancy",
        subject_id=vacancy.id,
        details=details or {},
    )
