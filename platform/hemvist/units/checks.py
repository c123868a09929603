"""What a unit's particulars must be like: designation, lägenhetsnummer, figures, rent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hemvist.errors import Problem
from hemvist.units.models import RENT_PARTS, SOURCES

MAX_TEXT = 200
MAX_RENT_ORE = 10_000_000
#: The number of the floor with the entrance; each floor above has one more, each below one less.
ENTRANCE_FLOOR = 10
#: Tract or quarter, then block and unit ("Våxnäs 1:24") or the unit alone ("Björnen 7"). A name may
#: have several words, and signs as in "S:t Hans"; digits alone are no name.
_DESIGNATION = re.compile(
    r"(?=[^\d]*[^\W\d_])[\w][\w .:'’´/-]*? (?:[sS]:)?[1-9]\d{0,4}(?::[1-9]\d{0,4})?"
)
WIDTHS = (50, 300)


def tidy(text: str) -> str:
    """A text without spaces at its ends and with one between its words."""
    return " ".join(text.split())


def check_designation(text: str, field: str = "propertyDesignation") -> list[Problem]:
    """What is wrong with a fastighetsbeteckning's form; whether there is such a property nobody asks.

    Source: Lantmäteriet, Registerbeteckning: registerområde, trakt or kvarter, block (not where the
    name is a quarter's) and enhet. The kommun's name may stand first or be left out.
    """
    said = tidy(text)
    if not said:
        return [Problem(field, "required", "must be filled in")]
    if len(said) > MAX_TEXT:
        return [Problem(field, "too_long", f"at most {MAX_TEXT} characters", {"limit": MAX_TEXT})]
    if not _DESIGNATION.fullmatch(said):
        return [Problem(field, "designation", "a name and a number, as Våxnäs 1:24 or Björnen 7")]
    return []


def floor_of(apartment_number: str) -> int:
    """The floor that a lägenhetsnummer tells of; 0 is the one with the entrance."""
    return int(apartment_number.strip()[:2]) - ENTRANCE_FLOOR


def check_apartment_number(text: str, field: str = "apartmentNumber") -> list[Problem]:
    """What is wrong with a lägenhetsnummer: four digits, of which the last two count from 01.

    The first two tell the floor: 10 is the one with the entrance, 11 the next above, 09 the next
    below; on each the flats are counted from 01, from the left, clockwise. Source: lag (2006:378) om
    lägenhetsregister and Lantmäteriet's standard of numbers.
    """
    flat = text.strip()
    if not (len(flat) == 4 and flat.isascii() and flat.isdigit()):
        return [Problem(field, "apartment_number", "four digits, as 1102")]
    if flat[2:] == "00" or flat[:2] == "00":
        return [Problem(field, "apartment_place", "floor 01 to 99, then place 01 to 99")]
    return []


def check_rent_parts(
    parts: Mapping[str, Any], rent_ore: int | None, field: str = "rentParts"
) -> list[Problem]:
    """What is wrong with the parts of a rent: öre a month each, and together the rent."""
    problems: list[Problem] = []
    for name, amount in parts.items():
        at = f"{field}.{str(name)[:40]}"
        if name not in RENT_PARTS:
            problems.append(Problem(at, "unknown_item", "not one of the parts"))
        elif type(amount) is not int or not 0 <= amount <= MAX_RENT_ORE:
            problems.append(Problem(at, "range", "out of bounds", {"min": 0, "max": MAX_RENT_ORE}))
    if not problems and parts and rent_ore is not None and sum(parts.values()) != rent_ore:
        problems.append(
            Problem(
                field,
                "rent_sum",
                "the parts together are the rent",
                {"sum": sum(parts.values()), "rent": rent_ore},
            )
        )
    return problems


def check_width(width_cm: int | None, step_free: bool, field: str) -> list[Problem]:
    """What is wrong with the width of a way without steps, in centimetres."""
    if width_cm is None:
        return []
    if not WIDTHS[0] <= width_cm <= WIDTHS[1]:
        return [Problem(field, "range", "out of bounds", {"min": WIDTHS[0], "max": WIDTHS[1]})]
    if not step_free:
        return [Problem(field, "width_of_steps", "is of a way without steps")]
    return []


def check_texts(texts: Mapping[str, str]) -> list[Problem]:
    """Field → text: what is empty or too long."""
    problems = [
        Problem(field, "required", "must be filled in")
        for field, text in texts.items()
        if not text.strip()
    ]
    return problems + [
        Problem(field, "too_long", f"at most {MAX_TEXT} characters", {"limit": MAX_TEXT})
        for field, text in texts.items()
        if len(text) > MAX_TEXT
    ]


def check_figures(
    postal_code: str, rooms: int, size_m2: float, rent_ore: int, floor: int
) -> list[Problem]:
    """What is wrong with a unit's postal code and figures."""
    problems: list[Problem] = []
    postal = postal_code.replace(" ", "")
    if not (len(postal) == 5 and postal.isascii() and postal.isdigit()):
        problems.append(Problem("postalCode", "postal_code", "five digits"))
    for field, value, least, most in (
        ("rooms", rooms, 1, 20),
        ("sizeM2", size_m2, 5, 1000),
        ("floor", floor, -5, 100),
    ):
        if not least <= value <= most:
            problems.append(
                Problem(field, "range", f"between {least} and {most}", {"min": least, "max": most})
            )
    if not 0 <= rent_ore <= MAX_RENT_ORE:
        problems.append(
            Problem("rentOre", "range", "out of bounds", {"min": 0, "max": MAX_RENT_ORE})
        )
    return problems


def check_source(source: str) -> list[Problem]:
    """What is wrong with how the kommun has a unit."""
    if source in SOURCES:
        return []
    return [Problem("source", "unknown_choice", "not one of the sources")]
