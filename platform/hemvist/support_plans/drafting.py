"""Making a plan with the household: its contents, own words, goals and sub-goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from hemvist.cases.access import case_for, open_matter
from hemvist.cases.checks import effective_day, raise_if, require_open
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.errors import Conflict, Problem, too_long
from hemvist.identity import Action, Actor
from hemvist.policy.support import Plan
from hemvist.support_plans.goals import checked_goals, write_goals
from hemvist.support_plans.models import PlanSignature, SupportPlan
from hemvist.support_plans.service import (
    MAX_ITEM,
    checked,
    draft_of,
    next_number,
    plan_rules,
    put_in_force,
    require_complete,
)
from hemvist.tenancy import TenantSession

MAX_SECTIONS = 30
MAX_HEADING = 200


def draft_plan(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    content: Mapping[str, Any],
    own_words: str = "",
    sections: Sequence[Mapping[str, Any]] = (),
    goals: Sequence[Mapping[str, Any]] = (),
    review_on: date | None = None,
    drafted_on: date | None = None,
) -> SupportPlan:
    """Begin the case's next version of its plan; what is in force holds until it is agreed.

    A draft may lack what the guideline requires; it is asked for when it is signed or agreed.
    Raises ``ValidationFailed``, ``Conflict`` where a draft is begun already, ``NotFound``,
    ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.SUPPORT_PLAN_AGREE)
    require_open(case)
    rules = plan_rules(case)
    day = effective_day(drafted_on, field="draftedOn", not_before=case.opened_on)
    filled = checked(rules, content)
    raise_if(_check(rules, own_words, sections, review_on, day))
    wanted = checked_goals(goals)
    session.lock(case)
    if draft_of(session, case) is not None:
        raise Conflict("plan_draft_exists", "a draft of the plan is begun already")
    plan = session.save(
        SupportPlan(
            case_id=case.id,
            kind=rules.kind,
            number=next_number(session, case),
            state="draft",
            content=filled,
            own_words=own_words.strip(),
            sections=_sections(sections),
            review_on=review_on,
            drafted_on=day,
        )
    )
    write_goals(session, case, plan, wanted, day)
    _journal(session, actor, case, plan, "plan_drafted", day)
    return plan


def revise_plan(
    session: TenantSession,
    actor: Actor,
    *,
    plan_id: UUID,
    content: Mapping[str, Any],
    own_words: str = "",
    sections: Sequence[Mapping[str, Any]] = (),
    goals: Sequence[Mapping[str, Any]] = (),
    review_on: date | None = None,
    expected_version: int,
) -> SupportPlan:
    """Write a draft anew. One that somebody has signed stands as they signed it.

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    plan, case = open_matter(session, actor, SupportPlan, plan_id, Action.SUPPORT_PLAN_AGREE)
    rules = plan_rules(case)
    filled = checked(rules, content)
    day = effective_day(None)
    raise_if(_check(rules, own_words, sections, review_on, day))
    wanted = checked_goals(goals)
    session.change(plan, expected_version)
    require_draft(plan)
    if is_signed(session, plan):
        raise Conflict("plan_signed", "somebody has signed it as it stands")
    plan.content = filled
    plan.own_words = own_words.strip()
    plan.sections = _sections(sections)
    plan.review_on = review_on
    write_goals(session, case, plan, wanted, day)
    _journal(session, actor, case, plan, "plan_drafted", day)
    return plan


def agree_plan(
    session: TenantSession,
    actor: Actor,
    *,
    plan_id: UUID,
    agreed_on: date | None = None,
    expected_version: int,
) -> SupportPlan:
    """Let a draft hold, where the guideline names nobody who signs it.

    Raises ``PolicyRefused`` with what it lacks, ``Conflict`` where parties sign it instead,
    ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    plan, case = open_matter(session, actor, SupportPlan, plan_id, Action.SUPPORT_PLAN_AGREE)
    rules = plan_rules(case)
    day = effective_day(agreed_on, field="agreedOn", not_before=plan.drafted_on)
    session.change(plan, expected_version)
    require_draft(plan)
    if rules.signatures:
        raise Conflict("plan_is_signed", "the parties sign this plan")
    require_complete(session, case, rules, plan.content, day)
    put_in_force(session, actor, case, plan, day)
    return plan


def discard_plan(
    session: TenantSession, actor: Actor, *, plan_id: UUID, expected_version: int
) -> SupportPlan:
    """Throw a draft away; the row and its signatures stay on record.

    Raises ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    plan, case = open_matter(session, actor, SupportPlan, plan_id, Action.SUPPORT_PLAN_AGREE)
    session.change(plan, expected_version)
    require_draft(plan)
    plan.state = "discarded"
    _journal(session, actor, case, plan, "plan_discarded", effective_day(None))
    return plan


def require_draft(plan: SupportPlan) -> None:
    """Raise ``Conflict`` unless the plan is a draft."""
    if plan.state != "draft":
        raise Conflict("plan_not_draft", f"the plan is {plan.state}", state=plan.state)


def is_signed(session: TenantSession, plan: SupportPlan) -> bool:
    """Whether any party has signed it."""
    session.flush()
    signed = exists().where(
        PlanSignature.tenant_id == session.tenant_id, PlanSignature.plan_id == plan.id
    )
    return bool(session.scalar(select(signed)))


def _journal(
    session: TenantSession, actor: Actor, case: Case, plan: SupportPlan, kind: str, on: date
) -> None:
    record(
        session,
        actor,
        case,
        kind,
        on,
        action=Action.SUPPORT_PLAN_AGREE,
        subject_type="support_plan",
        subject_id=plan.id,
        data={"kind": plan.kind, "number": plan.number},
    )


def _sections(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"heading": str(one["heading"]).strip(), "text": str(one.get("text") or "").strip()}
        for one in given
    ]


def _check(
    rules: Plan,
    own_words: str,
    sections: Sequence[Mapping[str, Any]],
    review_on: date | None,
    day: date,
) -> list[Problem]:
    problems = too_long("ownWords", own_words, MAX_ITEM)
    if sections and not rules.free:
        problems.append(
            Problem("sections", "no_own_headings", "the guideline says what the plan holds")
        )
    if len(sections) > MAX_SECTIONS:
        problems.append(
            Problem("sections", "count", f"at most {MAX_SECTIONS}", {"limit": MAX_SECTIONS})
        )
    for place, one in enumerate(sections):
        heading = str(one.get("heading") or "").strip()
        if not heading:
            problems.append(Problem(f"sections[{place}].heading", "required", "must be filled in"))
        problems += too_long(f"sections[{place}].heading", heading, MAX_HEADING)
        problems += too_long(f"sections[{place}].text", str(one.get("text") or ""), MAX_ITEM)
    if review_on is not None and review_on <= day:
        problems.append(
            Problem("reviewOn", "too_early", f"lies after {day}", {"earliest": str(day)})
        )
    return problems
