"""Forecasts: what is said of the next twelve months, what it is made of, and how last year's went."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.indicators.forecasting import outlook as told
from hemvist.indicators.forecasting.basis import Basis
from hemvist.indicators.forecasting.missing import Come
from hemvist.indicators.forecasting.model import MODEL
from hemvist.indicators.forecasting.outlook import COVERS
from hemvist.indicators.forecasting.service import Forecast as ForecastMade
from hemvist.indicators.forecasting.service import Kept
from hemvist_graphql.forecasts.words import ASSUMPTIONS, LACKS, LIMITS
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed


@strawberry.type(
    description="The middle of what may come, and the bounds between which it lies in so many per cent of"
    " cases as the forecast covers. In steps of five."
)
class ForecastBand:
    """The middle and the bounds."""

    low: int
    middle: int
    high: int


@strawberry.type(description="A month's last day, as it may be.")
class ForecastMonth:
    """A month's last day, as it may be."""

    month: dt.date = strawberry.field(description="Its first day.")
    waiting: ForecastBand = strawberry.field(description="Households that wait for a home.")
    homes: ForecastBand | None = strawberry.field(
        description="Homes that the kommun lets; null where too little is told of them."
    )


@strawberry.type(description="Twelve months together, in homes.")
class ForecastYear:
    """Twelve months together."""

    need: ForecastBand = strawberry.field(
        description="Homes that it would take for nobody to wait at the end: those who wait and who come."
    )
    arrivals: ForecastBand = strawberry.field(description="Households that come to wait.")
    coming: ForecastBand = strawberry.field(description="Homes that come.")
    lacking: ForecastBand = strawberry.field(description="Households that wait at the end.")
    unused: ForecastBand = strawberry.field(description="Homes that come and nobody waits for.")
    left: ForecastBand | None = strawberry.field(
        description="Homes that the kommun lets no longer; null where too little is told of homes."
    )


@strawberry.type(description="What may come in twelve months.")
class ForecastOutlook:
    """What may come in twelve months."""

    months: list[ForecastMonth]
    year: ForecastYear


@strawberry.type(description="What a forecast is made of: numbers that were told, and agreements.")
class ForecastBasis:
    """What a forecast is made of."""

    from_month: dt.date = strawberry.field(description="The first day of the first month.")
    to_month: dt.date = strawberry.field(description="The first day of the last month.")
    months: int
    waiting_before: int = strawberry.field(description="Households that waited before the months.")
    waiting: int = strawberry.field(description="Households that waited after them.")
    homes_before: int | None
    homes: int | None = strawberry.field(
        description="Homes that the kommun let after them; null where that is not told of both ends."
    )
    arrivals: int = strawberry.field(
        description="Households that came to wait, less those that no longer wait and got no home."
    )
    moved_in: int
    moved_on: int = strawberry.field(description="To a lease of their own.")
    left: int | None = strawberry.field(description="Homes that the kommun lets no longer.")
    agreed: int = strawberry.field(description="Homes that agreements were to bring in the months.")
    delivered: int = strawberry.field(description="Homes that they brought.")
    agreed_next: int = strawberry.field(
        description="Homes that they are to bring in the twelve months to come."
    )


@strawberry.type(description="Why nothing can be said.")
class ForecastLack:
    """Why nothing can be said."""

    code: str = strawberry.field(description="months, stale, arrivals or balance")

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """It in words."""
        return worded(LACKS[self.code], lang, self.code)


@strawberry.type(
    description="The next twelve months by a stated model of flow, as things go on and with what is asked."
    " Made of numbers that were told already, so that it tells nothing beside them."
)
class Forecast:
    """The next twelve months."""

    model: int = strawberry.field(description="Another number where the model is another.")
    covers: int = strawberry.field(description="Per cent of cases that the bounds hold.")
    basis: ForecastBasis | None = strawberry.field(description="Null where nothing is told.")
    lacks: list[ForecastLack] = strawberry.field(
        description="Why nothing can be said; empty where something can."
    )
    going_on: ForecastOutlook | None = strawberry.field(
        description="As it goes on; null where nothing can be said."
    )
    asked: ForecastOutlook | None = strawberry.field(
        description="With what is asked; the same as goingOn where nothing is."
    )

    @computed(description="What the model assumes, in Swedish (sv) or English (en).")
    def assumptions(self, lang: str = DEFAULT_LANGUAGE) -> list[str]:
        """What the model assumes."""
        return [worded(one, lang) for one in ASSUMPTIONS]

    @computed(description="What it does not say, in Swedish (sv) or English (en).")
    def limits(self, lang: str = DEFAULT_LANGUAGE) -> list[str]:
        """What it does not say."""
        return [worded(one, lang) for one in LIMITS]


