"""Commands on offers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.offers import answers, service
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
    run_id: strawberry.ID | None = refers_to(
        "MatchRun", default=None, description="The matching that it is made from."
    )


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


@strawberry.input
class BookViewingInput:
    """A viewing to book."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")
    viewing_on: dt.date
    on: dt.date | None = None
    expected_version: int


@command(BookViewingInput, gives="offer", description="Book the viewing, or book it anew.")
def book_viewing(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Book the viewing."""
    return answers.book_viewing(session, actor, **values)


@strawberry.input
class HoldViewingInput:
    """A viewing that was held."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")
    on: dt.date | None = None
    expected_version: int


@command(HoldViewingInput, gives="offer", description="The household has seen the home.")
def hold_viewing(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The household has seen the home."""
    return answers.hold_viewing(session, actor, **values)


@strawberry.input
class AnswerOfferForHouseholdInput:
    """The household's own answer."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")
    yes: bool
    code: str = text(100, default="", description="For a no: a reason that the resident may give.")
    reason: str = text(MAX_TEXT, default="")
    on: dt.date | None = None
    expected_version: int


@command(
    AnswerOfferForHouseholdInput,
    gives="offer",
    description="The household's own answer, after the department's yes, where both are asked.",
)
def answer_offer_for_household(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The household's own answer."""
    return answers.answer_for_household(session, actor, **values)


@strawberry.input
class OverrideOfferConsequenceInput:
    """A consequence to set aside."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")
    reason: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    OverrideOfferConsequenceInput,
    gives="offer",
    description="Set aside what follows on a decline; never by who made the offer or answered it.",
)
def override_offer_consequence(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Set aside what follows on a decline."""
    return answers.override_consequence(session, actor, **values)
