"""Letting what recurs rest (vila) while nobody can be met."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hemvist.cases.access import case_for, open_matter
from hemvist.cases.checks import effective_day, raise_if, require_open
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import programme_of
from hemvist.cases.rescheduling import reschedule
from hemvist.clock import today
from hemvist.deadlines.models import PAUSE_REASONS, ObligationPause
from hemvist.errors import Conflict, Problem, too_long
from hemvist.identity import Action, Actor
from hemvist.policy import Programme
from hemvist.policy.programmes import Obligation as Duty
from hemvist.tenancy import TenantSession

MAX_NOTES = 2_000
PAUSED, RESUMED = "duties_paused", "duties_resumed"


def pause_duties(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    starts_on: date,
    ends_on: date | None = None,
    reason: str,
    codes: Sequence[str] = (),
    notes: str = "",
    expected_version: int,
) -> ObligationPause:
    """Let what recurs in a case rest from ``starts_on`` to ``ends_on``, both with it, or until further.

    Of ``codes``, or of all that recur where none is named. What is to be done once, and what the
    guideline never lets rest, goes on. Raises ``ValidationFailed``, ``Conflict`` when a pause of
    the same days is there, ``NotFound``, ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.FOLLOW_UP_PAUSE)
    require_open(case)
    raise_if(_check_pause(case, starts_on, ends_on, reason, codes, notes))
    # Whoever pauses twice at once finds the case changed.
    session.change(case, expected_version)
    pause = session.save(
        ObligationPause(
            case_id=case.id,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
            codes=sorted(set(codes)),
            notes=notes.strip(),
            registered_by=actor.principal_id,
        )
    )
    # Since its first day, not since today: whoever was in hospital last week was not to be visited.
    reschedule(session, case, min(starts_on, today()))
    _record(session, actor, case, pause, PAUSED, min(starts_on, today()))
    return pause


def end_pause(
    session: TenantSession,
    actor: Actor,
    *,
    pause_id: UUID,
    ends_on: date | None = None,
    expected_version: int,
) -> ObligationPause:
    """The last day of a pause; what recurs is asked for from the day after. Raises as ``pause_duties``."""
    pause, case = open_matter(session, actor, ObligationPause, pause_id, Action.FOLLOW_UP_PAUSE)
    last = effective_day(ends_on, field="endsOn", not_before=pause.starts_on)
    session.change(pause, expected_version)
    if pause.ends_on is not None and pause.ends_on <= last:
        raise Conflict("pause_ended", "the pause has ended", ends_on=str(pause.ends_on))
    session.change(case, case.version)
    pause.ends_on = last
    reschedule(session, case, last)
    _record(session, actor, case, pause, RESUMED, last)
    return pause


def _check_pause(
    case: Case,
    starts_on: date,
    ends_on: date | None,
    reason: str,
    codes: Sequence[str],
    notes: str,
) -> list[Problem]:
    problems = too_long("notes", notes, MAX_NOTES)
    if reason not in PAUSE_REASONS:
        allowed = {"allowed": list(PAUSE_REASONS)}
        problems.append(Problem("reason", "unknown_choice", "not one of the reasons", allowed))
    if starts_on < case.opened_on:
        problems.append(Problem("startsOn", "too_early", f"not before {case.opened_on}"))
    if ends_on is not None and ends_on < starts_on:
        problems.append(Problem("endsOn", "before_start", "ends before it begins"))
    programme = programme_of(case)
    duties = () if programme is None else resting_of(programme, case.department)
    known = {duty.id for duty in duties}
    problems += [
        Problem("codes", "unknown_item", "no duty that can rest", {"item": code[:60]})
        for code in codes
        if code not in known
    ]
    if not known:
        problems.append(Problem("codes", "nothing_rests", "nothing in the programme recurs"))
    return problems


def resting_of(programme: Programme, department: str) -> tuple[Duty, ...]:
    """The duties of a programme that a pause lets rest in a case of ``department``."""
    return tuple(
        duty
        for duty in programme.obligations
        if not duty.continuous
        and duty.paused != "never"
        and (not duty.departments or department in duty.departments)
    )


def _record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    pause: ObligationPause,
    kind: str,
    on: date,
) -> None:
    record(
        session,
        actor,
        case,
        kind,
        on,
        action=Action.FOLLOW_UP_PAUSE,
        subject_type="obligation_pause",
        subject_id=pause.id,
        data={
            "starts_on": str(pause.starts_on),
            "ends_on": None if pause.ends_on is None else str(pause.ends_on),
        },
    )
