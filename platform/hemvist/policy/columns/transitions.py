"""From which answer to which: what a change of rules does to a caseload."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hemvist.policy.columns.column import Truth, Whole


def transitions(
    before: Truth,
    after: Truth,
    *,
    groups: npt.NDArray[np.integer] | None = None,
    count: int | None = None,
) -> Whole:
    """How many rows went from each answer to each: ``[before][after]``, 0 false to 2 true.

    With ``groups``, the number of every row's group from 0 up to ``count``, one such table per
    group: ``[group][before][after]``.
    """
    cells = before * np.int8(3) + after
    if groups is None:
        # Nine passes over single bytes are quicker than one that widens them.
        counts = [np.count_nonzero(cells == cell) for cell in range(9)]
        return np.array(counts, np.int64).reshape(3, 3)
    number = int(groups.max(initial=-1)) + 1 if count is None else count
    return np.bincount(groups.astype(np.int64) * 9 + cells, minlength=number * 9).reshape(
        number, 3, 3
    )
