"""Who gets which home: three ways to make a plan of a table of what fits.

Households are rows in the order of their rank, homes are columns. The measure is lexicographic:
how many of the first group of equals are placed, then of the second, and so on. The sets of
households that can all be placed at once form a transversal matroid, and for a matroid the
greedy algorithm over *sets* is exact: taking households in order of rank, and each one that can
still be placed together with all taken before, gives the best set by that measure. "Can still be
placed" is an augmenting path. So the optimum needs no weights and no solver, and no weight can
overflow however many groups there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Row → column, for those who are placed.
Plan = dict[int, int]


def greedy(fits: NDArray[np.bool_]) -> Plan:
    """Each household in order takes the first home that fits and is left."""
    rows, left = _masks(fits), (1 << fits.shape[1]) - 1
    plan: Plan = {}
    for row, fitting in enumerate(rows):
        found = fitting & left
        if found:
            plan[row] = _lowest(found)
            left ^= found & -found
    return plan


def vacancy_by_vacancy(fits: NDArray[np.bool_]) -> Plan:
    """Each home in order goes to the first household that it fits: what a list on paper does."""
    plan: Plan = {}
    for column in range(fits.shape[1]):
        for row in np.flatnonzero(fits[:, column]):
            if int(row) not in plan:
                plan[int(row)] = column
                break
    return plan


def optimum(fits: NDArray[np.bool_]) -> Plan:
    """Nobody with a higher rank could be placed without one with a still higher rank losing."""
    rows = _masks(fits)
    owner: dict[int, int] = {}
    left, dead = (1 << fits.shape[1]) - 1, 0
    for row in range(len(rows)):
        taken, seen = _augment(row, rows, owner, left, dead)
        if taken is None:
            # Homes that a search without success has seen lead nowhere for anybody later either.
            dead |= seen
        else:
            left &= ~(1 << taken)
    return {row: column for column, row in owner.items()}


METHODS: Mapping[str, Callable[[NDArray[np.bool_]], Plan]] = {
    "optimum": optimum,
    "greedy": greedy,
    "vacancy_by_vacancy": vacancy_by_vacancy,
}


def measure(plan: Plan, groups: Sequence[int]) -> tuple[int, ...]:
    """How many of each group of equals are placed, the first group first."""
    counts: dict[int, int] = dict.fromkeys(sorted(set(groups)), 0)
    for row in plan:
        counts[groups[row]] += 1
    return tuple(counts.values())


def _augment(
    start: int, rows: list[int], owner: dict[int, int], left: int, dead: int
) -> tuple[int | None, int]:
    """Place ``start``, moving others if need be: the home newly taken, or None and what was seen."""
    came: dict[int, int] = {}
    had: dict[int, int] = {}
    seen, waiting = 0, [start]
    for row in waiting:
        new = rows[row] & ~(seen | dead)
        free = new & left
        if free:
            taken = _lowest(free)
            column, mover = taken, row
            while True:
                owner[column] = mover
                if mover == start:
                    return taken, seen
                column = had[mover]
                mover = came[column]
        seen |= new
        while new:
            column = _lowest(new)
            new &= new - 1
            came[column] = row
            had[owner[column]] = column
            waiting.append(owner[column])
    return None, seen


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _masks(fits: NDArray[Any]) -> list[int]:
    """Each row as one number whose bits are its columns."""
    packed = np.packbits(fits, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]
