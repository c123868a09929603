"""The kommun's doors for landlords, and the people it has invited to act for them."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement, false

from hemvist.identity import Action, Actor, allows
from hemvist.landlords.invitations import INVITED_FIELD, token_of
from hemvist.landlords.models import LandlordAccess as AccessRow
from hemvist.landlords.models import LandlordInvitation as InvitationRow
from hemvist.settings import get_settings
from hemvist.tenancy.platform import PLATFORM_SLUG
from hemvist_graphql.choosing import Chosen, chosen
from hemvist_graphql.context import Info
from hemvist_graphql.reading import Node, column, computed, expressed, reads, to_one
from hemvist_graphql.refs import LandlordInvitationRef, LandlordRef, PrincipalRef

#: Those who read landlords: who admits them, and who works with homes or households.
READERS = (Action.LANDLORD_ADMIT, Action.UNIT_READ, Action.CASE_READ)
#: Invitations of one landlord that are shown: the latest.
MOST_INVITATIONS = 30


def _accesses_seen(actor: Actor) -> ColumnElement[bool]:
    may = any(allows(actor, action) for action in READERS)
    return AccessRow.id.is_not(None) if may else false()


def _invitations_seen(actor: Actor) -> ColumnElement[bool]:
    # Addresses and links are for those who give access.
    may = allows(actor, Action.LANDLORD_ADMIT)
    return InvitationRow.id.is_not(None) if may else false()


@reads(InvitationRow, visible=_invitations_seen, also=(InvitationRow.invited_sealed,))
@strawberry.type(description="An invitation to act for a landlord. One invites, another confirms.")
class LandlordInvitation(Node):
    """An invitation to act for a landlord."""

    landlord: LandlordRef = to_one("Landlord", InvitationRow.landlord_id)
    kind: str = column(InvitationRow.kind, description="person or machine")
    level: str = column(InvitationRow.level, description="agent or administrator")
    status: str = column(
        InvitationRow.status, description="proposed, confirmed, accepted or withdrawn"
    )
    invited_by: PrincipalRef = to_one("Principal", InvitationRow.invited_by)
    invited_at: dt.datetime = column(InvitationRow.invited_at)
    invited_by_me: bool = expressed(
        "invited_by_me",
        lambda actor: InvitationRow.invited_by == actor.principal_id,
        description="Then somebody else confirms it.",
    )
    confirmed_by: PrincipalRef | None = to_one("Principal", InvitationRow.confirmed_by)
    confirmed_at: dt.datetime | None = column(InvitationRow.confirmed_at)
    ends_at: dt.datetime | None = column(
        InvitationRow.ends_at, description="Until when a confirmed one can be accepted."
    )
    accepted_at: dt.datetime | None = column(InvitationRow.accepted_at)
    version: int = column(InvitationRow.version)

    @computed(
        needs=("invited_sealed",),
        reads=False,
        description="The e-mail address or client id that it is made out to.",
    )
    def invited(self, info: Info) -> str:
        """Whom it is made out to."""
        return info.context.keys.open(INVITED_FIELD, self.row["invited_sealed"])

    @computed(
        needs=("status", "id"),
        reads=False,
        description="Where a confirmed invitation is accepted; null for any other.",
    )
    def link(self, info: Info) -> str | None:
        """The address to send to the one invited."""
        if self.row["status"] != "confirmed":
            return None
        token = token_of(info.context.actor.tenant_id, self.row["id"])
        return f"{get_settings().base_url.rstrip('/')}/{PLATFORM_SLUG}/invitations/{token}"


@reads(AccessRow, visible=_accesses_seen)
@strawberry.type(
    description="The kommun's door for a landlord: proposed by one, opened by another."
)
class LandlordAccess(Node):
    """The kommun's door for a landlord."""

    landlord: LandlordRef = to_one("Landlord", AccessRow.landlord_id)
    status: str = column(AccessRow.status, description="proposed, open, declined or closed")
    proposed_by: PrincipalRef = to_one("Principal", AccessRow.proposed_by)
    proposed_at: dt.datetime = column(AccessRow.proposed_at)
    proposed_by_me: bool = expressed(
        "proposed_by_me",
        lambda actor: AccessRow.proposed_by == actor.principal_id,
        description="Then somebody else opens it.",
    )
    decided_by: PrincipalRef | None = to_one("Principal", AccessRow.decided_by)
    decided_at: dt.datetime | None = column(AccessRow.decided_at)
    closed_by: PrincipalRef | None = to_one("Principal", AccessRow.closed_by)
    closed_at: dt.datetime | None = column(AccessRow.closed_at)
    reason: str | None = column(AccessRow.reason, description="Why it was declined or closed.")
    version: int = column(AccessRow.version)
    invitations: list[LandlordInvitationRef] = chosen(
        Chosen(
            "LandlordInvitation",
            ((InvitationRow.landlord_id, "landlord_id"),),
            lambda _: (InvitationRow.invited_at.desc(), InvitationRow.id.desc()),
            None,
            limit=MOST_INVITATIONS,
        ),
        description="The latest invitations by this kommun.",
    )
