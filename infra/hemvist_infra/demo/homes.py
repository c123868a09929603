"""Invented landlords and their flats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hemvist_infra.demo.kommuner import KOMMUNER
from hemvist_infra.demo.numbers import organisation_number

_LANDLORDS = (
    "Fyrbåken Bostäder AB",
    "Fastighets AB Gullvivan",
    "Hyresgården Syd AB",
    "Kajplatsen Fastigheter AB",
    "Ljunghusen Förvaltning AB",
    "Bostads AB Rönnbäret",
    "Stenmuren Fastigheter AB",
    "Tegelbruket i Skåne AB",
)
#: Two that let in several kommuner: their number, their name, and where. They stand first there.
ACROSS = (
    (10, "Björkbo Fastigheter AB", ("karlstad", "vasteras", "helsingborg")),
    (11, "Norra Hem AB", ("karlstad", "vasteras")),
)
_STREETS = (
    *("Lärkgatan", "Ekstigen", "Rönngatan", "Hamnvägen", "Kvarngatan", "Ängsvägen"),
    *("Tegelgatan", "Björkstigen", "Nygatan", "Lindvägen", "Skolgatan", "Fyrgränd"),
)
_AREAS = ("Centrum", "Norr", "Söder", "Öster", "Väster")
#: (rooms, smallest and largest size in m², lowest and highest monthly rent in kronor, weight)
_SIZES = ((1, 24, 42, 4300, 6600, 40), (2, 48, 66, 6100, 8900, 32),
          (3, 68, 86, 7900, 11400, 19), (4, 88, 112, 9900, 14300, 9))  # fmt: skip
_SOURCES = ("rented_in", "owner_agreement", "own_rental", "tenant_owned")
_SOURCE_WEIGHTS = (50, 25, 15, 10)


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A flat to register. Rent in öre a month, size in square metres."""

    landlord_organisation_number: str
    landlord_name: str
    property_designation: str
    street_address: str
    postal_code: str
    city: str
    area: str
    apartment_number: str
    source: str
    rooms: int
    size_m2: float
    rent_ore: int
    floor: int
    lift: bool
    step_free: bool
    adapted: bool
    available_from: date


def homes(slug: str, count: int, today: date) -> list[PlannedUnit]:
    """``count`` flats of a kommun; the same ones whatever the day but for when they are free."""
    return [_home(slug, position, today) for position in range(count)]


def landlords(slug: str) -> Iterator[tuple[str, str]]:
    """Organisation number and name of the kommun's landlords."""
    yield from dict.fromkeys(_stock(slug))


def _stock(slug: str) -> list[tuple[str, str]]:
    """The landlords as often as they have flats: those across kommuner have two or three parts of eight."""
    own = list(enumerate(_LANDLORDS, start=KOMMUNER[slug].first_landlord))
    across = [
        (serial, name)
        for (serial, name, slugs), parts in zip(ACROSS, (3, 2), strict=True)
        if slug in slugs
        for _ in range(parts)
    ]
    return [(organisation_number(one), name) for one, name in across + own[len(across) :]]


def _home(slug: str, position: int, today: date) -> PlannedUnit:
    dice = Random(f"home:{slug}:{position}")  # noqa: S311 - the same flats every time is the point
    number, name = dice.choice(_stock(slug))
    kommun = KOMMUNER[slug]
    (size,) = dice.choices(_SIZES, [row[-1] for row in _SIZES])
    rooms, smallest, largest, lowest, highest, _ = size
    floor = dice.randrange(1, 6)
    lift = floor > 3 or dice.random() < 0.3
    adapted = dice.random() < 0.06
    street = _STREETS[position % len(_STREETS)]
    house = 1 + position // len(_STREETS)
    return PlannedUnit(
        landlord_organisation_number=number,
        landlord_name=name,
        property_designation=f"Provhuset {1 + position // 3}",
        street_address=f"{street} {house}",
        postal_code=f"{kommun.postal}{dice.randrange(20, 70)}",
        city=kommun.city,
        area=dice.choice(_AREAS),
        apartment_number=f"{10 + floor}{dice.randrange(1, 8):02}",
        source=dice.choices(_SOURCES, _SOURCE_WEIGHTS)[0],
        rooms=rooms,
        size_m2=float(dice.randrange(smallest, largest + 1)),
        rent_ore=dice.randrange(lowest, highest, 50) * 100,
        floor=floor,
        lift=lift,
        step_free=lift and dice.random() < 0.7,
        adapted=adapted,
        available_from=today + timedelta(days=dice.randrange(-40, 35)),
    )
