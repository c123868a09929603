"""The calendar of quotas: years, half-years, the agreement's own term. Both ends are included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """From a day to a day, both included; no end is until further notice."""

    start: date
    end: date | None = None

    @property
    def count(self) -> int:
        """How many days. Only of days that end."""
        if self.end is None:
            raise ValueError("days without an end cannot be counted")
        return (self.end - self.start).days + 1

    def holds(self, day: date | None) -> bool:
        """Whether the day is one of them."""
        return day is not None and self.start <= day and (self.end is None or day <= self.end)

    def common(self, other: Days) -> Days | None:
        """The days that both have, or None."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends, default=None)
        return None if end is not None and end < start else Days(start, end)


def year(of: date) -> Days:
    """The calendar year of a day: 365 days, or 366."""
    return Days(date(of.year, 1, 1), date(of.year, 12, 31))


def half_year(of: date) -> Days:
    """January to June, or July to December."""
    if of.month <= 6:
        return Days(date(of.year, 1, 1), date(of.year, 6, 30))
    return Days(date(of.year, 7, 1), date(of.year, 12, 31))


def period(per: str, of: date, term: Days) -> Days:
    """The period that a day lies in, of a quota that is ``per`` year, half_year, agreement or standing.

    ``term`` is the agreement's own. A standing quota has no period; its flows are shown by the year.
    """
    if per == "half_year":
        return half_year(of)
    return term if per == "agreement" else year(of)


def periods(per: str, within: Days, term: Days) -> list[Days]:
    """Every period, in order, that shares a day with ``within`` and with the agreement's term."""
    if within.end is None:
        raise ValueError("periods of days without an end cannot be listed")
    shared = within.common(term)
    if shared is None or shared.end is None:
        return []
    if per == "agreement":
        return [term]
    found: list[Days] = []
    day = shared.start
    while day <= shared.end:
        one = period(per, day, term)
        found.append(one)
        assert one.end is not None
        day = one.end + ONE_DAY
    return found
