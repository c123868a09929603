"""Figures to steer by: how they are defined, what was told, and what they are made of."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement

from hemvist.identity import Action
from hemvist.indicators.definitions import catalogue
from hemvist.indicators.models import IndicatorFact as FactRow
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.indicators.asked import (
    definition_of,
    in_cell,
    in_months,
    not_of_transfers,
    on_day,
)
from hemvist_graphql.indicators.types import FiguresState, Indicator, figures_state
from hemvist_graphql.reading import computed

_FACTS = Ordering("indicator_facts", (FactRow.begins, FactRow.id))


@strawberry.type
class FigureRoots:
    """Figures to steer by."""

    @computed(
        5,
        description="The indicators in the catalogue's order; with codes only these, as they are asked"
        " for.",
    )
    def indicators(self, info: Info, codes: list[str] | None = None) -> list[Indicator]:
        """The indicators."""
        info.context.require(Action.FIGURES_READ)
        if codes is None:
            return [Indicator(model=one) for one in catalogue().values()]
        wanted = dict.fromkeys(codes)
        return [Indicator(model=definition_of(code, "codes")) for code in wanted]

    @computed(2, description="An indicator by its code; null when there is none.")
    def indicator(self, info: Info, code: str) -> Indicator | None:
        """An indicator by its code."""
        info.context.require(Action.FIGURES_READ)
        found = catalogue().get(code)
        return None if found is None else Indicator(model=found)

    @computed(2, description="How far the kommun's figures are counted; null before anything is.")
    def figures_state(self, info: Info) -> FiguresState | None:
        """How far the kommun's figures are counted."""
        info.context.require(Action.FIGURES_READ)
        return figures_state(info.context)

    @connection(
        "IndicatorFact",
        _FACTS,
        needs=Action.CASE_READ,
        description="The facts of an indicator that the caller may see, the newest first: what holds on"
        " a day (of a flow what happened in its month up to it), or in months. Transfers are not told"
        " by anything.",
    )
    def indicator_facts(
        self,
        info: Info,
        code: str,
        on: dt.date | None = None,
        from_month: dt.date | None = None,
        to_month: dt.date | None = None,
        programme: str | None = None,
        step: str | None = None,
        area: str | None = None,
        group: str | None = None,
    ) -> list[ColumnElement[bool]]:
        """The facts of an indicator that the caller may see."""
        definition = definition_of(code)
        not_of_transfers(
            definition,
            on=on,
            fromMonth=from_month,
            toMonth=to_month,
            programme=programme,
            step=step,
            area=area,
            group=group,
        )
        found: list[ColumnElement[bool]] = [FactRow.indicator == definition.code]
        found += in_cell(programme, step, area, group)
        found += in_months(definition, from_month, to_month)
        return found if on is None else [*found, *on_day(definition, on)]
