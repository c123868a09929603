"""Facts that the household's record and the case's own events answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from hemvist.cases.derived import derives
from hemvist.cases.models import Case, CaseEvent
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


@derives
def event_facts(session: TenantSession, case: Case, on: date) -> Mapping[str, Any]:
    """What counts from an event of the case: the support, and a lease that was taken over.

    Unknown until it happened.
    """
    latest = dict(
        session.execute(
            select(CaseEvent.kind, func.max(CaseEvent.occurred_on))
            .where(
                CaseEvent.case_id == case.id,
                CaseEvent.kind.in_(("support_granted", "lease_taken_over")),
                CaseEvent.occurred_on <= on,
            )
            .group_by(CaseEvent.kind)
        )
        .tuples()
        .all()
    )
    facts: dict[str, Any] = {}
    granted = latest.get("support_granted")
    if granted is not None:
        months = (on.year - granted.year) * 12 + on.month - granted.month - (on.day < granted.day)
        facts["support_months"] = months
    if "lease_taken_over" in latest:
        facts["first_hand_since"] = latest["lease_taken_over"]
    return facts
