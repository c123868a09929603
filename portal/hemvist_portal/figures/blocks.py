"""Told numbers as stretches of time: what each says, and what several say together.

A number is told of whole blocks of months and is never cut. What is said of a period is therefore said
of the blocks that lie wholly in it, and of how many of its months that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

YEAR = 12


@dataclass(frozen=True, slots=True)
class Block:
    """A told number: of the months ``first`` to ``last``, given by their first days.

    Between ``least`` and ``most``, most often the same; None where it is of too few to be told.
    """

    first: date
    last: date
    least: float | None
    most: float | None
    facts: int | None = None
    met_least: int = 0
    met_most: int = 0

    @property
    def months(self) -> int:
        """How many months it is of."""
        return months_between(self.first, self.last) + 1

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return self.least is not None

    @property
    def exact(self) -> bool:
        """Whether it is one number and no span."""
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class Said(Block):
    """What blocks say of a period together. ``first`` and ``last`` are those of the blocks."""

    #: Months of the period that no block lying wholly in it has.
    missing: int = 0
    #: Whether some of the blocks were too few to be told, so that there is a little more.
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Blocks of the same cells, in the order of time."""

    codes: tuple[str, ...]
    label: str
    blocks: tuple[Block, ...]


def months_between(first: date, last: date) -> int:
    """From the month of ``first`` to that of ``last``."""
    return (last.year - first.year) * YEAR + last.month - first.month


def month_after(month: date, months: int = 1) -> date:
    """The first day of the month that is ``months`` after, or before where negative."""
    year, zero = divmod(month.year * YEAR + month.month - 1 + months, YEAR)
    return date(year, zero + 1, 1)


def block_of(indicator: Mapping[str, Any], told: Mapping[str, Any]) -> Block:
    """A told number as the API gives it."""
    facts = told["facts"]
    least: float | None
    match indicator["measure"]:
        case "share":
            least, most = told["shareLeast"], told["shareMost"]
        case "sum":
            least = most = None if facts is None else told["amount"]
        case "median":
            least = most = None if facts is None else told["middle"]
        case _:
            least = most = facts
    return Block(
        date.fromisoformat(told["fromMonth"]),
        date.fromisoformat(told["toMonth"]),
        least,
        most,
        facts,
        told["metLeast"] or 0,
        told["metMost"] or 0,
    )


def series_of(indicator: Mapping[str, Any], told: Iterable[Mapping[str, Any]]) -> list[Series]:
    """Told numbers by the cells that they are of, in the order in which these come."""
    found: dict[tuple[str, ...], tuple[str, list[Block]]] = {}
    for one in told:
        codes = tuple(cell["code"] for cell in one["cells"])
        _, blocks = found.setdefault(codes, (one["label"], []))
        blocks.append(block_of(indicator, one))
    return [
        Series(codes, label, tuple(sorted(blocks, key=lambda block: block.first)))
        for codes, (label, blocks) in found.items()
    ]


def whole(indicator: Mapping[str, Any], told: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    """The blocks of the margin ``all``."""
    found = series_of(indicator, told)
    return found[0].blocks if found else ()


def adds(indicator: Mapping[str, Any]) -> bool:
    """Whether numbers of several months may be added: what happens, counted or summed."""
    return indicator["kind"] == "flow" and indicator["measure"] in ("count", "sum")


def said(
    indicator: Mapping[str, Any], blocks: Sequence[Block], first: date, last: date
) -> Said | None:
    """What the blocks that lie wholly in a period say of it; None where there are none.

    Of a stock the last. The middle of several blocks lies between their middles.
    """
    inside = [one for one in blocks if first <= one.first and one.last <= last]
    if not inside:
        return None
    if indicator["kind"] == "stock":
        inside = inside[-1:]
        return _together(indicator, inside, 0)
    missing = months_between(first, last) + 1 - sum(one.months for one in inside)
    return _together(indicator, inside, missing)


def latest(indicator: Mapping[str, Any], blocks: Sequence[Block]) -> Said | None:
    """The newest that can be said: the last number, or the last year or a little more where it adds."""
    if not blocks:
        return None
    if indicator["kind"] == "stock" or indicator["measure"] == "median":
        return _together(indicator, blocks[-1:], 0)
    return _together(indicator, _last(blocks), 0)


def year_before(
    indicator: Mapping[str, Any], blocks: Sequence[Block], now: Said | None
) -> Said | None:
    """What ``now`` is to be held against; None where nothing of the same length was told."""
    if now is None:
        return None
    if indicator["kind"] == "stock" or indicator["measure"] == "median":
        then = month_after(now.last, -YEAR)
        found = [one for one in blocks if one.first <= then <= one.last and one.last < now.first]
        return _together(indicator, found, 0) if found else None
    earlier = _last([one for one in blocks if one.last < now.first])
    if sum(one.months for one in earlier) != now.months:
        return None
    return _together(indicator, earlier, 0)


def _last(blocks: Sequence[Block]) -> list[Block]:
    """The last blocks that lie side by side and are a year together, or a little more."""
    taken: list[Block] = []
    for one in reversed(blocks):
        if taken and month_after(one.last) != taken[0].first:
            break
        taken.insert(0, one)
        if sum(block.months for block in taken) >= YEAR:
            break
    return taken


def _together(indicator: Mapping[str, Any], blocks: Sequence[Block], missing: int) -> Said | None:
    if not blocks:
        return None
    told = [one for one in blocks if one.least is not None and one.most is not None]
    facts = sum(one.facts or 0 for one in told)
    met_least = sum(one.met_least for one in told)
    met_most = sum(one.met_most for one in told)
    least: float | None = None
    most: float | None = None
    if told and adds(indicator):
        least = most = sum(one.least or 0 for one in told)
    elif told and indicator["measure"] == "share" and len(told) > 1:
        least, most = (
            round(100 * met / facts, 1) if facts else None for met in (met_least, met_most)
        )
    elif told:
        least = min(one.least for one in told if one.least is not None)
        most = max(one.most for one in told if one.most is not None)
    return Said(
        min(one.first for one in blocks),
        max(one.last for one in blocks),
        least,
        most,
        facts,
        met_least,
        met_most,
        missing,
        hidden=len(told) < len(blocks),
    )


def side_by_side(blocks: Sequence[Block]) -> bool:
    """Whether no month lies between the blocks, and none is in two."""
    return all(month_after(one.last) == after.first for one, after in pairwise(blocks))
