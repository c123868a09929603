"""Offers of the landlord's homes under an alias, times for viewing and signing, and choices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement

from hemvist.dealings import answers, times
from hemvist.dealings.landlord_views import OFFERS, PRESENTATIONS, PRESENTED, TIMES
from hemvist.dealings.models import LandlordTime as TimeRow
from hemvist.dealings.names import opened_name
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.landlord.commands import Act, command
from hemvist_graphql.landlord.context import Info
from hemvist_graphql.landlord.declaring import Node, Shown, opened, shown
from hemvist_graphql.landlord.loading import in_kommun
from hemvist_graphql.landlord.refs import (
    DealingTimeRef,
    KommunRef,
    OfferRef,
    PresentedHouseholdRef,
    TenancyRef,
    UnitRef,
)
from hemvist_graphql.landlord.relations import to_many, to_one
from hemvist_graphql.landlord.roots import Ordering, listing, looked_up
from hemvist_graphql.reading import computed

#: What a name is made of, in every view that may show one.
NAMED = ("sealed_name", "disclosure_id")


def name_told(info: Info, row: Mapping[str, Any]) -> str | None:
    """The tenant's name where the landlord has been told it; the kommun's log has it first."""
    sealed: bytes | None = row["sealed_name"]
    if sealed is None:
        return None
    tenant_id: UUID = row["tenant_id"]
    info.context.discloses(tenant_id, row["disclosure_id"])
    return opened_name(tenant_id, sealed)


@shown(OFFERS)
@strawberry.type(
    description="A home of the landlord's that is offered to a household (erbjudande)."
)
class Offer(Node):
    """A home of the landlord's that is offered to a household."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    unit: UnitRef | None = to_one("Unit", {"id": "unit_id"})
    alias: str = strawberry.field(
        description="What the household is called here; another in every home."
    )
    adults: int | None = strawberry.field(description="Null where it may not be known.")
    children: int | None
    needs: list[str] = strawberry.field(
        description="What the home must have for the household: lift, step_free, adapted."
    )
    state: str = strawberry.field(
        description="made, accepted, declined, withdrawn or expired; why is the kommun's to know"
    )
    made_on: dt.date
    answer_by: dt.date
    answered_on: dt.date | None
    viewing_on: dt.date | None
    viewing_held_on: dt.date | None
    ended_on: dt.date | None = strawberry.field(
        description="The day from which the home is free of the lease that came of it."
    )
    times: list[DealingTimeRef] = to_many(
        "DealingTime",
        {"offer_id": "id"},
        order=lambda c: (c.starts_at.desc(), c.id.desc()),
        limit=20,
    )
    tenancies: list[TenancyRef] = to_many(
        "Tenancy", {"offer_id": "id"}, order=lambda c: (c.starts_on, c.id), limit=5
    )

    @computed(needs=NAMED, description="Null until the kommun's guideline lets it be known.")
    def tenant_name(self, info: Info) -> str | None:
        """Who the household is, where the landlord has been told."""
        return name_told(info, self.row)


@listing("Offer", Ordering(("made_on", "id")), description="The latest first.")
def offers(
    kommun: strawberry.ID | None = None, state: str | None = None, waiting: bool = False
) -> Sequence[ColumnElement[bool]]:
    """Offers of a kommun, in a state; ``waiting`` those that nothing has come of yet."""
    found = [*in_kommun(OFFERS, kommun)]
    if state is not None:
        found.append(OFFERS.c.state == state[:40])
    if waiting:
        found += [OFFERS.c.state.in_(("made", "accepted")), OFFERS.c.ended_on.is_(None)]
    return found


looked_up("Offer")


