"""Commands on the money of guarantees: claims, payments, recourse, write-offs."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import Any

import strawberry

from hemvist.documents.uploads import MAX_BYTES
from hemvist.errors import ValidationFailed
from hemvist.guarantees import claims, files, recourse, reversing
from hemvist.guarantees.access import matter
from hemvist.guarantees.models import GuaranteeClaim
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text

#: In base64 four characters carry three bytes.
MAX_BASE64 = MAX_BYTES * 4 // 3 + 8


@strawberry.input
class ClaimDocumentInput:
    """A document that came with a claim."""

    kind: str = text(
        40,
        description="rent_statement, invoice, inspection_protocol, photos, notice or other",
    )
    title: str = text(200)
    dated_on: dt.date | None = None
    reference: str | None = text(
        200, default=None, description="Where it is kept, such as a registry number."
    )


@strawberry.input
class InstalmentInput:
    """What is to be paid by a day."""

    due_on: dt.date
    amount_ore: int


@strawberry.input
class RegisterGuaranteeClaimInput:
    """What a landlord claims on a guarantee."""

    idempotency_key: str
    guarantee_id: strawberry.ID = refers_to("Guarantee")
    kind: str = text(40, description="rent or condition")
    amount_ore: int
    period_from: dt.date
    period_to: dt.date
    received_on: dt.date | None = None
    documents: list[ClaimDocumentInput]
    notes: str | None = text(MAX_TEXT, default=None)


@command(
    RegisterGuaranteeClaimInput,
    gives="guarantee_claim",
    description="Register what a landlord claims on a guarantee.",
)
def register_guarantee_claim(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register what a landlord claims on a guarantee."""
    return claims.register_claim(session, actor, **values)


@strawberry.input
class AddGuaranteeClaimFileInput:
    """A document (PDF) or a photograph (JPEG, PNG) that came with a claim."""

    idempotency_key: str
    guarantee_claim_id: strawberry.ID = refers_to("GuaranteeClaim")
    name: str = text(300)
    content_base64: str = text(
        MAX_BASE64, description="What is over the limit of a request goes by the portal's form."
    )
    caption: str | None = text(300, default=None)


