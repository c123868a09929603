"""Commands on the kommun's doors for landlords and on invitations of their people."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.landlords import access, invitations
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class ProposeLandlordAccessInput:
    """A landlord to open the door for."""

    idempotency_key: str
    organisation_number: str = text(20, description="Organisationsnummer.")
    name: str = text(500, description="For a landlord that is new here.")


@command(
    ProposeLandlordAccessInput,
    gives="landlord_access",
    description="Propose that the kommun open its door for a landlord; somebody else opens it.",
)
def propose_landlord_access(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Propose that the door be opened."""
    return access.propose(session, actor, **values)


@strawberry.input
class OpenLandlordAccessInput:
    """A door to open."""

    idempotency_key: str
    access_id: strawberry.ID = refers_to("LandlordAccess")
    expected_version: int


@command(
    OpenLandlordAccessInput,
    gives="landlord_access",
    description="Open a door that somebody else has proposed.",
)
def open_landlord_access(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Open the door."""
    return access.open_door(session, actor, **values)


@strawberry.input
class DeclineLandlordAccessInput:
    """A door to leave shut."""

    idempotency_key: str
    access_id: strawberry.ID = refers_to("LandlordAccess")
    reason: str = text(500)
    expected_version: int


@command(
    DeclineLandlordAccessInput,
    gives="landlord_access",
    description="Say no to a proposal of somebody else.",
)
def decline_landlord_access(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Leave the door shut."""
    return access.decline(session, actor, **values)


@strawberry.input
class CloseLandlordAccessInput:
    """A door to close."""

    idempotency_key: str
    access_id: strawberry.ID = refers_to("LandlordAccess")
    reason: str = text(500)
    expected_version: int


@command(
    CloseLandlordAccessInput,
    gives="landlord_access",
    description="Close an open door: the landlord's people see nothing of the kommun from now on.",
)
def close_landlord_access(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Close the door."""
    return access.close_door(session, actor, **values)


@strawberry.input
class InviteForLandlordInput:
    """Somebody, or a machine, to act for a landlord."""

    idempotency_key: str
    landlord_id: strawberry.ID = refers_to("Landlord")
    invited: str = text(254, description="E-mail address, or client id of a machine.")
    level: str = text(20, description="agent or administrator")
    kind: str = text(20, description="person or machine")


@command(
    InviteForLandlordInput,
    gives="landlord_invitation",
    description="Invite one of a landlord's first people; somebody else confirms.",
)
def invite_for_landlord(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Invite somebody to act for a landlord."""
    return invitations.invite(session, actor, **values)


@strawberry.input
class ConfirmLandlordInvitationInput:
    """An invitation to confirm."""

    idempotency_key: str
    invitation_id: strawberry.ID = refers_to("LandlordInvitation")
    expected_version: int


@command(
    ConfirmLandlordInvitationInput,
    gives="landlord_invitation",
    description="Confirm what somebody else has invited; its link works from now on.",
)
def confirm_landlord_invitation(
    session: TenantSession, actor: Actor, values: dict[str, Any]
) -> Any:
    """Confirm an invitation."""
    return invitations.confirm(session, actor, **values).invitation


@strawberry.input
class WithdrawLandlordInvitationInput:
    """An invitation to take back."""

    idempotency_key: str
    invitation_id: strawberry.ID = refers_to("LandlordInvitation")
    expected_version: int


@command(
    WithdrawLandlordInvitationInput,
    gives="landlord_invitation",
    description="Take back an invitation that nobody has accepted.",
)
def withdraw_landlord_invitation(
    session: TenantSession, actor: Actor, values: dict[str, Any]
) -> Any:
    """Take an invitation back."""
    return invitations.withdraw(session, actor, **values)
