"""Follow-ups that were held."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.follow_ups.models import FollowUp as FollowUpRow
from hemvist_graphql.access import of_visible_case, shared_follow_up, visits_of_provider
from hemvist_graphql.reading import (
    Node,
    column,
    opened,
    reads,
    to_one,
)
from hemvist_graphql.refs import (
    CaseRef,
    ObligationRef,
    PrincipalRef,
    SupportPlanRef,
)


@reads(
    FollowUpRow,
    visible=of_visible_case(FollowUpRow, shared_follow_up, visits_of_provider),
    case=FollowUpRow.case_id,
)
@strawberry.type(description="A follow-up (uppföljning) that was held.")
class FollowUp(Node):
    """A follow-up that was held."""

    held_on: dt.date = column(FollowUpRow.held_on)
    departments: list[str] = column(FollowUpRow.departments)
    resident_took_part: bool = column(FollowUpRow.resident_took_part)
    in_the_home: bool = column(FollowUpRow.in_the_home)
    agenda_done: list[str] = column(FollowUpRow.agenda_done)
    notes: str = opened(FollowUpRow.notes)
    plan: SupportPlanRef | None = to_one("SupportPlan", FollowUpRow.plan_id)
    recorded_by: PrincipalRef | None = to_one("Principal", FollowUpRow.recorded_by)
    purpose: str = column(FollowUpRow.purpose, description="duty, home_visit or joint_visit")
    parties: list[str] = column(FollowUpRow.parties, description="Others who took part.")
    obligation: ObligationRef | None = to_one("Obligation", FollowUpRow.obligation_id)
    case: CaseRef | None = to_one(
        "Case", FollowUpRow.case_id, description="Null for staff of a support provider."
    )
    version: int = column(FollowUpRow.version)
