"""Personal and co-ordination numbers (personnummer, samordningsnummer).

The control digit and the date are checked by the ``personnummer`` library; a co-ordination number
has 60 added to the day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from personnummer.personnummer import Personnummer, PersonnummerException

from hemvist.errors import Problem

_FORM = re.compile(r"(?:[0-9]{2})?[0-9]{6}[-+]?[0-9]{4}")


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """A checked number: twelve digits, which kind it is, and the date of birth in it."""

    digits: str
    kind: str
    birth_date: date


def parse_number(text: str, field: str, on: date) -> PersonalNumber | Problem:
    """The number that ``text`` spells (ten or twelve digits, hyphen or not), or what is wrong."""
    cleaned = text.strip().replace(" ", "")
    if not cleaned:
        return Problem(field, "required", "must be filled in")
    if not cleaned.isascii() or len(cleaned) > 13:
        return Problem(field, "personal_number_form", "write it as YYYYMMDD-NNNN")
    try:
        number = Personnummer(cleaned)
    except PersonnummerException:
        rule = "personal_number_check" if _FORM.fullmatch(cleaned) else "personal_number_form"
        return Problem(field, rule, "not a valid personal or co-ordination number")
    born = number.get_date()
    if born > on:
        return Problem(field, "personal_number_future", "the date of birth lies in the future")
    kind = "coordination" if number.is_coordination_number() else "personal"
    return PersonalNumber(number.format(long_format=True), kind, born)


def age_on(birth_date: date, on: date) -> int:
    """Whole years of age on a day. Somebody born on 29 February turns a year older on 1 March."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
