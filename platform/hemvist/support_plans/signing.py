"""The parties sign a plan (underskrifter); with the last of them it holds."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.errors import Conflict, Problem
from hemvist.identity import Action, Actor
from hemvist.support_plans.drafting import require_draft
from hemvist.support_plans.models import PlanSignature, SupportPlan
from hemvist.support_plans.service import plan_rules, put_in_force, require_complete
from hemvist.tenancy import TenantSession

MAX_NAME = 200


def sign(
    session: TenantSession,
    actor: Actor,
    *,
    plan_id: UUID,
    party: str,
    name: str,
    signed_on: date | None = None,
    expected_version: int,
) -> SupportPlan:
    """Record that a party signed a draft, on its day.

    The draft must hold all that the guideline requires before anybody signs it, and does not change
    afterwards. With the last party's signature it is in force, from the latest of the days. Raises
    ``PolicyRefused`` with what is missing, ``ValidationFailed``, ``Conflict``, ``NotFound``,
    ``NotAllowed``.
    """
    plan, case = open_matter(session, actor, SupportPlan, plan_id, Action.SUPPORT_PLAN_AGREE)
    rules = plan_rules(case)
    parties = [one.by for one in rules.signatures]
    day = effective_day(signed_on, field="signedOn", not_before=plan.drafted_on)
    problems = required_text("name", name, MAX_NAME)
    if party not in parties:
        problems.append(
            Problem("party", "unknown_choice", "not a party to the plan", {"allowed": parties})
        )
    raise_if(problems)
    session.change(plan, expected_version)
    require_draft(plan)
    signed = signed_parties(session, plan)
    if party in signed:
        raise Conflict("party_has_signed", "this party has signed already")
    require_complete(session, case, rules, plan.content, day)
    session.save(
        PlanSignature(
            case_id=case.id,
            plan_id=plan.id,
            party=party,
            name=name.strip(),
            signed_on=day,
            recorded_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        "plan_party_signed",
        day,
        action=Action.SUPPORT_PLAN_AGREE,
        subject_type="support_plan",
        subject_id=plan.id,
        data={"party": party},
    )
    if set(parties) <= {*signed, party}:
        session.flush()
        last = session.scalar(
            select(func.max(PlanSignature.signed_on)).where(PlanSignature.plan_id == plan.id)
        )
        put_in_force(session, actor, case, plan, last or day)
    return plan


def signed_parties(session: TenantSession, plan: SupportPlan) -> set[str]:
    """The parties that have signed it."""
    session.flush()
    return set(session.scalars(select(PlanSignature.party).where(PlanSignature.plan_id == plan.id)))
