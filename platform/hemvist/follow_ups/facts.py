"""Facts that the follow-ups and plans answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from hemvist.cases.derived import derives
from hemvist.follow_ups.models import FollowUp
from hemvist.support_plans.models import SupportPlan
from hemvist.tenancy.statements import Ask, of_tenant

_HELD = Ask(
    select(
        func.count(FollowUp.id),
        func.max(FollowUp.held_on),
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
    """How many follow-ups were held, the last of them, and whether a plan is in force."""
    ((count, last, plan),) = rows
    facts: dict[str, Any] = {"follow_ups_done": count, "plan_in_force": plan}
    if last is not None:
        facts["last_follow_up"] = last
    return facts
