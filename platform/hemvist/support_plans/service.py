"""Agreeing a support plan with the contents that the pack requires."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from hemvist.assessments.service import facts_of
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.errors import PolicyRefused, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.policy import missing_contents
from hemvist.support_plans.models import SupportPlan
from hemvist.tenancy import TenantSession

MAX_ITEM = 10_000


def plan_in_force(session: TenantSession, case: Case) -> SupportPlan | None:
    """The plan that the household works by now, or None."""
    return session.scalar(
        select(SupportPlan)
        .where(SupportPlan.case_id == case.id, SupportPlan.state == "agreed")
        .order_by(SupportPlan.agreed_on.desc())
        .limit(1)
    )


def agree(
    session: TenantSession,
    actor: Actor,
    case: Case,
    *,
    content: Mapping[str, Any],
    agreed_on: date,
) -> SupportPlan:
    """Register a plan; an earlier one is replaced. The caller has checked the right and the day.

    Raises ``PolicyRefused`` with the missing items, ``ValidationFailed`` for items that the pack
    does not know.
    """
    pack = pack_of(case)
    rules = pack.programme(case.programme).plan if case.programme else None
    if case.programme is None or rules is None:
        raise ValidationFailed.one("plan", "no_plan", "the programme has no plan")
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
    filled = {name: value for name, value in content.items() if value not in (None, "", [])}
    wanting = missing_contents(
        pack, case.programme, filled, facts_of(session, case, agreed_on), agreed_on, of="plan"
    )
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
    earlier = plan_in_force(session, case)
    if earlier is not None:
        earlier.state = "replaced"
        earlier.version += 1
        session.flush()
    plan = session.save(
        SupportPlan(
            case_id=case.id,
            kind=rules.kind,
            content=filled,
            agreed_on=agreed_on,
            agreed_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        "plan_signed",
        agreed_on,
        action=Action.SUPPORT_PLAN_AGREE,
        subject_type="support_plan",
        subject_id=plan.id,
        data={"kind": plan.kind},
    )
    return plan
