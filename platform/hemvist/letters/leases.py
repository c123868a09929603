"""What letters say of a lease: who stands in it, the lease that it hangs on, and the rent.

A household with somebody protected is called by its alias; a landlord and the kommun never are.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from hemvist.contracts.chain import ContractParty, HeadLease, HeadLeaseUnit
from hemvist.contracts.changes import RentChange
from hemvist.contracts.models import FIRST_HAND, Contract
from hemvist.documents import Signatures
from hemvist.households.models import Person
from hemvist.landlords.models import Landlord
from hemvist.letters import words
from hemvist.letters.household import Home
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

#: (field, name, value) as a letter's rows have them.
Line = tuple[str, str, str]


def landlord_of(session: TenantSession, unit: Unit) -> str:
    """The name of whoever owns the home or lets it to the kommun."""
    return session.get_one(Landlord, unit.landlord_id).name


def lessor_of(session: TenantSession, row: Contract, kommun: str) -> str:
    """Who lets the home by this lease: its landlord in a first-hand lease, else the kommun."""
    return landlord_of(session, _unit(session, row)) if row.kind in FIRST_HAND else kommun


def parties(session: TenantSession, row: Contract, home: Home, kommun: str) -> list[Line]:
    """Who stands in the lease, as registered when it was signed; leases of before by their kind."""
    unit = _unit(session, row)
    landlord, lessor = landlord_of(session, unit), lessor_of(session, row, kommun)
    tenants, others = _people(session, row, home)
    lines = [
        ("lessor", "Hyresvärd", lessor),
        ("tenant", "Hyresgäst", tenants),
        ("co_tenant", "Bor tillsammans med hyresgästen", others),
    ]
    if row.kind == "three_party":
        lines.append(("kommun", "Kommunen, part i avtalet", kommun))
    elif row.kind not in FIRST_HAND and landlord != lessor:
        lines.append(("owner", "Fastighetsägare", landlord))
        lines += _head_lease(session, row)
    return [one for one in lines if one[2]]


def rents(session: TenantSession, row: Contract) -> list[Line]:
    """The rent at the signing, and each later one with its first day."""
    changes = session.scalars(
        select(RentChange).where(RentChange.contract_id == row.id).order_by(RentChange.valid_from)
    )
    return [
        ("rent", "Hyra per månad", words.money(row.rent_ore)),
        *(
            (
                "rent_change",
                f"Hyra per månad från {words.day(one.valid_from)}",
                words.money(one.rent_ore),
            )
            for one in changes
        ),
    ]


def signatures(session: TenantSession, row: Contract, home: Home, kommun: str) -> Signatures:
    """A line for each who signs: lessor, tenants, and the kommun in a lease of three parties."""
    tenants = ("Hyresgäst",) if home.protected else tuple(f"Hyresgäst: {one}" for one in home.names)
    third = (f"Kommunen: {kommun}",) if row.kind == "three_party" else ()
    return Signatures((f"Hyresvärd: {lessor_of(session, row, kommun)}", *tenants, *third))


def _people(session: TenantSession, row: Contract, home: Home) -> tuple[str, str]:
    if home.protected:
        return home.called, ""
    found: Sequence[tuple[str, Person]] = (
        session.execute(
            select(ContractParty.role, Person)
            .join(
                Person,
                (Person.tenant_id == ContractParty.tenant_id)
                & (Person.id == ContractParty.person_id),
            )
            .where(ContractParty.contract_id == row.id)
            .order_by(ContractParty.id)
        )
        .tuples()
        .all()
    )
    named = {
        role: " och ".join(person.name for kind, person in found if kind == role)
        for role in ("tenant", "co_tenant")
    }
    if not named["tenant"]:
        return home.called, ""
    return named["tenant"], named["co_tenant"]


def _head_lease(session: TenantSession, row: Contract) -> list[Line]:
    """The kommun's own lease of the home on the day that this one began, if it is registered."""
    found = session.execute(
        select(HeadLease.starts_on, HeadLease.ends_on, HeadLease.reference)
        .join(
            HeadLeaseUnit,
            (HeadLeaseUnit.tenant_id == HeadLease.tenant_id)
            & (HeadLeaseUnit.head_lease_id == HeadLease.id),
        )
        .where(
            HeadLeaseUnit.unit_id == row.unit_id,
            HeadLeaseUnit.starts_on <= row.starts_on,
            (HeadLeaseUnit.ended_on.is_(None)) | (HeadLeaseUnit.ended_on > row.starts_on),
        )
        .order_by(HeadLeaseUnit.starts_on.desc())
        .limit(1)
    ).first()
    if found is None:
        return []
    starts_on, ends_on, reference = found
    until = f" till {words.day(ends_on)}" if ends_on else ", tills vidare"
    lines = [
        ("head_lease", "Kommunens hyresavtal med ägaren", f"Från {words.day(starts_on)}{until}")
    ]
    return [*lines, ("head_lease_reference", "Avtalets nummer", reference)] if reference else lines


def _unit(session: TenantSession, row: Contract) -> Unit:
    return session.find(Unit, row.unit_id)
