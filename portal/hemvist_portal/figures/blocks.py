"""Told numbers as stretches of time: what each says, and what several say together.

A number is told of whole blocks of months and is never cut. What is said of a period is therefore said
of the blocks that lie wholly in it, and of how many of its months that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hemvist.indicators.suppression.rules import ORE_STEP, STEP, STEPPED

YEAR = 12
#: What was told so many months from a year before is still held against.
_NEAR = 2


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
    #: Told in steps: that it is a span says how it is told, not how sure it is.
    stepped: bool = False

    @property
    def level(self) -> float | None:
        """Where it stands in a picture: the middle of a step, the upper end of a span."""
        if self.least is None or self.most is None:
            return None
        return (self.least + self.most) / 2 if self.stepped else self.most

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
    stepped = in_steps(indicator)
    least: float | None
    most: float | None
    match indicator["measure"]:
        case "share":
            least, most = _share(told["metLeast"], told["metMost"], facts)
        case "sum":
            least = most = told["amount"]
        case "median":
            least = most = told["middle"]
        case _:
            # Bands stand in the bounds.
            least = told["metLeast"] if facts is None else facts
            most = told["metMost"] if facts is None else facts
    if stepped and most is not None:
        most += ORE_STEP if indicator["unit"] == "ore" else STEP - 1
    return Block(
        date.fromisoformat(told["fromMonth"]),
        date.fromisoformat(told["toMonth"]),
        least,
        most,
        facts,
        told["metLeast"] or 0,
        told["metMost"] or 0,
        # Of what may not have happened at all no middle is drawn.
        stepped and (indicator["kind"] == "stock" or bool(least)),
    )


def in_steps(indicator: Mapping[str, Any]) -> bool:
    """Whether its numbers are told in steps, downwards."""
    if indicator["about"] != "households":
        return False
    stock = indicator["kind"] == "stock" and indicator["measure"] in ("count", "sum")
    return bool(stock or indicator["code"] in STEPPED)


def _share(
    met_least: int | None, met_most: int | None, facts: int | None
) -> tuple[float, float] | tuple[None, None]:
    """Bounds in per cent; none where they would say nothing."""
    if not facts or met_least is None or met_most is None or met_most - met_least == facts:
        return None, None
    return round(100 * met_least / facts, 1), round(100 * met_most / facts, 1)


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
    """What ``now`` is to be held against: about a year earlier, or about a year long."""
    if now is None:
        return None
    earlier = [one for one in blocks if one.last < now.first]
    if indicator["kind"] == "stock" or indicator["measure"] == "median":
        then = month_after(now.last, -YEAR)
        near = [one for one in earlier if one.first <= then <= one.last] or [
            one for one in earlier if abs(months_between(one.last, then)) <= _NEAR
        ]
        return _together(indicator, near[-1:], 0)
    return _together(indicator, _last(earlier), 0)


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
    facts = sum(one.facts or 0 for one in blocks)
    met_least = sum(one.met_least for one in blocks)
    met_most = sum(one.met_most for one in blocks)
    least: float | None = None
    most: float | None = None
    if indicator["measure"] == "share":
        least, most = _share(met_least, met_most, facts)
        told = [*blocks]
    elif told and adds(indicator):
        least = sum(one.least or 0 for one in told)
        most = sum(one.most or 0 for one in told)
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
        any(one.stepped for one in blocks),
        missing,
        hidden=len(told) < len(blocks),
    )
