"""What a forecast is made of: numbers that were told, and homes that landlords have agreed to.

Nothing else goes into it. So whatever is asked of a forecast, and however often, it tells nothing of a
household that the told numbers do not tell (docs/decisions/0063).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Literal

from hemvist.policy import add_months

#: Months that a basis reaches back at most, and must reach at least.
MOST_MONTHS = 36
LEAST_MONTHS = 12
#: Fewer arrivals than these say little of the next year's.
LEAST_ARRIVALS = 20
#: Stocks are told in steps of five, downwards: from 0 to 4 more than told are as likely.
STEP = 5
_MIDDLE = (STEP - 1) // 2

#: ``months``: too few of them are told; ``stale``: the last told month lies too far back;
#: ``arrivals``: too few came; ``balance``: the told numbers do not fit each other.
Lack = Literal["months", "stale", "arrivals", "balance"]
LACKS: tuple[Lack, ...] = ("months", "stale", "arrivals", "balance")


@dataclass(frozen=True, slots=True)
class Basis:
    """Stocks at both ends of some months, and flows in them.

    Of the flows only sums: a Poisson flow's rate asks for no more. How many homes are let is told more
    seldom than who waits (docs/decisions/0060): where it is not told at both ends nothing is said of
    homes, and what is said of those who wait does not hang on it.
    """

    #: The first month whose flows are in it, and the last; the forecast begins with the next.
    from_month: date
    to_month: date
    #: Households that wait (väntar på bostad), before the first month and after the last.
    waiting_before: int
    waiting: int
    #: Homes that the kommun lets (löpande andrahandskontrakt), likewise, and summed over the months.
    homes_before: int | None
    homes: int | None
    home_months: int
    #: As told, and of how many blocks that were told in steps: each is a step of its own.
    moved_in_told: int
    blocks: int
    #: To a lease of their own (förstahandskontrakt).
    moved_on: int
    #: Homes that landlords had agreed to deliver in the months, that they delivered, and that they
    #: have agreed to for the twelve months to come.
    agreed: float
    delivered: int
    agreed_next: float

    @property
    def months(self) -> int:
        """How many months the flows are summed over."""
        return months_between(self.from_month, self.to_month) + 1

    @property
    def first_month(self) -> date:
        """The first month of the forecast."""
        return add_months(self.to_month, 1)

    @property
    def moved_in(self) -> int:
        """Moves into homes: what was told, and the middle of what the steps leave open."""
        return self.moved_in_told + _MIDDLE * self.blocks

    @property
    def arrivals(self) -> int:
        """Households that came to wait, less those that no longer wait and got no home.

        What makes the stock what it is: nobody counts it by itself.
        """
        return self.waiting - self.waiting_before + self.moved_in

    @property
    def left(self) -> int | None:
        """Homes that the kommun lets no longer: taken over, given back, lost; None if not known."""
        if self.homes_before is None or self.homes is None:
            return None
        return self.homes_before + self.moved_in - self.homes

    @property
    def moved_in_otherwise(self) -> int:
        """Homes moved into beside those that agreements brought."""
        return self.moved_in - (self.delivered if self.agreed else 0)

    def lacks(self, today: date) -> list[Lack]:
        """Why nothing can be said, if so."""
        found = months_lack(self.from_month, self.to_month, today)
        # What the steps may make the sums differ by.
        open_by = STEP + _MIDDLE * self.blocks
        left = [] if self.left is None else [self.left, self.left - self.moved_on]
        if min([self.arrivals, *left]) < -open_by:
            found.append("balance")
        elif self.arrivals < LEAST_ARRIVALS:
            found.append("arrivals")
        return found

    def as_data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def of(cls, data: dict[str, Any]) -> Basis:
        """From JSON."""
        read: dict[str, Any] = {
            one.name: date.fromisoformat(data[one.name])
            if one.name.endswith("_month")
            else data[one.name]
            for one in fields(cls)
        }
        return cls(**read)


def months_lack(first: date, last: date, today: date) -> list[Lack]:
    """Whether months, from one to another, are too few to go by or lie too far back."""
    found: list[Lack] = []
    if months_between(first, last) + 1 < LEAST_MONTHS:
        found.append("months")
    if months_between(last, today) > LEAST_MONTHS // 2:
        found.append("stale")
    return found


def months_between(first: date, last: date) -> int:
    """Whole months from the month of one day to that of another."""
    return (last.year - first.year) * 12 + last.month - first.month
