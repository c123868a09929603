"""The caseload's snapshot after each event, and simulations taken up and carried on."""

from __future__ import annotations

from uuid import UUID

from opentelemetry.propagate import inject
from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.db import Audience
from hemvist.households.models import HouseholdMember
from hemvist.outbox import OutboxEvent
from hemvist.settings import get_settings
from hemvist.simulations import running, snapshot
from hemvist.tenancy import TenantSession, tenant_session
from hemvist_workers.app import app

SIMULATE = "hemvist.simulate"


def keep_snapshot(session: TenantSession, event: OutboxEvent) -> None:
    """Rewrite the rows of the cases that an event is about."""
    payload = event.payload
    if "case_id" in payload:
        snapshot.refresh(session, [UUID(payload["case_id"])])
    elif "person_id" in payload:
        snapshot.refresh(session, _cases_of(session, UUID(payload["person_id"])))


def take_up(session: TenantSession, event: OutboxEvent) -> None:
    """Give a simulation that was asked for to a task of its own."""
    send(session.tenant_id, UUID(event.payload["simulation_id"]))


def send(tenant_id: UUID, simulation_id: UUID) -> None:
    """Let a worker go on with a simulation. Sent twice, both do their share of its steps."""
    carrier: dict[str, str] = {}
    inject(carrier)
    app.send_task(SIMULATE, (str(tenant_id), str(simulation_id), carrier))


def carry_on(tenant_id: UUID, simulation_id: UUID) -> None:
    """Work on a simulation for a part of what a task may take; what is left is a task again."""
    if running.run(tenant_id, simulation_id, get_settings().task_time_limit / 4):
        send(tenant_id, simulation_id)


def refresh_snapshot(tenant_id: UUID) -> bool:
    """Look again at some cases whose row is of an earlier day. Returns whether there are more."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        stale = snapshot.out_of_date(session, running.REFRESHED)
        snapshot.refresh(session, stale)
        return len(stale) == running.REFRESHED


def resume(tenant_id: UUID) -> int:
    """Send simulations again of which nothing has been heard: the broker lost their task."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        found = running.silent(session)
    for simulation_id in found:
        send(tenant_id, simulation_id)
    return len(found)


def _cases_of(session: TenantSession, person_id: UUID) -> list[UUID]:
    """Open cases of the households that a person is or was in."""
    return list(
        session.scalars(
            select(Case.id)
            .join(
                HouseholdMember,
                (HouseholdMember.tenant_id == Case.tenant_id)
                & (HouseholdMember.household_id == Case.household_id),
            )
            .where(HouseholdMember.person_id == person_id, Case.state == "open")
        )
    )
