"""Commands on the three weeks, the board's undertaking to pay, and instalments."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.arrears import instalments, liabilities, recovery
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text


@strawberry.input
class RegisterRecoveryInput:
    """A notice for unpaid rent that can be won back."""

    idempotency_key: str
    rent_account_id: strawberry.ID = refers_to("RentAccount")
    amount_ore: int
    served_on: dt.date | None = strawberry.field(
        default=None, description="The day on which the tenant was served (delgiven)."
    )
    board_told_on: dt.date | None = strawberry.field(
        default=None, description="The day on which the social board was told."
    )


@command(
    RegisterRecoveryInput,
    gives="recovery_period",
    description="Register a notice for unpaid rent; three weeks run when both days are known.",
)
def register_recovery(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register a notice for unpaid rent."""
    values["account_id"] = values.pop("rent_account_id")
    return recovery.register_recovery(session, actor, **values)


@strawberry.input
class CompleteRecoveryInput:
    """The day that was missing."""

    idempotency_key: str
    recovery_period_id: strawberry.ID = refers_to("RecoveryPeriod")
    served_on: dt.date | None = None
    board_told_on: dt.date | None = None
    expected_version: int


@command(
    CompleteRecoveryInput,
    gives="recovery_period",
    description="Register the day of service, or of the word to the board, that was missing.",
)
def complete_recovery(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register the day that was missing."""
    return recovery.complete_recovery(session, actor, **_of_recovery(values))


@strawberry.input
class EndRecoveryInput:
    """How the time ended."""

    idempotency_key: str
    recovery_period_id: strawberry.ID = refers_to("RecoveryPeriod")
    how: str = text(20, description="paid, withdrawn or expired")
    on: dt.date | None = None
    expected_version: int


@command(EndRecoveryInput, gives="recovery_period", description="Register how the time ended.")
def end_recovery(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register how the time ended."""
    return recovery.end_recovery(session, actor, **_of_recovery(values))


def _of_recovery(values: dict[str, Any]) -> dict[str, Any]:
    values["recovery_id"] = values.pop("recovery_period_id")
    return values


@strawberry.input
class ProposeLiabilityInput:
    """A proposal that the board answers for a debt."""

    idempotency_key: str
    recovery_period_id: strawberry.ID = refers_to("RecoveryPeriod")
    amount_ore: int = strawberry.field(description="The whole of the debt at least.")
    motivation: str = text(MAX_TEXT)
    children_considered: str | None = text(
        MAX_TEXT, default=None, description="Compulsory where children live in the home."
    )
    on: dt.date | None = None


@command(
    ProposeLiabilityInput,
    gives="rent_liability",
    description="Propose that the board answers for the debt, for somebody else to sign.",
)
def propose_liability(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Propose that the board answers for the debt."""
    return liabilities.propose_liability(session, actor, **_of_recovery(values))


@strawberry.input
class DecideLiabilityInput:
    """Another one's proposal, signed or refused."""

    idempotency_key: str
    rent_liability_id: strawberry.ID = refers_to("RentLiability")
    outcome: str = text(20, description="decided or refused")
    note: str | None = text(MAX_TEXT, default=None, description="Compulsory with a refusal.")
    on: dt.date | None = None
    expected_version: int


@command(
    DecideLiabilityInput,
    gives="rent_liability",
    description="Sign another one's undertaking to pay, or refuse it (four eyes).",
)
def decide_liability(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Sign another one's undertaking to pay, or refuse it."""
    return liabilities.decide_liability(session, actor, **_of_liability(values))


@strawberry.input
class TellLandlordOfLiabilityInput:
    """The day on which the landlord had it in writing."""

    idempotency_key: str
    rent_liability_id: strawberry.ID = refers_to("RentLiability")
    told_on: dt.date | None = None
    expected_version: int


@command(
    TellLandlordOfLiabilityInput,
    gives="rent_liability",
    description="Register that the landlord had the undertaking in writing, in time.",
)
def tell_landlord_of_liability(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register that the landlord had it in writing."""
    return liabilities.tell_landlord(session, actor, **_of_liability(values))


def _of_liability(values: dict[str, Any]) -> dict[str, Any]:
    values["liability_id"] = values.pop("rent_liability_id")
    return values


@strawberry.input
class RentInstalmentInput:
    """One part of a debt."""

    due_on: dt.date
    amount_ore: int


@strawberry.input
class AgreeRentInstalmentsInput:
    """What tenant and landlord have agreed on."""

    idempotency_key: str
    rent_account_id: strawberry.ID = refers_to("RentAccount")
    instalments: list[RentInstalmentInput]
    agreed_on: dt.date | None = None


@command(
    AgreeRentInstalmentsInput,
    gives="instalment_plan",
    description="Keep how a debt is paid off; an earlier plan of the tenancy ends.",
)
def agree_rent_instalments(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Keep how a debt is paid off."""
    values["account_id"] = values.pop("rent_account_id")
    return instalments.agree_instalments(session, actor, **values)


@strawberry.input
class RecordRentInstalmentInput:
    """A part that was paid."""

    idempotency_key: str
    instalment_plan_id: strawberry.ID = refers_to("InstalmentPlan")
    number: int = strawberry.field(description="From 1.")
    paid_on: dt.date | None = None
    expected_version: int


@command(
    RecordRentInstalmentInput, gives="instalment_plan", description="Enter that a part was paid."
)
def record_rent_instalment(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Enter that a part was paid."""
    return instalments.record_instalment(session, actor, **_of_plan(values))


@strawberry.input
class EndRentInstalmentsInput:
    """A plan that ends."""

    idempotency_key: str
    instalment_plan_id: strawberry.ID = refers_to("InstalmentPlan")
    broken: bool = strawberry.field(description="Whether it was not kept.")
    on: dt.date | None = None
    expected_version: int


@command(EndRentInstalmentsInput, gives="instalment_plan", description="End a plan.")
def end_rent_instalments(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """End a plan."""
    return instalments.end_instalments(session, actor, **_of_plan(values))


def _of_plan(values: dict[str, Any]) -> dict[str, Any]:
    values["plan_id"] = values.pop("instalment_plan_id")
    return values
