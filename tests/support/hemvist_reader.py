"""A reader who sets up equations of all that was told, and asks how few or many a group may be.

The unknowns are whole numbers of households that nobody has told; HiGHS finds the least and the most that
fit every equation at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

#: Unknowns by name.
Name = tuple[object, ...]
#: Everybody knows that there are fewer than this of anything.
MOST = 10_000


class Reader:
    """What was told, as sums of unknowns between two numbers."""

    def __init__(self) -> None:
        self._names: dict[Name, int] = {}
        self._rows: list[tuple[Mapping[Name, int], float, float]] = []

    def learn(self, terms: Mapping[Name, int], least: float, most: float = np.inf) -> None:
        """A sum lies between two numbers."""
        for name in terms:
            self._names.setdefault(name, len(self._names))
        self._rows.append((terms, least, most))

    def told(self, names: Iterable[Name], number: int, width: int = 1) -> None:
        """A sum of what is not told by itself: ``width`` numbers look the same."""
        self.learn(dict.fromkeys(names, 1), number, number + width - 1)

    def few(self, group: Iterable[Name]) -> bool:
        """Whether somebody must be in the group, and fewer than five."""
        wanted = [self._names[name] for name in group if name in self._names]
        return bool(wanted) and self._least(wanted, 1) >= 1 and -self._least(wanted, -1) <= 4

    def _least(self, wanted: list[int], sign: int) -> float:
        goal = np.zeros(len(self._names))
        goal[wanted] = sign
        places = [
            (row, self._names[name], factor)
            for row, (terms, _, _) in enumerate(self._rows)
            for name, factor in terms.items()
        ]
        rows, columns, factors = (np.array(one) for one in zip(*places, strict=True))
        matrix = csr_array((factors, (rows, columns)), shape=(len(self._rows), len(goal)))
        found = milp(
            goal,
            integrality=np.ones(len(goal)),
            bounds=Bounds(0, MOST),
            constraints=LinearConstraint(
                matrix, [least for _, least, _ in self._rows], [most for *_, most in self._rows]
            ),
        )
        assert found.status == 0, f"what was told fits no world: {found.message}"
        return float(round(found.fun))
