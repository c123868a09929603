"""Homes that would do as well as the planned one, by the engine that clears moves between kommuner.

Who is placed is settled by rank (``hemvist.offers.matching.plans``), and stays. A home is as good for a
household when everybody who is placed still has one if it takes that. Where a household is to see more
than one home, it is shown these, and none is held back for it meanwhile.

It is reckoned when the matching is made, of everybody in it: a later reader who does not see them all
would take what another household is to have for free.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hemvist import clearing
from hemvist.offers.matching.plans import Plan

#: To the engine those who wait are one kommun and the homes another; it keeps no ledger of them.
_WAITING, _HOMES = "waiting", "homes"
#: Nothing is drawn: what is as good does not hang on lots.
_SEED = 0


def alike(fits: NDArray[Any], plan: Plan) -> dict[int, tuple[int, ...]]:
    """By row of the plan, the columns with which everybody in it still has one, its own first."""
    if not plan:
        return {}
    columns = [f"{column:06}" for column in range(fits.shape[1])]
    instance = clearing.Instance(
        [
            clearing.Municipality(_WAITING, debt_limit=len(plan)),
            clearing.Municipality(_HOMES, take_cap=len(plan)),
        ],
        [
            clearing.Request(
                f"{row:06}",
                _WAITING,
                # No home is better than another but by fitting.
                offers={columns[int(column)]: 0 for column in np.flatnonzero(fits[row])},
            )
            for row in plan
        ],
        [clearing.Vacancy(column, _HOMES) for column in columns],
    )
    found = {
        int(row): tuple(map(int, good)) for row, good in clearing.as_good(instance, _SEED).items()
    }
    return {
        row: (plan[row], *(column for column in good if column != plan[row]))
        for row, good in found.items()
    }
