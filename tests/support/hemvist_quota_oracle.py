"""Quota figures reckoned a second time, day by day, with nothing of the code under test.

Every figure is found by walking over single days and single events. Slow, and easy to check by hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

DAY = timedelta(days=1)


def days(first: date, last: date) -> Iterator[date]:
    """Each day, both ends included."""
    while first <= last:
        yield first
        first += DAY


@dataclass
class Version:
    """What an agreement says of one quota from a day; ``kind`` None where it has no such quota."""

    holds_from: date
    kind: str | None
    homes: int = 0
    share_bp: int | None = None
    rounding: str = "nearest"
    excluded: frozenset[str] = frozenset()


@dataclass
class Market:
    """Figures: day → area → homes of those that hold from a day; the others as they are."""

    stock: list[tuple[date, str, int]] = field(default_factory=list)
    market: list[tuple[date, str, int]] = field(default_factory=list)
    need: list[tuple[date, int]] = field(default_factory=list)
    vacated: list[tuple[date, date, str, int]] = field(default_factory=list)
    completed: list[tuple[date, str, int]] = field(default_factory=list)


def amount(
    versions: list[Version],
    first: date,
    last: date,
    until: date,
    market: Market,
    *,
    starts: date,
    ends: date | None,
) -> tuple[Fraction, str] | None:
    """Homes agreed on for first–last, on its days to ``until``, with the rounding that applies."""
    length = sum(1 for _ in days(first, last))
    total, rounding = Fraction(0), None
    for day in days(first, min(last, until)):
        if day < starts or (ends is not None and day > ends):
            continue
        begun = [one for one in versions if one.holds_from <= day]
        if not begun:
            continue
        now = max(begun, key=lambda one: one.holds_from)
        if now.kind is None:
            continue
        rounding = now.rounding
        total += of_day(now, day, length, market)
    return None if rounding is None else (total, rounding)


def of_day(now: Version, day: date, length: int, market: Market) -> Fraction:
    """One day's part of the quota."""
    share = Fraction(now.share_bp or 0, 10_000)
    in_year = 366 if day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0) else 365
    if now.kind in ("number", "owner_directive", "beside_requirements"):
        return Fraction(now.homes, length)
    if now.kind == "stock_share":
        return share * standing(market.stock, day, now.excluded) / length
    if now.kind == "market_share":
        need = [homes for since, homes in sorted(market.need) if since <= day]
        if not need:
            return Fraction(0)
        if now.share_bp is not None:
            return share * need[-1] / in_year
        whole = standing(market.market, day, now.excluded)
        if whole == 0:
            return Fraction(0)
        return Fraction(need[-1] * standing(market.stock, day, now.excluded), whole * in_year)
    if now.kind == "vacated_share":
        found = Fraction(0)
        for start, end, area, homes in market.vacated:
            if start <= day <= end and area not in now.excluded:
                found += share * homes / sum(1 for _ in days(start, end))
        return found
    return share * sum(
        homes for on, area, homes in market.completed if on == day and area not in now.excluded
    )


def standing(figures: list[tuple[date, str, int]], day: date, excluded: frozenset[str]) -> int:
    """Homes on a day: of each area the figure of the latest day not after it."""
    areas = {area for since, area, _ in figures if since <= day}
    return sum(
        max((since, homes) for since, where, homes in figures if where == area and since <= day)[1]
        for area in areas - excluded
    )


def whole(exact: Fraction, rounding: str) -> int:
    """Rounded as the agreement says."""
    if rounding == "up":
        return math.ceil(exact)
    if rounding == "down":
        return math.floor(exact)
    return math.floor(exact + Fraction(1, 2))
