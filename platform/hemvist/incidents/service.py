"""Taking in reports of incidents, judging them, noting what was done, and closing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from hemvist.cases.access import case_for
from hemvist.cases.checks import raise_if, require_open, required_text
from hemvist.cases.facts import household_facts
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME, now
from hemvist.errors import Conflict, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor
from hemvist.incidents import sharing
from hemvist.incidents.access import incident_for
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.clocks import (
    cancel_clock,
    clocks_of,
    past_instant,
    start_clocks,
    stop_clock,
)
from hemvist.incidents.homes import Home, acting_department, home_of
from hemvist.incidents.models import (
    ACTIONS,
    CHANNELS,
    KINDS,
    NOTHING_TO_DO,
    OUTCOMES,
    REPORTERS,
    SEVERITIES,
    Incident,
)
from hemvist.incidents.notes import note
from hemvist.tenancy import TenantSession

MAX_TEXT = 5_000
MAX_NAME = 200
#: What a report of each kind starts clocks by.
_STARTS = {
    "complaint": "complaint_received",
    "disturbance": "disturbance_reported",
    "neglect": "complaint_received",
    "arrears": "complaint_received",
    "other": "complaint_received",
}
#: What a report of a landlord starts clocks by besides, whatever it is about.
BY_LANDLORD = "problem_reported"


def report(
    session: TenantSession,
    actor: Actor,
    *,
    kind: str,
    reported_by: str,
    channel: str,
    what: str,
    happened_on: date,
    received_at: datetime | None = None,
    happened_at: datetime | None = None,
    case_id: UUID | None = None,
    contract_id: UUID | None = None,
    unit_id: UUID | None = None,
    anonymous: bool = False,
    reporter_name: str = "",
    reporter_contact: str = "",
) -> Incident:
    """Take in a report about a case, a contract or a home, and start the clocks it gives.

    One of ``case_id``, ``contract_id`` and ``unit_id`` says what it is about; a home leads to the case
    of whoever lived there on the day. The clocks run from ``received_at``, when it reached the
    kommun, now unless given. Raises ``ValidationFailed``, ``NotFound``, ``NotAllowed``, ``Conflict``.
    """
    home = home_of(session, actor, case_id, contract_id, unit_id, happened_on)
    case = case_for(session, actor, home.case_id, Action.INCIDENT_REPORT)
    require_open(case)
    received = past_instant("receivedAt", received_at or now())
    raise_if(
        choices(
            kind=(kind, KINDS), reportedBy=(reported_by, REPORTERS), channel=(channel, CHANNELS)
        )
        + required_text("what", what, MAX_TEXT)
        + _reporter(reported_by, anonymous, reporter_name, reporter_contact)
        + times(happened_on, happened_at, received)
    )
    return take_in(
        session,
        actor,
        case,
        home,
        kind=kind,
        reported_by=reported_by,
        channel=channel,
        anonymous=anonymous,
        reporter_name=reporter_name.strip(),
        reporter_contact=reporter_contact.strip(),
        happened_on=happened_on,
        happened_at=happened_at,
        received_at=received,
        department=acting_department(session, actor, case, Action.INCIDENT_REPORT),
        what=what.strip(),
        registered_by=actor.principal_id,
    )


def take_in(
    session: TenantSession, actor: Actor, case: Case, home: Home, **values: Any
) -> Incident:
    """Write a report that has been checked, as columns of ``Incident``, and start its clocks."""
    unsaid = dict.fromkeys(("severity_reason", "children_note", "closing_note"), "")
    incident = session.save(
        Incident(
            case_id=case.id, contract_id=home.contract_id, unit_id=home.unit_id, **unsaid, **values
        )
    )
    started: list[ServiceClock] = []
    by_landlord = [BY_LANDLORD] if incident.reported_by == "landlord" else []
    for event in (_STARTS[incident.kind], *by_landlord):
        started += start_clocks(
            session,
            actor,
            case,
            event,
            incident.received_at,
            "incident",
            incident.id,
            incident_id=incident.id,
        )
    # Who reported it stands in no line of the timeline.
    data = {"kind": incident.kind, "clocks": [clock.code for clock in started]}
    _record(session, actor, case, incident, "incident_reported", incident.received_at, data)
    sharing.share_at_once(session, actor, case, incident, started)
    return incident


def assess(
    session: TenantSession,
    actor: Actor,
    *,
    incident_id: UUID,
    severity: str,
    reason: str,
    expected_version: int,
    children_note: str = "",
    at: datetime | None = None,
) -> Incident:
    """Judge how serious an incident is, with the reason; again when more is known.

    Where there are children in the household it says what it means for them, always (SoL 3:1-3).
    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    incident, case = _for(session, actor, incident_id, Action.INCIDENT_HANDLE, expected_version)
    moment = past_instant("at", at or now(), incident.received_at)
    children = _children(session, case, moment)
    problems = choices(severity=(severity, SEVERITIES))
    problems += required_text("reason", reason, MAX_TEXT)
    if children:
        problems += required_text("childrenNote", children_note, MAX_TEXT)
    else:
        problems += too_long("childrenNote", children_note, MAX_TEXT)
    raise_if(problems)
    incident.severity = severity
    incident.severity_reason = reason.strip()
    incident.children_note = children_note.strip()
    incident.assessed_at = moment
    incident.assessed_by = actor.principal_id
    note(session, actor, case, incident, "assessed", moment, reason, severity=severity)
    data = {"severity": severity, "children": children}
    _record(session, actor, case, incident, "incident_assessed", moment, data)
    return incident


