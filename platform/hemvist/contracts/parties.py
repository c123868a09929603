"""Who stands in a contract (avtalsparter), from the form's own list of who signs it."""

from __future__ import annotations

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.cases.packs import departments_with, pack_of
from hemvist.contracts.chain import ContractParty
from hemvist.contracts.models import Contract
from hemvist.households.models import HouseholdMember
from hemvist.landlord_events import tell_landlord
from hemvist.policy.programmes import Contract as ContractRules
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit


def write_parties(
    session: TenantSession, case: Case, unit: Unit, contract: Contract, rules: ContractRules | None
) -> None:
    """The tenant is the applicant; a spouse or cohabitant lives there and signs nothing by itself.

    Whom the kommun rents of stands in a first-hand lease, and the kommun in a sublease; both stand
    in a lease of three parties.
    """
    signs = set(rules.signed_by) if rules is not None else {"resident"}
    persons = session.execute(
        select(HouseholdMember.person_id, HouseholdMember.role).where(
            HouseholdMember.household_id == case.household_id,
            HouseholdMember.until.is_(None),
            HouseholdMember.role.in_(("applicant", "partner")),
        )
    ).all()
    for person, role in sorted(persons, key=lambda one: one.role != "applicant"):
        tenant = role == "applicant"
        _add(
            session,
            contract,
            role="tenant" if tenant else "co_tenant",
            person_id=person,
            signs=tenant and "resident" in signs,
        )
    if contract.kind in ("sublease", "three_party"):
        codes = departments_with(pack_of(case), "property")
        _add(
            session,
            contract,
            role="kommun",
            department=codes[0] if codes else None,
            signs="property" in signs,
        )
    if contract.kind in ("first_hand", "three_party"):
        _add(
            session,
            contract,
            role="landlord",
            landlord_id=unit.landlord_id,
            signs="landlord" in signs,
        )


def tell_owner(session: TenantSession, unit: Unit, contract: Contract) -> None:
    """Let the landlord of the home be told that it is let (JB 12:39 of a sublease)."""
    tell_landlord(
        session,
        "contract.signed",
        landlord_id=unit.landlord_id,
        subject_id=contract.id,
        property_designation=unit.property_designation,
    )


def _add(session: TenantSession, contract: Contract, **values: object) -> None:
    given = {"person_id": None, "landlord_id": None, "department": None} | values
    session.save(ContractParty(contract_id=contract.id, **given))
