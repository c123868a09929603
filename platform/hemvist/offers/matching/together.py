"""Homes that would do as well as the planned one, by the engine that clears moves between kommuner.

Who is placed is settled by rank (``hemvist.offers.matching.plans``), and stays. A home is as good for a
household when everybody who is placed still has one if it takes that. Where a household is to see more
than one home, it is shown these, and none is held back for it meanwhile.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from hemvist import clearing
from hemvist.identity import Action, Actor, require
from hemvist.offers.matching.models import MatchRank, MatchRun, MatchVacancy
from hemvist.offers.matching.plans import Plan
from hemvist.tenancy import TenantSession

#: To the engine those who wait are one kommun and the homes another; it keeps no ledger of them.
_WAITING, _HOMES = "waiting", "homes"
#: Nothing is drawn: what is as good does not hang on lots.
_SEED = 0


def as_good(session: TenantSession, actor: Actor, *, run_id: UUID) -> dict[UUID, tuple[UUID, ...]]:
    """By case that a run places, the homes that are as good for it, its own first.

    For a reader who does not see everybody that the run has placed it is the own home alone: what a
    household that they do not see is to have would look free. Raises ``NotFound``, ``NotAllowed``.
    """
    made = session.find(MatchRun, run_id)
    require(actor, Action.MATCHING_RUN)
    homes = session.scalars(
        select(MatchVacancy.unit_id)
        .where(MatchVacancy.run_id == made.id)
        .order_by(MatchVacancy.position)
    ).all()
    placed = session.scalars(
        select(MatchRank)
        .where(MatchRank.run_id == made.id, MatchRank.unit_id.is_not(None))
        .order_by(MatchRank.rank)
    ).all()
    own = {rank.case_id: rank.unit_id for rank in placed if rank.unit_id is not None}
    if not own or len(own) < made.placed:
        return {case_id: (home,) for case_id, home in own.items()}
    column = {home: place for place, home in enumerate(homes)}
    fits = np.array([rank.against for rank in placed], dtype=np.int64).reshape(-1, len(homes)) == 0
    found = alike(fits, {row: column[own[rank.case_id]] for row, rank in enumerate(placed)})
    return {
        rank.case_id: tuple(
            sorted((homes[one] for one in found[row]), key=lambda home: home != own[rank.case_id])
        )
        for row, rank in enumerate(placed)
    }


def alike(fits: NDArray[Any], plan: Plan) -> dict[int, tuple[int, ...]]:
    """By row of the plan, the columns with which everybody in it still has one."""
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
    return {
        int(row): tuple(map(int, good)) for row, good in clearing.as_good(instance, _SEED).items()
    }
