"""One who reads all that is told, knows how it is told, and wants to know of few.

A world is how many facts each month and cell has; what may be told of it is found for every value of the
secret. The reader knows of a world only what was told: everything that tells the same is one to it.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from hemvist.indicators.definitions import Definition, parsed
from hemvist.indicators.suppression import rules
from hemvist.indicators.suppression.rules import Slack
from hemvist.indicators.suppression.series import ALL, Block, Cell, Row, Series
from hemvist.policy import add_months

FIRST = date(2021, 1, 1)


def definition(code: str = "made_up", **more: Any) -> Definition:
    """A definition of no catalogue."""
    texts = {"sv": "x", "en": "x"}
    words = dict.fromkeys(("label", "definition", "counts", "limits"), texts)
    plain = {
        "version": 1,
        "kind": "flow",
        "measure": "count",
        "unit": "households",
        "about": "households",
        "by": [],
        "source": ["none"],
    }
    return parsed(code, "none", {**words, **plain, **more})


def month(number: int) -> date:
    """The first day of a month of a made-up world."""
    return add_months(FIRST, number)


def number(day: date) -> int:
    """A month's number in a made-up world."""
    return (day.year - FIRST.year) * 12 + day.month - 1


def secret(seed: int) -> Slack:
    """A secret of a world's own."""
    return lambda about: random.Random(f"{seed} {about}").randrange(rules.SLACKS)


def no_secret(about: str) -> int:
    """Put in another's place when it tells."""
    return 0 * len(about)


@dataclass(frozen=True)
class Thing:
    """Something that happened in a made-up world."""

    month: int
    cells: Mapping[str, str]
    household: int
    ends: int | None = None
    amount: int | None = None
    met: bool | None = None


def series(
    what: Definition,
    things: Sequence[Thing],
    months: int,
    slack: Slack,
    universe: Mapping[str, Sequence[str]],
    **more: Any,
) -> Series:
    """What a world shows, to be told from."""
    gathered: dict[tuple[str, date], dict[str, list[Thing]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for number in range(months):
        gathered[ALL, month(number)] = defaultdict(list)
    for one in things:
        last = one.month if what.kind == "flow" else (months if one.ends is None else one.ends) - 1
        for number in range(one.month, min(last, months - 1) + 1):
            for margin in (ALL, *what.by):
                gathered[margin, month(number)][one.cells.get(margin, "")].append(one)
    shown = {
        asked: {
            cell: Cell(
                len(them),
                len({one.household for one in them}),
                sum(bool(one.met) for one in them),
                sum(one.amount or 0 for one in them),
            )
            for cell, them in cells.items()
        }
        for asked, cells in gathered.items()
    }
    rows = [
        Row(
            one.household,
            month(one.month),
            None if one.ends is None else month(one.ends),
            one.cells,
            one.amount,
            one.met,
        )
        for one in things
    ]
    return Series(
        definition=what,
        months=[month(number) for number in range(months)],
        shown=shown,
        slack=slack,
        universe=universe,
        load=lambda: rows,
        **more,
    )


def every_secret(tell: Callable[[Slack], Sequence[Block]]) -> set[frozenset[Block]]:
    """All that may be told of one world: for each value of all that the secret is asked for."""
    found: set[frozenset[Block]] = set()
    ways: list[dict[str, int]] = [{}]
    while ways:
        fixed = ways.pop()
        asked: list[str] = []

        def slack(about: str, fixed: dict[str, int] = fixed, asked: list[str] = asked) -> int:
            if about not in fixed and about not in asked:
                asked.append(about)
            return fixed.get(about, 0)

        found.add(frozenset(tell(slack)))
        for place, about in enumerate(asked):
            before = {**fixed, **dict.fromkeys(asked[:place], 0)}
            ways += [{**before, about: value} for value in range(1, rules.SLACKS)]
    return found


@dataclass
class Known:
    """Between what a group's size must lie for one who has read what was told."""

    least: int
    most: int

    def widen(self, size: int) -> None:
        self.least, self.most = min(self.least, size), max(self.most, size)

    @property
    def few(self) -> bool:
        """Whether the group is known to be somebody, and to be fewer than five."""
        return self.least >= 1 and self.most <= 4


def learnt(
    worlds: Iterable[Sequence[int]],
    tell: Callable[[Sequence[int], Slack], Sequence[Block]],
    groups: Sequence[Sequence[int]],
) -> dict[frozenset[Block], list[Known]]:
    """What is learnt of each group (places in a world, together) from each thing that may be told."""
    found: dict[frozenset[Block], list[Known]] = {}
    for world in worlds:
        sizes = [sum(world[place] for place in group) for group in groups]
        for told in every_secret(lambda slack, world=world: tell(world, slack)):
            known = found.get(told)
            if known is None:
                found[told] = [Known(size, size) for size in sizes]
                continue
            for one, size in zip(known, sizes, strict=True):
                one.widen(size)
    return found


def worlds(places: int, total: int) -> Iterator[tuple[int, ...]]:
    """Every way to lay up to so many facts in so many places."""
    if places == 0:
        yield ()
        return
    for first in range(total + 1):
        for rest in worlds(places - 1, total - first):
            yield (first, *rest)


def rectangles(months: int, cells: int) -> list[list[int]]:
    """Every stretch of months with every choice of cells, as places of a world."""
    return [
        [number * cells + cell for number in range(start, end) for cell in chosen]
        for start in range(months)
        for end in range(start + 1, months + 1)
        for size in range(1, cells + 1)
        for chosen in combinations(range(cells), size)
    ]
