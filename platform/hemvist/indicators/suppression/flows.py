"""Telling of what happens on a day: months gather until there is enough to tell.

Every block is cut by what came before its end, so that a later month never cuts it otherwise. Months
without anything are not told by themselves: that they are not would tell of the others. A flow that
follows another ends no block where the other does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from hemvist.indicators.suppression.cells import enough, parted, undivided
from hemvist.indicators.suppression.rules import (
    AMONG,
    BY_BLOCK,
    FACTS_A_CELL,
    GROUPS,
    LEAST,
    LEAST_MIDDLE,
    LEAST_SHARED,
    MONTHS_AT_MOST,
    STEPPED,
    dominated,
    stepped,
    thousands,
    weeks,
)
from hemvist.indicators.suppression.series import ALL, WHOLE, Block, Series, margins, months_between
from hemvist.policy import add_months

PROGRAMME, STEPS = "programme", "step"


def tell_flow(series: Series) -> list[Block]:
    """What of a flow can be told and was not."""
    if not series.months:
        return []
    found = list(_whole(series))
    told = [*series.whole, *found]
    if "programme" in series.definition.by and "step" in series.definition.by:
        raise ValueError(
            f"{series.definition.code}.by: steps lie within programmes; one is told less the others"
        )
    for margin in margins(series.definition):
        if series.definition.code in AMONG and margin not in GROUPS:
            found += _as_the_leader(series, margin)
        else:
            found += _margin(series, margin, told)
    return found


def least_of(series: Series) -> int:
    """Of how many households a block of the indicator must be."""
    return LEAST_MIDDLE if series.definition.measure == "median" else LEAST


def key(series: Series, margin: str, start: date) -> str:
    """What the secret is asked about a block."""
    return f"{series.definition.code}:{series.definition.version}:{margin}:{start}"


def _whole(series: Series) -> Iterator[Block]:
    start = series.first(ALL)
    ends = (
        None if series.leader is None else {one.end for one in series.leader if one.margin == ALL}
    )
    for month in series.months:
        if start is None or month < start or (ends is not None and month not in ends):
            continue
        stretch = months_between(start, month)
        if series.definition.code in BY_BLOCK or _ready(series, stretch):
            yield _told(series, ALL, (), stretch, exact=True, share=True)
            start = add_months(month, 1)


def _ready(series: Series, stretch: Sequence[date]) -> bool:
    """Whether a stretch holds enough; a share waits for both its sides, for some time."""
    size, about = series.households(ALL, WHOLE, stretch), key(series, ALL, stretch[0])
    if series.definition.measure != "share":
        return enough(size, series.slack, about, least_of(series))
    sides = min(series.households(ALL, WHOLE, stretch, met=done) for done in (True, False))
    if len(stretch) >= MONTHS_AT_MOST and size >= LEAST_SHARED:
        return True
    return enough(sides, series.slack, about)


def _margin(series: Series, margin: str, whole: Sequence[Block]) -> Iterator[Block]:
    first = series.first(margin)
    gathered: list[Block] = []
    for block in sorted(whole, key=lambda one: one.start):
        if first is None or block.start < first:
            continue
        gathered.append(block)
        if _due(series, margin, gathered):
            yield from _cells(series, margin, gathered)
            gathered = []


def _as_the_leader(series: Series, margin: str) -> Iterator[Block]:
    """Cells over the leader's stretches and by its parts, several together where one is too few."""
    first = series.first(margin)
    by: dict[tuple[date, date], list[tuple[str, ...]]] = {}
    for one in series.leader or ():
        # Steps lie within programmes.
        if one.margin == (PROGRAMME if margin == STEPS else margin):
            by.setdefault((one.start, one.end), []).append(one.cells)
    start, parts = None, list[tuple[str, ...]]()
    for (begins, end), cells in sorted(by.items()):
        if first is None or begins < first or end > series.months[-1]:
            continue
        start, parts = start or begins, [*parts, *cells]
        stretch = months_between(start, end)
        about = key(series, margin, start)
        of_all = series.households(margin, series.cells_of(margin), stretch)
        if not enough(of_all, series.slack, about, least_of(series)):
            continue
        whole = undivided(series.cells_of(margin), parts, of_programmes=margin == STEPS)
        units = {"+".join(one): one for one in whole}

        @cache
        def size(
            names: tuple[str, ...],
            units: dict[str, tuple[str, ...]] = units,
            stretch: Sequence[date] = stretch,
        ) -> int:
            return series.households(margin, _flat(units, names), stretch)

        for part in parted(list(units), size, series.slack, about, least_of(series)):
            flat = tuple(sorted(_flat(units, part)))
            yield _told(series, margin, flat, stretch, exact=True, share=False)
        start, parts = None, []


def _flat(units: Mapping[str, tuple[str, ...]], names: Sequence[str]) -> list[str]:
    return [cell for name in names for cell in units[name]]


