"""Acting as a landlord's person in a kommun: first the door, then one act of that kommun's own.

The door is a look-up through a view: what the reader does not see is not there. The act is a
service's, in the kommun's own session, by the kommun's own principal for that person, with the right
of ``Role.LANDLORD_AGENT`` for the landlord in question and no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, select

from hemvist.clock import real_now
from hemvist.errors import NotFound
from hemvist.identity import Actor, Membership, Role
from hemvist.identity.models import Principal
from hemvist.identity.principals import known_principal, refresh_memberships
from hemvist.landlords.landlord_views import DISTRICT_PROPERTIES, ME
from hemvist.landlords.models import LandlordAccess
from hemvist.landlords.session import landlord_session
from hemvist.tenancy import Audience, Tenant, TenantSession, tenant_session
from hemvist.tenancy.platform import PLATFORM_TENANT

#: What an actor who came through the landlords' login says of its channel.
CHANNEL = "landlord"


@dataclass(frozen=True, slots=True)
class LandlordPerson:
    """Somebody, or a machine, of the landlords' tenant: who reads there and acts in kommuner."""

    principal_id: UUID
    issuer: str
    subject: str
    kind: str
    name: str


def landlord_person(principal_id: UUID) -> LandlordPerson:
    """The person with this principal in the landlords' tenant. Raises ``NotFound``."""
    with tenant_session(Audience.STAFF, PLATFORM_TENANT, principal_id) as session:
        row = session.find(Principal, principal_id)
        if row.status != "active":
            raise NotFound("Principal")
        return LandlordPerson(row.id, row.issuer, row.subject, row.kind, row.display_name)


def seen_through(view: Table, principal_id: UUID, row_id: UUID) -> Row[Any]:
    """The door: the row of ``view`` with this id, as the person sees it. Raises ``NotFound``.

    What is not there and what is another's are refused in the same words.
    """
    with landlord_session(principal_id) as session:
        found = session.execute(select(view).where(view.c.id == row_id)).one_or_none()
    if found is None:
        raise NotFound(view.name.removeprefix("lv_"))
    return found


def landlord_actor(session: TenantSession, person: LandlordPerson, landlord_id: UUID) -> Actor:
    """Who ``person`` is in the kommun of ``session``, acting for ``landlord_id`` there.

    Asks once more, in the act's own transaction, that the person is a member and the door open, and
    holds the door open to the end of it: a door that is being closed waits for the act, or the act
    finds it closed. Makes the kommun's principal of the person at the first act. Raises ``NotFound``.
    """
    tenant_id = session.tenant_id
    door = session.scalar(
        select(LandlordAccess)
        .where(LandlordAccess.landlord_id == landlord_id, LandlordAccess.status == "open")
        .with_for_update(read=True)
    )
    active = session.scalar(
        select(Tenant.id).where(
            Tenant.id == tenant_id, Tenant.kind == "kommun", Tenant.status == "active"
        )
    )
    if door is None or active is None or not _is_member(person, landlord_id):
        raise NotFound("landlord")
    principal = known_principal(
        session,
        issuer=person.issuer,
        subject=person.subject,
        kind=person.kind,
        name=person.name,
    )
    agent = Membership(Role.LANDLORD_AGENT)
    if principal.display_name != person.name:
        principal.display_name = person.name
    if principal.memberships_refreshed_at is None:
        refresh_memberships(session, principal, [agent], real_now())
    return Actor(
        tenant_id,
        principal.id,
        principal.display_name,
        frozenset({agent}),
        CHANNEL,
        landlords=frozenset({landlord_id}),
    )


def properties_of(principal_id: UUID, landlord_id: UUID, kommun_id: UUID) -> list[str] | None:
    """The designations of the person's districts in a kommun; None where they have no districts.

    Without districts every property of the landlord is theirs.
    """
    with landlord_session(principal_id) as session:
        districts = session.scalar(select(ME.c.districts).where(ME.c.landlord_id == landlord_id))
        if not districts:
            return None
        return list(
            session.scalars(
                select(DISTRICT_PROPERTIES.c.property_designation).where(
                    DISTRICT_PROPERTIES.c.district_id.in_(districts),
                    DISTRICT_PROPERTIES.c.kommun_id == kommun_id,
                )
            )
        )


def _is_member(person: LandlordPerson, landlord_id: UUID) -> bool:
    with landlord_session(person.principal_id) as session:
        return session.scalar(select(ME.c.id).where(ME.c.landlord_id == landlord_id)) is not None
