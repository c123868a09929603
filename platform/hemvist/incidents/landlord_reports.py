"""Reports (anmälningar) that come through a landlord's own login: each becomes an incident at once.

The landlord knows the home and not the case, and no act of its own reads one. What it wrote is kept
as it wrote it; what it may learn later is what ``feedback`` says in chosen words, and nothing else.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from hemvist import audit
from hemvist.cases.checks import raise_if, required_text
from hemvist.cases.journal import person_ids, record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import now, today
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, ValidationFailed, too_long
from hemvist.identity import Action, Actor, require
from hemvist.incidents import sharing
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.clocks import clocks_of
from hemvist.incidents.homes import Home
from hemvist.incidents.models import BY_LOGIN, KINDS, IncidentFeedback
from hemvist.incidents.report_models import LandlordReport, LandlordReportWord
from hemvist.incidents.service import BY_LANDLORD, MAX_NAME, MAX_TEXT, choices, take_in, times
from hemvist.landlord_events import tell_landlord
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

#: The line of the timeline when a landlord writes more about its report.
WROTE = "landlord_wrote"


def report(
    session: TenantSession,
    actor: Actor,
    *,
    unit_id: UUID,
    kind: str,
    what: str,
    happened_on: date,
    happened_at: datetime | None = None,
    contact: str = "",
) -> LandlordReport:
    """Take in what a landlord reports about one of its homes; the clocks run from now.

    ``contact`` is where whoever wrote it is reached. Of whoever lives in the home the landlord says
    nothing: the kommun knows who had it on the day. Raises ``ValidationFailed`` where the kommun
    houses nobody there that day (``unitId``), ``NotFound``, ``NotAllowed``.
    """
    unit = session.find(Unit, unit_id)
    require(actor, Action.LANDLORD_REPORT, landlord=unit.landlord_id)
    received = now()
    raise_if(
        choices(kind=(kind, KINDS))
        + required_text("what", what, MAX_TEXT)
        + too_long("contact", contact, MAX_NAME)
        + times(happened_on, happened_at, received)
    )
    case, home = _housed(session, unit, happened_on)
    # The household may read its case: whose report it was stands neither there nor in the timeline.
    platform = Actor.system(session.tenant_id)
    incident = take_in(
        session,
        platform,
        case,
        home,
        kind=kind,
        reported_by="landlord",
        channel=BY_LOGIN,
        reporter_name=actor.name,
        reporter_contact=contact.strip(),
        happened_on=happened_on,
        happened_at=happened_at,
        received_at=received,
        department=_receiving(session, case),
        what=what.strip(),
    )
    promised = _promised(case, clocks_of(session, incident.id))
    row = session.save(
        LandlordReport(
            landlord_id=unit.landlord_id,
            unit_id=unit.id,
            incident_id=incident.id,
            case_id=case.id,
            kind=kind,
            what=what.strip(),
            happened_on=happened_on,
            happened_at=happened_at,
            received_at=received,
            due_at=promised.due_at if promised else None,
            due_label=promised.label if promised else {},
            reported_by=actor.principal_id,
        )
    )
    _log(session, actor, case, row)
    tell_landlord(
        session,
        "report.received",
        landlord_id=unit.landlord_id,
        subject_id=row.id,
        property_designation=unit.property_designation,
    )
    return row


def add_word(
    session: TenantSession, actor: Actor, *, report_id: UUID, what: str
) -> LandlordReportWord:
    """Keep something more that the landlord has to say about its report, and tell who handles it.

    Raises ``ValidationFailed``; ``Conflict`` where nobody works with it any more and it has to be
    reported anew; ``NotFound``, ``NotAllowed``.
    """
    found = session.find(LandlordReport, report_id)
    require(actor, Action.LANDLORD_REPORT, landlord=found.landlord_id)
    raise_if(required_text("what", what, MAX_TEXT))
    case = session.find(Case, found.case_id)
    if case.state != "open":
        raise Conflict("report_over", "nobody works with it any more; report it anew")
    row = session.save(
        LandlordReportWord(
            landlord_id=found.landlord_id,
            report_id=found.id,
            incident_id=found.incident_id,
            case_id=case.id,
            what=what.strip(),
            said_at=now(),
            said_by=actor.principal_id,
        )
    )
    _log(session, actor, case, found)
    record(
        session,
        Actor.system(session.tenant_id),
        case,
        WROTE,
        today(),
        action=Action.LANDLORD_REPORT,
        subject_type="incident",
        subject_id=found.incident_id,
    )
    return row


def report_of(session: TenantSession, incident_id: UUID) -> LandlordReport | None:
    """What a landlord reported by its login that became this incident, or None."""
    found: LandlordReport | None = session.scalar(
        select(LandlordReport).where(LandlordReport.incident_id == incident_id)
    )
    return found


def tell_of(session: TenantSession, incident_id: UUID, type_: str) -> None:
    """Tell the landlord of something about its report; nobody where it came by no login."""
    found = report_of(session, incident_id)
    if found is None:
        return
    unit = session.find(Unit, found.unit_id)
    tell_landlord(
        session,
        type_,
        landlord_id=found.landlord_id,
        subject_id=found.id,
        property_designation=unit.property_designation,
    )


def tell_late(session: TenantSession, clock_id: UUID) -> None:
    """Tell the landlord that the time it was promised has run out, where it has heard nothing.

    For the worker, when a clock of service has run out; of the others the landlord knows nothing.
    """
    clock = session.find(ServiceClock, clock_id)
    if clock.incident_id is None:
        return
    found = report_of(session, clock.incident_id)
    if found is not None and found.due_at == clock.due_at and not _told(session, found):
        tell_of(session, found.incident_id, "report.late")


def _told(session: TenantSession, report: LandlordReport) -> bool:
    told = select(IncidentFeedback.id).where(
        IncidentFeedback.incident_id == report.incident_id,
        IncidentFeedback.landlord_id == report.landlord_id,
    )
    return session.scalar(told.limit(1)) is not None


def _housed(session: TenantSession, unit: Unit, on: date) -> tuple[Case, Home]:
    """The open case of whoever the kommun housed in the home that day, and their contract.

    A lease that the landlord has taken over, and one whose case is closed, are the landlord's own:
    refused in the same words as an empty home. Raises ``ValidationFailed``.
    """
    found = session.scalar(
        select(Contract)
        .where(
            Contract.unit_id == unit.id,
            Contract.starts_on <= on,
            or_(Contract.ended_on.is_(None), Contract.ended_on > on),
        )
        .order_by(Contract.starts_on.desc(), Contract.id.desc())
        .limit(1)
    )
    case = None if found is None else session.find(Case, found.case_id)
    if found is None or case is None or case.state != "open":
        raise ValidationFailed.one("unitId", "nobody_housed", "nobody housed there that day")
    return case, Home(case.id, found.id, unit.id)


def _receiving(session: TenantSession, case: Case) -> str:
    """The property department that the case lies open to takes it in: the landlord's counterpart.

    So what the landlord wrote lies behind no other secrecy than where it was sent (OSL 8:1), and both
    sides see it. The case's own department where there is none.
    """
    theirs = sharing.property_departments(session, case)
    return theirs[0] if theirs else case.department


def _promised(case: Case, clocks: list[ServiceClock]) -> ServiceClock | None:
    """What the guideline promises: to landlords before all, and never what the law asks besides."""
    own = [clock for clock in clocks if clock.source == pack_of(case).name]
    to_landlords = [clock for clock in own if clock.event == BY_LANDLORD]
    return next(iter(to_landlords or own), None)


def _log(session: TenantSession, actor: Actor, case: Case, row: Any) -> None:
    session.flush()
    audit.record(
        session,
        actor,
        Action.LANDLORD_REPORT,
        persons=person_ids(session, case.household_id),
        case_id=case.id,
        subject_type="landlord_report",
        subject_id=row.id,
    )
