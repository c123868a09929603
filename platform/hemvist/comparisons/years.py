"""A year's figure, made of the stretches of months that were told. Nothing but told numbers goes in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from hemvist.indicators.definitions import Definition
from hemvist.indicators.models import IndicatorTold
from hemvist.policy import add_months

#: Of fewer months a year's pace is not reckoned.
MONTHS_AT_LEAST = 6
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Year:
    """What was told of a year, and of which months: told stretches need not end with a year.

    ``middle``: the amount in the middle lies between the two.
    """

    from_month: date
    to_month: date
    facts: int | None = None
    met_least: int | None = None
    met_most: int | None = None
    amount: int | None = None
    middle_least: int | None = None
    middle_most: int | None = None


def months(first: date, last: date) -> int:
    """How many months from one to another, both among them."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def of_year(definition: Definition, blocks: Iterable[IndicatorTold], year: int) -> Year | None:
    """The year's figure: of a stock its last told month, of a flow the stretches that end in it.

    None while more of the year may be told, and where too little of it was.
    """
    told = sorted(blocks, key=lambda one: one.from_month)
    own = [one for one in told if one.to_month.year == year]
    if not own or told[-1].to_month < date(year, _DECEMBER, 1):
        return None
    if definition.kind == "stock":
        return _summed(definition, own[-1:])
    if any(add_months(one.to_month, 1) != other.from_month for one, other in pairwise(own)):
        return None
    if months(own[0].from_month, own[-1].to_month) < MONTHS_AT_LEAST:
        return None
    return _summed(definition, own)


def _summed(definition: Definition, blocks: Sequence[IndicatorTold]) -> Year | None:
    """The blocks as one, where each of them tells what the indicator measures."""
    first, last = blocks[0].from_month, blocks[-1].to_month
    facts = [one.facts for one in blocks if one.facts is not None]
    match definition.measure:
        case "count":
            return Year(first, last, sum(facts)) if len(facts) == len(blocks) else None
        case "share":
            least = [one.met_least for one in blocks if one.met_least is not None]
            most = [one.met_most for one in blocks if one.met_most is not None]
            if not len(facts) == len(least) == len(most) == len(blocks):
                return None
            return Year(first, last, sum(facts), met_least=sum(least), met_most=sum(most))
        case "sum":
            amounts = [one.amount for one in blocks if one.amount is not None]
            if len(amounts) < len(blocks):
                return None
            return Year(first, last, amount=sum(amounts))
        case "median":
            # The middle of all lies between the least and the greatest middle of the parts.
            middles = [one.middle for one in blocks if one.middle is not None]
            if len(middles) < len(blocks):
                return None
            return Year(first, last, middle_least=min(middles), middle_most=max(middles))
