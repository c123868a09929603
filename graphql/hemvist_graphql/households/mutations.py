"""Commands on households and persons."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.addresses import service as revealing
from hemvist.households import service
from hemvist.identity import Actor
from hemvist.registers import service as checking
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input(description="A person of the household.")
class MemberInput:
    """A person of the household."""

    role: str = text(20, description="applicant, partner, child or other; one applicant.")
    given_name: str = text(100)
    family_name: str = text(100)
    personal_number: str = text(20, description="Personnummer or samordningsnummer.")
    registered_kommun: str | None = text(10, default=None, description="Kommunkod.")
    protection: str | None = text(
        40, default=None, description="A value of Protection; unknown when left out."
    )
    protection_source: str | None = text(200, default=None)
    protection_checked_on: dt.date | None = None


@strawberry.input
class RegisterHouseholdInput:
    """What a household is registered with."""

    idempotency_key: str
    department: str = text(40)
    members: list[MemberInput]
    registered_on: dt.date | None = None


@command(
    RegisterHouseholdInput,
    gives="household",
    description="Register a household with its members.",
)
def register_household(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register a household with its members."""
    members = [service.NewMember(**member) for member in values.pop("members")]
    return service.register(session, actor, members=members, **values)


@strawberry.input
class SetProtectionInput:
    """A person's level of protection."""

    idempotency_key: str
    person_id: strawberry.ID = refers_to("Person")
    protection: str = text(40, description="A value of Protection.")
    source: str | None = text(200, default=None)
    checked_on: dt.date | None = None
    expected_version: int


@command(
    SetProtectionInput,
    gives="person",
    description="Set a person's level of protected personal data.",
)
def set_protection(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Set a person's level of protected personal data."""
    return service.set_protection(session, actor, **values)


@strawberry.input
class RequestProtectionCheckInput:
    """Whom the register is to be asked about."""

    idempotency_key: str
    person_id: strawberry.ID = refers_to("Person")


@command(
    RequestProtectionCheckInput,
    gives="person",
    description="Let the kommun's register be asked about a person's protection within minutes.",
)
def request_protection_check(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let the register be asked about a person."""
    return checking.request_check(session, actor, **values)


@strawberry.input
class RevealAddressInput:
    """Whose address is to be shown, and why."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    reason: str = text(500, description="In your own words; those who review the log read it.")


@command(
    RevealAddressInput,
    gives="case",
    description="See the addresses of a protected household oneself, for a quarter of an hour. It is "
    "logged with the reason.",
)
def reveal_address(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """See the addresses of a protected household for a while."""
    return revealing.reveal(session, actor, **values)
