"""Commands on carrying decisions out and on the quarterly report."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist.unexecuted import service
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class RecordExecutionEffortInput:
    """What was done to carry a decision out."""

    idempotency_key: str
    decision_id: strawberry.ID = refers_to("Decision")
    kind: str = text(40)
    obstacle: str = text(40, description="What stands in the way.")
    notes: str = text(2_000)
    made_on: dt.date | None = None


@command(
    RecordExecutionEffortInput,
    gives="execution_effort",
    description="Note what was done to carry a decision out.",
)
def record_execution_effort(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note what was done to carry a decision out."""
    return service.record_effort(session, actor, **values)


@strawberry.input
class RecordExecutionInput:
    """A decision that has been carried out."""

    idempotency_key: str
    decision_id: strawberry.ID = refers_to("Decision")
    executed_on: dt.date | None = None
    expected_version: int


@command(
    RecordExecutionInput,
    gives="decision",
    description="Note that a decision was carried out, where no contract says so.",
)
def record_execution(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note that a decision was carried out, where no contract says so."""
    return service.record_execution(session, actor, **values)


@strawberry.input
class RequestExecutionReportInput:
    """The quarter of a department."""

    idempotency_key: str
    department: str = text(40)
    quarter: str = text(10, description="2026-Q4")


@command(
    RequestExecutionReportInput,
    gives="execution_report",
    description="Let the quarterly report be made, or made anew until it is sent.",
)
def request_execution_report(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let the quarterly report be made, or made anew until it is sent."""
    return service.request_report(session, actor, **values)


@strawberry.input
class MarkExecutionReportSentInput:
    """A report that has been sent."""

    idempotency_key: str
    report_id: strawberry.ID = refers_to("ExecutionReport")
    sent_on: dt.date | None = None
    expected_version: int


@command(
    MarkExecutionReportSentInput,
    gives="execution_report",
    description="Note that the report has gone to the authority and the auditors.",
)
def mark_execution_report_sent(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Note that the report has gone to the authority and the auditors."""
    return service.mark_sent(session, actor, **values)
