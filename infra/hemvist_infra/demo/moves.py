"""Protected moves of the demo: two kommuner with their functions, a household that has to move, a flat.

When the network's first round has been cleared, each side has a proposal to answer.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.households.models import HouseholdMember, Person
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist.transfers import functions, offers, requests
from hemvist.transfers.levers import memberships
from hemvist.transfers.models import TransferFunction
from hemvist.transfers.needs import MAX_EXTRA, Needs
from hemvist.units.models import Unit
from hemvist_infra.demo.people import Staff

#: The kommun with a household that has to move, and its department; the one with a flat.
_FROM, _DEPARTMENT, _TO = "helsingborg", "SOF-VUX", "karlstad"
KOMMUNER = (_FROM, _TO)


def move(slug: str, tenant_id: UUID, staff: Staff) -> bool:
    """Name the coordinators and let the kommun take part; True where nobody was named before."""
    with tenant_session(Audience.STAFF, tenant_id) as session:
        named = session.scalar(select(func.count()).select_from(TransferFunction))
        networks = memberships(session)
        if named or not networks or len(staff.coordinators) < 2:
            return False
        network = next(iter(networks))
        for number, actor in enumerate(staff.coordinators):
            assert actor.principal_id is not None
            functions.name_person(
                session,
                staff.administrator,
                network_id=network,
                principal_id=actor.principal_id,
                role="operative" if number else "manager",
            )
        if slug == _FROM:
            ask(session, staff, network, _DEPARTMENT, "high")
        if slug == _TO:
            _offer(session, staff, network)
    return True


def ask(session: TenantSession, staff: Staff, network: UUID, department: str, urgency: str) -> None:
    """A household that has to leave: prepared in its case, opened by the function."""
    protected = (
        select(HouseholdMember.id)
        .join(
            Person,
            (Person.tenant_id == HouseholdMember.tenant_id)
            & (Person.id == HouseholdMember.person_id),
        )
        .where(
            HouseholdMember.tenant_id == Case.tenant_id,
            HouseholdMember.household_id == Case.household_id,
            or_(Person.protection == "secrecy_mark", Person.protection == "protected_registration"),
        )
        .exists()
    )
    case = session.scalars(
        select(Case)
        .where(Case.department == department, Case.state == "open")
        .order_by(protected.desc(), Case.opened_on.desc(), Case.id)
        .limit(1)
    ).first()
    if case is None:
        return
    prepared = requests.prepare(
        session,
        staff.caseworker(department),
        case_id=case.id,
        network_id=network,
        urgency=urgency,
        needs=Needs(min_rooms=1, max_extra_rooms=MAX_EXTRA, services=("school",)),
    )
    requests.open_request(
        session,
        staff.coordinators[0],
        request_id=prepared.id,
        expected_version=prepared.version,
    )


def _offer(session: TenantSession, staff: Staff, network: UUID) -> None:
    """The flat that has stood empty the shortest, offered to the network for three months."""
    unit = session.scalars(
        select(Unit).where(Unit.state == "vacant").order_by(Unit.id.desc()).limit(1)
    ).first()
    if unit is None:
        return
    offers.offer(
        session,
        staff.coordinators[0],
        network_id=network,
        unit_id=unit.id,
        last_on=max(today(), unit.available_from) + timedelta(days=90),
    )
