"""An incident or a clock that somebody has to act on keeps its case open."""

from __future__ import annotations

from sqlalchemy import select

from hemvist.cases.closing import hinders_closing
from hemvist.cases.models import Case
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.models import Incident
from hemvist.tenancy import TenantSession


@hinders_closing
def incident_open(session: TenantSession, case: Case) -> str | None:
    """An incident that is not closed, or a clock of service that nobody has answered."""
    found = session.scalar(
        select(Incident.id).where(Incident.case_id == case.id, Incident.state == "open").limit(1)
    )
    if found is not None:
        return "incident_hinders_closing"
    waiting = session.scalar(
        select(ServiceClock.id)
        .where(ServiceClock.case_id == case.id, ServiceClock.stopped_at.is_(None))
        .limit(1)
    )
    return None if waiting is None else "clock_hinders_closing"
