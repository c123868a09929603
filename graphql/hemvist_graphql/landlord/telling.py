"""What is logged of names that went out to a landlord."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import and_, select

from hemvist import audit
from hemvist.dealings.models import Disclosure
from hemvist.households.models import HouseholdMember
from hemvist.identity import Actor, Membership, Role
from hemvist.identity.principals import known_principal
from hemvist.landlords.acting import CHANNEL, landlord_person
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist_graphql.context import ANONYMOUS, MAX_OPERATION_NAME


def log_disclosures(
    principal_id: UUID, operation: str | None, disclosed: Mapping[UUID, set[UUID]]
) -> None:
    """Write in each kommun's log which of its disclosures were read, and by whom."""
    if not disclosed:
        return
    person = landlord_person(principal_id)
    for tenant_id, rows in sorted(disclosed.items()):
        with tenant_session(Audience.STAFF, tenant_id) as session:
            known = known_principal(
                session,
                issuer=person.issuer,
                subject=person.subject,
                kind=person.kind,
                name=person.name,
            )
            agent = frozenset({Membership(Role.LANDLORD_AGENT)})
            persons, cases = _whose(session, rows)
            details: dict[str, object] = {"disclosures": sorted(str(one) for one in rows)}
            if len(cases) > 1:
                details["cases"] = [str(one) for one in cases]
            audit.record(
                session,
                Actor(tenant_id, known.id, known.display_name, agent, CHANNEL),
                (operation or ANONYMOUS)[:MAX_OPERATION_NAME],
                kind="read",
                persons=persons,
                case_id=cases[0] if len(cases) == 1 else None,
                details=details,
            )


def _whose(session: TenantSession, disclosures: set[UUID]) -> tuple[set[UUID], list[UUID]]:
    """The persons and the cases that disclosures are of."""
    found = session.execute(
        select(Disclosure.case_id, HouseholdMember.person_id)
        .outerjoin(
            HouseholdMember,
            and_(
                HouseholdMember.tenant_id == Disclosure.tenant_id,
                HouseholdMember.household_id == Disclosure.household_id,
            ),
        )
        .where(Disclosure.id.in_(sorted(disclosures)))
    ).all()
    persons = {row.person_id for row in found if row.person_id is not None}
    return persons, sorted({row.case_id for row in found})