@shown(TIMES)
@strawberry.type(description="A time for viewing a home (visning) or signing its lease.")
class DealingTime(Node):
    """A time for viewing a home or signing its lease."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    offer: OfferRef | None = to_one("Offer", {"id": "offer_id"})
    unit: UnitRef | None = to_one("Unit", {"id": "unit_id"})
    kind: str = strawberry.field(description="viewing or signing")
    state: str = strawberry.field(description="proposed, agreed, declined or withdrawn")
    side: str = strawberry.field(description="Whose proposal it is: kommun or landlord.")
    starts_at: dt.datetime
    place: str = strawberry.field(
        description="home, landlord_office, kommun_office or remote: no words beside it."
    )
    note: str = opened(
        TimeRow.note, blank="", description="The landlord's own words to the kommun."
    )
    proposed_at: dt.datetime
    answered_at: dt.datetime | None
    version: int


@listing("DealingTime", Ordering(("starts_at", "id")), description="The latest first.")
def dealing_times(
    kommun: strawberry.ID | None = None,
    state: str | None = None,
    side: str | None = None,
    starts_after: dt.datetime | None = None,
) -> Sequence[ColumnElement[bool]]:
    """Times in a kommun, in a state, proposed by a side, that begin after an instant."""
    found = [*in_kommun(TIMES, kommun)]
    if state is not None:
        found.append(TIMES.c.state == state[:40])
    if side is not None:
        found.append(TIMES.c.side == side[:40])
    if starts_after is not None:
        found.append(TIMES.c.starts_at > starts_after)
    return found


looked_up("DealingTime")


@strawberry.input
class ProposeTimeInput:
    """A time that the landlord proposes."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")
    kind: str = text(20, description="viewing or signing")
    starts_at: dt.datetime
    place: str = text(
        20, default="home", description="home, landlord_office, kommun_office or remote"
    )
    note: str | None = text(times.MAX_NOTE, default=None, description="To the kommun alone.")


@command(
    ProposeTimeInput,
    gives="dealing_time",
    description="Propose a time; an earlier one of the kind gives way to it.",
)
def propose_time(act: Act, values: dict[str, Any]) -> Any:
    """Propose a time."""
    return times.propose_as_landlord(act.session, act.actor, landlord_id=act.landlord_id, **values)


@strawberry.input
class AnswerTimeInput:
    """The landlord's answer to a time that the kommun proposes."""

    idempotency_key: str
    time_id: strawberry.ID = refers_to("DealingTime")
    agrees: bool
    expected_version: int


@command(AnswerTimeInput, gives="dealing_time", description="Agree to the kommun's time, or not.")
def answer_time(act: Act, values: dict[str, Any]) -> Any:
    """Agree to a time, or decline it."""
    return times.answer_as_landlord(act.session, act.actor, landlord_id=act.landlord_id, **values)


@strawberry.input
class WithdrawTimeInput:
    """A time that is taken back."""

    idempotency_key: str
    time_id: strawberry.ID = refers_to("DealingTime")
    expected_version: int


@command(
    WithdrawTimeInput,
    gives="dealing_time",
    description="Take a proposal of one's own back, or call an agreed time off.",
)
def withdraw_time(act: Act, values: dict[str, Any]) -> Any:
    """Take a time back."""
    return times.withdraw_as_landlord(act.session, act.actor, landlord_id=act.landlord_id, **values)


@shown(PRESENTATIONS)
@strawberry.type(description="Households presented under letters, among whom the landlord chooses.")
class Presentation(Node):
    """Households presented under letters, among whom the landlord chooses."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    unit: UnitRef | None = to_one("Unit", {"id": "unit_id"})
    state: str = strawberry.field(description="presented, chosen or closed")
    presented_on: dt.date
    answer_by: dt.date
    answered_on: dt.date | None
    picked: str | None = strawberry.field(
        description="The letter that was chosen; empty for nobody, null for no choice yet."
    )
    picked_at: dt.datetime | None
    households: list[PresentedHouseholdRef] = to_many(
        "PresentedHousehold", {"presentation_id": "id"}, order=lambda c: (c.alias,), limit=10
    )
    version: int


@shown(PRESENTED)
@strawberry.type(description="A household as it is presented: a letter, and how many they are.")
class PresentedHousehold(Shown):
    """A household as it is presented."""

    alias: str
    adults: int | None = strawberry.field(description="Null where it may not be known.")
    children: int | None


@listing("Presentation", Ordering(("presented_on", "id")), description="The latest first.")
def presentations(
    kommun: strawberry.ID | None = None, state: str | None = None
) -> Sequence[ColumnElement[bool]]:
    """Presentations of a kommun, in a state."""
    found = [*in_kommun(PRESENTATIONS, kommun)]
    if state is not None:
        found.append(PRESENTATIONS.c.state == state[:40])
    return found


looked_up("Presentation")


@strawberry.input
class ChooseHouseholdInput:
    """Whom the landlord chooses."""

    idempotency_key: str
    presentation_id: strawberry.ID = refers_to("Presentation")
    alias: str | None = text(1, default=None, description="The letter; null for nobody.")
    expected_version: int


@command(
    ChooseHouseholdInput,
    gives="presentation",
    description="Choose one of the presented households, or nobody; the kommun makes the offer.",
)
def choose_household(act: Act, values: dict[str, Any]) -> Any:
    """Choose one of the presented households, or nobody."""
    return answers.choose(act.session, act.actor, landlord_id=act.landlord_id, **values)
