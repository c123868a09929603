"""Telling of transfers, by year in bands, and of what is of no household, as it is."""

from __future__ import annotations

from datetime import date

from hemvist.indicators.suppression.rules import BAND
from hemvist.indicators.suppression.series import ALL, WHOLE, Block, Series, months_between


def tell_transfers(series: Series) -> list[Block]:
    """A band for each year that is over. The first may begin within a year."""
    found: list[Block] = []
    start = series.first(ALL)
    for month in series.months:
        if start is None or month < start or month.month != 12:
            continue
        facts = series.sum(ALL, WHOLE, months_between(start, month)).facts
        least = facts // BAND * BAND
        found.append(Block(ALL, (), start, month, met_least=least, met_most=least + BAND - 1))
        start = date(month.year + 1, 1, 1)
    return found


def tell_nobody(series: Series) -> list[Block]:
    """Every month that is not told yet, exactly."""
    found = []
    for month in series.months:
        shown = series.sum(ALL, WHOLE, [month])
        found.append(Block(ALL, (), month, month, facts=shown.facts, amount=shown.amount))
    return found
