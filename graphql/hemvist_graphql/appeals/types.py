"""Appeals, for those who read the case in the department that has it."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.appeals.models import Appeal as AppealRow
from hemvist_graphql.access import of_own_case
from hemvist_graphql.reading import (
    Node,
    column,
    opened,
    reads,
    to_one,
)
from hemvist_graphql.refs import CaseRef, DecisionRef, PrincipalRef
from hemvist_graphql.states import AppealState


@reads(AppealRow, visible=of_own_case(AppealRow), case=AppealRow.case_id)
@strawberry.type(description="An appeal of a decision (överklagande).")
class Appeal(Node):
    """An appeal of a decision."""

    state: AppealState = column(AppealRow.state)
    case: CaseRef = to_one("Case", AppealRow.case_id)
    decision: DecisionRef = to_one("Decision", AppealRow.decision_id)
    received_on: dt.date = column(AppealRow.received_on)
    received_how: str = column(
        AppealRow.received_how, description="letter, email, e_service, handed_in or told"
    )
    received_by: PrincipalRef | None = to_one("Principal", AppealRow.received_by)
    asks: str = opened(AppealRow.asks, description="What the person wants and why.")
    deadline: dt.date | None = column(
        AppealRow.deadline, description="Null where the person had not been told of the decision."
    )
    timely: bool = column(AppealRow.timely, description="Whether it came in time.")
    late_ground: str = opened(
        AppealRow.late_ground, description="Why a late one is tried all the same."
    )
    judged_on: dt.date | None = column(AppealRow.judged_on)
    judged_by: PrincipalRef | None = to_one("Principal", AppealRow.judged_by)
    dismissal_reason: str = opened(AppealRow.dismissal_reason)
    reconsidered_on: dt.date | None = column(AppealRow.reconsidered_on)
    reconsidered_by: PrincipalRef | None = to_one("Principal", AppealRow.reconsidered_by)
    reconsideration: str = column(
        AppealRow.reconsideration, description="unchanged, changed_as_asked or changed_in_part"
    )
    reconsideration_reason: str = opened(AppealRow.reconsideration_reason)
    new_decision: DecisionRef | None = to_one("Decision", AppealRow.new_decision_id)
    forward_by: dt.date = column(
        AppealRow.forward_by, description="Day by which it is to be with the court."
    )
    forwarded_on: dt.date | None = column(AppealRow.forwarded_on)
    court: str = column(AppealRow.court)
    court_number: str = column(AppealRow.court_number)
    outcome: str = column(
        AppealRow.outcome,
        description="rejected, granted, granted_in_part, remanded, dismissed or struck_out",
    )
    outcome_on: dt.date | None = column(AppealRow.outcome_on)
    version: int = column(AppealRow.version)
