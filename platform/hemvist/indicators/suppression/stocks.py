"""Telling of what holds on a month's last day: in steps, and at ends that give no month away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from hemvist.indicators.suppression.cells import enough, parted
from hemvist.indicators.suppression.flows import key
from hemvist.indicators.suppression.rules import (
    GROUPS,
    LEAST,
    ONLY,
    ORE_STEP,
    STEP,
    dominated,
    stepped,
)
from hemvist.indicators.suppression.series import ALL, WHOLE, Block, Series, margins
from hemvist.policy import add_months


@dataclass(frozen=True, slots=True)
class Moves:
    """What changes a stock: the numbers of flows that were told, and with what sign they come in.

    ``untold``: by how much the moves that are not told of yet have changed it, up to a month's end.
    ``last``: the number that was told of the stock last.
    """

    told: Sequence[tuple[int, Block]]
    untold: Callable[[date], int]
    last: int | None = None

    def changed(self, since: date | None, until: date) -> int:
        """By how much what was told after a month's end has changed it."""
        return sum(
            sign * (one.facts or 0)
            for sign, one in self.told
            if (since is None or one.end > since) and one.end <= until
        )

    def within(self, since: date | None, until: date, sign: int) -> int:
        """How many moves of a sign are told to lie between two months' ends."""
        return sum(
            one.facts or 0
            for their, one in self.told
            if their == sign and (since is None or one.start > since) and one.end <= until
        )


def tell_stock(
    series: Series, ends: Collection[date] | None, moves: Moves | None = None
) -> list[Block]:
    """What of a stock can be told and was not; ``ends``: the months that it may be told of, else any.

    A stock whose ``moves`` are told is told as they make it.
    """
    found: list[Block] = []
    level = None if moves is None or not series.months else _Level(series, moves)
    first, last = series.first(ALL), series.last.get(ALL)
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
        block = level.told(month) if level is not None else _told(series, ALL, (), month)
        if block is None:
            continue
        found.append(block)
        for margin in margins(series.definition):
            if margin not in GROUPS or _year_over(last or series.months[0], month):
                found += _cells(series, margin, month)
        last = month
    return found


def _cells(series: Series, margin: str, month: date) -> Iterator[Block]:
    @cache
    def size(cells: tuple[str, ...]) -> int:
        return series.households(margin, cells, [month])

    about = key(series, margin, month.replace(month=1))
    for part in parted(series.cells_of(margin), size, series.slack, about):
        if series.definition.code not in ONLY or ONLY[series.definition.code].issuperset(part):
            yield _told(series, margin, part, month)


def _year_over(last: date, month: date) -> bool:
    """Whether a year ended since the stock was told: what was told then decides when, and nothing else."""
    return date(last.year + (last.month == 12), 12, 1) <= month


class _Level:
    """A stock as its told moves make it; those that are not told yet are not in it.

    What is left is of moves that are of something else (a lease that is not the kommun's, say). It goes
    in steps, always on the same ones, so that no two of them come nearer to it than one; and by no more
    than moves are told to lie between, so that it tells of no others.
    """

    def __init__(self, series: Series, moves: Moves) -> None:
        self._series, self._moves = series, moves
        self._last = series.last.get(ALL)
        if moves.last is None:
            base = [one for one in series.rows if one.begins < series.months[0]]
            # Fewer are not to be told by themselves: they come in with whatever else is not known.
            self._most = len(base) if len({one.household for one in base}) >= LEAST else 0
        else:
            self._most = moves.last + STEP - 1

    def told(self, month: date) -> Block | None:
        """As of a month's end; None where what is told makes it less than nothing."""
        since, moves = self._last, self._moves
        most = self._most + moves.changed(since, month)
        made = self._series.sum(ALL, WHOLE, [month]).facts - moves.untold(month)
        steps = (most - made) // STEP
        # Who came without coming to the stock makes it less, who went without being of it more.
        steps = min(steps, moves.within(since, month, 1) // STEP)
        steps = max(steps, -(moves.within(since, month, -1) // STEP))
        most -= steps * STEP
        if most < STEP - 1:
            return None
        self._last, self._most = month, most
        return Block(ALL, (), month, month, facts=most - STEP + 1)


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
