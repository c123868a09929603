"""A handler's handovers, and the look at one: the other kommun, and what it has told."""

from __future__ import annotations

from uuid import UUID

import strawberry

from hemvist.errors import HemvistError
from hemvist.handovers import access, service
from hemvist.handovers.models import Handover as HandoverRow
from hemvist_graphql.choosing import listed
from hemvist_graphql.context import Context
from hemvist_graphql.ids import global_id
from hemvist_graphql.refs import HandoverRef

MOST = 50
#: Caseworkers and managers to choose from.
MOST_PEOPLE = 500


@strawberry.type(description="The handovers that the caller is named for.")
class Handovers:
    """The handovers that the caller is named for."""

    mine: list[HandoverRef] = listed(
        "Handover",
        order=(HandoverRow.started_on.desc(), HandoverRow.id),
        limit=MOST,
        description="The latest first.",
    )


@strawberry.type(description="A member of the household, as the other kommun has told.")
class HandoverPerson:
    """A member of the household."""

    role: str
    given_name: str
    family_name: str
    personal_number: str
    protection: str


@strawberry.type(description="A text that was told.")
class HandoverText:
    """A text that was told."""

    name: str = strawberry.field(description="contact, language, children, care, threat or other")
    text: str


@strawberry.type(
    description="What only a deliberate look shows of a handover. Each look is logged."
)
class HandoverLook:
    """What a look shows."""

    counterpart: str | None = strawberry.field(
        description="Kommunkod of the other kommun, as long as it is told."
    )
    members: list[HandoverPerson] = strawberry.field(
        description="Receiving, once the parcel is opened and as long as it is kept."
    )
    texts: list[HandoverText]
    flat: str | None = strawberry.field(
        description="Receiving: the own flat that the household moves to."
    )


@strawberry.type(description="Somebody who can be named for a handover.")
class HandoverCandidate:
    """Somebody who can be named."""

    id: strawberry.ID
    name: str


def looked(context: Context, handover_id: UUID | None) -> HandoverLook | None:
    """The look, which the services log; None where there is nothing for the caller."""
    if handover_id is None:
        return None
    session, actor = context.session, context.actor
    try:
        seen = service.look(session, actor, handover_id=handover_id)
        flat = service.flat_of(session, seen.handover)
        told = service.told(session, actor, handover_id=handover_id)
    except HemvistError:
        return None
    return HandoverLook(
        counterpart=seen.counterpart,
        members=[
            HandoverPerson(
                role=one.role,
                given_name=one.given_name,
                family_name=one.family_name,
                personal_number=one.personal_number,
                protection=one.protection,
            )
            for one in (told.members if told else ())
        ],
        texts=[
            HandoverText(name=name, text=text)
            for name, text in (sorted(told.texts.items()) if told else ())
        ],
        flat=None if flat is None else f"{flat.street_address}, {flat.apartment_number}",
    )


def candidates(context: Context) -> list[HandoverCandidate]:
    """Whom the people of the function can name; for others nobody."""
    found = access.who_can_be_named(context.session, context.actor, MOST_PEOPLE)
    return [HandoverCandidate(id=global_id("Principal", id), name=name) for id, name in found]
