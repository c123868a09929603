"""Commands on commissions to support providers, and on the providers' reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.commissions import reporting, service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.checks import as_mapping
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.scalars import Json

_REASON = "volume, needs, wish, continuity or only_one"


@strawberry.input
class RouteSupportInput:
    """Own provider or a procured one."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    regime: str = text(40, description="own or procured")
    reason: str = text(40, description=_REASON)
    on: dt.date | None = None


@command(
    RouteSupportInput,
    gives="commission",
    description="The coordinator decides between the kommun's own provider and a procured one.",
)
def route_support(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Decide between own and procured."""
    return service.route_support(session, actor, **values)


@strawberry.input
class ChooseProviderInput:
    """Which provider."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    provider_id: strawberry.ID = refers_to("SupportProvider")
    reason: str = text(40, description=_REASON)
    on: dt.date | None = None


@command(
    ChooseProviderInput,
    gives="commission",
    description="The caseworker chooses the provider; the coordinator is told.",
)
def choose_provider(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Choose the provider."""
    return service.choose_provider(session, actor, **values)


@strawberry.input
class WriteCommissionInput:
    """What the provider is to do."""

    idempotency_key: str
    commission_id: strawberry.ID = refers_to("Commission")
    content: Json = strawberry.field(description="Items of the guideline by id.")
    starts_on: dt.date | None = None
    expected_version: int


@command(WriteCommissionInput, gives="commission", description="Write what the provider is to do.")
def write_commission(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Write what the provider is to do."""
    return service.write_commission(session, actor, **as_mapping(values, "content"))


@strawberry.input
class SendCommissionInput:
    """A commission to send."""

    idempotency_key: str
    commission_id: strawberry.ID = refers_to("Commission")
    ground: str = text(40, description="consent or necessity: why the provider may see it")
    sent_on: dt.date | None = None
    expected_version: int


@command(
    SendCommissionInput,
    gives="commission",
    description="Send the written commission; the provider sees the support of the case from now.",
)
def send_commission(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Send the commission."""
    return service.send_commission(session, actor, **values)


@strawberry.input
class WithdrawCommissionInput:
    """A commission that comes to nothing."""

    idempotency_key: str
    commission_id: strawberry.ID = refers_to("Commission")
    expected_version: int


@command(
    WithdrawCommissionInput,
    gives="commission",
    description="Begin anew with the choice; only of what has not been sent.",
)
def withdraw_commission(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Begin anew with the choice."""
    return service.withdraw_commission(session, actor, **values)


@strawberry.input
class EndCommissionInput:
    """A commission that ends."""

    idempotency_key: str
    commission_id: strawberry.ID = refers_to("Commission")
    reason: str = text(
        40, description="support_ended, other_provider, moved_out, wish or case_closed"
    )
    note: str | None = text(service.MAX_NOTE, default=None)
    on: dt.date | None = None
    expected_version: int


@command(
    EndCommissionInput,
    gives="commission",
    description="End a commission; refused while the guideline says that the support goes on.",
)
def end_commission(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """End a commission."""
    return service.end_commission(session, actor, **values)


@strawberry.input
class WriteSupportReportInput:
    """A report for a due day."""

    idempotency_key: str
    commission_id: strawberry.ID = refers_to("Commission")
    obligation_id: strawberry.ID = refers_to("Obligation")
    content: Json = strawberry.field(description="Items of the guideline's template by id.")
    expected_version: int = strawberry.field(
        default=0, description="Of the draft; 0 where none is begun."
    )


@command(
    WriteSupportReportInput,
    gives="support_report",
    description="Write or rewrite the draft of the report for a due day.",
)
def write_support_report(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Write the report's draft."""
    return reporting.write_report(session, actor, **as_mapping(values, "content"))


@strawberry.input
class SendSupportReportInput:
    """A report to send."""

    idempotency_key: str
    support_report_id: strawberry.ID = refers_to("SupportReport")
    sent_on: dt.date | None = None
    expected_version: int


@command(
    SendSupportReportInput,
    gives="support_report",
    description="Send the report to those who gave the commission; it never changes.",
)
def send_support_report(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Send the report."""
    return reporting.send_report(session, actor, **values)


@strawberry.input
class ReceiveSupportReportInput:
    """A report that has been read."""

    idempotency_key: str
    support_report_id: strawberry.ID = refers_to("SupportReport")
    expected_version: int


@command(
    ReceiveSupportReportInput,
    gives="support_report",
    description="Say that a report has been read.",
)
def receive_support_report(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say that a report has been read."""
    return reporting.receive_report(session, actor, **values)
