"""Commands on agreements with landlords."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import Any

import strawberry

from hemvist.agreements import meetings, quota_terms, service, versions
from hemvist.agreements.models import Agreement
from hemvist.errors import ValidationFailed
from hemvist.identity import Actor
from hemvist.papers import agreement_files
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.homes.mutations import MAX_BASE64
from hemvist_graphql.inputs import refers_to, text

_TITLE, _TEXT = service.MAX_TITLE, service.MAX_TEXT


@strawberry.input
class OpenAgreementInput:
    """An agreement to begin."""

    idempotency_key: str
    landlord_organisation_number: str = text(20)
    landlord_name: str = text(_TITLE)
    kind: str = text(
        30, description="cooperation, owner_directive, land_deal, letter_of_intent or other"
    )
    title: str = text(_TITLE)
    reference: str | None = text(_TITLE, default=None)
    starts_on: dt.date
    ends_on: dt.date | None = strawberry.field(default=None, description="The term's last day.")
    notice_months: int | None = None


@command(
    OpenAgreementInput,
    gives="agreement",
    description="Begin an agreement with its first version, a draft that another confirms.",
)
def open_agreement(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Begin an agreement."""
    return service.open_agreement(session, actor, **values)


@strawberry.input
class EndAgreementInput:
    """An agreement that ends before its term, or has none."""

    idempotency_key: str
    agreement_id: strawberry.ID = refers_to("Agreement")
    last_day: dt.date
    because: str = text(_TEXT)
    expected_version: int


