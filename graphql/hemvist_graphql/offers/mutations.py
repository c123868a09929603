"""Commands on offers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.offers import service
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text


@strawberry.input
class MakeOfferInput:
    """An offer to make."""

    idempotency_key: str
    referral_id: strawberry.ID = refers_to("Referral")
    unit_id: strawberry.ID = refers_to("Unit")
    on: dt.date | None = None
    answer_by: dt.date | None = None


@command(MakeOfferInput, gives="offer", description="Offer a vacant home on a referral.")
def make_offer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Offer a vacant home on a referral."""
    return service.make(session, actor, **values)


@strawberry.input
class AcceptOfferInput:
    """An offer to accept."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")
    viewing_on: dt.date | None = None
    on: dt.date | None = None
    expected_version: int


@command(AcceptOfferInput, gives="offer", description="The department finds the home suitable.")
def accept_offer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The department finds the home suitable."""
    return service.accept(session, actor, **values)


@strawberry.input
class DeclineOfferInput:
    """An offer to decline."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")
    code: str = text(100, description="One of the programme's declineReasons.")
    reason: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    DeclineOfferInput, gives="offer", description="Decline an offer with a reason of the pack."
)
def decline_offer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Decline an offer."""
    return service.decline(session, actor, **values)


@strawberry.input
class WithdrawOfferInput:
    """An offer to take back."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")
    reason: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    WithdrawOfferInput,
    gives="offer",
    description="Take an unanswered offer back; it does not count against the household.",
)
def withdraw_offer(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take an unanswered offer back."""
    return service.withdraw(session, actor, **values)
