"""People that tests make up: members of households with numbers that nobody else has.

Numbers are Skatteverket's test numbers (birth numbers 980–999).
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from hemvist.clock import today
from hemvist.households.service import NewMember

#: Numbers each thing that has to be unlike the others of this process.
serial = count(1)


def a_number(born: date, *, coordination: bool = False) -> str:
    """A test number nobody else in this session has, twelve digits."""
    while True:
        position = next(serial)
        shifted = born + timedelta(days=position // 20)
        # Research keeps the cases of whoever was born on these: what is thinned would hang on how many
        # people were made up before.
        if shifted.day in (5, 15, 25):
            continue
        day = shifted.day + (60 if coordination else 0)
        ten = f"{shifted:%y%m}{day:02}{980 + position % 20}"
        digits = [int(digit) * (2 - place % 2) for place, digit in enumerate(ten)]
        control = -sum(value - 9 if value > 9 else value for value in digits) % 10
        return f"{shifted.year // 100}{ten}{control}"


def adult(role: str = "applicant", **changes: Any) -> NewMember:
    """Somebody registered in Helsingborg, protection checked and none, unless changed."""
    values: dict[str, Any] = {
        "role": role,
        "given_name": "Alva",
        "family_name": "Testsson",
        "personal_number": a_number(date(1985, 3, 14)),
        "registered_kommun": "1283",
        "protection": "none",
        "protection_checked_on": today() - timedelta(days=400),
    }
    return NewMember(**{**values, **changes})


def child(**changes: Any) -> NewMember:
    """A child of school age."""
    return adult("child", personal_number=a_number(date(2015, 5, 2)), given_name="Milo", **changes)