@command(
    AddGuaranteeClaimFileInput,
    gives="guarantee_claim",
    description="Keep a landlord's document of a claim that waits for its decision.",
)
def add_guarantee_claim_file(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Keep a landlord's document of a claim."""
    claim_id = values.pop("guarantee_claim_id")
    try:
        content = base64.b64decode(values.pop("content_base64"), validate=True)
    except (binascii.Error, ValueError) as wrong:
        # Whose claim it is comes first: to others there is none, whatever they send.
        matter(session, actor, GuaranteeClaim, claim_id, Action.GUARANTEE_MANAGE)
        raise ValidationFailed.one("contentBase64", "base64", "is not base64") from wrong
    row = files.add_claim_file(session, actor, claim_id=claim_id, content=content, **values)
    return session.find(GuaranteeClaim, row.claim_id)


@strawberry.input
class ReverseGuaranteeEntryInput:
    """An entry of the ledger that was a mistake."""

    idempotency_key: str
    guarantee_entry_id: strawberry.ID = refers_to("GuaranteeEntry")
    reason: str = text(2_000)
    on: dt.date | None = None
    expected_version: int = strawberry.field(description="The guarantee's.")


@command(
    ReverseGuaranteeEntryInput,
    gives="guarantee",
    description="Take an entry back by another; not by the one who entered it.",
)
def reverse_guarantee_entry(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take an entry back by another."""
    entry_id = values.pop("guarantee_entry_id")
    return reversing.reverse_entry(session, actor, entry_id=entry_id, **values)


@strawberry.input
class DecideGuaranteeClaimInput:
    """The decision on a claim."""

    idempotency_key: str
    guarantee_claim_id: strawberry.ID = refers_to("GuaranteeClaim")
    outcome: str = text(40, description="approved or refused")
    approved_ore: int | None = strawberry.field(
        default=None, description="Of an approved claim: at most the claim and what is left."
    )
    motivation: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    DecideGuaranteeClaimInput,
    gives="guarantee_claim",
    description="Decide on a claim that somebody else registered.",
)
def decide_guarantee_claim(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Decide on a claim that somebody else registered."""
    return claims.decide_claim(session, actor, claim_id=values.pop("guarantee_claim_id"), **values)


@strawberry.input
class PayGuaranteeClaimInput:
    """A payment to the landlord."""

    idempotency_key: str
    guarantee_claim_id: strawberry.ID = refers_to("GuaranteeClaim")
    amount_ore: int
    reference: str | None = text(
        100, default=None, description="The payment's own number: it is entered once."
    )
    on: dt.date | None = None
    expected_version: int


@command(
    PayGuaranteeClaimInput,
    gives="guarantee_claim",
    description="Enter a payment to the landlord of what was approved.",
)
def pay_guarantee_claim(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Enter a payment to the landlord."""
    return claims.pay_claim(session, actor, claim_id=values.pop("guarantee_claim_id"), **values)


@strawberry.input
class DemandRecourseInput:
    """What the household is asked to pay back."""

    idempotency_key: str
    guarantee_id: strawberry.ID = refers_to("Guarantee")
    amount_ore: int
    instalments: list[InstalmentInput]
    notes: str | None = text(MAX_TEXT, default=None)
    on: dt.date | None = None
    expected_version: int = strawberry.field(description="The guarantee's.")


@command(
    DemandRecourseInput,
    gives="guarantee_recourse",
    description="Ask the household to pay back what was paid to the landlord.",
)
def demand_recourse(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Ask the household to pay back."""
    return recourse.demand_recourse(session, actor, **values)


@strawberry.input
class AgreeInstalmentsInput:
    """How what is left of a recourse is paid."""

    idempotency_key: str
    guarantee_recourse_id: strawberry.ID = refers_to("GuaranteeRecourse")
    instalments: list[InstalmentInput]
    on: dt.date | None = None
    expected_version: int


@command(
    AgreeInstalmentsInput,
    gives="guarantee_recourse",
    description="Agree anew on how what is left is paid.",
)
def agree_instalments(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Agree anew on how what is left is paid."""
    return recourse.agree_instalments(
        session, actor, recourse_id=values.pop("guarantee_recourse_id"), **values
    )


@strawberry.input
class RecordRecoursePaymentInput:
    """What the household has paid."""

    idempotency_key: str
    guarantee_recourse_id: strawberry.ID = refers_to("GuaranteeRecourse")
    amount_ore: int
    reference: str | None = text(
        100, default=None, description="The payment's own number: it is entered once."
    )
    on: dt.date | None = None
    expected_version: int


@command(
    RecordRecoursePaymentInput,
    gives="guarantee_recourse",
    description="Enter what the household has paid.",
)
def record_recourse_payment(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Enter what the household has paid."""
    return recourse.record_recourse_payment(
        session, actor, recourse_id=values.pop("guarantee_recourse_id"), **values
    )


@strawberry.input
class ProposeWriteOffInput:
    """A part of a recourse to give up."""

    idempotency_key: str
    guarantee_recourse_id: strawberry.ID = refers_to("GuaranteeRecourse")
    amount_ore: int
    reason: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int = strawberry.field(description="The recourse's.")


@command(
    ProposeWriteOffInput,
    gives="guarantee_write_off",
    description="Propose to give up a part of a recourse, for somebody else to decide.",
)
def propose_write_off(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Propose to give up a part of a recourse."""
    return recourse.propose_write_off(
        session, actor, recourse_id=values.pop("guarantee_recourse_id"), **values
    )


@strawberry.input
class DecideWriteOffInput:
    """The decision on a write-off."""

    idempotency_key: str
    guarantee_write_off_id: strawberry.ID = refers_to("GuaranteeWriteOff")
    outcome: str = text(40, description="granted or refused")
    motivation: str | None = text(MAX_TEXT, default=None)
    on: dt.date | None = None
    expected_version: int


@command(
    DecideWriteOffInput,
    gives="guarantee_write_off",
    description="Grant or refuse what somebody else proposed to give up.",
)
def decide_write_off(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Grant or refuse what somebody else proposed to give up."""
    return recourse.decide_write_off(
        session, actor, write_off_id=values.pop("guarantee_write_off_id"), **values
    )
