"""Comparison of kommuner: what there is to take part in, and what those who do have told."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.comparisons.definitions import comparisons as known
from hemvist.comparisons.models import IndicatorSharing as SharingRow
from hemvist.comparisons.service import may_see
from hemvist.errors import NotAllowed
from hemvist.identity import Action
from hemvist_graphql.comparisons.types import Comparison, require_year
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.reading import computed
from hemvist_graphql.roots.filtering import in_states, short
from hemvist_graphql.states import IndicatorSharingState

_SHARINGS = Ordering("indicator_sharings", (SharingRow.proposed_at, SharingRow.id))


@strawberry.type
class ComparisonRoots:
    """Comparison of kommuner."""

    @computed(
        3,
        description="What there is to take part in, for who reads figures or decides on it.",
    )
    def comparisons(self, info: Info) -> list[Comparison]:
        """What there is to take part in."""
        _require(info)
        return [Comparison(model=one, asked=None) for one in known().values()]

    @computed(
        3,
        description="A comparison by its code, with the figures of a year (the latest unless given);"
        " null when there is none.",
    )
    def comparison(self, info: Info, code: str, year: int | None = None) -> Comparison | None:
        """A comparison by its code."""
        _require(info)
        found = known().get(short("code", code))
        return None if found is None else Comparison(model=found, asked=require_year(year))

    @connection(
        "IndicatorSharing",
        _SHARINGS,
        description="The kommun's parts in comparisons, the newest first, for who reads figures or"
        " decides on it.",
    )
    def indicator_sharings(
        self, info: Info, state: list[IndicatorSharingState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The kommun's parts in comparisons."""
        return in_states(SharingRow.state, state)


def _require(info: Info) -> None:
    if not may_see(info.context.actor):
        raise NotAllowed(Action.FIGURES_READ.value)
