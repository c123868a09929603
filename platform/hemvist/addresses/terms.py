"""What is protected of people and their homes, as words to search a text for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.documents import Term
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.protection import anyone_protected
from hemvist.offers.models import Offer
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

#: A text is a promise of an address only while the offer stands.
_STANDING = ("made", "accepted")


def of_people(people: Iterable[Person], *, parts: bool = True) -> list[Term]:
    """Names and numbers. With ``parts``, each name by itself too: for a text about just them."""
    terms: list[Term] = []
    for one in people:
        names = [f"{one.given_name} {one.family_name}", f"{one.family_name} {one.given_name}"]
        if parts:
            names += [*one.given_name.split(), *one.family_name.split()]
        terms += [Term("name", name) for name in names]
        terms.append(Term("number", f"{one.birth_date:%Y%m%d}"))
    return terms


def of_homes(
    session: TenantSession, households: Sequence[UUID], *, but_of: UUID | None = None
) -> list[Term]:
    """Addresses of every flat that the households have, had or are offered.

    Not those of the landlord ``but_of``, who knows its own houses.
    """
    cases = select(Case.id).where(
        Case.tenant_id == session.tenant_id, Case.household_id.in_(households)
    )
    let = select(Contract.unit_id).where(
        Contract.tenant_id == session.tenant_id, Contract.case_id.in_(cases)
    )
    offered = select(Offer.unit_id).where(
        Offer.tenant_id == session.tenant_id,
        Offer.case_id.in_(cases),
        Offer.state.in_(_STANDING),
    )
    question = select(Unit).where(Unit.id.in_(let) | Unit.id.in_(offered))
    if but_of is not None:
        question = question.where(Unit.landlord_id != but_of)
    return [
        Term("address", text)
        for unit in session.scalars(question)
        for text in (unit.street_address, unit.property_designation, unit.postal_code)
        if text
    ]


def protected_with(
    session: TenantSession, *, landlord_id: UUID | None = None, unit_id: UUID | None = None
) -> list[UUID]:
    """Protected households that hold, or are offered, a home of the landlord; or the one home."""
    where = Unit.id == unit_id if unit_id is not None else Unit.landlord_id == landlord_id
    rows = session.scalars(
        select(Case.household_id)
        .distinct()
        .join(Offer, and_(Offer.tenant_id == Case.tenant_id, Offer.case_id == Case.id))
        .join(Unit, and_(Unit.tenant_id == Offer.tenant_id, Unit.id == Offer.unit_id))
        .where(
            where,
            or_(
                and_(Offer.state.in_(_STANDING), Offer.home_free_on.is_(None)),
                Offer.id.in_(
                    select(Contract.offer_id).where(
                        Contract.tenant_id == session.tenant_id,
                        Contract.end_reason == "taken_over",
                    )
                ),
            ),
            anyone_protected(Case.tenant_id, Case.household_id, today()),
        )
    )
    return list(rows)


def people_of(session: TenantSession, households: Sequence[UUID]) -> list[Person]:
    """Everybody who is or was in the households."""
    return list(
        session.scalars(
            select(Person)
            .join(
                HouseholdMember,
                and_(
                    HouseholdMember.tenant_id == Person.tenant_id,
                    HouseholdMember.person_id == Person.id,
                ),
            )
            .where(HouseholdMember.household_id.in_(households))
        )
    )
