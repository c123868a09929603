"""Commands on times and on what a landlord may know, from the kommun's side."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.dealings import consents, times
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class ProposeLandlordTimeInput:
    """A time that the kommun proposes to the landlord."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")
    kind: str = text(20, description="viewing or signing")
    starts_at: dt.datetime
    place: str = text(
        20, default="home", description="home, landlord_office, kommun_office or remote"
    )


@command(
    ProposeLandlordTimeInput,
    gives="landlord_time",
    description="Propose a time to the landlord; an earlier one of the kind gives way to it.",
)
def propose_landlord_time(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Propose a time to the landlord."""
    return times.propose(session, actor, **values)


@strawberry.input
class AnswerLandlordTimeInput:
    """The kommun's answer to the landlord's time."""

    idempotency_key: str
    time_id: strawberry.ID = refers_to("LandlordTime")
    agrees: bool
    expected_version: int


@command(
    AnswerLandlordTimeInput,
    gives="landlord_time",
    description="Agree to the landlord's time, or decline it.",
)
def answer_landlord_time(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Agree to the landlord's time, or decline it."""
    return times.answer(session, actor, **values)


@strawberry.input
class WithdrawLandlordTimeInput:
    """A time that is taken back."""

    idempotency_key: str
    time_id: strawberry.ID = refers_to("LandlordTime")
    expected_version: int


@command(
    WithdrawLandlordTimeInput,
    gives="landlord_time",
    description="Take a proposal of the kommun's back, or call an agreed time off.",
)
def withdraw_landlord_time(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a time back."""
    return times.withdraw(session, actor, **values)


@strawberry.input
class RecordNameConsentInput:
    """The household's consent that the landlord of a home learns its name."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")
    consented_on: dt.date | None = None


@command(
    RecordNameConsentInput,
    gives="name_consent",
    description="Register the consent; the name is told from the guideline's step on.",
)
def record_name_consent(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register the household's consent."""
    return consents.record_consent(session, actor, **values)


@strawberry.input
class WithdrawNameConsentInput:
    """A consent that the household takes back."""

    idempotency_key: str
    consent_id: strawberry.ID = refers_to("NameConsent")
    on: dt.date | None = None
    expected_version: int


@command(
    WithdrawNameConsentInput,
    gives="name_consent",
    description="Register that the consent is withdrawn: the landlord sees the alias again.",
)
def withdraw_name_consent(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that the consent is withdrawn."""
    return consents.withdraw_consent(session, actor, **values)


@strawberry.input
class TellNameAgainInput:
    """A name that was withheld because of protection."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")


@command(
    TellNameAgainInput,
    gives="offer",
    description="Let the landlord see a name again that was withheld while somebody was protected.",
)
def tell_name_again(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let the landlord see a name again."""
    return consents.tell_again(session, actor, **values)
