"""The model: who waits and what is let, month by month, with chance where chance is.

In a month households come to wait, homes come, some households that wait move in, some get a lease of
their own by a guarantee, and some homes are let no longer::

    waiting' = waiting + arrivals − moved in − by guarantee
    homes'   = homes + moved in − left

Arrivals and homes to come are Poisson; homes leave each with the same chance a month. How fast is not
known but judged from the past months: each rate has the Gamma distribution that so many happenings in so
long a time leave (Jeffreys: a half more). No season, no trend. What is drawn for arrivals and homes does
not depend on what is asked, so that two answers differ by the question and not by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemvist.errors import Problem, ValidationFailed
from hemvist.indicators.forecasting.basis import STEP, Basis

#: Another number where the model or its draws are others: forecasts of two models are not compared.
MODEL = 1
MONTHS = 12
RUNS = 2000
SEED = 20260711
#: A first-hand lease does not come sooner than this.
SOONEST_MONTHS = 1.0

Counts = NDArray[np.int64]
Rates = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Levers:
    """What is asked: what if it were otherwise from the first month on."""

    #: Homes more (or fewer) each month than would come.
    more_homes: int = 0
    #: Households more each month that get a lease of their own by the kommun's guarantee.
    more_guarantees: int = 0
    #: Months sooner that a household takes its lease over.
    months_sooner: int = 0

    @property
    def any(self) -> bool:
        """Whether anything is otherwise."""
        return bool(self.more_homes or self.more_guarantees or self.months_sooner)


#: What can be asked for: by lever the field that asks for it, the least and the most.
LIMITS = {
    "more_homes": ("moreHomesPerMonth", -50, 50),
    "more_guarantees": ("moreGuaranteesPerMonth", 0, 50),
    "months_sooner": ("monthsSooner", 0, 24),
}


@dataclass(frozen=True, slots=True)
class Runs:
    """What came out: a row for each run, a column for each month."""

    waiting: Counts
    homes: Counts
    arrivals: Counts
    moved_in: Counts
    by_guarantee: Counts
    #: Homes that came and nobody waited for.
    unused: Counts
    left: Counts
    waiting_at_first: Counts
    homes_at_first: Counts


def asked(more_homes: int = 0, more_guarantees: int = 0, months_sooner: int = 0) -> Levers:
    """The levers. Raises ``ValidationFailed`` (range), with each field that is out of bounds."""
    levers = Levers(more_homes, more_guarantees, months_sooner)
    problems = [
        Problem(field, "range", "out of bounds", {"min": least, "max": most})
        for name, (field, least, most) in LIMITS.items()
        if not least <= getattr(levers, name) <= most
    ]
    if problems:
        raise ValidationFailed(problems)
    return levers


def simulate(basis: Basis, levers: Levers, *, seed: int = SEED, runs: int = RUNS) -> Runs:
    """Next year so many times over. The same basis, question and seed give the same answer."""
    # A stream for each: how many homes leave must not change how many households come.
    ends, coming, leaving = (np.random.default_rng([seed, one]) for one in range(3))
    # What the steps of told numbers leave open, drawn anew for each run.
    waiting, waiting_before, homes, homes_before = (
        # Homes that are not told are none here: nothing else hangs on them, and none are said.
        np.zeros(runs, np.int64) if told is None else told + ends.integers(0, STEP, runs)
        for told in (basis.waiting, basis.waiting_before, basis.homes, basis.homes_before)
    )
    happened = basis.moved_in_told + ends.integers(0, STEP, (runs, basis.blocks)).sum(axis=1)
    came = waiting - waiting_before + happened
    arrivals = coming.poisson(_rates(coming, came, basis.months)[:, None], (runs, MONTHS))
    offered = _homes_to_come(basis, happened, coming)
    offered = np.maximum(offered + levers.more_homes, 0)
    chances = _chances(basis, levers.months_sooner, homes_before + happened - homes, leaving)
    at_first = waiting, homes
    kept: dict[str, list[Counts]] = {
        name: [] for name in ("waiting", "homes", "moved_in", "by_guarantee", "unused", "left")
    }
    for month in range(MONTHS):
        queue = waiting + arrivals[:, month]
        moved_in = np.minimum(queue, offered[:, month])
        by_guarantee = np.minimum(queue - moved_in, levers.more_guarantees)
        left = leaving.binomial(homes, chances)
        waiting = queue - moved_in - by_guarantee
        homes = homes + moved_in - left
        now = {
            "waiting": waiting,
            "homes": homes,
            "moved_in": moved_in,
            "by_guarantee": by_guarantee,
            "unused": offered[:, month] - moved_in,
            "left": left,
        }
        for name, values in now.items():
            kept[name].append(values)
    return Runs(
        arrivals=arrivals,
        waiting_at_first=at_first[0],
        homes_at_first=at_first[1],
        **{name: np.stack(values, axis=1) for name, values in kept.items()},
    )


def _rates(draws: np.random.Generator, happened: Counts, exposure: float) -> Rates:
    """A rate for each run, of those that would have made so much happen in so long a time."""
    return draws.gamma(np.maximum(happened, 0) + 0.5, 1 / exposure)


def _homes_to_come(basis: Basis, moved_in: Counts, draws: np.random.Generator) -> Counts:
    """Homes by run and month: of agreements as far as these are kept, and others as before."""
    runs = len(moved_in)
    otherwise = moved_in - (basis.delivered if basis.agreed else 0)
    others = _rates(draws, otherwise, basis.months)
    found = draws.poisson(others[:, None], (runs, MONTHS))
    if basis.agreed > 0:
        share = _rates(draws, np.full(runs, basis.delivered), basis.agreed)
        monthly = share * basis.agreed_next / MONTHS
        found = found + draws.poisson(monthly[:, None], (runs, MONTHS))
    return found


def _chances(basis: Basis, months_sooner: int, left: Counts, draws: np.random.Generator) -> Rates:
    """The chance of a home, by run, to be let no longer after a month."""
    exposure = max(basis.home_months, 1)
    on = _rates(draws, np.full(left.shape, basis.moved_on), exposure)
    otherwise = _rates(draws, left - basis.moved_on, exposure)
    if months_sooner and basis.moved_on:
        # Of those that leave at an even rate, the mean time is its inverse.
        usual = 1 / on
        on = 1 / np.maximum(usual - months_sooner, np.minimum(usual, SOONEST_MONTHS))
    chances: Rates = 1 - np.exp(-(on + otherwise))
    return chances
