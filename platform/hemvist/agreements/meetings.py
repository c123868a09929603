"""Meetings with landlords: planning one of the guideline's, or another; how it went."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hemvist import audit
from hemvist.agreements.meeting_models import AgreementMeeting
from hemvist.agreements.models import Agreement
from hemvist.agreements.service import MAX_TEXT, MAX_TITLE, found
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.clock import today
from hemvist.errors import Conflict, Problem, too_long
from hemvist.identity import Action, Actor, require
from hemvist.pack_versions import packs_of
from hemvist.pack_versions.adoptions import adopted_packs
from hemvist.policy.quotas import Meeting
from hemvist.tenancy import TenantSession

SUBJECT = "agreement_meeting"


def guideline_meetings(session: TenantSession, day: date) -> list[tuple[str, Meeting]]:
    """Each recurrence of the guidelines in force on the day, with its guideline."""
    return [
        (name, meeting)
        for name in adopted_packs(session, day)
        for meeting in packs_of(session).in_force(name, day).meetings
    ]


def plan_meeting(
    session: TenantSession,
    actor: Actor,
    *,
    agreement_id: UUID | None = None,
    pack: str | None = None,
    code: str | None = None,
    title: str,
    planned_on: date,
) -> AgreementMeeting:
    """Set a day for a meeting; ``pack`` and ``code`` where the guideline has the recurrence.

    Without an agreement it is one with all the landlords, or the network. Raises
    ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    agreement = None if agreement_id is None else found(session, actor, Agreement, agreement_id)
    require(actor, Action.AGREEMENT_MANAGE)
    problems = required_text("title", title, MAX_TITLE)
    known = {(name, one.id) for name, one in guideline_meetings(session, today())}
    if (pack is None) != (code is None) or (pack is not None and (pack, code) not in known):
        problems.append(Problem("code", "unknown_choice", "no such meeting in the guideline"))
    if not 1950 <= planned_on.year <= 2150:
        problems.append(Problem("plannedOn", "range", "between 1950 and 2150"))
    raise_if(problems)
    meeting = session.save(
        AgreementMeeting(
            agreement_id=None if agreement is None else agreement.id,
            pack=pack,
            code=code,
            title=title.strip(),
            state="planned",
            planned_on=planned_on,
            planned_by=actor.principal_id,
        )
    )
    _log(session, actor, meeting)
    return meeting


def hold_meeting(
    session: TenantSession,
    actor: Actor,
    *,
    meeting_id: UUID,
    on: date | None = None,
    present: str,
    notes: str,
    expected_version: int,
) -> AgreementMeeting:
    """Write down that a meeting was held, who came (by function) and what was said.

    Raises ``ValidationFailed``, ``Conflict`` (``meeting_state``), ``NotFound``, ``NotAllowed``.
    """
    found(session, actor, AgreementMeeting, meeting_id)
    day = effective_day(on)
    raise_if(required_text("present", present, MAX_TEXT) + required_text("notes", notes, MAX_TEXT))
    meeting = _open(session, actor, meeting_id, expected_version)
    meeting.state = "held"
    meeting.held_on = day
    meeting.present = present.strip()
    meeting.notes = notes.strip()
    meeting.recorded_by = actor.principal_id
    session.flush()
    _log(session, actor, meeting)
    return meeting


def cancel_meeting(
    session: TenantSession,
    actor: Actor,
    *,
    meeting_id: UUID,
    because: str = "",
    expected_version: int,
) -> AgreementMeeting:
    """A meeting that is not held. Raises ``Conflict``, ``NotFound``, ``NotAllowed``."""
    found(session, actor, AgreementMeeting, meeting_id)
    raise_if(too_long("because", because, MAX_TEXT))
    meeting = _open(session, actor, meeting_id, expected_version)
    meeting.state = "cancelled"
    meeting.notes = because.strip()
    meeting.recorded_by = actor.principal_id
    session.flush()
    _log(session, actor, meeting)
    return meeting


def _open(
    session: TenantSession, actor: Actor, meeting_id: UUID, expected_version: int
) -> AgreementMeeting:
    meeting = found(session, actor, AgreementMeeting, meeting_id)
    session.change(meeting, expected_version)
    if meeting.state != "planned":
        raise Conflict("meeting_state", f"it is {meeting.state}", state=meeting.state)
    return meeting


def _log(session: TenantSession, actor: Actor, meeting: AgreementMeeting) -> None:
    audit.record(
        session, actor, Action.AGREEMENT_MANAGE, subject_type=SUBJECT, subject_id=meeting.id
    )
