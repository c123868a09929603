"""Telling of what holds on a month's last day: in steps, and at ends that give no month away."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import cache

from hemvist.indicators.suppression.cells import enough, parted
from hemvist.indicators.suppression.flows import key, year_over
from hemvist.indicators.suppression.rules import GROUPS, ORE_STEP, STEP, dominated, stepped
from hemvist.indicators.suppression.series import ALL, WHOLE, Block, Series, margins
from hemvist.policy import add_months


def tell_stock(series: Series, ends: Collection[date] | None) -> list[Block]:
    """What of a stock can be told and was not; ``ends``: the months that it may be told of, else any."""
    found: list[Block] = []
    first, last = series.first(ALL), series.last.get(ALL)
    groups = {
        margin: series.first(margin) for margin in margins(series.definition) if margin in GROUPS
    }
    for month in series.months:
        if first is None or month < first or (ends is not None and month not in ends):
            continue
        # The same for a year: a cell that came and went with it would tell how large it is.
        about = key(series, ALL, month.replace(month=1))
        if not enough(series.households(ALL, WHOLE, [month]), series.slack, about):
            continue
        if series.definition.measure == "sum":
            found += _sum(series, month, last, about)
            last = found[-1].end if found else last
            continue
        found.append(_told(series, ALL, (), month))
        for margin in margins(series.definition):
            start = groups.get(margin)
            if margin in GROUPS:
                if start is None or not year_over(start, month):
                    continue
                groups[margin] = add_months(month, 1)
            found += _cells(series, margin, month)
    return found


def _cells(series: Series, margin: str, month: date) -> Iterator[Block]:
    @cache
    def size(cells: tuple[str, ...]) -> int:
        return series.households(margin, cells, [month])

    about = key(series, margin, month.replace(month=1))
    for part in parted(series.cells_of(margin), size, series.slack, about):
        yield _told(series, margin, part, month)


def _told(series: Series, margin: str, cells: tuple[str, ...], month: date) -> Block:
    shown = series.sum(margin, cells if margin != ALL else WHOLE, [month])
    return Block(margin, cells, month, month, facts=stepped(shown.facts))


def _sum(series: Series, month: date, last: date | None, about: str) -> Iterator[Block]:
    """A sum, where enough households changed it since it was told: the change is a sum too."""
    since, after = (add_months(last, 1) if last else date.min), add_months(month, 1)
    changes: dict[object, int] = {}
    parts: dict[object, int] = {}
    for one in series.rows:
        amount = one.amount or 0
        for day, sign in ((one.begins, 1), (one.ends, -1)):
            if day is not None and since <= day < after:
                changes[one.household] = changes.get(one.household, 0) + sign * amount
        if one.begins < after and (one.ends is None or one.ends >= after):
            parts[one.household] = parts.get(one.household, 0) + amount
    moved = [one for one in changes.values() if one]
    if not enough(len(moved), series.slack, about):
        return
    if dominated(moved) or dominated(list(parts.values())):
        return
    shown = series.sum(ALL, WHOLE, [month])
    step = ORE_STEP if series.definition.unit == "ore" else STEP
    yield Block(ALL, (), month, month, amount=shown.amount // step * step)
