"""The demo people in the database: the same principals that log in at the development issuer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hemvist.clock import real_now
from hemvist.identity import Actor, Role
from hemvist.identity.principals import actor_for, known_principal, refresh_memberships
from hemvist.tenancy import Audience, tenant_session
from hemvist_infra.dev_issuer.people import development_entry, memberships_in, people_of
from hemvist_tenants import TenantConfig, issuer_address

#: What the audit log says that the acts of the demo came through.
CHANNEL = "demo"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts in a kommun, by role and department."""

    everyone: dict[tuple[Role, str], Actor]
    #: All who may be named in the function for protected moves.
    coordinators: tuple[Actor, ...] = ()

    def caseworker(self, department: str) -> Actor:
        """The department's caseworker."""
        return self.everyone[Role.CASEWORKER, department]

    def manager(self, department: str) -> Actor:
        """The department's manager."""
        return self.everyone[Role.DEPARTMENT_MANAGER, department]

    def supporter(self, department: str) -> Actor:
        """Who visits the home: a support worker where the department has one."""
        worker = self.everyone.get((Role.SUPPORT_WORKER, department))
        return worker or self.caseworker(department)

    def provider(self, regime: str) -> Actor | None:
        """Staff of a support provider: the kommun's own (``own``) or a procured one."""
        found = [
            one for (role, _), one in sorted(self.everyone.items()) if role is Role.SUPPORT_PROVIDER
        ]
        return None if not (regime and found) else found[0 if regime == "own" else -1]

    @property
    def property_officer(self) -> Actor:
        """The property office's officer."""
        return next(
            actor for (role, _), actor in self.everyone.items() if role is Role.PROPERTY_OFFICER
        )

    @property
    def administrator(self) -> Actor:
        """Who looks after the kommun's own settings."""
        return self.everyone[Role.TENANT_ADMIN, ""]


def known_staff(tenant: TenantConfig, tenant_id: UUID) -> Staff:
    """The kommun's demo people, entered as their issuer will present them at the first login."""
    issuer = issuer_address(development_entry(tenant))
    everyone: dict[tuple[Role, str], Actor] = {}
    coordinators: list[Actor] = []
    with tenant_session(Audience.STAFF, tenant_id) as session:
        for person in people_of(tenant.slug).values():
            earned = memberships_in(tenant, person.groups)
            principal = known_principal(
                session, issuer=issuer, subject=person.subject, kind="person", name=person.name
            )
            refresh_memberships(session, principal, earned, real_now())
            actor = actor_for(principal, frozenset(earned), CHANNEL)
            for membership in earned:
                everyone.setdefault((membership.role, membership.department), actor)
                if membership.role is Role.TRANSFER_COORDINATOR:
                    coordinators.append(actor)
    return Staff(everyone, tuple(coordinators))