@strawberry.type(description="A month of a forecast that was kept, beside what came.")
class ForecastCome:
    """A month of a forecast, beside what came."""

    month: dt.date = strawberry.field(description="Its first day.")
    said: ForecastBand = strawberry.field(description="Households that would wait.")
    came: int | None = strawberry.field(
        description="Households that waited; null until it is told."
    )
    error: int | None = strawberry.field(description="How far from the middle, either way.")
    inside: bool | None = strawberry.field(description="Whether between the bounds.")


@strawberry.type(description="A forecast that was kept, and how far it missed.")
class KeptForecast:
    """A forecast that was kept."""

    model: int
    made_on: dt.date
    first_month: dt.date = strawberry.field(description="The first day of the first of its months.")
    basis: ForecastBasis
    months: list[ForecastCome]
    year: ForecastYear
    come: int = strawberry.field(description="Months that have come and are told.")
    inside: int = strawberry.field(description="Of those, months that came between the bounds.")
    mean_error: float | None = strawberry.field(
        description="The mean absolute error in households, one decimal; null before a month has come."
    )


def forecast_shown(made: ForecastMade) -> Forecast:
    """A forecast as the schema has it."""
    return Forecast(
        model=MODEL,
        covers=COVERS,
        basis=None if made.basis is None else _basis(made.basis),
        lacks=[ForecastLack(code=code) for code in made.lacks],
        going_on=None if made.plain is None else _outlook(made.plain),
        asked=None if made.asked is None else _outlook(made.asked),
    )


def kept_shown(kept: Kept) -> KeptForecast:
    """A forecast that was kept as the schema has it."""
    missed = kept.missed
    return KeptForecast(
        model=kept.forecast.model,
        made_on=kept.forecast.made_on,
        first_month=kept.forecast.first_month,
        basis=_basis(Basis.of(kept.forecast.basis)),
        months=[_come(one) for one in kept.lines],
        year=_year(kept.outlook.year),
        come=missed.months,
        inside=missed.inside,
        mean_error=None if missed.error is None else round(float(missed.error), 1),
    )


def _basis(basis: Basis) -> ForecastBasis:
    return ForecastBasis(
        from_month=basis.from_month,
        to_month=basis.to_month,
        months=basis.months,
        waiting_before=basis.waiting_before,
        waiting=basis.waiting,
        homes_before=basis.homes_before,
        homes=basis.homes,
        arrivals=basis.arrivals,
        moved_in=basis.moved_in,
        moved_on=basis.moved_on,
        left=basis.left,
        agreed=round(basis.agreed),
        delivered=basis.delivered,
        agreed_next=round(basis.agreed_next),
    )


def _outlook(outlook: told.Outlook) -> ForecastOutlook:
    return ForecastOutlook(
        months=[
            ForecastMonth(
                month=one.month,
                waiting=_band(one.waiting),
                homes=None if one.homes is None else _band(one.homes),
            )
            for one in outlook.months
        ],
        year=_year(outlook.year),
    )


def _year(year: told.Year) -> ForecastYear:
    return ForecastYear(
        need=_band(year.need),
        arrivals=_band(year.arrivals),
        coming=_band(year.coming),
        lacking=_band(year.lacking),
        unused=_band(year.unused),
        left=None if year.left is None else _band(year.left),
    )


def _come(line: Come) -> ForecastCome:
    return ForecastCome(
        month=line.month,
        said=_band(line.said),
        came=line.came,
        error=line.error,
        inside=line.inside,
    )


def _band(band: told.Band) -> ForecastBand:
    return ForecastBand(low=band.low, middle=band.middle, high=band.high)
