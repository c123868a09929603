"""The quarterly report of decisions not carried out, made when somebody asks for it."""

from __future__ import annotations

from uuid import UUID

from hemvist.outbox import OutboxEvent
from hemvist.tenancy import TenantSession
from hemvist.unexecuted import report


def make_report(session: TenantSession, event: OutboxEvent) -> None:
    """Make the file of the report that an event asks for."""
    report.make(session, UUID(event.payload["report_id"]))
