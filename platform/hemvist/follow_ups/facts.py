"""Facts that the follow-ups and plans answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from hemvist.cases.derived import derives
from hemvist.cases.models import Case
from hemvist.follow_ups.models import FollowUp
from hemvist.support_plans.models import SupportPlan
from hemvist.tenancy import TenantSession


@derives
def follow_up_facts(session: TenantSession, case: Case, on: date) -> Mapping[str, Any]:
    """How many follow-ups were held, the last of them, and whether a plan is in force."""
    count, last = session.execute(
        select(func.count(FollowUp.id), func.max(FollowUp.held_on)).where(
            FollowUp.case_id == case.id, FollowUp.held_on <= on
        )
    ).one()
    plan = session.scalar(
        select(SupportPlan.id)
        .where(
            SupportPlan.case_id == case.id,
            SupportPlan.state == "agreed",
            SupportPlan.agreed_on <= on,
        )
        .limit(1)
    )
    facts: dict[str, Any] = {"follow_ups_done": count, "plan_in_force": plan is not None}
    if last is not None:
        facts["last_follow_up"] = last
    return facts
