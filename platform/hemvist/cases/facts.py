"""Facts that the household's record and the case's own events answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from hemvist.cases.derived import derives
from hemvist.cases.models import CaseEvent
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.personal_number import age_on
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.statements import Ask, of_tenant

#: Gravest first: the household is as protected as its most protected member.
_GRAVITY = ("fictitious", "protected_registration", "secrecy_mark", "unknown", "none")


_MEMBERS = Ask(
    select(
        HouseholdMember.role,
        Person.tenant_id,
        Person.birth_date_sealed,
        Person.protection,
        Person.registered_kommun,
        Person.unprotected_until,
    )
    .join(
        HouseholdMember,
        (HouseholdMember.tenant_id == Person.tenant_id) & (HouseholdMember.person_id == Person.id),
    )
    .where(
        HouseholdMember.tenant_id == of_tenant(),
        HouseholdMember.household_id == bindparam("household"),
        or_(HouseholdMember.until.is_(None), HouseholdMember.until > bindparam("day")),
    )
)
_LATEST = Ask(
    select(CaseEvent.kind, func.max(CaseEvent.occurred_on))
    .where(
        CaseEvent.tenant_id == of_tenant(),
        CaseEvent.case_id == bindparam("case"),
        or_(CaseEvent.kind == "support_granted", CaseEvent.kind == "lease_taken_over"),
        CaseEvent.occurred_on <= bindparam("day"),
    )
    .group_by(CaseEvent.kind)
)


@derives(_MEMBERS)
def household_facts(rows: Sequence[tuple[Any, ...]], on: date) -> Mapping[str, Any]:
    """Ages, sizes, registration and protection of the household on a day."""
    keys = tenant_keys(rows[0][1])
    ages = [age_on(Person.birth_date.read(keys, born), on) for _, _, born, *_ in rows]
    age, registered = next(
        (age, row[4]) for age, row in zip(ages, rows, strict=True) if row[0] == "applicant"
    )
    children = sum(age < 18 for age in ages)
    levels = {_level(protection, until, on) for *_, protection, _, until in rows}
    facts: dict[str, Any] = {
        "age": age,
        "adults": len(ages) - children,
        "children_under_18": children,
        "household_size": len(ages),
        "protection": next(level for level in _GRAVITY if level in levels),
    }
    if registered is not None:
        facts["registered_kommun"] = registered
    return facts


def _level(protection: str, unprotected_until: date | None, on: date) -> str:
    """The level as it is known on a day: a check that is too old says nothing."""
    stale = unprotected_until is None or unprotected_until < on
    return "unknown" if protection == "none" and stale else protection


@derives(_LATEST)
def event_facts(rows: Sequence[tuple[Any, ...]], on: date) -> Mapping[str, Any]:
    """What counts from an event of the case: the support, and a lease that was taken over.

    Unknown until it happened.
    """
    latest: dict[str, date] = dict(rows)
    facts: dict[str, Any] = {}
    granted = latest.get("support_granted")
    if granted is not None:
        months = (on.year - granted.year) * 12 + on.month - granted.month - (on.day < granted.day)
        facts["support_months"] = months
    if "lease_taken_over" in latest:
        facts["first_hand_since"] = latest["lease_taken_over"]
    return facts
