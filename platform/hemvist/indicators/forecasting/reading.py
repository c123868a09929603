"""Reading a basis: what is told of waiting, homes and moves, and what landlords have agreed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select

from hemvist.indicators.forecasting.basis import MOST_MONTHS, Basis, months_between, months_lack
from hemvist.indicators.models import IndicatorTold
from hemvist.indicators.suppression.rules import STEPPED
from hemvist.policy import add_months
from hemvist.quotas.agreed import agreed
from hemvist.quotas.calendar import Days, periods
from hemvist.quotas.counting import by_quota, counted
from hemvist.quotas.picture import Material
from hemvist.quotas.record import materials
from hemvist.quotas.terms import Term
from hemvist.tenancy import TenantSession

WAITING, HOMES, MOVED_IN, MOVED_ON = "waiting", "homes_running", "moved_in", "moved_on"


@dataclass(frozen=True, slots=True)
class Block:
    """Some months, and what was told of them together."""

    first: date
    last: date
    number: int


Told = Mapping[str, Sequence[Block]]


def read_basis(session: TenantSession, today: date) -> Basis | None:
    """The newest basis that what is told gives; None where no month has all of it."""
    span = chosen(told(session), today)
    if span is None:
        return None
    before = add_months(span.first, -1)
    first, last = span.first, span.last
    known = before in span.homes and last in span.homes
    days = Days(first, add_months(last, 1) - timedelta(days=1))
    coming = Days(add_months(last, 1), add_months(last, 13) - timedelta(days=1))
    found = list(materials(session).values())
    return Basis(
        from_month=first,
        to_month=last,
        waiting_before=span.waiting[before],
        waiting=span.waiting[last],
        homes_before=span.homes[before] if known else None,
        homes=span.homes[last] if known else None,
        home_months=_home_months(span.homes, before, last) if known else 0,
        moved_in_told=span.moved_in,
        blocks=span.blocks,
        moved_on=span.moved_on,
        agreed=float(sum(agreed_in(one, days) for one in found)),
        delivered=sum(delivered_in(one, days) for one in found),
        agreed_next=float(sum(agreed_in(one, coming) for one in found)),
    )


def told(session: TenantSession) -> Told:
    """All that is told of the whole, by indicator, in its newest definition, in the order of time."""
    newest = (
        select(IndicatorTold.indicator, func.max(IndicatorTold.version).label("version"))
        .where(IndicatorTold.indicator.in_((WAITING, HOMES, MOVED_IN, MOVED_ON)))
        .group_by(IndicatorTold.indicator)
        .subquery()
    )
    rows = session.execute(
        select(
            IndicatorTold.indicator,
            IndicatorTold.from_month,
            IndicatorTold.to_month,
            IndicatorTold.facts,
        )
        .join(
            newest,
            (newest.c.indicator == IndicatorTold.indicator)
            & (newest.c.version == IndicatorTold.version),
        )
        .where(IndicatorTold.margin == "all", IndicatorTold.facts.is_not(None))
        .order_by(IndicatorTold.from_month)
    )
    found: dict[str, list[Block]] = {}
    for indicator, first, last, facts in rows:
        found.setdefault(indicator, []).append(Block(first, last, facts))
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """Months that all is told of: stocks by month, sums of flows, and blocks of moves in that are steps."""

    first: date
    last: date
    waiting: Mapping[date, int]
    homes: Mapping[date, int]
    moved_in: int
    blocks: int
    moved_on: int


def chosen(found: Told, today: date) -> Span | None:
    """The months to go by: those that homes are told of too where they are enough and not old."""
    spans = [longest(found, today), longest(found, today, of=(WAITING,))]
    there = [one for one in spans if one is not None]
    serving = (one for one in there if not months_lack(one.first, one.last, today))
    return next(serving, there[0] if there else None)


def longest(found: Told, today: date, of: tuple[str, ...] = (WAITING, HOMES)) -> Span | None:
    """The newest months that all is told of.

    Of the newest last month the longest stretch: as far back as moves in are told without a gap and in
    whole blocks, with the stocks ``of`` at both ends.
    """
    stocks = {
        code: {one.first: one.number for one in found.get(code, ()) if one.first == one.last}
        for code in (WAITING, HOMES)
    }
    moves = found.get(MOVED_IN, ())
    earliest = add_months(today.replace(day=1), -MOST_MONTHS - LATEST)
    lasts = _stretches(moves)
    for last in sorted(lasts, reverse=True):
        for first in lasts[last]:
            if first < earliest or months_between(first, last) >= MOST_MONTHS:
                continue
            if all(one in stocks[code] for one in (add_months(first, -1), last) for code in of):
                inside = [one for one in moves if first <= one.first and one.last <= last]
                return Span(
                    first,
                    last,
                    stocks[WAITING],
                    stocks[HOMES],
                    moved_in=sum(one.number for one in inside),
                    blocks=len(inside) if MOVED_IN in STEPPED else 0,
                    moved_on=_within(found.get(MOVED_ON, ()), first, last),
                )
    return None


#: Months that telling may lie behind.
LATEST = 12


def _stretches(blocks: Sequence[Block]) -> dict[date, list[date]]:
    """By last month, the first months of gapless stretches of blocks, the longest stretch first."""
    found: dict[date, list[date]] = {}
    for number, one in enumerate(blocks):
        firsts = [one.first]
        for earlier in reversed(blocks[:number]):
            if add_months(earlier.last, 1) != firsts[-1]:
                break
            firsts.append(earlier.first)
        found[one.last] = firsts[::-1]
    return found


def _home_months(homes: Mapping[date, int], before: date, last: date) -> int:
    """Homes summed over the months; where one is not told it is as the one before."""
    total, held = 0, homes[before]
    for number in range(months_between(before, last)):
        held = homes.get(add_months(before, number), held)
        total += held
    return total


def _within(blocks: Sequence[Block], first: date, last: date) -> int:
    """The blocks' numbers together; of a block across an end its part by months."""
    total = Fraction(0)
    for one in blocks:
        shared = months_between(max(one.first, first), min(one.last, last)) + 1
        if shared > 0:
            total += Fraction(one.number * shared, months_between(one.first, one.last) + 1)
    return round(total)


