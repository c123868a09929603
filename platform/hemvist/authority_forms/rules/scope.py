"""What a form is counted over: a department's cases, and the days that it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from hemvist.authority_forms.definitions import Form
from hemvist.cases.models import Case, CaseDisclosure
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.personal_number import age_on
from hemvist.households.service import open_number
from hemvist.tenancy import TenantSession

#: From this age somebody is counted as an adult.
OF_AGE = 18


class Found(NamedTuple):
    """A row of a case that a figure is made of."""

    case_id: UUID
    #: The row that it stems from.
    of: UUID
    on_day: date
    amount: int = 1
    fields: Mapping[str, Any] = {}


class Somebody(NamedTuple):
    """A member of a household, as numbers know them."""

    adult: bool
    woman: bool


@dataclass
class Scope:
    """The cases and days of a form. What several rules ask for is read once."""

    session: TenantSession
    form: Form
    department: str
    reach: str
    first: date
    last: date
    #: What rules have found out, by name: the same for all questions of one count.
    known: dict[str, Any] = field(default_factory=dict)

    def cases(self) -> ColumnElement[bool]:
        """Condition on ``Case``: the department's, or one that lay open to it in these days."""
        own = Case.department == self.department
        if self.reach == "own":
            return own
        return or_(
            own,
            exists(
                select(CaseDisclosure.id).where(
                    CaseDisclosure.tenant_id == Case.tenant_id,
                    CaseDisclosure.case_id == Case.id,
                    CaseDisclosure.department == self.department,
                    CaseDisclosure.disclosed_on <= self.last,
                    or_(CaseDisclosure.ended_on.is_(None), CaseDisclosure.ended_on >= self.first),
                )
            ),
        )

    def once(self, name: str, made: Callable[[], Any]) -> Any:
        """What ``made`` gives, asked once in a count."""
        if name not in self.known:
            self.known[name] = made()
        return self.known[name]

    def people(self, households: Iterable[UUID]) -> Mapping[UUID, list[Somebody]]:
        """Who belonged to each household on the last day."""
        rows = self.session.execute(
            select(HouseholdMember.household_id, Person)
            .join(
                Person,
                (Person.tenant_id == HouseholdMember.tenant_id)
                & (Person.id == HouseholdMember.person_id),
            )
            .where(
                HouseholdMember.household_id.in_(list(set(households))),
                HouseholdMember.since <= self.last,
                or_(HouseholdMember.until.is_(None), HouseholdMember.until > self.last),
            )
        )
        found: dict[UUID, list[Somebody]] = defaultdict(list)
        for household, person in rows:
            # The last digit but one is even for women; so it is of a co-ordination number.
            woman = int(open_number(person)[10]) % 2 == 0
            found[household].append(Somebody(age_on(person.birth_date, self.last) >= OF_AGE, woman))
        return found


def counted(people: Iterable[Somebody], who: str) -> int:
    """How many are meant by ``who``: adults, women, men or children."""
    meant: Mapping[str, Callable[[Somebody], bool]] = {
        "adults": lambda one: one.adult,
        "women": lambda one: one.adult and one.woman,
        "men": lambda one: one.adult and not one.woman,
        "children": lambda one: not one.adult,
    }
    return sum(map(meant[who], people))
