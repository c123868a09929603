"""A landlord's own people and districts: who is in, who is invited, who sees what.

Seen by every member; looked after by the administrators. One invites, another confirms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement

from hemvist.landlords import invitations as invitations_service
from hemvist.landlords import members as members_service
from hemvist.landlords.invitations import INVITED_FIELD, token_of
from hemvist.landlords.landlord_views import (
    DISTRICT_PROPERTIES,
    DISTRICTS,
    INVITATIONS,
    MEMBERS,
)
from hemvist.landlords.members import MAX_PROPERTIES
from hemvist.settings import get_settings
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.platform import PLATFORM_SLUG
from hemvist_graphql.ids import global_id
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.landlord.commands import Act, command
from hemvist_graphql.landlord.context import Info
from hemvist_graphql.landlord.declaring import Node, shown
from hemvist_graphql.landlord.refs import (
    DistrictPropertyRef,
    KommunRef,
    LandlordRef,
)
from hemvist_graphql.landlord.relations import to_many, to_one
from hemvist_graphql.landlord.roots import Ordering, listing, looked_up, whole
from hemvist_graphql.reading import computed


def _district_ids(row: Any) -> list[strawberry.ID]:
    return [global_id("District", one) for one in row["districts"]]


@shown(DISTRICT_PROPERTIES)
@strawberry.type(description="A property (fastighet) of a district.")
class DistrictProperty(Node):
    """A property of a district."""

    property_designation: str = strawberry.field(description="Fastighetsbeteckning.")
    kommun: KommunRef | None = to_one(
        "Kommun", {"tenant_id": "kommun_id", "landlord_id": "landlord_id"}, elsewhere=True
    )


@shown(DISTRICTS)
@strawberry.type(description="A part of the landlord's stock, as it divides the work.")
class District(Node):
    """A part of the landlord's stock."""

    name: str
    landlord: LandlordRef | None = to_one(
        "Landlord", {"landlord_id": "landlord_id"}, elsewhere=True
    )
    properties: list[DistrictPropertyRef] = to_many(
        "DistrictProperty",
        {"district_id": "id"},
        order=lambda c: (c.kommun_id, c.property_designation, c.id),
        limit=MAX_PROPERTIES,
    )
    version: int


@shown(MEMBERS)
@strawberry.type(description="Somebody, or a machine, that acts for the landlord.")
class Member(Node):
    """Somebody who acts for the landlord."""

    name: str
    kind: str = strawberry.field(description="person or machine")
    level: str = strawberry.field(description="agent or administrator")
    since: dt.datetime
    version: int
    landlord: LandlordRef | None = to_one(
        "Landlord", {"landlord_id": "landlord_id"}, elsewhere=True
    )

    @computed(needs=("principal_id",), description="Whether it is the caller.")
    def is_me(self, info: Info) -> bool:
        """Whether it is the caller."""
        return bool(self.row["principal_id"] == info.context.principal_id)

    @computed(
        needs=("districts",),
        description="The districts whose properties the member sees; none is every property.",
    )
    def district_ids(self) -> list[strawberry.ID]:
        """The member's districts."""
        return _district_ids(self.row)


@shown(INVITATIONS)
@strawberry.type(description="An invitation to act for the landlord; for its administrators.")
class Invitation(Node):
    """An invitation to act for the landlord."""

    kind: str = strawberry.field(description="person or machine")
    level: str = strawberry.field(description="agent or administrator")
    status: str = strawberry.field(description="proposed, confirmed, accepted or withdrawn")
    inviter: str = strawberry.field(description="Who invited: somebody else confirms.")
    invited_at: dt.datetime
    ends_at: dt.datetime | None = strawberry.field(
        description="Until when a confirmed one can be accepted."
    )
    version: int
    landlord: LandlordRef | None = to_one(
        "Landlord", {"landlord_id": "landlord_id"}, elsewhere=True
    )

    @computed(needs=("invited_by",), description="Then somebody else confirms it.")
    def invited_by_me(self, info: Info) -> bool:
        """Whether the caller invited."""
        return bool(self.row["invited_by"] == info.context.principal_id)

    @computed(
        needs=("invited_sealed",), description="The e-mail address or client id that it is made to."
    )
    def invited(self) -> str:
        """Whom it is made out to."""
        keys = tenant_keys(self.row["tenant_id"])
        return keys.open(INVITED_FIELD, self.row["invited_sealed"])

    @computed(
        needs=("status",), description="Where a person accepts a confirmed one; null for any other."
    )
    def link(self) -> str | None:
        """The address to send to the one invited."""
        if self.row["status"] != "confirmed":
            return None
        token = token_of(self.row["tenant_id"], self.row["id"])
        return f"{get_settings().base_url.rstrip('/')}/{PLATFORM_SLUG}/invitations/{token}"

    @computed(needs=("districts",), description="As of Member.districtIds.")
    def district_ids(self) -> list[strawberry.ID]:
        """The districts that the member will have."""
        return _district_ids(self.row)


