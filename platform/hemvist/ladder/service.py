"""Opening a ladder, weighing how serious it is, a talk, and the end of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments.recorded import answered_by_act
from hemvist.assessments.service import NewAnswer, check_answers
from hemvist.cases.access import case_for, reading_departments
from hemvist.cases.checks import effective_day, raise_if, require_open, required_text
from hemvist.cases.closing import hinders_closing
from hemvist.cases.derived import derived_facts
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of, programme_of
from hemvist.clock import now, today
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, Problem
from hemvist.identity import Action, Actor
from hemvist.ladder import clocks
from hemvist.ladder.access import MAX_TEXT, check_parties, held, instant_of, step_taken
from hemvist.ladder.facts import answer_severity, steps_of
from hemvist.ladder.models import (
    GROUNDS,
    SEVERITIES,
    Eviction,
    JointMeeting,
    Ladder,
    LadderAction,
    LadderStep,
)
from hemvist.policy.clocks import SWEDEN
from hemvist.tenancy import TenantSession

#: How a ladder ends without anybody moving out.
ENDS = ("corrected", "closed")


def open_ladder(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    ground: str,
    severity: str,
    severity_reason: str,
    about: str,
    opened_on: date | None = None,
    incident_id: UUID | None = None,
) -> Ladder:
    """Begin a ladder for a case's home: what it is about, and how serious, with the reason.

    The running contract of the case is the lease it is about; without one the household rents of
    somebody outside this record. The guideline's own question of how serious it is is answered by
    it. Raises ``ValidationFailed``; ``Conflict`` (``ladder_open``) where one is open; ``NotFound``,
    ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.LADDER_KEEP)
    require_open(case)
    day = effective_day(opened_on, field="openedOn", not_before=case.opened_on)
    raise_if(
        _check_weight(severity, severity_reason)
        + required_text("about", about, MAX_TEXT)
        + ([] if ground in GROUNDS else [_unknown("ground", GROUNDS)])
    )
    session.lock(case)
    if open_of(session, case) is not None:
        raise Conflict("ladder_open", "the case has an open ladder")
    contract = _running(session, case)
    ladder = session.save(
        Ladder(
            case_id=case.id,
            contract_id=None if contract is None else contract.id,
            incident_id=incident_id,
            ground=ground,
            severity=severity,
            severity_reason=severity_reason.strip(),
            about=about.strip(),
            opened_on=day,
            opened_by=actor.principal_id,
        )
    )
    answer_severity(session, actor, case, ladder, day)
    record(
        session,
        actor,
        case,
        "ladder_opened",
        day,
        action=Action.LADDER_KEEP,
        subject_type="ladder",
        subject_id=ladder.id,
        data={"ground": ground, "severity": severity},
    )
    return ladder


def open_of(session: TenantSession, case: Case) -> Ladder | None:
    """The case's open ladder, if it has one."""
    return session.scalars(
        select(Ladder).where(Ladder.case_id == case.id, Ladder.state == "open").limit(1)
    ).first()


def weigh_ladder(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    severity: str | None = None,
    severity_reason: str = "",
    answers: Sequence[NewAnswer] = (),
    on: date | None = None,
) -> Ladder:
    """Weigh anew how serious it is, and answer what the guideline asks before its steps.

    Only the questions of the rules that the guideline's ladder names can be answered here. Raises
    ``ValidationFailed`` naming ``answers[i]``; ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_KEEP)
    day = effective_day(on, not_before=ladder.opened_on)
    problems = [] if severity is None else _check_weight(severity, severity_reason)
    pack = pack_of(case)
    derived = derived_facts(session, case, day)
    values, wrong = check_answers(pack, derived, answers)
    inside = case.department in reading_departments(actor, Action.CASE_READ)[0]
    asked = {fact for rule in asked_rules(case, inside=inside) for fact in pack.facts_of(rule)}
    wrong += [
        Problem(f"answers[{place}].fact", "not_asked_here", "not asked before a step of the ladder")
        for place, one in enumerate(answers)
        if one.fact in pack.facts and one.fact not in asked
    ]
    wrong += [
        Problem(f"answers[{place}].value", "required", "must be answered")
        for place, one in enumerate(answers)
        if one.value is None
    ]
    if severity is None and not answers:
        problems.append(Problem("severity", "required", "say what is weighed"))
    raise_if(problems + wrong)
    session.lock(case)
    if severity is not None:
        ladder.severity, ladder.severity_reason = severity, severity_reason.strip()
        answer_severity(session, actor, case, ladder, day)
    for given, value in zip(answers, values, strict=True):
        answered_by_act(
            session,
            actor,
            case,
            fact=given.fact,
            value=value,
            on=given.effective_on or day,
            source=given.source.strip() or "ladder",
            reason=given.reason,
        )
    record(
        session,
        actor,
        case,
        "ladder_weighed",
        day,
        action=Action.LADDER_KEEP,
        subject_type="ladder",
        subject_id=ladder.id,
        data={"severity": ladder.severity, "facts": sorted(one.fact for one in answers)},
    )
    return ladder


def asked_rules(case: Case, *, inside: bool) -> list[str]:
    """The rules of the guideline's ladder, whose questions are answered here. What speaks for or against
    another home is for the department that has the case: only ``inside``."""
    programme = programme_of(case)
    if programme is None or programme.ladder is None:
        return []
    found = (
        rule
        for step in programme.ladder.steps
        if inside or step.id != "new_offer"
        for rule in (*([] if step.called_for is None else [step.called_for]), *step.needs)
    )
    return list(dict.fromkeys(found))


def record_talk(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    parties: Sequence[str],
    what: str,
    inside: bool = False,
    held_on: date | None = None,
) -> LadderStep:
    """Register a talk with the tenant: who took part and what was agreed.

    It answers what the guideline promised after a demand where who had promised it took part (the
    support staff within a day, GBG-109). ``inside`` keeps the words to the department that has the
    case; that it took place is seen by all. Raises ``ValidationFailed``, ``Conflict``, ``NotFound``,
    ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_KEEP)
    day = effective_day(held_on, field="heldOn", not_before=case.opened_on)
    raise_if(
        check_parties("parties", parties, ["resident"]) + required_text("what", what, MAX_TEXT)
    )
    earlier = steps_of(session, ladder)
    row = step_taken(
        session,
        actor,
        case,
        ladder,
        "talk",
        day,
        event="talk_held",
        action=Action.LADDER_KEEP,
        copies=sorted(set(parties)),
        what=what.strip(),
        inside=inside,
    )
    demands = [one for one in earlier if one.happened_on <= day]
    clocks.answer(session, actor, case, demands, "demand_sent", _moment_of(day, demands), parties)
    return row


