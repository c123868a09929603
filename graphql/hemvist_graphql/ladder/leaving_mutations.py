"""Commands on ladders whose tenancy ends: notices, evictions, the move-out, another home."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.ladder import evictions, leaving, notices
from hemvist.letters import sending
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text
from hemvist_graphql.ladder.mutations import PARTIES, WHY, ladder_of


@strawberry.input
class GiveLadderNoticeInput:
    """A notice of the lease."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    given_on: dt.date | None = None
    ends_on: dt.date | None = strawberry.field(
        default=None, description="Another day than the lawful one."
    )
    copies: list[str] = text(40, default_factory=list, description=PARTIES)
    served_on: dt.date | None = strawberry.field(
        default=None, description="When the tenant was served for arrears (JB 12:44)."
    )
    what: str = text(MAX_TEXT, default="")
    went_on_because: str = text(MAX_TEXT, default="", description=WHY)
    expected_version: int


@command(
    GiveLadderNoticeInput,
    gives="ladder",
    description="Give notice of the lease; demand and notification are taken from the ladder (LF-12).",
)
def give_ladder_notice(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Give notice of the lease."""
    return ladder_of(session, sending.give_notice(session, actor, **values))


@strawberry.input
class ReceiveNoticeInput:
    """Another landlord's notice, as it came to the board."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    what: str = text(MAX_TEXT)
    given_on: dt.date
    ends_on: dt.date | None = None
    received_on: dt.date | None = None
    expected_version: int


@command(
    ReceiveNoticeInput,
    gives="ladder",
    description="Register a notice that another landlord has given and told the social board of.",
)
def receive_notice(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register another landlord's notice."""
    return ladder_of(session, notices.receive_notice(session, actor, **values))


@strawberry.input
class TakeBackNoticeInput:
    """Why a notice is taken back."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    because: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(TakeBackNoticeInput, gives="ladder", description="Take a notice back: the lease goes on.")
def take_back_notice(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a notice back."""
    return ladder_of(session, notices.take_back_notice(session, actor, **values))


@strawberry.input
class ApplyForEvictionInput:
    """An application for eviction."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    number: str = text(200, default="", description="Kronofogden's number of the matter.")
    applied_on: dt.date | None = None
    by_landlord: bool = strawberry.field(default=False, description="Another landlord applied.")
    expected_version: int


@command(
    ApplyForEvictionInput,
    gives="eviction",
    description="Register an application for eviction at Kronofogden.",
)
def apply_for_eviction(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register an application for eviction."""
    return evictions.apply_for_eviction(session, actor, **values)


@strawberry.input
class SetEvictionDateInput:
    """The day that Kronofogden has set."""

    idempotency_key: str
    eviction_id: strawberry.ID = refers_to("Eviction")
    evicts_on: dt.date
    learned_at: dt.datetime | None = strawberry.field(
        default=None, description="When the board learned of it; now when left out."
    )
    expected_version: int


@command(
    SetEvictionDateInput,
    gives="eviction",
    description="Register the day that Kronofogden has set; it is to be confirmed the same day.",
)
def set_eviction_date(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register the day of eviction."""
    return evictions.set_eviction_date(session, actor, **values)


@strawberry.input
class ConfirmEvictionDateInput:
    """The board's confirmation."""

    idempotency_key: str
    eviction_id: strawberry.ID = refers_to("Eviction")
    confirmed_at: dt.datetime | None = None
    went_on_because: str = text(MAX_TEXT, default="", description="Why it is late.")
    expected_version: int


@command(
    ConfirmEvictionDateInput,
    gives="eviction",
    description="Confirm the day to Kronofogden, naming the caller as the caseworker (SFS 2025:468 11:3).",
)
def confirm_eviction_date(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Confirm the day to Kronofogden."""
    return sending.confirm_eviction_date(session, actor, **values)


@strawberry.input
class WithdrawEvictionInput:
    """Why an application was withdrawn."""

    idempotency_key: str
    eviction_id: strawberry.ID = refers_to("Eviction")
    because: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    WithdrawEvictionInput,
    gives="eviction",
    description="Register that an application for eviction was withdrawn or refused.",
)
def withdraw_eviction(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that the application was withdrawn."""
    return evictions.withdraw_eviction(session, actor, **values)


@strawberry.input
class CarryOutEvictionInput:
    """The eviction took place."""

    idempotency_key: str
    eviction_id: strawberry.ID = refers_to("Eviction")
    on: dt.date | None = None
    expected_version: int


@command(
    CarryOutEvictionInput, gives="eviction", description="Register that the eviction took place."
)
def carry_out_eviction(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that the eviction took place."""
    return evictions.carry_out_eviction(session, actor, **values)


@strawberry.input
class TellOfHousingInput:
    """How the household was told of other housing."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    what: str = text(MAX_TEXT)
    told_on: dt.date | None = None
    expected_version: int


@command(
    TellOfHousingInput,
    gives="ladder",
    description="Register that the household was told how to apply for other housing.",
)
def tell_of_housing(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that other housing was told of."""
    return ladder_of(session, leaving.tell_of_housing(session, actor, **values))


@strawberry.input
class RegisterMoveOutInput:
    """The household has moved."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    moved_on: dt.date | None = None
    notes: str = text(MAX_TEXT, default="")
    expected_version: int


@command(
    RegisterMoveOutInput,
    gives="ladder",
    description="Register that the household has moved; the keys are in first.",
)
def register_move_out(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register the move-out."""
    return leaving.register_move_out(session, actor, **values)


@strawberry.input
class ProposeNewOfferInput:
    """Whether another home may be offered."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    offer: bool
    because: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    ProposeNewOfferInput,
    gives="ladder",
    description="Propose whether the household may be offered another home; another person decides.",
)
def propose_new_offer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Propose whether another home may be offered."""
    return leaving.propose_new_offer(session, actor, **values)


@strawberry.input
class DecideNewOfferInput:
    """The decision on another home."""

    idempotency_key: str
    ladder_id: strawberry.ID = refers_to("Ladder")
    offer: bool
    because: str = text(MAX_TEXT, default="", description="Compulsory against the proposal.")
    on: dt.date | None = None
    expected_version: int


@command(
    DecideNewOfferInput,
    gives="ladder",
    description="Decide whether the household may be offered another home; never by who proposed it.",
)
def decide_new_offer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Decide whether another home may be offered."""
    return leaving.decide_new_offer(session, actor, **values)
