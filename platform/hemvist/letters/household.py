"""Who a case's letters are about, and what of them may not stand in any letter."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from hemvist.addresses.terms import of_homes, of_people
from hemvist.cases.models import Case
from hemvist.documents import Term
from hemvist.households.models import Household, HouseholdMember, Person
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

#: Those who a letter is addressed to.
_ADDRESSED = ("applicant", "partner")


@dataclass(frozen=True, slots=True)
class Home:
    """The people of a case. ``protected`` where anyone is, or may be: then no name is printed."""

    alias: str
    names: tuple[str, ...]
    protected: bool
    persons: tuple[UUID, ...]
    terms: tuple[Term, ...]

    @property
    def addressees(self) -> tuple[str, ...]:
        """Lines that say to whom the letter goes."""
        return (
            (f"Hushåll {self.alias}", "Lämnas över personligen") if self.protected else self.names
        )

    @property
    def called(self) -> str:
        """The household in a sentence: its names, or its alias where anyone is protected."""
        return f"Hushåll {self.alias}" if self.protected else " och ".join(self.names)

    def unit(self, unit: Unit) -> str:
        """The flat in words; without its address where anyone is protected."""
        if self.protected:
            return "Adressen lämnas muntligen"
        number = f", lägenhet {unit.apartment_number}" if unit.apartment_number else ""
        return f"{unit.street_address}{number}, {unit.postal_code} {unit.city}"

    def designation(self, unit: Unit) -> str:
        """Fastighetsbeteckning; not told where anyone is protected."""
        return "Lämnas muntligen" if self.protected else unit.property_designation


def home_of(session: TenantSession, case: Case) -> Home:
    """The people of the case's household, past and present, and what is protected of them.

    One protected person is enough, and one whose protection nobody knows counts as protected
    (OSL 2009:400 21:3, 22:1). Protected are then everybody's names and numbers, and the addresses
    of every flat that the household has, had or is offered.
    """
    members = session.execute(
        select(Person, HouseholdMember.role)
        .join(
            HouseholdMember,
            (HouseholdMember.tenant_id == Person.tenant_id)
            & (HouseholdMember.person_id == Person.id),
        )
        .where(HouseholdMember.household_id == case.household_id)
        .order_by(HouseholdMember.id)
    ).tuples()
    people = list(members)
    protected = any(person.is_protected for person, _ in people)
    household = session.find(Household, case.household_id)
    return Home(
        household.alias,
        tuple(f"{one.given_name} {one.family_name}" for one, role in people if role in _ADDRESSED),
        protected,
        tuple(one.id for one, _ in people),
        (*of_people([one for one, _ in people]), *of_homes(session, [case.household_id]))
        if protected
        else (),
    )
