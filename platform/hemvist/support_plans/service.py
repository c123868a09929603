"""Agreeing a support plan with the contents that the pack requires."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import exists, func, select

from hemvist.assessments.service import facts_of
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.deadlines import service as deadlines
from hemvist.errors import PolicyRefused, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.policy import missing_contents
from hemvist.policy.support import Plan
from hemvist.support_plans.models import SupportPlan
from hemvist.support_plans.reviewing import set_review
from hemvist.tenancy import TenantSession

MAX_ITEM = 10_000


def plan_in_force(session: TenantSession, case: Case) -> SupportPlan | None:
    """The plan that the household works by now, or None."""
    return session.scalar(
        select(SupportPlan)
        .where(SupportPlan.case_id == case.id, SupportPlan.state == "agreed")
        .order_by(SupportPlan.agreed_on.desc(), SupportPlan.number.desc())
        .limit(1)
    )


def draft_of(session: TenantSession, case: Case) -> SupportPlan | None:
    """The plan that is being made, or None."""
    return session.scalar(
        select(SupportPlan).where(SupportPlan.case_id == case.id, SupportPlan.state == "draft")
    )


def is_made(session: TenantSession, case: Case) -> bool:
    """Whether a plan is in force, or waits for those who sign it."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    SupportPlan.tenant_id == session.tenant_id,
                    SupportPlan.case_id == case.id,
                    SupportPlan.state.in_(("draft", "agreed")),
                )
            )
        )
    )


def plan_rules(case: Case) -> Plan:
    """What the pack says of the plan. Raises ``ValidationFailed`` where there is none."""
    rules = pack_of(case).programme(case.programme).plan if case.programme else None
    if rules is None:
        raise ValidationFailed.one("plan", "no_plan", "the programme has no plan")
    return rules


def agree(
    session: TenantSession,
    actor: Actor,
    case: Case,
    *,
    content: Mapping[str, Any],
    agreed_on: date,
) -> SupportPlan:
    """Register a plan; an earlier one is replaced. The caller has checked the right and the day.

    Where the pack names parties that sign, it is a draft until they have (``signing.sign``). Raises
    ``PolicyRefused`` with the missing items, ``ValidationFailed`` for items that the pack does not
    know.
    """
    rules = plan_rules(case)
    filled = checked(rules, content)
    require_complete(session, case, rules, filled, agreed_on)
    versions = session.scalars(select(SupportPlan).where(SupportPlan.case_id == case.id)).all()
    for one in versions:
        if one.state == "draft":
            discard_row(session, one)
        elif one.state == "agreed" and not rules.signatures:
            _replace(session, one)
    plan = session.save(
        SupportPlan(
            case_id=case.id,
            kind=rules.kind,
            number=max((one.number for one in versions), default=0) + 1,
            state="draft" if rules.signatures else "agreed",
            content=filled,
            drafted_on=agreed_on,
            agreed_on=None if rules.signatures else agreed_on,
            agreed_by=None if rules.signatures else actor.principal_id,
        )
    )
    if not rules.signatures:
        _journal(session, actor, case, plan, agreed_on)
    return plan


def checked(rules: Plan, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without what is empty. Raises ``ValidationFailed`` naming each wrong item."""
    known = {item.id for item in (*rules.requires, *rules.optional)}
    problems = [
        Problem(f"plan.{name[:60]}", "unknown_item", "the pack has no such item")
        for name in content
        if name not in known
    ]
    problems += [
        Problem(f"plan.{name}", "too_long", f"at most {MAX_ITEM} characters", {"limit": MAX_ITEM})
        for name, value in content.items()
        if isinstance(value, str) and len(value) > MAX_ITEM
    ]
    if problems:
        raise ValidationFailed(problems)
    return {name: value for name, value in content.items() if value not in (None, "", [])}


def require_complete(
    session: TenantSession, case: Case, rules: Plan, content: Mapping[str, Any], on: date
) -> None:
    """Raise ``PolicyRefused`` naming what the guideline requires and the plan lacks."""
    assert case.programme is not None
    facts = facts_of(session, case, on)
    wanting = missing_contents(pack_of(case), case.programme, content, facts, on, of="plan")
    if wanting:
        raise PolicyRefused(
            "plan_contents_missing",
            "the plan does not contain all that the guideline requires",
            cite=", ".join(wanting[0].cite),
            items=[
                {"id": item.id, "label": item.label.as_json(), "cite": list(item.cite)}
                for item in wanting
            ],
        )


def next_number(session: TenantSession, case: Case) -> int:
    """The number of the case's next version."""
    session.flush()
    last = session.scalar(
        select(func.max(SupportPlan.number)).where(SupportPlan.case_id == case.id)
    )
    return (last or 0) + 1


def put_in_force(
    session: TenantSession, actor: Actor, case: Case, plan: SupportPlan, on: date
) -> None:
    """Let a draft hold from a day; what held before is replaced, and its review with it."""
    earlier = plan_in_force(session, case)
    if earlier is not None:
        _replace(session, earlier)
    plan.state = "agreed"
    plan.agreed_on = on
    plan.agreed_by = actor.principal_id
    session.flush()
    _journal(session, actor, case, plan, on)
    set_review(session, case, plan, on)


def _replace(session: TenantSession, plan: SupportPlan) -> None:
    """Another version holds from now on; nobody goes through this one any more."""
    plan.state = "replaced"
    plan.version += 1
    session.flush()
    if plan.review_on is not None:
        deadlines.cancel_set(session, plan.id)


def _journal(session: TenantSession, actor: Actor, case: Case, plan: SupportPlan, on: date) -> None:
    record(
        session,
        actor,
        case,
        "plan_signed",
        on,
        action=Action.SUPPORT_PLAN_AGREE,
        subject_type="support_plan",
        subject_id=plan.id,
        data={"kind": plan.kind, "number": plan.number},
    )


def discard_row(session: TenantSession, plan: SupportPlan) -> None:
    """A draft comes to nothing; the row stays."""
    plan.state = "discarded"
    plan.version += 1
    session.flush()
