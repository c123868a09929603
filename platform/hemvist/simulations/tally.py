"""What was counted: plain figures that add up over parts, and travel as JSON data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from hemvist.simulations.models import CHANGES

#: Places in a list of counts.
GAIN, LOSS, UNKNOWN, KNOWN, UNCHANGED = range(5)
#: What stands at each place.
KINDS = (*CHANGES, "unchanged")

Counts = list[int]
Nested = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which group of a dimension each case is in: ``codes`` and, by case, a place in them."""

    dimension: str
    codes: tuple[str, ...]
    places: npt.NDArray[np.int64]

    @classmethod
    def of(cls, dimension: str, groups: Sequence[str]) -> Grouping:
        """From the group of each case."""
        codes = {code: place for place, code in enumerate(dict.fromkeys(groups))}
        return cls(dimension, tuple(codes), np.array([codes[one] for one in groups], np.int64))


@dataclass(slots=True)
class Tally:
    """Counts of one or more parts, small ones included: never shown to anybody as they are."""

    cases: int = 0
    #: Subject → counts by kind of change.
    totals: dict[str, Counts] = field(default_factory=dict)
    #: Dimension → group → cases.
    groups: Nested = field(default_factory=dict)
    #: Subject → dimension → group → counts by kind of change.
    by_group: dict[str, dict[str, dict[str, Counts]]] = field(default_factory=dict)
    #: Subject → difference → changed answers that it makes.
    effects: Nested = field(default_factory=dict)
    #: Version (old, new) → fact → answers that it does not take.
    refused: Nested = field(default_factory=dict)
    #: Answers in which the two back ends were compared, and agreed.
    checked: int = 0

    def count_groups(self, grouping: Grouping) -> None:
        """The size of every group of a dimension."""
        counted = Counter(grouping.places.tolist())
        into = self.groups.setdefault(grouping.dimension, {})
        for place, code in enumerate(grouping.codes):
            _count(into, code, counted[place])

    def add(
        self, subject: str, kinds: npt.NDArray[np.int64], groupings: Sequence[Grouping]
    ) -> None:
        """How a subject's answer changed for every case."""
        size = len(KINDS)
        _add(self.totals, subject, np.bincount(kinds, minlength=size).tolist())
        for grouping in groupings:
            into = self.by_group.setdefault(subject, {}).setdefault(grouping.dimension, {})
            cells = np.bincount(
                grouping.places * size + kinds, minlength=size * len(grouping.codes)
            )
            for place, code in enumerate(grouping.codes):
                _add(into, code, cells[place * size : (place + 1) * size].tolist())

    def add_effect(self, subject: str, cause: str, count: int) -> None:
        """Changed answers of a subject that a difference makes."""
        _count(self.effects.setdefault(subject, {}), cause, count)

    def count_refused(self, side: str, facts: Iterable[str]) -> None:
        """Answers that a version does not take, by fact."""
        for fact in facts:
            _count(self.refused.setdefault(side, {}), fact, 1)

    def merge(self, other: Tally) -> None:
        """Add another tally."""
        self.cases += other.cases
        self.checked += other.checked
        for subject, counts in other.totals.items():
            _add(self.totals, subject, counts)
        for mine, theirs in (
            (self.groups, other.groups),
            (self.effects, other.effects),
            (self.refused, other.refused),
        ):
            for name, inner in theirs.items():
                for code, count in inner.items():
                    _count(mine.setdefault(name, {}), code, count)
        for subject, dimensions in other.by_group.items():
            for dimension, groups in dimensions.items():
                into = self.by_group.setdefault(subject, {}).setdefault(dimension, {})
                for code, counts in groups.items():
                    _add(into, code, counts)

    def as_json(self) -> dict[str, Any]:
        """The tally as JSON data."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Tally:
        """What ``as_json`` gave."""
        return cls(**data)


def _count(into: dict[str, int], name: str, count: int) -> None:
    into[name] = into.get(name, 0) + count


def _add(into: dict[str, Counts], name: str, counts: Sequence[int]) -> None:
    old = into.setdefault(name, [0] * len(counts))
    into[name] = [one + other for one, other in zip(old, counts, strict=True)]
