"""Households and persons. What a protected person is shown as depends on who reads."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement, case, exists, not_, select

from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today
from hemvist.households.access import visible_households
from hemvist.households.models import MEMBER_ROLES
from hemvist.households.models import Household as HouseholdRow
from hemvist.households.models import HouseholdMember as MemberRow
from hemvist.households.models import Person as PersonRow
from hemvist.households.protection import anyone_protected, unprotected
from hemvist.households.service import NUMBER_FIELD, seen_by
from hemvist.identity import Actor
from hemvist_graphql.access import for_those_who_read_households, unmasked
from hemvist_graphql.choosing import through
from hemvist_graphql.context import Info
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    expressed,
    opened,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import CaseRef, HouseholdRef, MemberRef, PersonRef
from hemvist_graphql.seeing import Through
from hemvist_graphql.states import Protection

#: The applicant first, as on every form.
_IN_ORDER = case({role: place for place, role in enumerate(MEMBER_ROLES)}, value=MemberRow.role)


def _members_seen(actor: Actor) -> ColumnElement[bool]:
    return exists(
        select(HouseholdRow.id).where(
            HouseholdRow.tenant_id == MemberRow.tenant_id,
            HouseholdRow.id == MemberRow.household_id,
            visible_households(actor),
        )
    )


_OF_HOUSEHOLD = Through(MemberRow.household_id, HouseholdRow, _members_seen)


def _anyone_protected(_: Actor) -> ColumnElement[bool]:
    return anyone_protected(HouseholdRow.tenant_id, HouseholdRow.id, today())


@reads(
    PersonRow,
    visible=seen_by,
    person=PersonRow.id,
    hidden={"sealed_number": for_those_who_read_households(PersonRow.number_sealed)},
)
@strawberry.type(description="A person in the records of one department.")
class Person(Node):
    """A person in the records of one department."""

    given_name: str | None = opened(
        PersonRow.given_name,
        unmasked,
        description="Null outside the person's own department where anybody of the household is"
        " protected.",
    )
    family_name: str | None = opened(PersonRow.family_name, unmasked)
    number_kind: str = column(PersonRow.number_kind, description="personal or coordination")
    birth_date: dt.date | None = opened(
        PersonRow.birth_date,
        unmasked,
        description="Null where the name is: whoever knows the day would know whose alias it is.",
    )
    registered_kommun: str | None = expressed(
        "registered_kommun",
        for_those_who_read_households(PersonRow.registered_kommun),
        description="Kommunkod.",
    )
    protection: Protection = column(PersonRow.protection)
    protection_source: str | None = opened(
        PersonRow.protection_source,
        for_those_who_read_households,
        description="In words; null where the name is.",
    )
    protection_checked_on: dt.date | None = column(PersonRow.protection_checked_on)
    is_protected: bool = expressed(
        "is_protected",
        lambda _: not_(unprotected(today())),
        description="Unknown counts as protected, and so does a check that is too old.",
    )
    protection_asked_on: dt.date | None = column(
        PersonRow.protection_asked_on,
        description="When the register was asked last, whether or not it answered.",
    )
    unprotected_until: dt.date | None = column(
        PersonRow.unprotected_until,
        description="The last day on which the check is relied on; null for the protected.",
    )
    version: int = column(PersonRow.version)
    households: list[HouseholdRef] = through(
        "Household",
        MemberRow.person_id,
        MemberRow.household_id,
        order=lambda member: (member.since.desc(), member.id.desc()),
        weight=5,
        description="The households that the person is or was in, newest first.",
    )

    @computed(
        needs=("sealed_number",),
        reads=False,
        description="Twelve digits with hyphen; null where the name is.",
    )
    def personal_number(self, info: Info) -> str | None:
        """The number in clear."""
        sealed = self.row["sealed_number"]
        if sealed is None:
            return None
        digits = info.context.keys.open(NUMBER_FIELD, sealed)
        return f"{digits[:8]}-{digits[8:]}"


# A person is seen by those who see a household that the person is or was in: so through this row.
@reads(MemberRow, visible=_OF_HOUSEHOLD, person=MemberRow.person_id, shows=(MemberRow.person_id,))
@strawberry.type(description="A person in a household for a time.")
class HouseholdMember(Readable):
    """A person in a household for a time."""

    role: str = column(MemberRow.role, description="applicant, partner, child or other")
    since: dt.date = column(MemberRow.since)
    until: dt.date | None = column(MemberRow.until)
    person: PersonRef = to_one("Person", MemberRow.person_id)


@reads(HouseholdRow, visible=visible_households)
@strawberry.type(description="People who are to live together (hushåll).")
class Household(Node):
    """People who are to live together."""

    alias: str = column(HouseholdRow.alias, description="What it is called without a name.")
    department: str = column(HouseholdRow.department)
    registered_on: dt.date = column(HouseholdRow.registered_on)
    version: int = column(HouseholdRow.version)
    members: list[MemberRef] = to_many(
        "HouseholdMember",
        MemberRow.household_id,
        order=(_IN_ORDER, MemberRow.id),
    )
    cases: list[CaseRef] = to_many(
        "Case", CaseRow.household_id, order=(CaseRow.opened_on.desc(), CaseRow.id.desc())
    )
    anyone_protected: bool = expressed(
        "anyone_protected",
        _anyone_protected,
        description="Of those who are or were in it; unknown counts as protected, and so does a "
        "check that is too old.",
    )
