"""Letting the property departments know of an incident that social services took in.

What social services are told lies behind the strong secrecy of OSL 26:1; the property office is
another zone (8:1, 26:11). It learns that there is an incident, of what kind and how serious, with its
clocks: never the words of the report or who reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hemvist.cases import service as cases
from hemvist.cases.access import disclosed_departments
from hemvist.cases.checks import raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import departments_with, pack_of
from hemvist.clock import SWEDISH_TIME, now, today
from hemvist.errors import Conflict, Problem
from hemvist.identity import Action, Actor
from hemvist.incidents.access import incident_for
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.models import GROUNDS, Incident
from hemvist.incidents.notes import note
from hemvist.tenancy import TenantSession

#: What the property departments are told of an incident.
FIELDS = ("incident", "kind", "happened_on", "severity", "clocks", "outcome")
#: The grounds as they stand in the record of disclosures.
GROUND_TEXTS = {
    "consent": "OSL 10:1 (samtycke)",
    "necessity": "OSL 10:2 (nödvändigt utlämnande)",
}
MAX_NOTE = 2_000


def share(
    session: TenantSession,
    actor: Actor,
    *,
    incident_id: UUID,
    ground: str,
    expected_version: int,
    consented_on: date | None = None,
    ground_note: str = "",
) -> Incident:
    """Let the property departments that the case lies open to know of an incident, on a ground.

    ``consented_on`` is the day of the household's consent, ``ground_note`` why it is needed where the
    ground is necessity. Raises ``ValidationFailed``, ``Conflict`` (``shared_already``,
    ``nobody_to_share_with``), ``NotFound``, ``NotAllowed``.
    """
    incident, case = incident_for(session, actor, incident_id, Action.INCIDENT_HANDLE)
    session.change(incident, expected_version)
    raise_if(ground_problems(ground, consented_on, ground_note))
    if incident.shared_on is not None:
        raise Conflict("shared_already", "the property office knows of it")
    departments = property_departments(session, case)
    if not departments:
        raise Conflict("nobody_to_share_with", "the case lies open to no other department")
    _share(session, actor, case, incident, departments, ground, today())
    said = ground_note if consented_on is None else f"{consented_on} {ground_note}"
    note(session, actor, case, incident, "shared", now(), said)
    return incident


def share_at_once(
    session: TenantSession,
    actor: Actor,
    case: Case,
    incident: Incident,
    clocks: Sequence[ServiceClock],
) -> None:
    """Share what a property department took in itself, or has to act on by a clock."""
    day = incident.received_at.astimezone(SWEDISH_TIME).date()
    if incident.department != case.department:
        incident.shared_on = day
        session.flush()
        return
    acting = {one for clock in clocks for one in clock.departments}
    open_to = [one for one in property_departments(session, case) if one in acting]
    if open_to:
        _share(session, actor, case, incident, open_to, "necessity", day)


def ground_problems(ground: str, consented_on: date | None, note: str) -> list[Problem]:
    """What is missing for a ground to be made out."""
    if ground not in GROUNDS:
        allowed = {"allowed": list(GROUNDS)}
        return [Problem("ground", "unknown_choice", "not one of the choices", allowed)]
    if ground == "necessity":
        return required_text("groundNote", note, MAX_NOTE)
    if consented_on is None:
        return [Problem("consentedOn", "required", "say when the household consented")]
    if consented_on > today():
        return [Problem("consentedOn", "future", "may not lie in the future")]
    return []


def property_departments(session: TenantSession, case: Case) -> list[str]:
    """Property departments that the case lies open to, besides its own."""
    known = {*disclosed_departments(session, case)} - {case.department}
    return sorted(known.intersection(departments_with(pack_of(case), "property")))


def _share(
    session: TenantSession,
    actor: Actor,
    case: Case,
    incident: Incident,
    departments: Sequence[str],
    ground: str,
    on: date,
) -> None:
    incident.shared_on = on
    session.flush()
    text = GROUND_TEXTS[ground]
    cases.disclose(session, case, departments=departments, ground=text, fields=FIELDS, on=on)
    record(
        session,
        actor,
        case,
        "incident_shared",
        on,
        action=Action.INCIDENT_HANDLE,
        subject_type="incident",
        subject_id=incident.id,
        data={"ground": ground, "departments": sorted(departments)},
    )
