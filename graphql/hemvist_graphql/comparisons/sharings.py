"""That the kommun takes part in a comparison: proposed, agreed to, ended."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement, false, true

from hemvist.comparisons.models import IndicatorSharing as SharingRow
from hemvist.comparisons.service import may_see
from hemvist.identity import Action, Actor, allows
from hemvist_graphql.context import Info
from hemvist_graphql.reading import Node, column, computed, reads, to_one
from hemvist_graphql.refs import PrincipalRef
from hemvist_graphql.states import IndicatorSharingState


def _seen(actor: Actor) -> ColumnElement[bool]:
    return true() if may_see(actor) else false()


@reads(SharingRow, visible=_seen)
@strawberry.type(
    description="That the kommun takes part in a comparison (jämförelse): proposed by one person, agreed"
    " to by another, ended by either. Who takes part again begins a new one."
)
class IndicatorSharing(Node):
    """That the kommun takes part in a comparison."""

    comparison: str = column(SharingRow.comparison, description="The comparison's code.")
    state: IndicatorSharingState = column(SharingRow.state)
    proposed_by: PrincipalRef | None = to_one("Principal", SharingRow.proposed_by)
    proposed_at: dt.datetime = column(SharingRow.proposed_at)
    agreed_by: PrincipalRef | None = to_one("Principal", SharingRow.agreed_by)
    agreed_at: dt.datetime | None = column(SharingRow.agreed_at)
    ended_by: PrincipalRef | None = to_one("Principal", SharingRow.ended_by)
    ended_at: dt.datetime | None = column(SharingRow.ended_at)
    version: int = column(SharingRow.version)

    @computed(
        needs=("state", "proposed_by"),
        reads=False,
        description="Whether the caller may agree to it now: never who proposed it.",
    )
    def may_agree(self, info: Info) -> bool:
        """Whether the caller may agree to it now."""
        actor = info.context.actor
        return (
            self.row["state"] == "proposed"
            and str(self.row["proposed_by"]) != str(actor.principal_id)
            and allows(actor, Action.SHARING_AGREE)
        )

    @computed(needs=("state",), reads=False, description="Whether the caller may end it now.")
    def may_end(self, info: Info) -> bool:
        """Whether the caller may end it now."""
        actor = info.context.actor
        return self.row["state"] != "ended" and (
            allows(actor, Action.SHARING_PROPOSE) or allows(actor, Action.SHARING_AGREE)
        )
