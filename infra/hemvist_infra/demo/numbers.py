"""Numbers that are valid and belong to nobody.

Personal numbers have birth numbers 980–999, which Skatteverket keeps for tests and gives to no one.
Organisation numbers begin with 559999, far beyond those that Bolagsverket has reached.
"""

from __future__ import annotations

from datetime import date

#: Birth numbers (the three digits before the control digit) of test numbers.
FIRST_BIRTH_NUMBER, LAST_BIRTH_NUMBER = 980, 999
_COMPANIES = 559_999_000


def control_digit(digits: str) -> int:
    """The Luhn control digit that follows ``digits``."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return -sum(value - 9 if value > 9 else value for value in doubled) % 10


def personal_number(born: date, birth_number: int, *, coordination: bool = False) -> str:
    """Twelve digits; ``coordination`` makes it a samordningsnummer (60 added to the day).

    Raises ``ValueError`` for a birth number that somebody may have.
    """
    if not FIRST_BIRTH_NUMBER <= birth_number <= LAST_BIRTH_NUMBER:
        raise ValueError(f"{birth_number} is not a birth number of test numbers")
    day = born.day + (60 if coordination else 0)
    ten = f"{born:%y%m}{day:02}{birth_number}"
    return f"{born.year // 100}{ten}{control_digit(ten)}"


def organisation_number(serial: int) -> str:
    """Ten digits of an invented company, ``serial`` 0 to 999."""
    if not 0 <= serial <= 999:
        raise ValueError("there are a thousand invented companies")
    nine = str(_COMPANIES + serial)
    return f"{nine}{control_digit(nine)}"
