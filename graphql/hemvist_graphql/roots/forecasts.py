"""Next year's need: what may come, what if it were otherwise, and how far last year's forecast missed."""

from __future__ import annotations

import strawberry

from hemvist.clock import today
from hemvist.identity import Action
from hemvist.indicators.forecasting import service
from hemvist.indicators.forecasting.model import asked
from hemvist_graphql.context import Info
from hemvist_graphql.forecasts.types import (
    Forecast,
    KeptForecast,
    forecast_shown,
    kept_shown,
)
from hemvist_graphql.reading import computed


@strawberry.type
class ForecastRoots:
    """Next year's need."""

    @computed(
        100,
        description="The next twelve months by a stated model of flow, as things go on and with what is"
        " asked: homes more (or fewer) a month from -50 to 50, households more a month that get a lease of"
        " their own by a guarantee from 0 to 50, months sooner to the lease of one's own from 0 to 24.",
    )
    def forecast(
        self,
        info: Info,
        more_homes_per_month: int = 0,
        more_guarantees_per_month: int = 0,
        months_sooner: int = 0,
    ) -> Forecast:
        """The next twelve months."""
        info.context.require(Action.FIGURES_READ)
        levers = asked(more_homes_per_month, more_guarantees_per_month, months_sooner)
        context = info.context
        return forecast_shown(service.forecast(context.session, context.actor, today(), levers))

    @computed(
        20,
        description="The forecasts that were kept, one each January, the newest first, beside what came.",
    )
    def forecasts(self, info: Info) -> list[KeptForecast]:
        """The forecasts that were kept."""
        info.context.require(Action.FIGURES_READ)
        context = info.context
        return [kept_shown(one) for one in service.kept(context.session, context.actor)]