def _moment_of(day: date, demands: Sequence[LadderStep]) -> datetime:
    """When a talk known by its day took place: after the demand of that day, if there was one."""
    same = any(one.happened_on == day for one in demands)
    end = datetime.combine(day + timedelta(days=1), time(), SWEDEN) - timedelta(seconds=1)
    return min(now(), end) if same else instant_of(day)


def end_ladder(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    outcome: str,
    reason: str,
    ended_on: date | None = None,
) -> Ladder:
    """End a ladder that nobody moves out by: ``outcome`` corrected (the household has put it right) or
    closed. What is still open of it is cancelled. Raises ``Conflict`` while a notice stands or an
    eviction runs; ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_STEP)
    day = effective_day(ended_on, field="endedOn", not_before=ladder.opened_on)
    raise_if(
        required_text("reason", reason, MAX_TEXT)
        + ([] if outcome in ENDS else [_unknown("outcome", ENDS)])
    )
    require_no_eviction(session, ladder)
    contract = None if ladder.contract_id is None else session.find(Contract, ladder.contract_id)
    if contract is not None and contract.state == "signed" and contract.notice_ends_on is not None:
        raise Conflict("notice_stands", "notice has been given; take it back first")
    finish(session, actor, ladder, outcome, day, reason.strip())
    record(
        session,
        actor,
        case,
        "ladder_ended",
        day,
        action=Action.LADDER_STEP,
        subject_type="ladder",
        subject_id=ladder.id,
        data={"outcome": outcome},
    )
    return ladder


def finish(
    session: TenantSession, actor: Actor, ladder: Ladder, state: str, on: date, reason: str
) -> None:
    """Close the ladder's row, and what is open of its meetings and actions."""
    ladder.state, ladder.ended_on, ladder.end_reason = state, on, reason
    for meeting in session.scalars(
        select(JointMeeting).where(
            JointMeeting.ladder_id == ladder.id, JointMeeting.state == "called"
        )
    ):
        meeting.state, meeting.cancelled_because = "cancelled", reason
        meeting.version += 1
    for action in session.scalars(
        select(LadderAction).where(
            LadderAction.ladder_id == ladder.id, LadderAction.state == "open"
        )
    ):
        action.state, action.settled_on, action.notes = "cancelled", on, reason
        action.settled_by = actor.principal_id
        action.version += 1


def require_no_eviction(session: TenantSession, ladder: Ladder) -> None:
    """Raise ``Conflict`` while an application for eviction runs."""
    running = select(Eviction.id).where(
        Eviction.ladder_id == ladder.id, Eviction.state.in_(("applied", "dated"))
    )
    if session.scalar(running.limit(1)) is not None:
        raise Conflict("eviction_running", "an application for eviction runs")


@hinders_closing
def _under_way(session: TenantSession, case: Case) -> str | None:
    return None if open_of(session, case) is None else "ladder_open"


def _running(session: TenantSession, case: Case) -> Contract | None:
    return session.scalars(
        select(Contract)
        .where(
            Contract.case_id == case.id, Contract.state == "signed", Contract.signed_on <= today()
        )
        .order_by(Contract.signed_on.desc(), Contract.id.desc())
        .limit(1)
    ).first()


def _check_weight(severity: str, reason: str) -> list[Problem]:
    problems = [] if severity in SEVERITIES else [_unknown("severity", SEVERITIES)]
    return problems + required_text("severityReason", reason, MAX_TEXT)


def _unknown(field: str, known: Sequence[str]) -> Problem:
    return Problem(field, "unknown_choice", f"one of {', '.join(known)}")
