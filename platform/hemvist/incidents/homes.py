"""Which case an incident is about, and for which department somebody acts in it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from hemvist.cases.access import case_for, disclosed_departments, reading_departments
from hemvist.cases.models import Case
from hemvist.contracts.models import Contract
from hemvist.errors import NotFound, ValidationFailed
from hemvist.identity import Action, Actor, allows
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit


class Home(NamedTuple):
    """What an incident is about: always a case, and the contract and home where there are such."""

    case_id: UUID
    contract_id: UUID | None
    unit_id: UUID | None


def home_of(
    session: TenantSession,
    actor: Actor,
    case_id: UUID | None,
    contract_id: UUID | None,
    unit_id: UUID | None,
    on: date,
) -> Home:
    """The case, contract and home that one of the three ids leads to on a day.

    Raises ``ValidationFailed`` unless exactly one is given, and where nobody lived in the home;
    ``NotFound`` for what the actor may not see.
    """
    given = [one for one in (case_id, contract_id, unit_id) if one is not None]
    contract = None if contract_id is None else session.find(Contract, contract_id)
    if contract is not None:
        _require_seen(session, actor, contract.case_id, "Contract")
    lived = None if unit_id is None else _lived_in(session, actor, unit_id, on)
    if len(given) != 1:
        raise ValidationFailed.one("caseId", "say_one", "name a case, a contract or a home")
    found = contract or lived
    if found is None:
        found = _contract(session, Contract.case_id == case_id, on)
    if found is not None:
        return Home(found.case_id, found.id, found.unit_id)
    assert case_id is not None
    return Home(case_id, None, None)


def _lived_in(session: TenantSession, actor: Actor, unit_id: UUID, on: date) -> Contract:
    """The contract on a home that day; whether there is one is told to those who see homes."""
    unit = session.find(Unit, unit_id)
    found = _contract(session, Contract.unit_id == unit.id, on)
    if found is None:
        if not allows(actor, Action.UNIT_READ):
            raise NotFound("Unit")
        raise ValidationFailed.one("unitId", "nobody_lives_there", "no contract on it that day")
    _require_seen(session, actor, found.case_id, "Unit")
    return found


def _contract(session: TenantSession, of: ColumnElement[bool], on: date) -> Contract | None:
    """The contract that held on the day, the latest begun."""
    return session.scalar(
        select(Contract)
        .where(
            of,
            Contract.starts_on <= on,
            or_(Contract.ended_on.is_(None), Contract.ended_on > on),
        )
        .order_by(Contract.starts_on.desc(), Contract.id.desc())
        .limit(1)
    )


def _require_seen(session: TenantSession, actor: Actor, case_id: UUID, kind: str) -> None:
    try:
        case_for(session, actor, case_id, Action.CASE_READ)
    except NotFound as hidden:
        raise NotFound(kind) from hidden


def acting_department(session: TenantSession, actor: Actor, case: Case, action: Action) -> str:
    """The department that the actor acts for in a case: the case's own where they have a role in it.

    It says in which secrecy zone what they write belongs (OSL 8:1).
    """
    own, disclosed = reading_departments(actor, action)
    if actor.is_system or case.department in own:
        return case.department
    theirs = sorted(disclosed.intersection(disclosed_departments(session, case)))
    return theirs[0] if theirs else case.department
