"""Runs of thinning (gallring) taken up, carried on and taken up again."""

from __future__ import annotations

from uuid import UUID

from opentelemetry.propagate import inject

from hemvist.db import Audience
from hemvist.migrations.tables import metadata
from hemvist.outbox import OutboxEvent
from hemvist.retention import references, running
from hemvist.settings import get_settings
from hemvist.tenancy import TenantSession, tenant_session
from hemvist_workers.app import app

THIN = "hemvist.thin"


def take_up(session: TenantSession, event: OutboxEvent) -> None:
    """Give a run that was proposed or approved to a task of its own."""
    send(session.tenant_id, UUID(event.payload["run_id"]))


def send(tenant_id: UUID, run_id: UUID) -> None:
    """Let a worker go on with a run. Sent twice, both do their share of its cases."""
    carrier: dict[str, str] = {}
    inject(carrier)
    app.send_task(THIN, (str(tenant_id), str(run_id), carrier))


def carry_on(tenant_id: UUID, run_id: UUID) -> None:
    """Work on a run for a part of what a task may take; what is left is a task again."""
    if running.run(tenant_id, run_id, get_settings().task_time_limit / 4, metadata):
        send(tenant_id, run_id)
    else:
        references.keep_beside(tenant_id)


def resume(tenant_id: UUID) -> int:
    """Send runs again of which nothing has been heard: the broker lost their task."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        found = running.silent(session)
    for run_id in found:
        send(tenant_id, run_id)
    return len(found)
