"""Registering households and persons, finding a person, and their protection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.exc import IntegrityError

from hemvist import audit, outbox
from hemvist.clock import today
from hemvist.errors import Guarded, NotFound, Problem, ValidationFailed
from hemvist.households.access import departments_named, visible_households
from hemvist.households.models import (
    MEMBER_ROLES,
    PROTECTION,
    Household,
    HouseholdMember,
    Person,
)
from hemvist.households.personal_number import PersonalNumber, parse_number
from hemvist.households.protection import in_clear
from hemvist.identity import Action, Actor, require
from hemvist.tenancy import TenantSession
from hemvist.tenancy.counters import next_number
from hemvist.tenancy.keys import tenant_keys

NUMBER_FIELD = "persons.number"
#: The action under which a search is logged, also one that finds nobody.
FIND_BY_NUMBER = "person.find_by_number"
#: That somebody was to be registered who is, and of whom no more is told.
REGISTER_AGAIN = "person.register_again"
_ONE_OF_A_NUMBER = "uq_persons_tenant_id_department_number_index"
MAX_MEMBERS = 20
MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person as entered when a household is registered."""

    role: str
    given_name: str
    family_name: str
    personal_number: str
    registered_kommun: str | None = None
    protection: str = "unknown"
    protection_source: str | None = None
    protection_checked_on: date | None = None


def register(
    session: TenantSession,
    actor: Actor,
    *,
    department: str,
    members: Sequence[NewMember],
    registered_on: date | None = None,
) -> Household:
    """Register a household with its members.

    Exactly one member is the applicant. Raises ``NotAllowed``, ``ValidationFailed`` with every
    problem of every member, or ``Guarded``.
    """
    require(actor, Action.HOUSEHOLD_REGISTER, department=department)
    day = registered_on or today()
    # The series is locked before the check: of two who register the same person, one waits and sees.
    position = next_number(session, "household")
    numbers = _check(session, department, members, day)
    household = session.save(
        Household(
            alias=f"H-{position:06d}",
            department=department,
            registered_on=day,
        )
    )
    keys = tenant_keys(session.tenant_id)
    persons: list[UUID] = []
    for member, number in zip(members, numbers, strict=True):
        person = session.save(
            Person(
                department=department,
                given_name=member.given_name.strip(),
                family_name=member.family_name.strip(),
                number_sealed=keys.seal(NUMBER_FIELD, number.digits),
                number_index=keys.blind_index(NUMBER_FIELD, number.digits),
                number_kind=number.kind,
                birth_date=number.birth_date,
                registered_kommun=member.registered_kommun or None,
                protection=member.protection,
                protection_source=member.protection_source,
                protection_checked_on=member.protection_checked_on,
            )
        )
        persons.append(person.id)
        session.save(
            HouseholdMember(
                household_id=household.id, person_id=person.id, role=member.role, since=day
            )
        )
    _require_written(session, household)
    audit.record(
        session,
        actor,
        Action.HOUSEHOLD_REGISTER,
        persons=persons,
        subject_type="household",
        subject_id=household.id,
    )
    outbox.emit(
        session,
        "household_registered",
        {"household_id": household.id, "department": department, "on": day},
    )
    return household


def _require_written(session: TenantSession, household: Household) -> None:
    """Somebody in a closed circle (decision 0041) is not found before, and stands there all the same."""
    try:
        session.scalar(select(Household.id).where(Household.id == household.id))
    except IntegrityError as clash:
        if _constraint_of(clash) != _ONE_OF_A_NUMBER:
            raise
        raise _guarded_already([]) from None


def _guarded_already(persons: Sequence[UUID]) -> Guarded:
    """One answer for who is protected and for who is in a closed circle, when all else is right.

    Whoever tries a number is not told which of the two it is, nor of which member. That it was tried
    is logged, as a search by number is.
    """
    problem = Problem("members", "already_registered", "already registered")
    return Guarded(problem, action=REGISTER_AGAIN, persons=persons)


