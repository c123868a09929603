"""Prevention: campaigns, rounds and their lists."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.identity import Action
from hemvist.prevention.models import PreventionEntry as PreventionEntryRow
from hemvist.prevention.models import PreventionRun as PreventionRunRow
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.loading import find
from hemvist_graphql.prevention.types import (
    PreventionCampaign,
    PreventionEntry,
    PreventionRun,
    campaigns_shown,
)
from hemvist_graphql.reading import computed, looked_up
from hemvist_graphql.roots.filtering import short

_PREVENTION_RUNS = Ordering("prevention_runs", (PreventionRunRow.made_on, PreventionRunRow.id))
_PREVENTION_ENTRIES = Ordering(
    "prevention_entries", (PreventionEntryRow.place, PreventionEntryRow.id), descending=False
)


@strawberry.type
class PreventionRoots:
    """Prevention: campaigns, rounds and their lists."""

    @computed(5, description="Campaigns of prevention in the guidelines that the kommun works by.")
    def prevention_campaigns(self, info: Info) -> list[PreventionCampaign]:
        """Campaigns of the kommun's guidelines."""
        info.context.require(Action.ARREARS_HANDLE)
        return campaigns_shown(info.context)

    @connection(
        "PreventionRun",
        _PREVENTION_RUNS,
        needs=Action.ARREARS_HANDLE,
        description="Rounds that were made, newest first.",
    )
    def prevention_runs(self, info: Info, state: str | None = None) -> list[ColumnElement[bool]]:
        """Rounds that were made."""
        return [] if state is None else [PreventionRunRow.state == short("state", state)]

    @looked_up("PreventionRun")
    def prevention_run(self, info: Info, id: strawberry.ID) -> PreventionRun | None:
        """A round by its id."""
        return find(info.context, PreventionRun, row_id_of("PreventionRun", id))

    @connection(
        "PreventionEntry",
        _PREVENTION_ENTRIES,
        needs=Action.ARREARS_HANDLE,
        description="A round's list in its order.",
    )
    def prevention_entries(
        self,
        info: Info,
        prevention_run_id: strawberry.ID,
        state: str | None = None,
        area: str | None = None,
    ) -> list[ColumnElement[bool]]:
        """A round's list."""
        criteria: list[ColumnElement[bool]] = [
            PreventionEntryRow.run_id == row_id_of("PreventionRun", prevention_run_id)
        ]
        if state is not None:
            criteria.append(PreventionEntryRow.state == short("state", state))
        if area is not None:
            criteria.append(PreventionEntryRow.area == short("area", area))
        return criteria

    @looked_up("PreventionEntry")
    def prevention_entry(self, info: Info, id: strawberry.ID) -> PreventionEntry | None:
        """A tenancy on a round's list."""
        return find(info.context, PreventionEntry, row_id_of("PreventionEntry", id))
