"""What was done to carry decisions out, and the quarterly reports of those that were not."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement, false

from hemvist.identity import MATRIX, Action, Actor
from hemvist.unexecuted.models import ExecutionEffort as EffortRow
from hemvist.unexecuted.models import ExecutionReport as ReportRow
from hemvist_graphql.access import of_own_case
from hemvist_graphql.reading import (
    Node,
    column,
    computed,
    opened,
    reads,
    to_one,
)
from hemvist_graphql.refs import DecisionRef, PrincipalRef
from hemvist_graphql.scalars import Json
from hemvist_graphql.states import ExecutionReportState


@reads(EffortRow, visible=of_own_case(EffortRow), case=EffortRow.case_id)
@strawberry.type(description="Something done to carry a decision out, and what stood in the way.")
class ExecutionEffort(Node):
    """Something done to carry a decision out."""

    decision: DecisionRef = to_one("Decision", EffortRow.decision_id)
    made_on: dt.date = column(EffortRow.made_on)
    made_by: PrincipalRef | None = to_one("Principal", EffortRow.made_by)
    kind: str = column(
        EffortRow.kind,
        description="searched_for_home, contacted_landlord, contacted_person, other_support_given "
        "or other",
    )
    obstacle: str = column(
        EffortRow.obstacle,
        description="no_suitable_home, declined_offer, needs_changed, wants_to_wait, resources or "
        "other",
    )
    notes: str = opened(EffortRow.notes)


def visible_reports(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``ExecutionReport``: of a department that the actor reports for."""
    theirs = {
        membership.department
        for membership in actor.memberships
        if Action.EXECUTION_REPORT in MATRIX[membership.role]
    }
    return ReportRow.department.in_(sorted(theirs)) if theirs else false()


@reads(ReportRow, visible=visible_reports, also=(ReportRow.figures,))
@strawberry.type(description="A department's quarterly report of decisions not carried out.")
class ExecutionReport(Node):
    """A department's quarterly report."""

    department: str = column(ReportRow.department)
    quarter: str = column(ReportRow.quarter, description="2026-Q4")
    first_day: dt.date = column(ReportRow.first_day)
    last_day: dt.date = column(ReportRow.last_day)
    state: ExecutionReportState = column(ReportRow.state)
    requested_by: PrincipalRef | None = to_one("Principal", ReportRow.requested_by)
    requested_at: dt.datetime = column(ReportRow.requested_at)
    made_at: dt.datetime | None = column(ReportRow.made_at)
    row_count: int = column(ReportRow.row_count)
    content: str = opened(ReportRow.content, description="The file: CSV with semicolons.")
    content_sha256: str = column(ReportRow.content_sha256)
    sent_on: dt.date | None = column(ReportRow.sent_on)
    sent_by: PrincipalRef | None = to_one("Principal", ReportRow.sent_by)
    version: int = column(ReportRow.version)

    @computed(needs=("figures",), description="Numbers for the council; null until it is made.")
    def figures(self) -> Json | None:
        """Numbers for the council."""
        figures: Json | None = self.row["figures"]
        return figures