@whole(
    "Member",
    order=lambda c: (c.landlord_id, c.name, c.id),
    length=20,
    description="Everybody who acts for the caller's landlords.",
)
def members() -> Sequence[ColumnElement[bool]]:
    """All of them."""
    return ()


@whole(
    "District",
    order=lambda c: (c.landlord_id, c.name, c.id),
    length=5,
    description="The districts of the caller's landlords.",
)
def districts() -> Sequence[ColumnElement[bool]]:
    """All of them."""
    return ()


@listing(
    "Invitation",
    Ordering(("invited_at", "id")),
    description="Invitations by the landlord's administrators, the latest first.",
)
def invitations(waiting: bool = False) -> Sequence[ColumnElement[bool]]:
    """All, or only those that nobody has accepted yet."""
    return [INVITATIONS.c.status.in_(("proposed", "confirmed"))] if waiting else []


looked_up("Member")
looked_up("District")
looked_up("Invitation")


@strawberry.input
class InviteMemberInput:
    """Somebody to act for the landlord."""

    idempotency_key: str
    landlord_id: strawberry.ID = refers_to("Landlord")
    invited: str = text(254, description="E-mail address, or client id of a machine.")
    kind: str = text(20, description="person or machine")
    level: str = text(20, description="agent or administrator")
    district_ids: list[strawberry.ID] = refers_to("District", default_factory=list)


@command(
    InviteMemberInput,
    gives="invitation",
    description="Invite somebody to act for the landlord; another administrator confirms.",
)
def invite_member(act: Act, values: dict[str, Any]) -> Any:
    """Invite somebody."""
    named: Sequence[UUID] = values.pop("district_ids", ())
    return invitations_service.invite(
        act.session, act.actor, landlord_id=act.landlord_id, districts=named, **values
    )


@strawberry.input
class ConfirmInvitationInput:
    """An invitation to confirm."""

    idempotency_key: str
    invitation_id: strawberry.ID = refers_to("Invitation")
    expected_version: int


@command(
    ConfirmInvitationInput,
    gives="invitation",
    description="Confirm what another administrator has invited; its link works from now on.",
)
def confirm_invitation(act: Act, values: dict[str, Any]) -> Any:
    """Confirm an invitation."""
    return invitations_service.confirm(act.session, act.actor, **values).invitation


@strawberry.input
class WithdrawInvitationInput:
    """An invitation to take back."""

    idempotency_key: str
    invitation_id: strawberry.ID = refers_to("Invitation")
    expected_version: int


@command(
    WithdrawInvitationInput,
    gives="invitation",
    description="Take back an invitation that nobody has accepted.",
)
def withdraw_invitation(act: Act, values: dict[str, Any]) -> Any:
    """Take an invitation back."""
    return invitations_service.withdraw(act.session, act.actor, **values)


@strawberry.input
class RemoveMemberInput:
    """A member to remove."""

    idempotency_key: str
    member_id: strawberry.ID = refers_to("Member")
    expected_version: int


@command(
    RemoveMemberInput,
    gives="member",
    description="End a membership at once. The last administrator stays.",
)
def remove_member(act: Act, values: dict[str, Any]) -> Any:
    """End a membership."""
    return members_service.remove(act.session, act.actor, **values)


@strawberry.input
class SetMemberDistrictsInput:
    """The districts of a member."""

    idempotency_key: str
    member_id: strawberry.ID = refers_to("Member")
    district_ids: list[strawberry.ID] = refers_to(
        "District", description="None is every property of the landlord."
    )
    expected_version: int


@command(
    SetMemberDistrictsInput,
    gives="member",
    description="Say which districts' properties an agent sees.",
)
def set_member_districts(act: Act, values: dict[str, Any]) -> Any:
    """Give an agent its districts."""
    return members_service.set_districts(
        act.session, act.actor, districts=values.pop("district_ids"), **values
    )


@strawberry.input
class MakeDistrictInput:
    """A new district."""

    idempotency_key: str
    landlord_id: strawberry.ID = refers_to("Landlord")
    name: str = text(100)


@command(MakeDistrictInput, gives="district", description="Make a district, without properties.")
def make_district(act: Act, values: dict[str, Any]) -> Any:
    """Make a district."""
    return members_service.make_district(
        act.session, act.actor, landlord_id=act.landlord_id, **values
    )


@strawberry.input
class SetDistrictPropertiesInput:
    """The properties of a district in a kommun."""

    idempotency_key: str
    district_id: strawberry.ID = refers_to("District")
    kommun_id: strawberry.ID = refers_to("Kommun")
    designations: list[str] = strawberry.field(
        description="Fastighetsbeteckningar: these and no others."
    )
    expected_version: int


@command(
    SetDistrictPropertiesInput,
    gives="district",
    description="Say which properties of a kommun a district has.",
    elsewhere=("kommun_id",),
)
def set_district_properties(act: Act, values: dict[str, Any]) -> Any:
    """Say which properties a district has."""
    return members_service.set_properties(
        act.session, act.actor, kommun_id=act.seen["kommun_id"]["tenant_id"], **values
    )
