"""How far a forecast missed: what it said beside what came (prognosfel)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hemvist.indicators.forecasting.outlook import Band, Outlook


@dataclass(frozen=True, slots=True)
class Come:
    """A month of a forecast, and what came; None where that is not told yet."""

    month: date
    said: Band
    came: int | None

    @property
    def inside(self) -> bool | None:
        """Whether what came lies in the interval."""
        return None if self.came is None else self.said.holds(self.came)

    @property
    def error(self) -> int | None:
        """How far from the middle it came (absolute error)."""
        return None if self.came is None else abs(self.said.middle - self.came)


@dataclass(frozen=True, slots=True)
class Missed:
    """The months of a forecast that have come, together."""

    months: int
    #: The mean absolute error, in households; None before a month has come.
    error: Fraction | None
    inside: int


def beside(said: Outlook, came: Mapping[date, int]) -> list[Come]:
    """Each month's households waiting as forecast, beside what was told of it."""
    return [Come(one.month, one.waiting, came.get(one.month)) for one in said.months]


def missed(lines: Sequence[Come]) -> Missed:
    """How far the months that have come were missed."""
    errors = [one.error for one in lines if one.error is not None]
    return Missed(
        months=len(errors),
        error=Fraction(sum(errors), len(errors)) if errors else None,
        inside=sum(bool(one.inside) for one in lines),
    )
