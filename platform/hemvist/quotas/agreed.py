"""What a quota comes to in homes: exact, and rounded as the agreement says.

A number that belongs to a period is spread evenly over the period's days, so that an agreement that
begins, ends or changes in the middle of it gives its part by days: 80 homes a year from 1 July are
80 × 184/365, in a leap year 80 × 184/366. Shares of figures that hold from a day are taken of each
day's figure. Nothing is rounded before the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hemvist.quotas.calendar import ONE_DAY, Days, year
from hemvist.quotas.terms import Figure, Term, at

_NUMBERS = ("number", "owner_directive", "beside_requirements")
#: Shares of what happened: their figures add up, whatever the period's length.
_OF_EVENTS = ("vacated_share", "production_share")
_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Agreed:
    """Homes agreed on for a period, and how far that could be told."""

    exact: Fraction
    rounding: str
    #: Days of which the figure that the share is taken of is not known.
    unknown_days: int = 0

    @property
    def homes(self) -> int:
        """Whole homes."""
        return rounded(self.exact, self.rounding)


def rounded(exact: Fraction, rounding: str) -> int:
    """Whole homes: ``up``, ``down``, or to the ``nearest``, where half a home is one."""
    down = exact.numerator // exact.denominator
    if rounding == "down" or exact == down:
        return down
    if rounding == "up":
        return down + 1
    return down + (exact - down >= Fraction(1, 2))


def agreed(
    terms: Sequence[Term], figures: Sequence[Figure], period: Days, until: date
) -> Agreed | None:
    """What one quota's ``terms`` come to in ``period``, on its days to ``until``.

    ``until`` the period's last day gives the whole of it, an earlier day what should have been
    delivered by then. None where the quota did not hold on any of the days. A standing quota, and a
    number for the term of an agreement that has no last day, are what holds on ``until``.
    """
    if not terms:
        return None
    days = period.common(Days(period.start, until))
    if days is None:
        return None
    parts = [(one, shared) for one in terms if (shared := one.days.common(days)) is not None]
    if not parts:
        return None
    last = max(parts, key=lambda part: part[1].start)[0]
    if last.per == "standing" or (period.end is None and last.kind not in _OF_EVENTS):
        return _held_on(terms, figures, until)
    total, unknown = Fraction(0), 0
    for term, shared in parts:
        amount, missing = _of_part(term, figures, shared, period)
        total += amount
        unknown += missing
    return Agreed(total, last.rounding, unknown)


def _held_on(terms: Sequence[Term], figures: Sequence[Figure], day: date) -> Agreed | None:
    term = at(terms, day)
    if term is None:
        return None
    if term.kind in _NUMBERS:
        return Agreed(Fraction(term.homes or 0), term.rounding)
    value = _daily(term, figures, day)
    return Agreed(value or Fraction(0), term.rounding, int(value is None))


def _of_part(
    term: Term, figures: Sequence[Figure], days: Days, period: Days
) -> tuple[Fraction, int]:
    if term.kind in _NUMBERS:
        return Fraction((term.homes or 0) * days.count, period.count), 0
    if term.kind == "vacated_share":
        return _vacated(term, figures, days)
    if term.kind == "production_share":
        completed = sum(
            one.homes
            for one in _counted(term, figures, "production")
            if days.holds(one.start) and one.agreement_id in (None, term.agreement_id)
        )
        return _share(term) * completed, 0
    total, unknown = Fraction(0), 0
    for stretch in _stretches(figures, days):
        value = _daily(term, figures, stretch.start)
        if value is None:
            unknown += stretch.count
        elif term.kind == "stock_share":
            total += value * stretch.count / period.count
        else:
            # The need is told by the year, so a day's part of it is a year's length.
            total += value * stretch.count / year(stretch.start).count
    return total, unknown


def _vacated(term: Term, figures: Sequence[Figure], days: Days) -> tuple[Fraction, int]:
    """A share of the homes that became vacant; a report's homes are spread evenly over its days."""
    total, known = Fraction(0), set[date]()
    for one in figures:
        if one.kind != "vacated" or one.end is None:
            continue
        reported = Days(one.start, one.end)
        shared = reported.common(days)
        if shared is None:
            continue
        known.update(_each(shared))
        if one.area not in term.excluded_areas:
            total += Fraction(one.homes * shared.count, reported.count)
    return _share(term) * total, days.count - len(known)


def _daily(term: Term, figures: Sequence[Figure], day: date) -> Fraction | None:
    """The quota by the figures that hold on a day, or None where one of them is not known."""
    if term.kind == "stock_share":
        stock = _standing(term, figures, "stock", day)
        return None if stock is None else _share(term) * stock
    need = _standing(term, figures, "need", day)
    if need is None:
        return None
    if term.share_bp is not None:
        return _share(term) * need
    own, whole = (_standing(term, figures, kind, day) for kind in ("stock", "market"))
    if own is None or not whole:
        return None
    return Fraction(need * own, whole)


def _standing(term: Term, figures: Sequence[Figure], kind: str, day: date) -> int | None:
    """The latest figure of each area that counts; None where there is none of any area."""
    latest: dict[str, Figure] = {}
    for one in figures:
        if one.kind == kind and one.start <= day:
            known = latest.get(one.area)
            if known is None or known.start <= one.start:
                latest[one.area] = one
    if not latest:
        return None
    return sum(one.homes for one in latest.values() if one.area not in term.excluded_areas)


def _counted(term: Term, figures: Sequence[Figure], kind: str) -> Iterator[Figure]:
    return (one for one in figures if one.kind == kind and one.area not in term.excluded_areas)


def _share(term: Term) -> Fraction:
    return Fraction(term.share_bp or 0, _WHOLE)


def _stretches(figures: Sequence[Figure], days: Days) -> Iterator[Days]:
    """The days, cut wherever a figure begins to hold and where a year begins."""
    assert days.end is not None
    cuts = {one.start for one in figures if days.start < one.start <= days.end}
    cuts |= {date(number, 1, 1) for number in range(days.start.year + 1, days.end.year + 1)}
    starts = sorted({days.start, *cuts})
    for start, following in zip(starts, [*starts[1:], days.end + ONE_DAY], strict=True):
        yield Days(start, following - ONE_DAY)


def _each(days: Days) -> Iterator[date]:
    assert days.end is not None
    day = days.start
    while day <= days.end:
        yield day
        day += ONE_DAY
