"""The groups that a household may be told by: sex, age, children, and no other (SoLPUL 7 a §)."""

from __future__ import annotations

from datetime import date

from hemvist.households.personal_number import age_on
from hemvist.indicators.rows import CaseRows, Member

#: From which age on somebody is of a band.
AGES = ((65, "65-"), (45, "45-64"), (25, "25-44"), (18, "18-24"))
ADULT = 18


def groups_of(rows: CaseRows, day: date) -> tuple[str, ...]:
    """The groups by sex, age and children that the household is told by, on a day."""
    found: list[str] = []
    applicant = next((one for one in rows.members if one.role == "applicant"), None)
    if applicant is not None:
        if applicant.sex:
            found.append(f"sex:{applicant.sex}")
        age = age_on(applicant.born, day)
        band = next((name for least, name in AGES if age >= least), None)
        if band is not None:
            found.append(f"age:{band}")
    return (*found, children_of(rows, day))


def children_of(rows: CaseRows, day: date) -> str:
    """Whether anybody of the household is a child on a day."""
    return "children:yes" if any(child_on(one, day) for one in rows.members) else "children:no"


def child_on(member: Member, day: date) -> bool:
    """Whether somebody is a child of the household on a day."""
    there = member.until is None or member.until > day
    return there and age_on(member.born, day) < ADULT
