"""Commands on takeovers and absences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.takeovers import absences, carrying, service
from hemvist.tenancy import TenantSession
from hemvist_graphql.checks import as_mapping
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text
from hemvist_graphql.scalars import Json


@strawberry.input
class RecordAbsenceInput:
    """A longer absence from the home."""

    idempotency_key: str
    contract_id: strawberry.ID = refers_to("Contract")
    began_on: dt.date
    ended_on: dt.date | None = strawberry.field(default=None, description="Null while it lasts.")
    reason: str = text(
        20, description="hospital, treatment, custody, family, travel, unknown or other"
    )
    approved: bool = False


@command(
    RecordAbsenceInput,
    gives="absence",
    description="Register a longer absence; where the guideline deducts it the takeover's day moves.",
)
def record_absence(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register a longer absence."""
    return absences.record_absence(session, actor, **values)


@strawberry.input
class EndAbsenceInput:
    """The last day of an absence."""

    idempotency_key: str
    absence_id: strawberry.ID = refers_to("Absence")
    ended_on: dt.date | None = None
    expected_version: int


@command(EndAbsenceInput, gives="absence", description="Register the last day of an absence.")
def end_absence(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register the last day of an absence."""
    return absences.end_absence(session, actor, **values)


@strawberry.input
class StateNoAbsenceInput:
    """That nobody has been away from the home for longer."""

    idempotency_key: str
    takeover_id: strawberry.ID = refers_to("Takeover")
    on: dt.date | None = strawberry.field(default=None, description="Up to this day.")


@command(
    StateNoAbsenceInput,
    gives="takeover",
    description="State that nobody has been away for longer; refused while an absence is registered.",
)
def state_no_absence(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """State that nobody has been away for longer."""
    return absences.state_no_absence(session, actor, **values)


@strawberry.input
class TakeTakeoverStepInput:
    """A step of a takeover."""

    idempotency_key: str
    takeover_id: strawberry.ID = refers_to("Takeover")
    step: str = text(100, description="One of the programme's steps.")
    done_on: dt.date | None = None
    notes: str | None = text(MAX_TEXT, default=None)


@command(
    TakeTakeoverStepInput,
    gives="takeover_step",
    description="Register that a step of the guideline was taken.",
)
def take_takeover_step(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that a step was taken."""
    return service.take_step(session, actor, **values)


@strawberry.input
class PostponeTakeoverInput:
    """A takeover that is put off."""

    idempotency_key: str
    takeover_id: strawberry.ID = refers_to("Takeover")
    until: dt.date
    because: str = text(MAX_TEXT)
    expected_version: int


@command(
    PostponeTakeoverInput, gives="takeover", description="Put a takeover off, with the reason."
)
def postpone_takeover(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Put a takeover off."""
    return service.postpone(session, actor, **values)


@strawberry.input
class RequestTakeoverInput:
    """A request to the landlord."""

    idempotency_key: str
    takeover_id: strawberry.ID = refers_to("Takeover")
    on: dt.date | None = None
    show: list[str] | None = strawberry.field(
        default=None,
        description="Facts out of the guideline's list that the landlord may see with it.",
    )
    consented_on: dt.date | None = strawberry.field(
        default=None, description="The household's consent to that; needed with them."
    )
    expected_version: int


@command(
    RequestTakeoverInput,
    gives="takeover",
    description="Ask the landlord to agree to the takeover, or register that it was asked.",
)
def request_takeover(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that the landlord was asked."""
    return service.request(session, actor, **values)


@strawberry.input
class AnswerTakeoverInput:
    """The landlord's answer."""

    idempotency_key: str
    takeover_id: strawberry.ID = refers_to("Takeover")
    agrees: bool
    reason: str | None = text(MAX_TEXT, default=None, description="Compulsory with a refusal.")
    on: dt.date | None = None
    expected_version: int


@command(AnswerTakeoverInput, gives="takeover", description="Register the landlord's answer.")
def answer_takeover(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register the landlord's answer."""
    return service.answer(session, actor, **values)


@strawberry.input
class ApplyToTribunalInput:
    """An application to the rent tribunal."""

    idempotency_key: str
    takeover_id: strawberry.ID = refers_to("Takeover")
    on: dt.date | None = None
    expected_version: int


@command(
    ApplyToTribunalInput,
    gives="takeover",
    description="Register that the rent tribunal (hyresnämnden) was asked for leave (JB 12:37).",
)
def apply_to_tribunal(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that the rent tribunal was asked for leave."""
    return service.apply_to_tribunal(session, actor, **values)


@strawberry.input
class RegisterTribunalDecisionInput:
    """The rent tribunal's decision."""

    idempotency_key: str
    takeover_id: strawberry.ID = refers_to("Takeover")
    leave: bool = strawberry.field(description="Whether it gives leave to transfer.")
    number: str = text(60, description="The tribunal's number of the matter.")
    on: dt.date | None = None
    expected_version: int


@command(
    RegisterTribunalDecisionInput,
    gives="takeover",
    description="Register the rent tribunal's decision.",
)
def register_tribunal_decision(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register the rent tribunal's decision."""
    return service.tribunal_decided(session, actor, **values)


@strawberry.input
class NewLeaseInput:
    """The first-hand lease as signed."""

    signed_on: dt.date | None = None
    ends_on: dt.date | None = None
    rent_ore: int | None = strawberry.field(
        default=None, description="Monthly, in öre; the sublease's when left out."
    )
    terms: Json | None = None


@strawberry.input
class CarryOutTakeoverInput:
    """A takeover that comes about."""

    idempotency_key: str
    takeover_id: strawberry.ID = refers_to("Takeover")
    on: dt.date | None = strawberry.field(
        default=None, description="First day of the first-hand lease."
    )
    parties: list[str] = strawberry.field(description="Who took part.")
    agreed: list[str] | None = strawberry.field(
        default=None, description="Who agreed, where the programme asks for it."
    )
    told: list[str] | None = strawberry.field(
        default=None, description="Notices that were given before it."
    )
    notes: str | None = text(MAX_TEXT, default=None)
    lease: NewLeaseInput | None = None
    expected_version: int


@command(
    CarryOutTakeoverInput,
    gives="takeover",
    description="Let the resident take over the lease: the sublease ends, the own lease begins.",
)
def carry_out_takeover(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let the resident take over the lease."""
    lease = values.pop("lease", None)
    if lease is not None:
        values["lease"] = carrying.NewLease(**as_mapping(dict(lease), "terms"))
    return carrying.carry_out(session, actor, **values)
