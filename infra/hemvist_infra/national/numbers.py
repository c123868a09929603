"""Personal numbers of a kommun's people: valid test numbers, each once in its kommun.

There are twenty a day, and as many co-ordination numbers, so several kommuner have the same ones:
their people are kept apart by tenant, and blind indexes of two tenants never agree.
"""

from __future__ import annotations

from datetime import date, timedelta

from hemvist_infra.demo.numbers import FIRST_BIRTH_NUMBER, LAST_BIRTH_NUMBER, personal_number

_PER_DAY = LAST_BIRTH_NUMBER - FIRST_BIRTH_NUMBER + 1
_DAY = timedelta(days=1)


class Numbers:
    """Gives out the numbers of one kommun."""

    def __init__(self) -> None:
        self._given: dict[tuple[date, bool], int] = {}

    def next(self, born: date, *, coordination: bool = False) -> str:
        """The next free number of somebody born on ``born``, or on the nearest day before it."""
        while self._given.get((born, coordination), 0) >= _PER_DAY:
            born -= _DAY
        taken = self._given.get((born, coordination), 0)
        self._given[born, coordination] = taken + 1
        return personal_number(born, FIRST_BIRTH_NUMBER + taken, coordination=coordination)


def born_on(number: str) -> date:
    """The date of birth in a number of twelve digits."""
    return date(int(number[:4]), int(number[4:6]), (int(number[6:8]) - 1) % 60 + 1)