def _due(series: Series, margin: str, gathered: Sequence[Block]) -> bool:
    """Whether cells are told now: by what everybody has read, so that it tells nothing more."""
    start, end = gathered[0].start, gathered[-1].end
    if margin in GROUPS:
        return year_over(start, end)
    told = sum(one.facts or 0 for one in gathered)
    enough = told >= FACTS_A_CELL * len(series.cells_of(margin))
    return enough or len(months_between(start, end)) >= MONTHS_AT_MOST


def year_over(start: date, end: date) -> bool:
    """Whether the year of a stretch's beginning ends in it."""
    return end >= date(start.year, 12, 1)


def _cells(series: Series, margin: str, gathered: Sequence[Block]) -> Iterator[Block]:
    stretch = months_between(gathered[0].start, gathered[-1].end)
    about = key(series, margin, stretch[0])
    share = series.definition.measure == "share" and all(
        one.met_least == one.met_most for one in gathered
    )
    # A sum that was kept back would be what is left when the others are taken away.
    exact = all(one.amount is not None for one in gathered)

    @cache
    def size(cells: tuple[str, ...]) -> int:
        if share:
            return min(
                series.households(margin, cells, stretch, met=done) for done in (True, False)
            )
        return series.households(margin, cells, stretch)

    parts = parted(series.cells_of(margin), size, series.slack, about, least_of(series))
    blocks = [_told(series, margin, part, stretch, exact=exact, share=share) for part in parts]
    if series.definition.measure == "sum" and any(one.amount is None for one in blocks):
        blocks = [replace(one, amount=None) for one in blocks]
    yield from blocks


def _told(
    series: Series,
    margin: str,
    cells: tuple[str, ...],
    stretch: Sequence[date],
    *,
    exact: bool,
    share: bool,
) -> Block:
    """The indicator's own measure of a block, and nothing else of it."""
    wanted = cells if margin != ALL else tuple(WHOLE)
    shown = series.sum(margin, wanted, stretch)
    block = Block(margin, cells, stretch[0], stretch[-1])
    measure = series.definition.measure
    if measure == "count":
        steps = series.definition.code in STEPPED
        return replace(block, facts=stepped(shown.facts) if steps else shown.facts)
    if measure == "share":
        least, most = _bounds(series, margin, wanted, stretch) if share else (0, shown.facts)
        if series.definition.code in STEPPED:
            facts, least, most = _scaled(shown.facts, least, most)
            return replace(block, facts=facts, met_least=least, met_most=most)
        return replace(block, facts=shown.facts, met_least=least, met_most=most)
    if measure == "sum":
        amount = _amount(series, margin, wanted, stretch) if exact else None
        if amount is not None and series.definition.code in STEPPED:
            amount = stepped(amount)
        return replace(block, amount=amount)
    return replace(block, middle=_middle(series, margin, wanted, stretch))


def _scaled(facts: int, least: int, most: int) -> tuple[int, int, int]:
    """A share of a number that goes in steps: the same share, of the step."""
    of = stepped(facts)
    # Where a bound is of a side that is small, it stays as wide on the step.
    if least != most:
        return of, max(0, least - facts + of), min(most, of)
    met = (2 * least * of + facts) // (2 * facts)
    return of, met, met


def _bounds(
    series: Series, margin: str, cells: tuple[str, ...], stretch: Sequence[date]
) -> tuple[int, int]:
    """Between how many of the facts it was done."""
    shown = series.sum(margin, cells, stretch)
    if shown.facts < LEAST_SHARED:
        return 0, shown.facts
    done, undone = (series.households(margin, cells, stretch, met=which) for which in (True, False))
    if min(done, undone) >= LEAST:
        return shown.met, shown.met
    if margin != ALL:
        return 0, shown.facts
    if shown.met < LEAST:
        return 0, LEAST - 1
    if shown.facts - shown.met < LEAST:
        return shown.facts - LEAST + 1, shown.facts
    return 0, shown.facts


def _amount(
    series: Series, margin: str, cells: tuple[str, ...], stretch: Sequence[date]
) -> int | None:
    """The sum, or None where one household makes too much of it."""
    total = series.sum(margin, cells, stretch).amount
    if series.definition.unit != "ore":
        return total
    parts: dict[object, int] = {}
    for one in series.within(margin, cells, stretch):
        parts[one.household] = parts.get(one.household, 0) + (one.amount or 0)
    return None if dominated(list(parts.values())) else thousands(total)


def _middle(
    series: Series, margin: str, cells: tuple[str, ...], stretch: Sequence[date]
) -> int | None:
    amounts = sorted(
        one.amount for one in series.within(margin, cells, stretch) if one.amount is not None
    )
    return weeks(amounts[(len(amounts) - 1) // 2]) if amounts else None
