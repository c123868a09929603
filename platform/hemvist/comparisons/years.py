"""A year's figure, made of the blocks of months that were told. Nothing but told numbers goes in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hemvist.indicators.definitions import Definition
from hemvist.indicators.models import IndicatorTold

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Year:
    """What was told of a whole year. ``middle``: the amount in the middle lies between the two."""

    facts: int
    met_least: int | None = None
    met_most: int | None = None
    amount: int | None = None
    middle_least: int | None = None
    middle_most: int | None = None


def of_year(definition: Definition, blocks: Iterable[IndicatorTold], year: int) -> Year | None:
    """The year's figure; None where the year was not told whole, or some of it is too small to tell.

    A stock has the year's last month; a flow the sum of blocks that fill the year and no other.
    """
    if definition.kind == "stock":
        last = date(year, _MONTHS, 1)
        found = [one for one in blocks if one.from_month == one.to_month == last]
    else:
        found = _filling(blocks, year)
    if not found or any(one.facts is None for one in found):
        return None
    return _summed(definition, found)


def _filling(blocks: Iterable[IndicatorTold], year: int) -> list[IndicatorTold]:
    """The blocks of the year, if they fill it: one after the other, without a gap."""
    own = sorted(
        (one for one in blocks if one.from_month.year <= year <= one.to_month.year),
        key=lambda one: one.from_month,
    )
    awaited = 1
    for one in own:
        if (one.from_month.year, one.from_month.month) != (year, awaited):
            return []
        if one.to_month.year != year:
            return []
        awaited = one.to_month.month + 1
    return own if awaited > _MONTHS else []


def _summed(definition: Definition, blocks: Sequence[IndicatorTold]) -> Year | None:
    facts = sum(one.facts or 0 for one in blocks)
    told = [one for one in blocks if one.facts]
    match definition.measure:
        case "count":
            return Year(facts)
        case "sum":
            amounts = [one.amount for one in told if one.amount is not None]
            return Year(facts, amount=sum(amounts)) if len(amounts) == len(told) else None
        case "share":
            if any(one.met_least is None or one.met_most is None for one in told):
                return None
            return Year(
                facts,
                met_least=sum(one.met_least or 0 for one in told),
                met_most=sum(one.met_most or 0 for one in told),
            )
        case "median":
            # The middle of all lies between the least and the greatest middle of the parts.
            middles = [one.middle for one in told if one.middle is not None]
            if len(middles) < len(told):
                return None
            return Year(
                facts,
                middle_least=min(middles, default=None),
                middle_most=max(middles, default=None),
            )
