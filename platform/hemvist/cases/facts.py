"""Facts that the household's record answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from hemvist.cases.derived import derives
from hemvist.cases.models import Case
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.personal_number import age_on
from hemvist.tenancy import TenantSession

#: Gravest first: the household is as protected as its most protected member.
_GRAVITY = ("fictitious", "protected_registration", "secrecy_mark", "unknown", "none")


@derives
def household_facts(session: TenantSession, case: Case, on: date) -> Mapping[str, Any]:
    """Ages, sizes, registration and protection of the household on a day."""
    rows = session.execute(
        select(Person, HouseholdMember.role)
        .join(
            HouseholdMember,
            (HouseholdMember.tenant_id == Person.tenant_id)
            & (HouseholdMember.person_id == Person.id),
        )
        .where(
            HouseholdMember.household_id == case.household_id,
            or_(HouseholdMember.until.is_(None), HouseholdMember.until > on),
        )
    ).all()
    ages = [age_on(person.birth_date, on) for person, _ in rows]
    applicant = next(person for person, role in rows if role == "applicant")
    children = sum(age < 18 for age in ages)
    levels = {person.protection for person, _ in rows}
    facts: dict[str, Any] = {
        "age": age_on(applicant.birth_date, on),
        "adults": len(ages) - children,
        "children_under_18": children,
        "household_size": len(ages),
        "protection": next(level for level in _GRAVITY if level in levels),
    }
    if applicant.registered_kommun is not None:
        facts["registered_kommun"] = applicant.registered_kommun
    return facts
