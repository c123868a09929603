"""A machine takes up its invitation. People do so in the browser, where their address is verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry

from hemvist.landlords.acting import landlord_person
from hemvist.landlords.invitations import accept
from hemvist_graphql.inputs import text
from hemvist_graphql.landlord.commands import Act, command


@strawberry.input
class AcceptInvitationInput:
    """A machine's invitation."""

    idempotency_key: str
    token: str = text(
        200, description="The invitation's secret, as whoever confirmed it was shown it."
    )


@dataclass(frozen=True, slots=True)
class _Joined:
    """The landlord that somebody acts for from now on."""

    id: UUID


@command(
    AcceptInvitationInput,
    gives="landlord",
    description="Act for the landlord that has invited this machine, by its client id.",
    free=True,
)
def accept_invitation(act: Act, values: dict[str, Any]) -> _Joined:
    """Become a member, as the invitation says."""
    assert act.actor.principal_id is not None
    person = landlord_person(act.actor.principal_id)
    client_id = person.subject if person.kind == "machine" else None
    member = accept(values["token"], principal_id=person.principal_id, client_id=client_id)
    return _Joined(member.landlord_id)
