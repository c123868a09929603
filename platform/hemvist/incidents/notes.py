"""Lines of what was done about an incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hemvist.cases.models import Case
from hemvist.identity import Action, Actor
from hemvist.incidents.homes import acting_department
from hemvist.incidents.models import Incident, IncidentAction
from hemvist.tenancy import TenantSession


def note(
    session: TenantSession,
    actor: Actor,
    case: Case,
    incident: Incident,
    kind: str,
    at: datetime,
    notes: str,
    *,
    done_by: str = "",
    severity: str | None = None,
    clocks: Sequence[str] = (),
) -> None:
    """Write a line: what was done, when, by whom, and which clocks it answered."""
    session.save(
        IncidentAction(
            case_id=case.id,
            incident_id=incident.id,
            kind=kind,
            done_at=at,
            done_by=done_by.strip() or actor.name,
            notes=notes.strip(),
            severity=severity,
            clocks=list(clocks),
            department=acting_department(session, actor, case, Action.INCIDENT_ACT),
            recorded_by=actor.principal_id,
        )
    )
