"""Commands on referrals, from the draft to its end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.referrals import service, signing
from hemvist.tenancy import TenantSession
from hemvist_graphql.checks import as_mapping
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text
from hemvist_graphql.scalars import Json


@strawberry.input
class DraftReferralInput:
    """A referral to begin."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    programme: str = text(100)
    content: Json | None = strawberry.field(
        default=None, description="Item of the pack → what is written there."
    )
    on: dt.date | None = None


@command(DraftReferralInput, gives="referral", description="Begin a referral.")
def draft_referral(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Begin a referral."""
    return service.draft(session, actor, **as_mapping(values, "content"))


@strawberry.input
class ReviseReferralInput:
    """A draft's content, written anew."""

    idempotency_key: str
    referral_id: strawberry.ID = refers_to("Referral")
    content: Json
    told_one_offer_on: dt.date | None = None
    expected_version: int


@command(
    ReviseReferralInput,
    gives="referral",
    description="Write a draft's content anew; signatures on a changed content are lost.",
)
def revise_referral(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Write a draft's content anew."""
    return service.revise(session, actor, **as_mapping(values, "content"))


@strawberry.input
class RecordResidentSignatureInput:
    """A resident's signature."""

    idempotency_key: str
    referral_id: strawberry.ID = refers_to("Referral")
    person_id: strawberry.ID = refers_to("Person")
    signed_on: dt.date | None = None
    expected_version: int


@command(
    RecordResidentSignatureInput,
    gives="referral",
    description="Register that the resident has signed the referral.",
)
def record_resident_signature(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that the resident has signed the referral."""
    return signing.record_resident_signature(session, actor, **values)


@strawberry.input
class SignReferralAsManagerInput:
    """The manager's signature."""

    idempotency_key: str
    referral_id: strawberry.ID = refers_to("Referral")
    signed_on: dt.date | None = None
    expected_version: int


@command(
    SignReferralAsManagerInput,
    gives="referral",
    description="Sign a referral as the nearest manager; not the one who wrote it.",
)
def sign_referral_as_manager(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Sign a referral as the nearest manager."""
    return signing.sign_as_manager(session, actor, **values)


@strawberry.input
class SubmitReferralInput:
    """A referral to send."""

    idempotency_key: str
    referral_id: strawberry.ID = refers_to("Referral")
    on: dt.date | None = None
    expected_version: int


@command(
    SubmitReferralInput,
    gives="referral",
    description="Send a referral to the property office; the case is laid open to it.",
)
def submit_referral(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Send a referral to the property office."""
    return service.submit(session, actor, **values)


@strawberry.input
class RegisterReferralInput:
    """A referral to register."""

    idempotency_key: str
    referral_id: strawberry.ID = refers_to("Referral")
    on: dt.date | None = None
    expected_version: int


@command(
    RegisterReferralInput,
    gives="referral",
    description="Take a submitted referral into the register; its validity begins.",
)
def register_referral(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a submitted referral into the register."""
    return service.register(session, actor, **values)


@strawberry.input
class ReturnReferralInput:
    """A referral to return, with what is to be completed."""

    idempotency_key: str
    referral_id: strawberry.ID = refers_to("Referral")
    request: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    ReturnReferralInput,
    gives="referral",
    description="Return a submitted referral with what is to be completed.",
)
def return_referral(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Return a submitted referral."""
    return service.return_for_completion(session, actor, **values)


@strawberry.input
class CompleteReferralInput:
    """A returned referral to complete."""

    idempotency_key: str
    referral_id: strawberry.ID = refers_to("Referral")
    on: dt.date | None = None


@command(
    CompleteReferralInput,
    gives="referral",
    description="A new draft with a returned referral's content.",
)
def complete_referral(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """A new draft with a returned referral's content."""
    return service.complete(session, actor, **values)


@strawberry.input
class ExtendReferralInput:
    """A referral to extend, with its content gone through."""

    idempotency_key: str
    referral_id: strawberry.ID = refers_to("Referral")
    content: Json
    on: dt.date | None = None
    expected_version: int


@command(
    ExtendReferralInput,
    gives="referral",
    description="Let a referral hold longer, with its content brought up to date.",
)
def extend_referral(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let a referral hold longer."""
    return service.extend(session, actor, **as_mapping(values, "content"))


@strawberry.input
class WithdrawReferralInput:
    """A referral to take back."""

    idempotency_key: str
    referral_id: strawberry.ID = refers_to("Referral")
    reason: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(WithdrawReferralInput, gives="referral", description="Take a referral back.")
def withdraw_referral(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a referral back."""
    return service.withdraw(session, actor, **values)
