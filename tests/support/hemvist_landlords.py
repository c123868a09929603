"""Landlords' people in tests: a landlord, doors opened for it, members, and what these read.

Set-up by the services, by two people where two are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from hemvist.clock import real_now
from hemvist.identity import Actor, Membership, Role
from hemvist.identity.principals import actor_for, known_principal, refresh_memberships
from hemvist.landlords import PLATFORM_TENANT
from hemvist.landlords.access import access_of, close_door, open_door, propose
from hemvist.landlords.acting import LandlordPerson, landlord_actor, landlord_person
from hemvist.landlords.invitations import accept, confirm, invite
from hemvist.landlords.members import make_district, set_districts, set_properties
from hemvist.landlords.models import LandlordMember
from hemvist.landlords.session import landlord_session
from hemvist.tenancy import Audience, TenantSession, tenant_session

ISSUER = "https://landlords.test"
_numbers = count(1)


@dataclass(frozen=True)
class Member:
    """Somebody who acts for a landlord."""

    landlord_id: UUID
    #: In the landlords' own tenant.
    actor: Actor
    member: LandlordMember

    @property
    def principal_id(self) -> UUID:
        """Their principal in the landlords' tenant."""
        assert self.actor.principal_id is not None
        return self.actor.principal_id

    @property
    def person(self) -> LandlordPerson:
        """Who acts in kommuner."""
        return landlord_person(self.principal_id)

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that sees what they see."""
        return landlord_session(self.principal_id)

    def rows(self, view: Table, **where: Any) -> list[Any]:
        """What they see in ``view``."""
        with self.reading() as session:
            return list(session.execute(select(view).filter_by(**where)).all())

    def in_kommun(self, session: TenantSession) -> Actor:
        """Who they are in the kommun of ``session``. Raises ``NotFound`` where out of reach."""
        return landlord_actor(session, self.person, self.landlord_id)


def organisation_number() -> str:
    """A number that holds and that no other landlord of the tests has."""
    nine = f"5599{next(_numbers):05d}"
    doubled = [int(digit) * (2 - position % 2) for position, digit in enumerate(nine)]
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return f"{nine}{-total % 10}"


def admitter(tenant_id: UUID, name: str = "Dörrvakt") -> Actor:
    """Somebody of the kommun who may open its door."""
    with tenant_session(Audience.STAFF, tenant_id) as session:
        principal = known_principal(
            session, issuer="https://issuer.test", subject=name, kind="person", name=name
        )
        earned = [Membership(Role.TENANT_ADMIN)]
        refresh_memberships(session, principal, earned, real_now())
        return actor_for(principal, frozenset(earned))


def opened(tenant_id: UUID, number: str, name: str = "Björkbo Fastigheter AB") -> UUID:
    """The kommun's door opened by two for the landlord with this number; the landlord's id."""
    one, other = admitter(tenant_id, "Första dörrvakten"), admitter(tenant_id, "Andra dörrvakten")
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = propose(session, one, organisation_number=number, name=name)
    with tenant_session(Audience.STAFF, tenant_id) as session:
        open_door(session, other, access_id=row.id, expected_version=row.version)
    return row.landlord_id


def shut(tenant_id: UUID, landlord_id: UUID) -> None:
    """The kommun's door closed for the landlord."""
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = access_of(session, landlord_id)
        assert row is not None
        close_door(
            session,
            admitter(tenant_id),
            access_id=row.id,
            expected_version=row.version,
            reason="Samarbetet är slut.",
        )


def somebody(name: str) -> Actor:
    """A person of the landlords' tenant who has logged in and acts for nobody yet."""
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        principal = known_principal(
            session, issuer=ISSUER, subject=f"{name} {uuid4()}", kind="person", name=name
        )
        earned = [Membership(Role.LANDLORD_AGENT)]
        refresh_memberships(session, principal, earned, real_now())
        return actor_for(principal, frozenset(earned))


def administrator(
    tenant_id: UUID, landlord_id: UUID, name: str = "Vera Nyström", *, who: Actor | None = None
) -> Member:
    """One of the landlord's two first administrators, invited and confirmed by two of the kommun."""
    email = f"{uuid4().hex}@landlord.example"
    with tenant_session(Audience.STAFF, tenant_id) as session:
        invitation = invite(
            session,
            admitter(tenant_id, "Första dörrvakten"),
            landlord_id=landlord_id,
            invited=email,
            level="administrator",
        )
    with tenant_session(Audience.STAFF, tenant_id) as session:
        done = confirm(
            session,
            admitter(tenant_id, "Andra dörrvakten"),
            invitation_id=invitation.id,
            expected_version=invitation.version,
        )
    actor = who or somebody(name)
    assert actor.principal_id is not None
    member = accept(done.token, principal_id=actor.principal_id, email=email)
    return Member(landlord_id, actor, member)


def agent(
    one: Member, other: Member, name: str = "Olle Hagman", *, districts: Sequence[UUID] = ()
) -> Member:
    """An agent whom one administrator of the landlord has invited and another confirmed."""
    email = f"{uuid4().hex}@landlord.example"
    with tenant_session(Audience.STAFF, PLATFORM_TENANT, one.principal_id) as session:
        invitation = invite(
            session, one.actor, landlord_id=one.landlord_id, invited=email, districts=districts
        )
    with tenant_session(Audience.STAFF, PLATFORM_TENANT, other.principal_id) as session:
        done = confirm(
            session,
            other.actor,
            invitation_id=invitation.id,
            expected_version=invitation.version,
        )
    actor = somebody(name)
    assert actor.principal_id is not None
    member = accept(done.token, principal_id=actor.principal_id, email=email)
    return Member(one.landlord_id, actor, member)


def district(one: Member, name: str, kommun_id: UUID, *designations: str) -> UUID:
    """A district of the landlord with these properties in a kommun; its id."""
    with tenant_session(Audience.STAFF, PLATFORM_TENANT, one.principal_id) as session:
        row = make_district(session, one.actor, landlord_id=one.landlord_id, name=name)
        set_properties(
            session,
            one.actor,
            district_id=row.id,
            kommun_id=kommun_id,
            designations=designations,
            expected_version=row.version,
        )
        return row.id


def narrowed(one: Member, member: Member, *districts: UUID) -> None:
    """Give ``member`` these districts and no others."""
    with tenant_session(Audience.STAFF, PLATFORM_TENANT, one.principal_id) as session:
        row = session.find(LandlordMember, member.member.id)
        set_districts(
            session,
            one.actor,
            member_id=row.id,
            districts=districts,
            expected_version=row.version,
        )


def invited_machine(one: Member, other: Member, client_id: str) -> str:
    """The secret of a machine's invitation, of one administrator and confirmed by another."""
    with tenant_session(Audience.STAFF, PLATFORM_TENANT, one.principal_id) as session:
        row = invite(
            session, one.actor, landlord_id=one.landlord_id, invited=client_id, kind="machine"
        )
    with tenant_session(Audience.STAFF, PLATFORM_TENANT, other.principal_id) as session:
        done = confirm(session, other.actor, invitation_id=row.id, expected_version=row.version)
    return done.token
