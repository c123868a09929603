"""Facts that the follow-ups and plans answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from hemvist.cases.derived import derives
from hemvist.follow_ups.models import FollowUp, RenewedNeed
from hemvist.support_plans.models import SupportPlan
from hemvist.tenancy.statements import Ask, of_tenant

_REOPENED = (
    select(func.max(RenewedNeed.reopened_on))
    .where(
        RenewedNeed.tenant_id == of_tenant(),
        RenewedNeed.case_id == bindparam("case"),
        RenewedNeed.reopened_on <= bindparam("day"),
    )
    .scalar_subquery()
)
_HELD = Ask(
    select(
        func.count(FollowUp.id).filter(FollowUp.purpose == "duty"),
        func.max(FollowUp.held_on).filter(FollowUp.purpose == "duty"),
        func.max(FollowUp.held_on).filter(FollowUp.purpose == "joint_visit"),
        _REOPENED,
        exists(
            select(SupportPlan.id).where(
                SupportPlan.tenant_id == of_tenant(),
                SupportPlan.case_id == bindparam("case"),
                SupportPlan.state == "agreed",
                SupportPlan.agreed_on <= bindparam("day"),
            )
        ),
    ).where(
        FollowUp.tenant_id == of_tenant(),
        FollowUp.case_id == bindparam("case"),
        FollowUp.held_on <= bindparam("day"),
    )
)


@derives(_HELD)
def follow_up_facts(rows: Sequence[tuple[Any, ...]], on: date) -> Mapping[str, Any]:
    """How many follow-ups were held, the last of them, whether a plan is in force, and whether a joint
    visit was made since the follow-up was last taken up."""
    ((count, last, joint, reopened, plan),) = rows
    facts: dict[str, Any] = {
        "follow_ups_done": count,
        "joint_visit_done": joint is not None and (reopened is None or joint >= reopened),
        "plan_in_force": plan,
    }
    if last is not None:
        facts["last_follow_up"] = last
    return facts