def _constraint_of(error: IntegrityError) -> str | None:
    diagnosis = getattr(error.orig, "diag", None)
    return None if diagnosis is None else diagnosis.constraint_name


def open_number(person: Person) -> str:
    """The person's number in clear: twelve digits. The caller has checked the right to see it."""
    return tenant_keys(person.tenant_id).open(NUMBER_FIELD, person.number_sealed)


def find_by_number(session: TenantSession, actor: Actor, *, personal_number: str) -> list[Person]:
    """Persons with exactly this number that the actor may see, at most one per department.

    Source: SFS 2001:637 section 15 (search by name, personal, co-ordination or case number only).
    Raises ``NotAllowed``, ``ValidationFailed``.
    """
    require(actor, Action.HOUSEHOLD_READ)
    number = with_number(actor, personal_number)
    persons = list(session.scalars(select(Person).where(number, seen_by(actor))))
    audit.record(
        session,
        actor,
        FIND_BY_NUMBER,
        kind="read",
        persons=[person.id for person in persons],
    )
    return persons


def with_number(actor: Actor, personal_number: str) -> ColumnElement[bool]:
    """Condition on ``Person``: has exactly this number, in the actor's kommun.

    Whoever is protected, or lives with somebody who is, is found in their own department alone:
    elsewhere they are known by an alias, and a number that finds it would tell who it is.
    Who reads by it logs the search as ``FIND_BY_NUMBER``. Raises ``ValidationFailed``.
    """
    number = parse_number(personal_number, "personalNumber", today())
    if isinstance(number, Problem):
        raise ValidationFailed([number])
    index = tenant_keys(actor.tenant_id).blind_index(NUMBER_FIELD, number.digits)
    found = Person.number_index == index
    own = sorted(departments_named(actor))
    shown = in_clear(today())
    return and_(found, or_(shown, Person.department.in_(own)) if own else shown)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Person``: a member of a household that the actor sees."""
    return exists(
        select(HouseholdMember.id)
        .join(
            Household,
            (Household.tenant_id == HouseholdMember.tenant_id)
            & (Household.id == HouseholdMember.household_id),
        )
        .where(
            HouseholdMember.tenant_id == Person.tenant_id,
            HouseholdMember.person_id == Person.id,
            visible_households(actor),
        )
    )


def set_protection(
    session: TenantSession,
    actor: Actor,
    *,
    person_id: UUID,
    protection: str,
    source: str | None = None,
    checked_on: date | None = None,
    expected_version: int,
) -> Person:
    """Set the level of protected personal data, with where it is known from and when.

    Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``ValidationFailed``.
    """
    person = session.scalar(select(Person).where(Person.id == person_id, seen_by(actor)))
    if person is None:
        raise NotFound("Person")
    require(actor, Action.HOUSEHOLD_REGISTER, department=person.department)
    problems = _check_protection("", protection, source, checked_on, today())
    if problems:
        raise ValidationFailed(problems)
    session.change(person, expected_version)
    person.protection = protection
    person.protection_source = (source or "").strip() or None
    person.protection_checked_on = checked_on
    audit.record(
        session,
        actor,
        "person.set_protection",
        persons=[person.id],
        subject_type="person",
        subject_id=person.id,
        details={"protection": protection},
    )
    outbox.emit(session, "protection_set", {"person_id": person.id, "on": today()})
    session.flush()
    session.refresh(person, ["unprotected_until"])
    return person


def _check(
    session: TenantSession, department: str, members: Sequence[NewMember], day: date
) -> list[PersonalNumber]:
    if day > today():
        raise ValidationFailed.one("registeredOn", "future", "may not lie in the future")
    problems: list[Problem] = []
    if not 1 <= len(members) <= MAX_MEMBERS:
        problems.append(
            Problem("members", "count", f"1 to {MAX_MEMBERS} persons", {"limit": MAX_MEMBERS})
        )
        raise ValidationFailed(problems)
    if sum(member.role == "applicant" for member in members) != 1:
        problems.append(Problem("members", "one_applicant", "exactly one member is the applicant"))
    numbers: list[PersonalNumber] = []
    seen: dict[str, int] = {}
    for position, member in enumerate(members):
        path = f"members[{position}]."
        problems += _check_member(path, member, day)
        number = parse_number(member.personal_number, f"{path}personalNumber", day)
        if isinstance(number, Problem):
            problems.append(number)
            continue
        numbers.append(number)
        if number.digits in seen:
            problems.append(
                Problem(f"{path}personalNumber", "twice", "the same number stands on another row")
            )
        seen.setdefault(number.digits, position)
    known, guarded = _already_registered(session, department, seen)
    problems += known
    if problems:
        raise ValidationFailed(problems)
    if guarded:
        raise _guarded_already(guarded)
    return numbers


def _check_member(path: str, member: NewMember, day: date) -> list[Problem]:
    problems: list[Problem] = []
    if member.role not in MEMBER_ROLES:
        problems.append(Problem(f"{path}role", "unknown_choice", "not one of the roles"))
    for field, name in (("givenName", member.given_name), ("familyName", member.family_name)):
        if not name.strip():
            problems.append(Problem(path + field, "required", "must be filled in"))
        elif len(name) > MAX_NAME:
            problems.append(
                Problem(
                    path + field, "too_long", f"at most {MAX_NAME} characters", {"limit": MAX_NAME}
                )
            )
        elif not name.isprintable():
            problems.append(Problem(path + field, "characters", "has characters no name has"))
    kommun = member.registered_kommun
    if kommun and not (len(kommun) == 4 and kommun.isascii() and kommun.isdigit()):
        problems.append(
            Problem(f"{path}registeredKommun", "kommun_code", "four digits, for example 0180")
        )
    problems += _check_protection(
        path, member.protection, member.protection_source, member.protection_checked_on, today()
    )
    return problems


def _check_protection(
    path: str, protection: str, source: str | None, checked_on: date | None, day: date
) -> list[Problem]:
    prefix = f"{path}protection" if path else ""
    field, on, of = (
        (prefix, f"{prefix}CheckedOn", f"{prefix}Source")
        if path
        else ("protection", "checkedOn", "source")
    )
    if protection not in PROTECTION:
        return [Problem(field, "unknown_choice", "not one of the levels")]
    problems: list[Problem] = []
    if protection == "none" and checked_on is None:
        problems.append(
            Problem(on, "required", "say when it was checked, or leave the protection unknown")
        )
    if checked_on is not None and checked_on > day:
        problems.append(Problem(on, "future", "may not lie in the future"))
    if source is not None and len(source) > 200:
        problems.append(Problem(of, "too_long", "at most 200 characters", {"limit": 200}))
    return problems


def _already_registered(
    session: TenantSession, department: str, numbers: dict[str, int]
) -> tuple[list[Problem], list[UUID]]:
    """Who is registered with their household, and the ids of those whose household is not told."""
    keys = tenant_keys(session.tenant_id)
    by_index = {keys.blind_index(NUMBER_FIELD, digits): row for digits, row in numbers.items()}
    found = session.execute(
        select(Person.id, Person.number_index, Household.alias, in_clear(today()))
        .join(
            HouseholdMember,
            (HouseholdMember.tenant_id == Person.tenant_id)
            & (HouseholdMember.person_id == Person.id),
        )
        .join(
            Household,
            (Household.tenant_id == HouseholdMember.tenant_id)
            & (Household.id == HouseholdMember.household_id),
        )
        .where(Person.department == department, Person.number_index.in_(list(by_index)))
    ).all()
    told = [
        Problem(
            f"members[{by_index[index]}].personalNumber",
            "already_registered",
            f"already registered in household {alias}",
            {"household": alias},
        )
        for _, index, alias, clear in found
        if clear
    ]
    return told, [person for person, _, _, clear in found if not clear]