@command(EndAgreementInput, gives="agreement", description="Say when an agreement holds last.")
def end_agreement(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say when an agreement holds last."""
    return service.end_agreement(session, actor, **values)


@strawberry.input
class NoteOnAgreementInput:
    """A line of the agreement's own record."""

    idempotency_key: str
    agreement_id: strawberry.ID = refers_to("Agreement")
    what: str = text(_TEXT)
    on: dt.date | None = None


@command(NoteOnAgreementInput, gives="agreement_note", description="Note something on it.")
def note_on_agreement(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note something on an agreement."""
    return service.note_on_agreement(session, actor, **values)


@strawberry.input
class DraftAgreementVersionInput:
    """A next version."""

    idempotency_key: str
    agreement_id: strawberry.ID = refers_to("Agreement")
    holds_from: dt.date
    because: str = text(_TEXT)
    expected_version: int


@command(
    DraftAgreementVersionInput,
    gives="agreement_version",
    description="Begin the next version with all that the latest says.",
)
def draft_agreement_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Begin the next version."""
    return versions.draft_version(session, actor, **values)


@strawberry.input
class AgreementPartyInput:
    """A party."""

    role: str = text(20, description="kommun, landlord, department, provider or other")
    name: str = text(_TITLE)
    undertakes: str | None = text(_TEXT, default=None)


@strawberry.input
class AgreementTermInput:
    """A term, as it is written or kept."""

    subject: str = text(_TITLE)
    written: str | None = text(_TEXT, default=None)
    actual: str | None = text(_TEXT, default=None)


@strawberry.input
class ChangeAgreementVersionInput:
    """What a draft is to say; what is left out stays."""

    idempotency_key: str
    agreement_version_id: strawberry.ID = refers_to("AgreementVersion")
    holds_from: dt.date | None = None
    signed_on: dt.date | None = None
    target_groups: str | None = text(_TEXT, default=None)
    takes_in_at_once: bool | None = None
    parties: list[AgreementPartyInput] | None = None
    terms: list[AgreementTermInput] | None = None
    expected_version: int


@command(ChangeAgreementVersionInput, gives="agreement_version", description="Write in a draft.")
def change_agreement_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Write in a draft."""
    return versions.change_version(session, actor, **_of_version(values))


@strawberry.input
class ConfirmAgreementVersionInput:
    """Another one's draft."""

    idempotency_key: str
    agreement_version_id: strawberry.ID = refers_to("AgreementVersion")
    on: dt.date | None = None
    expected_version: int


@command(
    ConfirmAgreementVersionInput,
    gives="agreement_version",
    description="Let another one's draft hold from its day; the landlord is told.",
)
def confirm_agreement_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let another one's draft hold."""
    return versions.confirm_version(session, actor, **_of_version(values))


@strawberry.input
class DiscardAgreementVersionInput:
    """A draft to throw away."""

    idempotency_key: str
    agreement_version_id: strawberry.ID = refers_to("AgreementVersion")
    expected_version: int


@command(
    DiscardAgreementVersionInput,
    gives="agreement_version",
    description="Throw a draft away, and with its only version the agreement.",
)
def discard_agreement_version(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Throw a draft away."""
    return versions.discard_version(session, actor, **_of_version(values))


@strawberry.input
class NoteActualTermInput:
    """How a term is kept in practice."""

    idempotency_key: str
    agreement_term_id: strawberry.ID = refers_to("AgreementTerm")
    actual: str = text(_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    NoteActualTermInput,
    gives="agreement_term",
    description="Write beside a term how it is kept; the written words stay.",
)
def note_actual_term(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Write how a term is kept."""
    values["term_id"] = values.pop("agreement_term_id")
    return versions.note_actual(session, actor, **values)


@strawberry.input
class AddQuotaTermInput:
    """A quota of a draft; one of the same code is put in the place of the former."""

    idempotency_key: str
    agreement_version_id: strawberry.ID = refers_to("AgreementVersion")
    code: str = text(60, description="Small letters, digits and _.")
    label: str = text(_TITLE)
    kind: str = text(
        30,
        description="number, owner_directive, beside_requirements, vacated_share, stock_share, "
        "market_share or production_share",
    )
    force: str | None = text(20, default=None, description="binding, target or observed")
    per: str = text(20, description="year, half_year, agreement or standing")
    homes: int | None = None
    share_bp: int | None = strawberry.field(
        default=None, description="Hundredths of a percent: 1000 is ten percent."
    )
    rounding: str | None = text(20, default=None, description="nearest, up or down")
    counts: str | None = text(20, default=None, description="let or taken_in")
    delivered_in: str | None = text(20, default=None, description="any, new or existing")
    excluded_areas: list[str] | None = None
    properties: list[str] | None = None
    within_code: str | None = text(60, default=None)
    pack: str | None = text(130, default=None)
    pack_quota: str | None = text(100, default=None)
    groups: str | None = text(_TEXT, default=None)
    expected_version: int


@command(AddQuotaTermInput, gives="agreement_version", description="Put a quota in a draft.")
def add_quota_term(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Put a quota in a draft."""
    return quota_terms.add_quota(session, actor, **_of_version(values))


@strawberry.input
class RemoveQuotaTermInput:
    """A quota to take out of a draft."""

    idempotency_key: str
    agreement_version_id: strawberry.ID = refers_to("AgreementVersion")
    code: str = text(60)
    expected_version: int


@command(RemoveQuotaTermInput, gives="agreement_version", description="Take a quota out of it.")
def remove_quota_term(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a quota out of a draft."""
    return quota_terms.remove_quota(session, actor, **_of_version(values))


@strawberry.input
class PlanAgreementMeetingInput:
    """A meeting to plan."""

    idempotency_key: str
    agreement_id: strawberry.ID | None = refers_to(
        "Agreement", default=None, description="Left out of one with all the landlords."
    )
    pack: str | None = text(130, default=None)
    code: str | None = text(100, default=None, description="The guideline's recurrence.")
    title: str = text(_TITLE)
    planned_on: dt.date


@command(
    PlanAgreementMeetingInput, gives="agreement_meeting", description="Set a day for a meeting."
)
def plan_agreement_meeting(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Set a day for a meeting."""
    return meetings.plan_meeting(session, actor, **values)


@strawberry.input
class HoldAgreementMeetingInput:
    """How a meeting went."""

    idempotency_key: str
    agreement_meeting_id: strawberry.ID = refers_to("AgreementMeeting")
    on: dt.date | None = None
    present: str = text(_TEXT, description="Who came, by function.")
    notes: str = text(_TEXT)
    expected_version: int


@command(
    HoldAgreementMeetingInput, gives="agreement_meeting", description="Note how a meeting went."
)
def hold_agreement_meeting(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note how a meeting went."""
    values["meeting_id"] = values.pop("agreement_meeting_id")
    return meetings.hold_meeting(session, actor, **values)


@strawberry.input
class CancelAgreementMeetingInput:
    """A meeting that is not held."""

    idempotency_key: str
    agreement_meeting_id: strawberry.ID = refers_to("AgreementMeeting")
    because: str | None = text(_TEXT, default=None)
    expected_version: int


@command(CancelAgreementMeetingInput, gives="agreement_meeting", description="Cancel a meeting.")
def cancel_agreement_meeting(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Cancel a meeting."""
    values["meeting_id"] = values.pop("agreement_meeting_id")
    return meetings.cancel_meeting(session, actor, **values)


@strawberry.input
class AddAgreementFileInput:
    """A document (PDF, JPEG, PNG) of an agreement."""

    idempotency_key: str
    agreement_id: strawberry.ID = refers_to("Agreement")
    name: str = text(300)
    content_base64: str = text(
        MAX_BASE64, description="What is over the limit of a request goes by the portal's form."
    )
    caption: str | None = text(300, default=None)
    shared: bool = strawberry.field(
        default=False, description="Whether the landlord may open it too."
    )


@command(AddAgreementFileInput, gives="agreement_file", description="Keep a document of it.")
def add_agreement_file(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Keep a document of an agreement."""
    try:
        values["content"] = base64.b64decode(values.pop("content_base64"), validate=True)
    except (binascii.Error, ValueError) as wrong:
        service.found(session, actor, Agreement, values["agreement_id"])
        raise ValidationFailed.one("contentBase64", "base64", "is not base64") from wrong
    return agreement_files.add_agreement_file(session, actor, **values)


def _of_version(values: dict[str, Any]) -> dict[str, Any]:
    values["version_id"] = values.pop("agreement_version_id")
    return values
