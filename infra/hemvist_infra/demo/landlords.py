"""The landlords of the demo that let in several kommuner, with their people and the kommuner's doors.

The people are those who log in at the development issuer of landlords.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hemvist.clock import real_now
from hemvist.db import engine
from hemvist.identity import Actor
from hemvist.identity.principals import actor_for, known_principal, refresh_memberships
from hemvist.landlords.access import access_of, open_door, propose
from hemvist.landlords.invitations import accept, confirm, invite
from hemvist.landlords.members import make_district, set_properties
from hemvist.landlords.models import Landlord, LandlordMember
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist.tenancy.platform import PLATFORM_SLUG, PLATFORM_TENANT
from hemvist.units.models import Unit
from hemvist_infra.demo.events import settle
from hemvist_infra.demo.homes import ACROSS
from hemvist_infra.demo.numbers import organisation_number
from hemvist_infra.demo.people import CHANNEL, Staff
from hemvist_infra.dev_issuer.people import (
    development_entry,
    machines_of,
    memberships_in,
    people_of,
)
from hemvist_tenants import TenantConfig, issuer_address, login_tenants

#: By the landlord's serial number: its two administrators, then agents; those of the second have a
#: district. Then its machine.
_PEOPLE = {
    10: (("vera.nystrom", "sara.lindahl"), ("olle.hagman",), "uthyrningssystem-bjorkbo"),
    11: (("mats.bergkvist", "lina.sorensson"), (), "uthyrningssystem-norrahem"),
}
_DISTRICT = "Distrikt Väst"


@dataclass(frozen=True, slots=True)
class Doors:
    """The kommuner in which the landlords let: their ids and staff, by slug."""

    ids: Mapping[str, UUID]
    staff: Mapping[str, Staff]


def admit(doors: Doors) -> None:
    """Open the doors of the kommuner of ``doors`` for the landlords, and let their people in.

    What is there already stays. Two persons of the first kommun invite and confirm the first two
    administrators, who invite the others.
    """
    platform = login_tenants().get(PLATFORM_SLUG)
    if platform is None:
        return
    for serial, name, slugs in ACROSS:
        here = [slug for slug in slugs if slug in doors.ids]
        for slug in here:
            if _open(doors.ids[slug], doors.staff[slug], serial, name):
                settle(doors.ids[slug])
        if here and _bring_in(platform, serial, doors.ids[here[0]], doors.staff[here[0]], doors):
            settle(doors.ids[here[0]])
            settle(PLATFORM_TENANT)


def landlord_id(serial: int) -> UUID:
    """The landlord with the demo's serial number."""
    with Session(engine(Audience.STAFF)) as session:
        question = select(Landlord.id).where(
            Landlord.organisation_number == organisation_number(serial)
        )
        return session.scalars(question).one()


def landlords_person(username: str) -> Actor:
    """Somebody of the landlords' own tenant, as their issuer will present them at the first login."""
    platform = login_tenants()[PLATFORM_SLUG]
    person = people_of(PLATFORM_SLUG)[username]
    return _principal(platform, person.subject, person.name, person.groups, "person")


def _open(tenant_id: UUID, staff: Staff, serial: int, name: str) -> bool:
    with tenant_session(Audience.STAFF, tenant_id) as session:
        known = session.scalar(
            select(Landlord.id).where(Landlord.organisation_number == organisation_number(serial))
        )
        if known is not None and access_of(session, known) is not None:
            return False
        row = propose(
            session,
            staff.property_officer,
            organisation_number=organisation_number(serial),
            name=name,
        )
        access_id, version = row.id, row.version
    with tenant_session(Audience.STAFF, tenant_id) as session:
        open_door(session, staff.administrator, access_id=access_id, expected_version=version)
    return True


def _bring_in(
    platform: TenantConfig, serial: int, kommun: UUID, staff: Staff, doors: Doors
) -> bool:
    company = landlord_id(serial)
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        known = session.scalar(
            select(LandlordMember.id).where(LandlordMember.landlord_id == company)
        )
    if known is not None:
        return False
    people = people_of(PLATFORM_SLUG)
    first, agents, machine = _PEOPLE[serial]
    one, other = (landlords_person(username) for username in first)
    for username, actor in zip(first, (one, other), strict=True):
        with tenant_session(Audience.STAFF, kommun) as session:
            email = people[username].email
            token = _invited(
                session,
                (staff.property_officer, staff.administrator),
                company,
                email,
                level="administrator",
            )
        assert actor.principal_id is not None
        accept(token, principal_id=actor.principal_id, email=email)
    for username in agents:
        actor = landlords_person(username)
        with tenant_session(Audience.STAFF, PLATFORM_TENANT, one.principal_id) as session:
            district = _district(session, one, company, doors)
            email = people[username].email
            token = _invited(session, (one, other), company, email, districts=[district])
        assert actor.principal_id is not None
        accept(token, principal_id=actor.principal_id, email=email)
    with tenant_session(Audience.STAFF, PLATFORM_TENANT, one.principal_id) as session:
        token = _invited(session, (one, other), company, machine, kind="machine")
    client = machines_of(PLATFORM_SLUG)[machine]
    actor = _principal(platform, client.client_id, client.name, client.groups, "machine")
    assert actor.principal_id is not None
    accept(token, principal_id=actor.principal_id, client_id=client.client_id)
    return True


def _invited(
    session: TenantSession, both: tuple[Actor, Actor], company: UUID, invited: str, **more: object
) -> str:
    one, other = both
    row = invite(session, one, landlord_id=company, invited=invited, **more)  # type: ignore[arg-type]
    done = confirm(session, other, invitation_id=row.id, expected_version=row.version)
    return done.token


def _district(session: TenantSession, one: Actor, company: UUID, doors: Doors) -> UUID:
    """Half of the landlord's properties in each kommun."""
    row = make_district(session, one, landlord_id=company, name=_DISTRICT)
    for tenant_id in doors.ids.values():
        with tenant_session(Audience.STAFF, tenant_id) as there:
            found = there.scalars(
                select(Unit.property_designation).where(Unit.landlord_id == company).distinct()
            )
            designations = sorted(found)
        if designations:
            set_properties(
                session,
                one,
                district_id=row.id,
                kommun_id=tenant_id,
                designations=designations[::2],
                expected_version=row.version,
            )
    return row.id


def _principal(
    platform: TenantConfig, subject: str, name: str, groups: tuple[str, ...], kind: str
) -> Actor:
    issuer = issuer_address(development_entry(platform))
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        principal = known_principal(session, issuer=issuer, subject=subject, kind=kind, name=name)
        earned = memberships_in(platform, groups)
        refresh_memberships(session, principal, earned, real_now())
        return actor_for(principal, frozenset(earned), CHANNEL)