def act(
    session: TenantSession,
    actor: Actor,
    *,
    incident_id: UUID,
    kind: str,
    notes: str,
    expected_version: int,
    at: datetime | None = None,
    done_by: str = "",
    service_clock_ids: Sequence[UUID] = (),
) -> Incident:
    """Note what was done about an incident, and which of its clocks that answers.

    ``at`` is when it was done, now unless given; ``done_by`` who did it, the actor unless said. Raises
    ``ValidationFailed`` (``serviceClockIds`` of something else), ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    incident, case = _for(session, actor, incident_id, Action.INCIDENT_ACT, expected_version)
    moment = past_instant("at", at or now(), incident.received_at)
    raise_if(
        choices(kind=(kind, ACTIONS[2:]))
        + required_text("notes", notes, MAX_TEXT)
        + too_long("doneBy", done_by, MAX_NAME)
    )
    clocks = _clocks(session, incident, service_clock_ids)
    for clock in clocks:
        stop_clock(session, actor, case, clock, moment)
    codes = [clock.code for clock in clocks]
    note(session, actor, case, incident, kind, moment, notes, done_by=done_by, clocks=codes)
    data = {"kind": kind, "clocks": codes}
    _record(session, actor, case, incident, "incident_acted_on", moment, data)
    return incident


def close(
    session: TenantSession,
    actor: Actor,
    *,
    incident_id: UUID,
    outcome: str,
    note: str,
    expected_version: int,
    confirmed: bool | None = None,
    at: datetime | None = None,
) -> Incident:
    """Close an incident with how it ended and whether it was confirmed.

    It has been judged, and its clocks answered; where it was unfounded or a duplicate neither is
    needed: clocks that run are cancelled. Raises ``ValidationFailed``, ``Conflict``
    (``not_assessed``, ``clocks_running``), ``NotFound``, ``NotAllowed``.
    """
    incident, case = _for(session, actor, incident_id, Action.INCIDENT_HANDLE, expected_version)
    moment = past_instant("at", at or now(), incident.received_at)
    raise_if(
        choices(outcome=(outcome, OUTCOMES))
        + required_text("note", note, MAX_TEXT)
        + _confirmed(outcome, confirmed)
    )
    waiting = _waiting(session, incident)
    if outcome in NOTHING_TO_DO:
        for clock in waiting:
            cancel_clock(session, actor, case, clock, note)
    elif incident.severity is None:
        raise Conflict("not_assessed", "how serious it is has not been judged")
    elif waiting:
        raise Conflict(
            "clocks_running",
            "a clock of it has not been answered",
            clocks=[clock.code for clock in waiting],
        )
    incident.state = "closed"
    incident.outcome = outcome
    incident.confirmed = False if outcome == "unfounded" else confirmed
    incident.closing_note = note.strip()
    incident.closed_at = moment
    incident.closed_by = actor.principal_id
    data = {"outcome": outcome, "confirmed": incident.confirmed}
    _record(session, actor, case, incident, "incident_closed", moment, data)
    return incident


def _for(
    session: TenantSession, actor: Actor, incident_id: UUID, action: Action, expected_version: int
) -> tuple[Incident, Case]:
    """The incident, open and locked for a change."""
    incident, case = incident_for(session, actor, incident_id, action)
    session.change(incident, expected_version)
    if incident.state != "open":
        raise Conflict("incident_closed", "the incident is closed")
    return incident, case


def _waiting(session: TenantSession, incident: Incident) -> list[ServiceClock]:
    return clocks_of(session, incident.id, unanswered=True)


def _clocks(
    session: TenantSession, incident: Incident, service_clock_ids: Sequence[UUID]
) -> list[ServiceClock]:
    waiting = {clock.id: clock for clock in _waiting(session, incident)}
    wanted = list(dict.fromkeys(service_clock_ids))
    if not set(wanted) <= set(waiting):
        raise ValidationFailed.one("serviceClockIds", "not_waiting", "not a clock of it that waits")
    return [waiting[one] for one in wanted]


def _children(session: TenantSession, case: Case, at: datetime) -> int:
    found = household_facts(session, case, at.astimezone(SWEDISH_TIME).date())
    return int(found["children_under_18"])


def choices(**given: tuple[str, Sequence[str]]) -> list[Problem]:
    """Problems of fields whose value is none of those that it may have."""
    return [
        Problem(field, "unknown_choice", "not one of the choices", {"allowed": list(allowed)})
        for field, (value, allowed) in given.items()
        if value not in allowed
    ]


def _reporter(by: str, anonymous: bool, name: str, contact: str) -> list[Problem]:
    problems = too_long("reporterName", name, MAX_NAME)
    problems += too_long("reporterContact", contact, MAX_NAME)
    if not anonymous:
        return problems
    if by != "neighbour":
        problems.append(Problem("anonymous", "only_neighbours", "only a neighbour's can be"))
    for field, value in (("reporterName", name), ("reporterContact", contact)):
        if value.strip():
            problems.append(Problem(field, "anonymous", "an anonymous report has none"))
    return problems


def times(happened_on: date, happened_at: datetime | None, received: datetime) -> list[Problem]:
    """Problems of the day and the instant at which it happened."""
    if happened_on > received.astimezone(SWEDISH_TIME).date():
        return [Problem("happenedOn", "after_report", "may not lie after the report")]
    if happened_at is None:
        return []
    if happened_at.tzinfo is None:
        return [Problem("happenedAt", "no_time_zone", "the instant has no time zone")]
    if happened_at.astimezone(SWEDISH_TIME).date() != happened_on:
        return [Problem("happenedAt", "another_day", "not on the day that it happened")]
    if happened_at > received:
        return [Problem("happenedAt", "after_report", "may not lie after the report")]
    return []


def _confirmed(outcome: str, confirmed: bool | None) -> list[Problem]:
    if outcome == "unfounded" and confirmed:
        return [Problem("confirmed", "unfounded", "what was unfounded is not confirmed")]
    if outcome in NOTHING_TO_DO or confirmed is not None:
        return []
    return [Problem("confirmed", "required", "say whether it was confirmed")]


def _record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    incident: Incident,
    kind: str,
    at: datetime,
    data: dict[str, Any],
) -> None:
    session.flush()
    action = {
        "incident_reported": Action.INCIDENT_REPORT,
        "incident_acted_on": Action.INCIDENT_ACT,
    }.get(kind, Action.INCIDENT_HANDLE)
    record(
        session,
        actor,
        case,
        kind,
        at.astimezone(SWEDISH_TIME).date(),
        action=action,
        subject_type="incident",
        subject_id=incident.id,
        data=data,
    )