def agreed_in(material: Material, days: Days) -> Fraction:
    """Homes that one landlord has agreed to deliver on some days, by the days' part of each period.

    Quotas within another, standing ones and those that are only observed bring no home of their own.
    """
    assert days.end is not None
    total = Fraction(0)
    for (agreement, _), terms in _by_code(material.terms):
        for period in periods(_latest(terms).per, days, material.agreements[agreement]):
            end = period.end
            if end is None:
                continue
            whole = agreed(terms, material.figures, period, end)
            shared = period.common(days)
            if whole is not None and shared is not None:
                total += whole.exact * Fraction(shared.count, period.count)
    return total


def delivered_in(material: Material, days: Days) -> int:
    """Homes that came on some days, of the same quotas."""
    assert days.end is not None
    turns = by_quota(material.turns, material.terms)
    return sum(
        counted(
            turns.get(key, []), days, days.end, per="year", counts=_latest(terms).counts
        ).delivered
        for key, terms in _by_code(material.terms)
    )


def _by_code(terms: Sequence[Term]) -> Iterator[tuple[tuple[UUID, str], list[Term]]]:
    found: dict[tuple[UUID, str], list[Term]] = {}
    for one in terms:
        found.setdefault((one.agreement_id, one.code), []).append(one)
    for key, mine in sorted(found.items(), key=str):
        last = _latest(mine)
        if last.per != "standing" and last.force != "observed" and last.within_code is None:
            yield key, mine


def _latest(terms: Sequence[Term]) -> Term:
    return max(terms, key=lambda one: one.days.start)
