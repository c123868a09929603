"""What is told of a forecast: the middle and an interval, in steps of five.

The numbers that it is made of are told in such steps; finer ones would claim what nobody knows.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hemvist.indicators.forecasting.basis import STEP, Basis
from hemvist.indicators.forecasting.model import MONTHS, Levers, Runs, simulate
from hemvist.policy import add_months

#: The interval holds so many percent of the runs.
COVERS = 80
_TAIL = (100 - COVERS) / 2


@dataclass(frozen=True, slots=True)
class Band:
    """The middle of the runs, and the bounds between which ``COVERS`` percent of them lie."""

    low: int
    middle: int
    high: int

    def holds(self, value: int) -> bool:
        """Whether it lies inside."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Month:
    """Who waits and what is let on a month's last day."""

    month: date
    waiting: Band
    #: None where no homes are told.
    homes: Band | None


@dataclass(frozen=True, slots=True)
class Year:
    """The twelve months together, in homes."""

    #: Households that wait at first and that come to: homes so that nobody waits at the end.
    need: Band
    arrivals: Band
    #: Homes that come.
    coming: Band
    #: Households that wait at the end: homes that are lacking.
    lacking: Band
    #: Homes that come and nobody waits for.
    unused: Band
    #: None where no homes are told.
    left: Band | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast (prognos)."""

    months: tuple[Month, ...]
    year: Year

    def as_data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "months": [
                {
                    "month": one.month.isoformat(),
                    "waiting": asdict(one.waiting),
                    "homes": None if one.homes is None else asdict(one.homes),
                }
                for one in self.months
            ],
            "year": asdict(self.year),
        }

    @classmethod
    def of(cls, data: dict[str, Any]) -> Outlook:
        """From JSON."""
        return cls(
            months=tuple(
                Month(
                    date.fromisoformat(one["month"]),
                    Band(**one["waiting"]),
                    _read(one["homes"]),
                )
                for one in data["months"]
            ),
            year=Year(**{name: _read(band) for name, band in data["year"].items()}),
        )


def _read(band: dict[str, int] | None) -> Any:
    return None if band is None else Band(**band)


def outlook(basis: Basis, levers: Levers) -> Outlook:
    """What the model says of the twelve months after the basis."""
    runs = simulate(basis, levers)
    return Outlook(
        months=tuple(
            Month(
                add_months(basis.first_month, number),
                as_told(runs.waiting[:, number]),
                None if basis.homes is None else as_told(runs.homes[:, number]),
            )
            for number in range(MONTHS)
        ),
        year=_year(runs, homes=basis.homes is not None),
    )


def _year(runs: Runs, *, homes: bool) -> Year:
    arrivals = runs.arrivals.sum(axis=1)
    unused = runs.unused.sum(axis=1)
    return Year(
        need=band(runs.waiting_at_first + arrivals),
        arrivals=band(arrivals),
        coming=band(runs.moved_in.sum(axis=1) + unused),
        lacking=as_told(runs.waiting[:, -1]),
        unused=band(unused),
        left=band(runs.left.sum(axis=1)) if homes else None,
    )


def as_told(values: NDArray[np.int64]) -> Band:
    """Of a stock: the number that will be told, which stands on the step below."""
    low, middle, high = (STEP * math.floor(one / STEP) for one in _percentiles(values))
    return Band(low, middle, high)


def band(values: NDArray[np.int64]) -> Band:
    """Of a sum: the middle to the nearest step, the bounds to the step outside."""
    low, middle, high = _percentiles(values)
    return Band(
        low=STEP * math.floor(low / STEP),
        middle=STEP * math.floor(middle / STEP + 0.5),
        high=STEP * math.ceil(high / STEP),
    )


def _percentiles(values: NDArray[np.int64]) -> tuple[float, float, float]:
    low, middle, high = np.percentile(values, (_TAIL, 50, 100 - _TAIL))
    return float(low), float(middle), float(high)
