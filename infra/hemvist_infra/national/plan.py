"""How much of everything a kommun gets: the proportions of the whole, kept at every size."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from hemvist_infra.national.kommuner import Kommun
from hemvist_infra.national.lives import DEPARTMENTS, ENDED, MET, MOST_MEMBERS, OTHER, RUNNING
from hemvist_infra.national.molds import Mold

#: The whole country, by which smaller sizes are measured.
HOUSEHOLDS, PERSONS, CONTRACTS, OBLIGATIONS, AUDIT_ROWS = (
    120_000, 264_000, 30_000, 3_000_000, 20_000_000
)  # fmt: skip
#: Cases that stand elsewhere on the way, for each household.
_OTHERS = 0.09


@dataclass(frozen=True, slots=True)
class KommunPlan:
    """What one kommun gets: a mold for each household, in the order in which they are made."""

    kommun: Kommun
    molds: tuple[int, ...]
    audit_rows: int


def plan(
    kommuner: list[Kommun], molds: list[Mold], households: int, audit_rows: int, seed: int
) -> list[KommunPlan]:
    """The plans of all. Sums come out whole whatever the kommuner's sizes.

    Obligations are met by how many of the households have had a home that they left again.
    """
    shared = 0.0
    plans = []
    for kommun in kommuner:
        dice = Random(f"{seed}:plan:{kommun.code}")  # noqa: S311 - repeatable
        part = kommun.households / households
        before, shared = shared, shared + part
        rows = round(shared * audit_rows) - round(before * audit_rows)
        plans.append(KommunPlan(kommun, tuple(_molds(kommun, molds, dice)), rows))
    return plans


def _molds(kommun: Kommun, molds: list[Mold], dice: Random) -> list[int]:
    of = {
        group: [at for at, mold in enumerate(molds) if mold.group == group]
        for group in (RUNNING, ENDED, OTHER, MET)
    }
    size = kommun.households
    running = round(size * CONTRACTS / HOUSEHOLDS)
    others = round(size * _OTHERS)
    chosen = _spread(of[RUNNING], running, dice) + _spread(of[OTHER], others, dice)
    wanted = size * OBLIGATIONS // HOUSEHOLDS - sum(_obligations(molds[at]) for at in chosen)
    usual = sum(_obligations(molds[at]) for at in of[ENDED]) / len(of[ENDED])
    ended = min(max(round(wanted / usual), 0), size - len(chosen))
    chosen += _spread(of[ENDED], ended, dice)
    persons = size * PERSONS // HOUSEHOLDS - sum(len(molds[at].roles) for at in chosen)
    chosen += _met(molds, of[MET], size - len(chosen), persons, dice)
    dice.shuffle(chosen)
    return chosen


def _met(molds: list[Mold], among: list[int], count: int, persons: int, dice: Random) -> list[int]:
    """``count`` households without a case that make ``persons`` persons together, if they can."""
    by_size = {(len(molds[at].roles), molds[at].department): at for at in among}
    left, chosen = persons, []
    for rest in range(count, 0, -1):
        size = min(max(round(left / rest) + dice.choice((-1, 0, 0, 1)), 1), MOST_MEMBERS)
        if rest == 1:
            size = min(max(left, 1), MOST_MEMBERS)
        left -= size
        chosen.append(by_size[size, dice.choice(DEPARTMENTS)])
    return chosen


def _spread(among: list[int], count: int, dice: Random) -> list[int]:
    """``count`` of ``among``, each as often as any other."""
    whole, rest = divmod(count, len(among))
    return among * whole + dice.sample(among, rest)


def _obligations(mold: Mold) -> int:
    return mold.rows.get("obligations", 0)
