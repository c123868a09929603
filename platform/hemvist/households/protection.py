"""Who is to be treated as protected on a day, and what of a household may then be shown outside.

Only "none" that was looked up, and not longer ago than the kommun relies on, is unprotected; the
database keeps the last such day in ``persons.unprotected_until``.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, select
from sqlalchemy.orm import aliased

from hemvist.clock import today
from hemvist.households.models import Household, HouseholdMember, Person
from hemvist.households.personal_number import age_on
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys

#: What the triggers on persons and members lock before they take back what was shown.
LOCK = "withhold:"
#: Where it is known from of those whom another kommun handed over after a protected move; says to
#: colleagues neither that nor from where.
OF_ANOTHER = "uppgift från annan myndighet"


def unprotected(day: date, person: Any = Person) -> ColumnElement[bool]:
    """Condition on ``Person``, never null: known to be unprotected on a day."""
    return func.coalesce(person.unprotected_until >= day, false())


def in_clear(day: date) -> ColumnElement[bool]:
    """Condition on ``Person``: unprotected, and so is everybody whom they live or have lived with.

    A child whom the register holds to be unprotected leads to a mother who is not: by the child's name
    and number she is known as surely as by her own.
    """
    own, mate, other = aliased(HouseholdMember), aliased(HouseholdMember), aliased(Person)
    guarded = exists(
        select(own.id)
        .join(mate, and_(mate.tenant_id == own.tenant_id, mate.household_id == own.household_id))
        .join(other, and_(other.tenant_id == mate.tenant_id, other.id == mate.person_id))
        .where(
            own.tenant_id == Person.tenant_id,
            own.person_id == Person.id,
            not_(unprotected(day, other)),
        )
    )
    return and_(unprotected(day), not_(guarded))


def anyone_protected(tenant_id: Any, household_id: Any, day: date) -> ColumnElement[bool]:
    """Condition on a row that names a household by two columns: anybody in it counts as protected.

    Whoever has left counts too, since one may still be found through the others.
    """
    return exists(
        select(HouseholdMember.id)
        .join(
            Person,
            and_(
                Person.tenant_id == HouseholdMember.tenant_id,
                Person.id == HouseholdMember.person_id,
            ),
        )
        .where(
            HouseholdMember.tenant_id == tenant_id,
            HouseholdMember.household_id == household_id,
            not_(unprotected(day)),
        )
    )


def hold_still(session: TenantSession, household_id: UUID) -> None:
    """Let nobody's protection change beside this transaction without either seeing the other.

    The database's triggers take the same lock: whichever comes second sees what the first has done,
    so that nothing of a household is shown in the moment in which it is protected.
    """
    key = f"{LOCK}{session.tenant_id}:{household_id}"
    # Asked of the household's rows, since on many machines (decision 0052) a lock is one of the node that
    # the statement runs on, and the triggers run where these lie. Counted, so that there is always a row.
    there = (
        select(func.count())
        .where(Household.tenant_id == session.tenant_id, Household.id == household_id)
        .subquery("there")
    )
    lock = func.pg_advisory_xact_lock(func.hashtextextended(key, 0))
    session.execute(select(lock).select_from(there))


def size_outside(session: TenantSession, household_id: UUID, on: date) -> tuple[int, int] | None:
    """How many adults and children live together on a day; None where nobody outside may know.

    Wider than the fact ``protection``: whoever has left the household counts too, since one may
    still be found through the others. A household without anybody is protected.
    """
    rows = session.execute(
        select(unprotected(today()), Person.birth_date_sealed, HouseholdMember.until)
        .join(
            HouseholdMember,
            (HouseholdMember.tenant_id == Person.tenant_id)
            & (HouseholdMember.person_id == Person.id),
        )
        .where(HouseholdMember.household_id == household_id)
    ).all()
    if not rows or not all(clear for clear, _, _ in rows):
        return None
    keys = tenant_keys(session.tenant_id)
    ages = [
        age_on(Person.birth_date.read(keys, born), on)
        for _, born, until in rows
        if until is None or until > on
    ]
    children = sum(age < 18 for age in ages)
    return len(ages) - children, children


def is_protected(session: TenantSession, household_id: UUID) -> bool:
    """Whether anybody who is or was in the household is protected, or not known to be unprotected."""
    return size_outside(session, household_id, today()) is None
