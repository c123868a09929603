"""The synthetic population: who is in which household. Always the same, whatever the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from hemvist_infra.demo.kommuner import KOMMUNER, Makeup
from hemvist_infra.demo.names import family_name, given_name
from hemvist_infra.demo.numbers import personal_number

#: Ages are meant on this day; nobody is born after it. Fixed, or the population would change daily.
REFERENCE = date(2024, 6, 30)
#: Share of persons: protection checked and none, never checked, and the protected levels.
_PROTECTION = {
    "none": 0.93,
    "unknown": 0.05,
    "secrecy_mark": 0.012,
    "protected_registration": 0.006,
    "fictitious": 0.002,
}
_NEIGHBOURS = ("1260", "1264", "1276", "1277", "1278", "1280", "1281", "1282", "1284", "1292")
_COORDINATION = 0.03
_REGISTERED_HERE = 0.94


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """Somebody in the population. ``number`` has twelve digits."""

    role: str
    given_name: str
    family_name: str
    number: str
    registered_kommun: str | None
    protection: str
    #: Days before the day of seeding on which the protection was looked up.
    checked_before: int


@dataclass(frozen=True, slots=True)
class PlannedHousehold:
    """A household of the population: the ``position``-th of its kommun."""

    slug: str
    position: int
    department: str
    members: tuple[PlannedPerson, ...]

    @property
    def applicant(self) -> PlannedPerson:
        """The one who applies."""
        return self.members[0]

    @property
    def children(self) -> int:
        """How many children there are."""
        return sum(person.role == "child" for person in self.members)


def population(slug: str, size: int) -> list[PlannedHousehold]:
    """The first ``size`` households of a kommun's population."""
    taken: set[str] = set()
    return [_household(slug, position, taken) for position in range(size)]


def _household(slug: str, position: int, taken: set[str]) -> PlannedHousehold:
    dice = Random(f"{slug}:{position}")  # noqa: S311 - the same people every time is the point
    department = _department(slug, position)
    makeup = KOMMUNER[slug].makeups[department]
    shared = family_name(dice)
    members = [_person(dice, slug, "applicant", shared, _adult_born(dice, makeup), taken)]
    if dice.random() < makeup.partner:
        name = shared if dice.random() < 0.6 else family_name(dice)
        members.append(_person(dice, slug, "partner", name, _adult_born(dice, makeup), taken))
    (children,) = dice.choices(range(len(makeup.children)), makeup.children)
    for _ in range(children):
        born = REFERENCE - timedelta(days=dice.randrange(30, 13 * 365))
        members.append(_person(dice, slug, "child", shared, born, taken))
    return PlannedHousehold(slug, position, department, tuple(members))


def _department(slug: str, position: int) -> str:
    """Departments in their shares, evenly mixed, so that a small population has them all too."""
    makeups = KOMMUNER[slug].makeups
    mark = position * 0.6180339887 % 1
    bounds = accumulate(makeup.share for makeup in makeups.values())
    for code, bound in zip(makeups, bounds, strict=True):
        if mark < bound:
            return code
    return list(makeups)[-1]


def _adult_born(dice: Random, makeup: Makeup) -> date:
    days = dice.randrange(makeup.youngest * 366, makeup.oldest * 365)
    return REFERENCE - timedelta(days=days)


def _person(
    dice: Random, slug: str, role: str, family: str, born: date, taken: set[str]
) -> PlannedPerson:
    coordination = role != "child" and dice.random() < _COORDINATION
    number = next(free for free in _numbers(dice, slug, born, coordination) if free not in taken)
    taken.add(number)
    (protection,) = dice.choices(tuple(_PROTECTION), tuple(_PROTECTION.values()))
    kommun: str | None = KOMMUNER[slug].code
    if role == "applicant" and dice.random() > _REGISTERED_HERE:
        kommun = dice.choice(_NEIGHBOURS)
    if coordination or protection in ("protected_registration", "fictitious"):
        kommun = None
    return PlannedPerson(
        role=role,
        given_name=given_name(dice),
        family_name=family,
        number=number,
        registered_kommun=kommun,
        protection=protection,
        checked_before=dice.randrange(0, 20),
    )


def _numbers(dice: Random, slug: str, born: date, coordination: bool) -> Iterator[str]:
    """Test numbers of this birthday in random order, then of the days before it."""
    day = born
    while True:
        births = list(KOMMUNER[slug].birth_numbers)
        dice.shuffle(births)
        for birth_number in births:
            yield personal_number(day, birth_number, coordination=coordination)
        day -= timedelta(days=1)
