"""Who acts: a person or machine, the roles they hold here, and through what they came."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The roles of the house. Swedish terms stand in the glossary."""

    CASEWORKER = "caseworker"
    DEPARTMENT_MANAGER = "department_manager"
    PROPERTY_OFFICER = "property_officer"
    SUPPORT_WORKER = "support_worker"
    #: Staff of whoever gives the support on commission: the kommun's own provider or a procured one.
    SUPPORT_PROVIDER = "support_provider"
    TRANSFER_COORDINATOR = "transfer_coordinator"
    POLICY_OFFICER = "policy_officer"
    LOG_REVIEWER = "log_reviewer"
    STEERING = "steering"
    TENANT_ADMIN = "tenant_admin"
    LANDLORD_AGENT = "landlord_agent"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Membership:
    """A role in a department (förvaltning) of a kommun. ``department`` is the pack's code, or ""."""

    role: Role
    department: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts in a command or a read. ``principal_id`` is None only for the system."""

    tenant_id: UUID
    principal_id: UUID | None
    name: str
    memberships: frozenset[Membership] = field(default_factory=frozenset)
    channel: str = "portal"
    #: The landlords that somebody of a landlord acts for in this very act.
    landlords: frozenset[UUID] = frozenset()

    @classmethod
    def system(cls, tenant_id: UUID) -> Actor:
        """The platform itself: beat and workers, acting inside one tenant."""
        return cls(tenant_id, None, "Hemvist", frozenset(), "system")

    @property
    def is_system(self) -> bool:
        """Whether the platform acts, and no person."""
        return self.channel == "system"

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held, whatever the department."""
        return frozenset(membership.role for membership in self.memberships)

    def departments(self, *roles: Role) -> frozenset[str]:
        """The departments in which one of ``roles`` (or any role) is held."""
        return frozenset(
            membership.department
            for membership in self.memberships
            if membership.department and (not roles or membership.role in roles)
        )
