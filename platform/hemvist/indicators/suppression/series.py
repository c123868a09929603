"""What telling is made from, and what is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID

from hemvist.indicators.definitions import Definition
from hemvist.indicators.suppression.rules import LEAST, NOT_BY, STEPPED, Slack
from hemvist.policy import add_months

ALL = "all"
WHOLE: frozenset[str] = frozenset({""})


def margins(definition: Definition) -> tuple[str, ...]:
    """What an indicator is told by, the whole left out."""
    if definition.code in STEPPED:
        return ()
    kept_back = NOT_BY.get(definition.code, frozenset())
    return tuple(one for one in definition.by if one not in kept_back)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a month showed in a cell."""

    facts: int
    households: int
    met: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A fact as it stands now. Only whose it is, and amounts of households, are taken from here: what
    is told is what the months showed.
    """

    household: UUID | int
    begins: date
    ends: date | None
    cells: Mapping[str, str]
    amount: int | None = None
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A number that is told of a stretch of months and some cells."""

    margin: str
    cells: tuple[str, ...]
    start: date
    end: date
    facts: int | None = None
    met_least: int | None = None
    met_most: int | None = None
    amount: int | None = None
    middle: int | None = None


@dataclass(frozen=True)
class Series:
    """An indicator in one version: what its months showed and what was told of them already.

    ``whole``: the blocks told of all cells. ``last``: the last month told of each margin, by this
    version or an older one. ``universe``: the cells of each margin, known to everybody. ``leader``: what
    was told of the flow that this one follows, of every margin; None where it follows none.
    """

    definition: Definition
    months: Sequence[date]
    shown: Mapping[tuple[str, date], Mapping[str, Cell]]
    slack: Slack
    universe: Mapping[str, Sequence[str]] = field(default_factory=dict)
    whole: Sequence[Block] = ()
    last: Mapping[str, date] = field(default_factory=dict)
    leader: Sequence[Block] | None = None
    load: Callable[[], Sequence[Row]] = tuple
    _held: dict[tuple[str, date, date], dict[str, list[Row]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def rows(self) -> Sequence[Row]:
        """The facts, read when somebody asks."""
        return self.load()

    def first(self, margin: str) -> date | None:
        """The first month of which nothing is told."""
        if margin in self.last:
            return add_months(self.last[margin], 1)
        # A margin that begins with a version is told from where its whole is.
        return self.months[0] if self.months else None

    def cells_of(self, margin: str) -> list[str]:
        """All cells that there may be; what is none of them stands in the one without a code."""
        return sorted({"", *self.universe.get(margin, ())})

    def cell(self, margin: str, raw: str) -> str:
        """The cell that something is told in."""
        return raw if margin != ALL and raw in self.universe.get(margin, ()) else ""

    def sum(self, margin: str, cells: Iterable[str], months: Sequence[date]) -> Cell:
        """What some months showed in some cells; households are counted in each month and cell."""
        wanted, found = set(cells), [0, 0, 0, 0]
        for month in months:
            for raw, one in self.shown.get((margin, month), {}).items():
                if self.cell(margin, raw) in wanted:
                    found[0] += one.facts
                    found[1] += one.households
                    found[2] += one.met
                    found[3] += one.amount
        return Cell(*found)

    def within(self, margin: str, cells: Iterable[str], months: Sequence[date]) -> list[Row]:
        """The facts of some months and cells, as they stand now."""
        asked = (margin, months[0], months[-1])
        if asked not in self._held:
            # Asked for again and again of one block, and then never more.
            self._held.clear()
            self._held[asked] = self._divided(*asked)
        held = self._held[asked]
        return [one for cell in set(cells) for one in held.get(cell, ())]

    def _divided(self, margin: str, start: date, end: date) -> dict[str, list[Row]]:
        after, stock = add_months(end, 1), self.definition.kind == "stock"
        found: dict[str, list[Row]] = {}
        for one in self.rows:
            last = one.ends is None or one.ends >= after if stock else one.begins >= start
            if last and one.begins < after:
                found.setdefault(self.cell(margin, one.cells.get(margin, "")), []).append(one)
        return found

    def households(
        self, margin: str, cells: Iterable[str], months: Sequence[date], *, met: bool | None = None
    ) -> int:
        """Of how many households the facts are, at most: one counts once."""
        shown = self.sum(margin, cells, months)
        most = shown.households
        if met is not None:
            most = min(most, shown.met if met else shown.facts - shown.met)
        if most < LEAST:
            # Too few whoever they are: the facts need not be read.
            return most
        rows = self.within(margin, cells, months)
        return min(most, len({one.household for one in rows if met is None or one.met is met}))


def months_between(start: date, end: date) -> list[date]:
    """The months from one to another, both among them."""
    found = []
    while start <= end:
        found.append(start)
        start = add_months(start, 1)
    return found
