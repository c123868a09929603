"""Commands on a contract that runs: notice, end, rent, waiver; and on the kommun's own leases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.contracts import correcting, ending, head_leases, rents, waivers
from hemvist.contracts.models import Contract
from hemvist.guarantees import extending
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit
from hemvist_graphql.checks import as_mapping
from hemvist_graphql.command import command
from hemvist_graphql.ids import require_row_id
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.scalars import Json


@strawberry.input
class GiveContractNoticeInput:
    """A notice (uppsägning) to register."""

    idempotency_key: str
    contract_id: strawberry.ID = refers_to("Contract")
    expected_version: int
    given_by: str = text(20, description="landlord or tenant")
    given_on: dt.date | None = None
    ends_on: dt.date | None = strawberry.field(
        default=None,
        description="A later day than law and guideline give; earlier only where forfeited.",
    )
    details: Json | None = strawberry.field(
        default=None,
        description="Of the landlord's: ground, board_told_on, board_has_copy, demand_sent_on, "
        "arrears_served_on.",
    )
    went_on_because: str | None = text(5_000, default=None)


@command(
    GiveContractNoticeInput,
    gives="contract",
    description="Register a notice; the day on which the contract ends follows from law and guideline.",
)
def give_contract_notice(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register a notice of a contract."""
    ending.notice(session, actor, **as_mapping(values, "details"))
    return session.find(Contract, values["contract_id"])


@strawberry.input
class ExtendContractInput:
    """A fixed term that goes on by agreement."""

    idempotency_key: str
    contract_id: strawberry.ID = refers_to("Contract")
    expected_version: int
    signed_on: dt.date | None = None
    ends_on: dt.date | None = strawberry.field(
        default=None, description="By the guideline's own length unless said."
    )
    terms: Json | None = strawberry.field(
        default=None, description="What the form demands is asked anew; other terms stay."
    )
    waiver: Json | None = strawberry.field(
        default=None, description="Of tenure for the time added, as at the signing."
    )
    went_on_because: str | None = text(
        5_000, default=None, description="Compulsory where guideline or law warns."
    )
    guarantee_months: int | None = strawberry.field(
        default=None, description="The guarantee goes on by so many: one of guaranteeMonths."
    )


@command(
    ExtendContractInput,
    gives="contract",
    description="Let a fixed term go on by agreement; the lease is the same, its end later.",
)
def extend_contract(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let a fixed term go on."""
    return extending.extend_contract(session, actor, **as_mapping(values, "terms", "waiver"))


@strawberry.input
class EndContractInput:
    """A contract to end."""

    idempotency_key: str
    contract_id: strawberry.ID = refers_to("Contract")
    expected_version: int
    reason: str = text(
        40,
        description="notice, agreement, term_over, replaced, evicted, deceased, abandoned, "
        "never_began or other",
    )
    ended_on: dt.date | None = strawberry.field(
        default=None, description="The first day on which it no longer holds; today unless said."
    )
    unit_becomes: str | None = text(20, default=None, description="vacant or returned")
    kept_because: str | None = text(
        200,
        default=None,
        description="Why the home goes back, where it was kept for another household.",
    )


@command(
    EndContractInput,
    gives="contract",
    description="End a contract; the case is told, and the home is vacant or goes back.",
)
def end_contract(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """End a contract."""
    return ending.end(session, actor, **values)


@strawberry.input
class ChangeRentInput:
    """A rent from a day on."""

    idempotency_key: str
    contract_id: strawberry.ID = refers_to("Contract")
    expected_version: int
    valid_from: dt.date
    rent_ore: int = strawberry.field(description="Monthly rent in öre.")
    reason: str = text(500)
    told_on: dt.date | None = strawberry.field(
        default=None, description="When the tenant was told; today unless said."
    )


@command(ChangeRentInput, gives="contract", description="Register a rent from a day on.")
def change_rent(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register a rent from a day on."""
    rents.change_rent(session, actor, **values)
    return session.find(Contract, values["contract_id"])


@strawberry.input
class CorrectContractDaysInput:
    """Days of a contract that were registered wrong."""

    idempotency_key: str
    contract_id: strawberry.ID = refers_to("Contract")
    expected_version: int
    signed_on: dt.date | None = None
    starts_on: dt.date | None = None
    reason: str = text(
        40, description="written_wrong, moved_in_other_day, landlord_changed or signed_other_day"
    )


@command(
    CorrectContractDaysInput,
    gives="contract",
    description="Set right the day of signing or the first day; what counts from them moves.",
)
def correct_contract_days(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Correct the days of a contract."""
    return correcting.correct_contract_days(session, actor, **values)


@strawberry.input
class RecordTenureWaiverInput:
    """A waiver of tenure."""

    idempotency_key: str
    contract_id: strawberry.ID = refers_to("Contract")
    expected_version: int
    signed_on: dt.date | None = None
    months: int = strawberry.field(description="From the contract's first day.")
    basis: str = text(20, description="tribunal or exempt_form")
    approval_number: str | None = text(200, default=None)
    approved_on: dt.date | None = None
    exempt_form: str | None = text(200, default=None)
    partner: str = text(20, description="none, accepts or does_not_accept")
    partner_accepted_on: dt.date | None = None
    went_on_because: str | None = text(5_000, default=None)


@command(
    RecordTenureWaiverInput,
    gives="contract",
    description="Keep a waiver of tenure, a document of its own, with its alarm.",
)
def record_tenure_waiver(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Keep a waiver of tenure."""
    waivers.record_waiver(session, actor, **values)
    return session.find(Contract, values["contract_id"])


@strawberry.input
class SignHeadLeaseInput:
    """The kommun's own lease of one unit or several."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    more_unit_ids: list[str] | None = strawberry.field(
        default=None,
        description="Ids of other units of the same lease; with two or more, a block letting.",
    )
    reference: str | None = text(200, default=None)
    signed_on: dt.date | None = None
    starts_on: dt.date
    ends_on: dt.date | None = None
    rent_ore: int = strawberry.field(description="Of all its units, in öre a month.")


@command(SignHeadLeaseInput, gives="unit", description="Register the kommun's own lease of units.")
def sign_head_lease(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register the kommun's own lease."""
    first = values.pop("unit_id")
    more = [require_row_id("Unit", one) for one in values.pop("more_unit_ids", [])]
    head_leases.sign(session, actor, unit_ids=[first, *more], **values)
    return session.find(Unit, first)


@strawberry.input
class EndHeadLeaseInput:
    """The kommun's own lease to end."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    expected_version: int = strawberry.field(description="Of the lease.")
    ended_on: dt.date | None = None


@command(
    EndHeadLeaseInput, gives="unit", description="End the kommun's own lease that a unit stands in."
)
def end_head_lease(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """End the kommun's own lease."""
    [unit] = head_leases.known_units(session, actor, [values.pop("unit_id")])
    head_leases.end_of(session, actor, unit=unit, **values)
    return unit
