"""What several indicators ask of a case's rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.households.personal_number import age_on
from hemvist.indicators.rows import CaseRows, Member

#: Columns of contracts that homes are made of.
CONTRACTS = "id unit_id offer_id kind state signed_on starts_on ended_on end_reason follows_id"
OFFERS = "id referral_id state made_on answered_on"
REFERRALS = "id programme submitted_on registered_on"
#: Kinds of contracts that the kommun is a party to.
OF_THE_KOMMUN = ("sublease", "three_party")
#: From which age on somebody is of a band.
AGES = ((65, "65-"), (45, "45-64"), (25, "25-44"), (18, "18-24"))
ADULT = 18


def homes(rows: CaseRows) -> list[Any]:
    """The contracts by which the household got a home, the first home first.

    A contract that never began gave none, and one that came in another's place by a takeover is
    the same home.
    """
    return sorted(
        (
            one
            for one in rows.of("contracts")
            if one.follows_id is None and one.end_reason != "never_began"
        ),
        key=lambda one: (one.starts_on, one.signed_on, one.id),
    )


def programmes(rows: CaseRows) -> Mapping[UUID, str]:
    """The programme of each offer: that of the referral that it was made on."""
    of = {one.id: one.programme for one in rows.of("referrals")}
    return {one.id: of[one.referral_id] for one in rows.of("offers")}


def days_between(first: date, last: date) -> int:
    """Never below nought: a day may be corrected to one before what led to it."""
    return max((last - first).days, 0)


def groups_on(rows: CaseRows, day: date) -> tuple[str, ...]:
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
    return (*found, children_on(rows, day))


def children_on(rows: CaseRows, day: date) -> str:
    """Whether children live in the household on a day."""
    return "children:yes" if any(_child(one, day) for one in rows.members) else "children:no"


def _child(member: Member, day: date) -> bool:
    there = member.since <= day and (member.until is None or member.until > day)
    return member.role == "child" and there and age_on(member.born, day) < ADULT
