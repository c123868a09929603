"""Keeping and thinning: runs, their cases, marks, and when one case goes."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement, not_

from hemvist.clock import today
from hemvist.identity import Action
from hemvist.retention import service
from hemvist.retention.models import RetentionMark as MarkRow
from hemvist.retention.models import ThinningItem as ItemRow
from hemvist.retention.models import ThinningRun as RunRow
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.reading import computed
from hemvist_graphql.retention.types import RetentionCase, shown, standing
from hemvist_graphql.roots.filtering import in_states, short
from hemvist_graphql.states import ThinningItemState

_RUNS = Ordering("thinning_runs", (RunRow.proposed_at, RunRow.id))
_ITEMS = Ordering("thinning_items", (ItemRow.id,))
_MARKS = Ordering("retention_marks", (MarkRow.placed_on, MarkRow.id))


@strawberry.type
class RetentionRoots:
    """Keeping and thinning."""

    @connection(
        "ThinningRun",
        _RUNS,
        needs=Action.RETENTION_READ,
        description="Thinnings, the newest first, for policy officers and administrators.",
    )
    def thinning_runs(self, info: Info) -> list[ColumnElement[bool]]:
        """Thinnings."""
        return []

    @connection(
        "ThinningItem",
        _ITEMS,
        needs=Action.RETENTION_READ,
        description="Cases of thinnings, for policy officers and administrators.",
    )
    def thinning_items(
        self,
        info: Info,
        thinning_run_id: strawberry.ID | None = None,
        state: list[ThinningItemState] | None = None,
    ) -> list[ColumnElement[bool]]:
        """Cases of thinnings."""
        found = in_states(ItemRow.state, state)
        if thinning_run_id is not None:
            found.append(ItemRow.run_id == row_id_of("ThinningRun", thinning_run_id))
        return found

    @connection(
        "RetentionMark",
        _MARKS,
        description="What keeps cases from being thinned, the newest first: all for policy officers,"
        " for others those of cases that they may hold.",
    )
    def retention_marks(
        self, info: Info, case_id: strawberry.ID | None = None, stands: bool | None = None
    ) -> list[ColumnElement[bool]]:
        """What keeps cases from being thinned."""
        found: list[ColumnElement[bool]] = []
        if case_id is not None:
            found.append(MarkRow.case_id == row_id_of("Case", case_id))
        if stands is not None:
            counts = standing(today())
            found.append(counts if stands else not_(counts))
        return found

    @computed(
        15,
        description="When a closed case is thinned, or why it is kept, by its id or number. Null while"
        " it is open, and for who may not know.",
    )
    def retention_case(
        self, info: Info, id: strawberry.ID | None = None, number: str | None = None
    ) -> RetentionCase | None:
        """When a closed case is thinned, or why it is kept."""
        case = service.case_to_judge(
            info.context.session,
            info.context.actor,
            case_id=None if id is None else row_id_of("Case", id),
            number=short("number", number or ""),
        )
        return None if case is None else shown(info, case)
