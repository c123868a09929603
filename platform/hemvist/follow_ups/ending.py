"""Ending the duty to follow up (avsluta uppföljningsansvaret): one concludes, another ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments.guarding import ask_guard, facts_for, refused_by
from hemvist.assessments.models import Assessment
from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day, raise_if, require_open
from hemvist.cases.journal import kinds_of, record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.errors import Conflict, PolicyRefused, Problem, ValidationFailed
from hemvist.follow_ups.taking_part import check_departments
from hemvist.identity import Action, Actor, require
from hemvist.policy import Outcome, Programme, evaluate
from hemvist.policy.programmes import EndOfFollowUp
from hemvist.tenancy import TenantSession

ENDED, REOPENED = "follow_up_ended", "follow_up_reopened"


def end_follow_up(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    departments: Sequence[str],
    on: date | None = None,
    expected_version: int,
) -> Case:
    """End the duty to follow up a household, which is then a tenant like others.

    The guideline's rule must be true on the day, somebody else must have concluded so, and every
    side that the guideline names takes part (HBG-126: the assessment is joint). What counts until
    then counts no more. Raises ``PolicyRefused`` with the trace; ``ValidationFailed``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.FOLLOW_UP_END)
    require_open(case)
    programme, rules = _rules(case)
    day = effective_day(on, not_before=case.opened_on)
    raise_if(_check(case, rules, departments))
    # What is asked of the record is read and written over in one go: the case's row is the lock.
    session.change(case, expected_version)
    if is_ended(kinds_of(session, case)):
        raise Conflict("follow_up_ended", "the follow-up has ended")
    ask_guard(session, case, programme, ENDED, day)
    said = evaluate(pack_of(case), rules.rule, facts_for(session, case, programme, day), day)
    if said.outcome is not Outcome.TRUE:
        raise refused_by(said)
    concluded = concluded_of(session, case, rules.rule)
    if concluded is None or not concluded.conclusion or concluded.evaluated_on > day:
        raise PolicyRefused(
            "not_concluded", "nobody has concluded that it may end", cite=", ".join(rules.cite)
        )
    require(
        actor,
        Action.FOLLOW_UP_END,
        not_by=[concluded.concluded_by],
    )
    record(
        session,
        actor,
        case,
        ENDED,
        day,
        action=Action.FOLLOW_UP_END,
        subject_type="case",
        subject_id=case.id,
        data={"departments": sorted(set(departments)), "assessment": str(concluded.id)},
    )
    return case


def is_ended(kinds: Sequence[str]) -> bool:
    """Whether the follow-up has ended and was not taken up again, by the events, oldest first."""
    last = [kind for kind in kinds if kind in (ENDED, REOPENED)]
    return last[-1:] == [ENDED]


def concluded_of(session: TenantSession, case: Case, rule: str) -> Assessment | None:
    """The latest conclusion that somebody drew of a rule in the case."""
    return session.scalars(
        select(Assessment)
        .where(Assessment.case_id == case.id, Assessment.rule == rule)
        .order_by(Assessment.concluded_at.desc(), Assessment.id.desc())
        .limit(1)
    ).first()


def _rules(case: Case) -> tuple[Programme, EndOfFollowUp]:
    pack = pack_of(case)
    if case.programme is not None and case.programme in pack.programmes:
        programme = pack.programme(case.programme)
        if programme.end_of_follow_up is not None:
            return programme, programme.end_of_follow_up
    raise ValidationFailed.one(
        "caseId", "no_end_of_follow_up", "the programme has no end of follow-up"
    )


def _check(case: Case, rules: EndOfFollowUp, departments: Sequence[str]) -> list[Problem]:
    return check_departments(case, departments, rules.by)
