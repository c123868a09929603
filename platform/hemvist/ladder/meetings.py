"""The joint meeting: everybody who is responsible is called, and it is kept who came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import programme_of
from hemvist.errors import Conflict, Problem, too_long
from hemvist.identity import Action, Actor
from hemvist.ladder.access import MAX_SHORT, MAX_TEXT, check_parties, held, rules_of, step_taken
from hemvist.ladder.models import JointMeeting, Ladder
from hemvist.milestones.service import record_milestone
from hemvist.policy.takeover import Milestone
from hemvist.tenancy import TenantSession

#: The milestone that a joint meeting is, where the guideline has it.
HELD = "reconciliation_held"


def call_meeting(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    called: Sequence[str],
    meets_on: date,
    meets_at: str = "",
    place: str,
    called_on: date | None = None,
) -> JointMeeting:
    """Call everybody who is responsible to a meeting with the tenant (GBG-112).

    Everybody whom the guideline names is called; without a guideline the tenant and somebody else.
    Raises ``ValidationFailed``; ``Conflict`` (``meeting_called``) while one is called; ``NotFound``,
    ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_KEEP)
    day = effective_day(called_on, field="calledOn", not_before=ladder.opened_on)
    needed = parties_of(case) or ("resident",)
    problems = check_parties("called", called, needed)
    if not problems and len(set(called)) < 2:
        problems.append(Problem("called", "alone", "call somebody besides the tenant"))
    if meets_on < day:
        problems.append(Problem("meetsOn", "before_start", "lies before the call"))
    problems += required_text("place", place, MAX_SHORT) + too_long("meetsAt", meets_at, 20)
    raise_if(problems)
    if session.scalar(_called(ladder).limit(1)) is not None:
        raise Conflict("meeting_called", "a meeting has been called")
    meeting = session.save(
        JointMeeting(
            case_id=case.id,
            ladder_id=ladder.id,
            called_on=day,
            called=sorted(set(called)),
            meets_on=meets_on,
            meets_at=meets_at.strip(),
            place=place.strip(),
            called_by=actor.principal_id,
            came=[],
            absent={},
            agenda_done=[],
            picture="",
        )
    )
    step_taken(
        session,
        actor,
        case,
        ladder,
        "meeting_called",
        day,
        event="joint_meeting_called",
        action=Action.LADDER_KEEP,
        data={"meets_on": meets_on.isoformat()},
        copies=meeting.called,
    )
    return meeting


def hold_meeting(
    session: TenantSession,
    actor: Actor,
    *,
    meeting_id: UUID,
    expected_version: int,
    came: Sequence[str],
    absent: Mapping[str, str] | None = None,
    agenda_done: Sequence[str] = (),
    picture: str,
    held_on: date | None = None,
) -> JointMeeting:
    """Register the meeting: who came, why each of the others stayed away, the picture that all share.

    Whoever is called has a duty to come (GBG-113), so an empty chair has its reason. Where the
    guideline has the meeting as a milestone, that is recorded with it. Raises ``ValidationFailed``
    naming ``absent.<party>``; ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    meeting, case, ladder = _opened(session, actor, meeting_id, expected_version)
    day = effective_day(held_on, field="heldOn", not_before=meeting.called_on)
    reasons = {party: text.strip() for party, text in (absent or {}).items() if text.strip()}
    definition = milestone_of(case)
    known = () if definition is None else tuple(item.id for item in definition.agenda)
    raise_if(
        check_parties("came", came)
        + _check_absent(meeting, came, reasons)
        + [
            Problem("agendaDone", "unknown_item", "not on the agenda", {"item": one[:60]})
            for one in agenda_done
            if one not in known
        ]
        + required_text("picture", picture, MAX_TEXT)
    )
    meeting.state, meeting.held_on = "held", day
    meeting.came = sorted(set(came))
    meeting.absent = {one: reasons[one] for one in meeting.called if one not in came}
    meeting.agenda_done = list(dict.fromkeys(agenda_done))
    meeting.picture = picture.strip()
    meeting.recorded_by = actor.principal_id
    if definition is not None:
        record_milestone(
            session,
            actor,
            case_id=case.id,
            milestone=definition.id,
            happened_on=day,
            parties=meeting.came,
            agenda_done=meeting.agenda_done,
            notes=meeting.picture,
        )
    step_taken(
        session,
        actor,
        case,
        ladder,
        "meeting_held",
        day,
        event="joint_meeting_held",
        action=Action.LADDER_KEEP,
        told=definition is None,
        copies=meeting.came,
    )
    return meeting


def cancel_meeting(
    session: TenantSession,
    actor: Actor,
    *,
    meeting_id: UUID,
    expected_version: int,
    because: str,
    on: date | None = None,
) -> JointMeeting:
    """Call a meeting off, with the reason. Raises as ``hold_meeting``."""
    meeting, case, ladder = _opened(session, actor, meeting_id, expected_version)
    day = effective_day(on, not_before=meeting.called_on)
    raise_if(required_text("because", because, MAX_TEXT))
    meeting.state, meeting.cancelled_because = "cancelled", because.strip()
    record(
        session,
        actor,
        case,
        "joint_meeting_cancelled",
        day,
        action=Action.LADDER_KEEP,
        subject_type="ladder",
        subject_id=ladder.id,
        data={"meets_on": meeting.meets_on.isoformat()},
    )
    return meeting


def parties_of(case: Case) -> tuple[str, ...]:
    """Whom the guideline has called to a joint meeting."""
    rules = rules_of(case, "meeting")
    return () if rules is None else rules.by


def milestone_of(case: Case) -> Milestone | None:
    """The joint meeting as a milestone of the case's programme, if it has it."""
    programme = programme_of(case)
    found = () if programme is None else programme.milestones
    return next((one for one in found if one.event == HELD), None)


def _called(ladder: Ladder) -> Select[tuple[UUID]]:
    return select(JointMeeting.id).where(
        JointMeeting.ladder_id == ladder.id, JointMeeting.state == "called"
    )


def _opened(
    session: TenantSession, actor: Actor, meeting_id: UUID, expected_version: int
) -> tuple[JointMeeting, Case, Ladder]:
    meeting, case = open_matter(session, actor, JointMeeting, meeting_id, Action.LADDER_KEEP)
    ladder = session.find(Ladder, meeting.ladder_id)
    # The ladder first: its end cancels what is called.
    session.lock(ladder)
    session.change(meeting, expected_version)
    if meeting.state != "called":
        raise Conflict("meeting_over", f"the meeting is {meeting.state}", state=meeting.state)
    return meeting, case, ladder


def _check_absent(
    meeting: JointMeeting, came: Sequence[str], reasons: Mapping[str, str]
) -> list[Problem]:
    problems: list[Problem] = []
    for party in meeting.called:
        if party not in came and party not in reasons:
            problems.append(
                Problem(
                    f"absent.{party}", "absence_reason", "say why it stayed away", {"party": party}
                )
            )
        problems += too_long(f"absent.{party}", reasons.get(party, ""), 1_000)
    if not came:
        problems.append(Problem("came", "required", "somebody came, or the meeting is called off"))
    return problems
