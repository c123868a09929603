"""Who may act on an incident: those who may know of it, as reading has it."""

from __future__ import annotations

from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.models import Case
from hemvist.errors import NotFound
from hemvist.identity import Action, Actor
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.homes import acting_department
from hemvist.incidents.models import Incident
from hemvist.tenancy import TenantSession


def incident_for(
    session: TenantSession, actor: Actor, incident_id: UUID, action: Action
) -> tuple[Incident, Case]:
    """The incident and its open case, if the actor may take ``action`` on it.

    One that the property side was not let know of is not there for it. Raises as ``open_matter``.
    """
    incident, case = open_matter(session, actor, Incident, incident_id, action)
    if not _known(session, actor, case, incident, action):
        raise NotFound("Incident")
    return incident, case


def clock_for(
    session: TenantSession, actor: Actor, clock_id: UUID, action: Action
) -> tuple[ServiceClock, Case]:
    """The clock and its open case: as its incident is known, or theirs to answer."""
    clock, case = open_matter(session, actor, ServiceClock, clock_id, action)
    if clock.incident_id is not None:
        incident = session.find(Incident, clock.incident_id)
        theirs = acting_department(session, actor, case, action) in clock.departments
        if not theirs and not _known(session, actor, case, incident, action):
            raise NotFound("ServiceClock")
    return clock, case


def _known(
    session: TenantSession, actor: Actor, case: Case, incident: Incident, action: Action
) -> bool:
    acts_for = acting_department(session, actor, case, action)
    return incident.shared_on is not None or acts_for == case.department
