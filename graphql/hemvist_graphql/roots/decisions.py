"""Decisions, what waits to be carried out, appeals."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.appeals.models import Appeal as AppealRow
from hemvist.clock import today as day_of_today
from hemvist.decisions.execution import late, waits
from hemvist.decisions.models import Decision as DecisionRow
from hemvist.identity import Action
from hemvist.unexecuted.models import ExecutionReport as ReportRow
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.roots.filtering import in_states
from hemvist_graphql.states import AppealState, DecisionState

_DECISIONS = Ordering("decisions", (DecisionRow.proposed_on, DecisionRow.id))
_APPEALS = Ordering("appeals", (AppealRow.received_on, AppealRow.id), descending=False)
_WAITING = Ordering(
    "unexecuted_decisions", (DecisionRow.decided_on, DecisionRow.id), descending=False
)
_REPORTS = Ordering("execution_reports", (ReportRow.first_day, ReportRow.id))


@strawberry.type
class DecisionRoots:
    """Decisions, what waits to be carried out, appeals."""

    @connection("Decision", _DECISIONS, needs=Action.CASE_READ, description="Newest first.")
    def decisions(
        self, info: Info, state: list[DecisionState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The decisions that the caller sees."""
        return in_states(DecisionRow.state, state)

    @connection(
        "Decision",
        _WAITING,
        needs=Action.DECISION_EXECUTE,
        description="Favourable decisions that nothing has carried out, the oldest first.",
    )
    def unexecuted_decisions(
        self, info: Info, late_only: bool | None = None
    ) -> list[ColumnElement[bool]]:
        """What somebody waits for; with lateOnly longer than the law allows."""
        day = day_of_today()
        return [waits(day), late(day)] if late_only else [waits(day)]

    @connection("Appeal", _APPEALS, needs=Action.APPEAL_HANDLE, description="Oldest first.")
    def appeals(
        self, info: Info, state: list[AppealState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The appeals that the caller sees."""
        return in_states(AppealRow.state, state)

    @connection(
        "ExecutionReport", _REPORTS, needs=Action.EXECUTION_REPORT, description="Newest first."
    )
    def execution_reports(self, info: Info) -> list[ColumnElement[bool]]:
        """The quarterly reports of the departments that the caller reports for."""
        return []
