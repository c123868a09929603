"""A follow-up or visit that did not take place (uteblivet besök): why, and who is told."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.commissioned import require_for_support
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import NOT_HELD, NOT_HELD_REASONS, Obligation
from hemvist.errors import Conflict, PolicyRefused, Problem, too_long
from hemvist.follow_ups.duties import duty_of, refuse_other_duties
from hemvist.follow_ups.models import MissedFollowUp
from hemvist.follow_ups.taking_part import departments_of
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

MAX_TEXT = 4_000
EVENTS = {"missed": "visit_missed", "impossible": "visit_impossible"}


def record_not_held(
    session: TenantSession,
    actor: Actor,
    *,
    obligation_id: UUID,
    outcome: str,
    reason: str,
    happened_on: date | None = None,
    tried: str = "",
    notes: str = "",
    expected_version: int,
) -> MissedFollowUp:
    """Record that what an obligation asks for was ``missed`` or ``impossible``, with the reason.

    It is over then; the next of its row stands. What is to be done once is never missed: it stays
    late until it is done. ``other`` is explained in ``tried`` or ``notes``. Departments that the
    guideline lets know are told of the outcome and nothing else (GBG-96); a visit that did not take
    place is never a breach of the lease (LF-3). Raises ``ValidationFailed``, ``PolicyRefused``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    obligation, case = open_matter(
        session, actor, Obligation, obligation_id, Action.FOLLOW_UP_RECORD
    )
    require_for_support(actor, case, Action.FOLLOW_UP_RECORD, obligation.by)
    refuse_other_duties(case, obligation)
    day = effective_day(happened_on, field="happenedOn", not_before=obligation.anchored_on)
    raise_if(_check(outcome, reason, tried, notes))
    _refuse_what_is_done_once(case, obligation, outcome)
    session.change(obligation, expected_version)
    if obligation.state != "open":
        raise Conflict("obligation_done", f"the obligation is {obligation.state}")
    deadlines.mark_not_held(session, obligation, outcome, reason, day)
    row = session.save(
        MissedFollowUp(
            case_id=case.id,
            obligation_id=obligation.id,
            outcome=outcome,
            reason=reason,
            happened_on=day,
            tried=tried.strip(),
            notes=notes.strip(),
            told=_told(case, obligation),
            recorded_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        EVENTS[outcome],
        day,
        action=Action.FOLLOW_UP_RECORD,
        subject_type="missed_follow_up",
        subject_id=row.id,
        data={
            "obligation": obligation.code,
            "ordinal": obligation.ordinal,
            "told": row.told,
        },
    )
    return row


def _check(outcome: str, reason: str, tried: str, notes: str) -> list[Problem]:
    if outcome not in NOT_HELD:
        allowed = {"allowed": list(NOT_HELD)}
        return [Problem("outcome", "unknown_choice", "missed or impossible", allowed)]
    problems = too_long("tried", tried, MAX_TEXT) + too_long("notes", notes, MAX_TEXT)
    reasons = NOT_HELD_REASONS[outcome]
    if reason not in reasons:
        allowed = {"allowed": list(reasons)}
        problems.append(Problem("reason", "unknown_choice", f"no reason of {outcome}", allowed))
    if reason == "other" and not (tried.strip() or notes.strip()):
        problems.append(Problem("notes", "required", "say what the other reason is"))
    return problems


def _refuse_what_is_done_once(case: Case, obligation: Obligation, outcome: str) -> None:
    duty = duty_of(case, obligation)
    if outcome == "missed" and duty is not None and duty.every is None:
        raise PolicyRefused(
            "done_once",
            "it is to be done once: it stays late until it is done",
            cite=obligation.cite,
        )


def _told(case: Case, obligation: Obligation) -> list[str]:
    duty = duty_of(case, obligation)
    if duty is None or duty.when_missed is None:
        return []
    return departments_of(case, duty.when_missed.tell)
