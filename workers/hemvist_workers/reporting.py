"""Reports and forms for authorities, made and counted when somebody asks for them."""

from __future__ import annotations

from uuid import UUID

from hemvist.authority_forms import running
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import TenantSession
from hemvist.unexecuted import report


def make_report(session: TenantSession, event: OutboxEvent) -> None:
    """Make the file of the report that an event asks for."""
    report.make(session, UUID(event.payload["report_id"]))


def count_form(session: TenantSession, event: OutboxEvent) -> None:
    """Count the authority's form that an event asks for."""
    running.count(session, UUID(event.payload["form_id"]))
