"""Hard limits: the reasons for which a home cannot be offered to a household at all.

Pure functions over plain values, so that a run over a whole kommun is a handful of array
operations, and "why not this household?" is answered by the very same table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.int16]


class Reason(IntFlag):
    """Why a home does not fit. The numbers are stored with every run: add, never renumber."""

    TOO_SMALL = 1
    TOO_LARGE = 2
    FLOOR = 4
    NO_LIFT = 8
    NOT_STEP_FREE = 16
    NOT_ADAPTED = 32
    RENT = 64
    AREA = 128
    LANDLORD = 256
    #: For the household's safety. Which circumstance it is, is told to nobody.
    EXCLUDED = 512
    #: The guideline's own rule on the landlord says no.
    LANDLORD_RULE = 1024
    #: The guideline leaves the area out.
    CLOSED_AREA = 2048
    #: The household has already declined, or was already offered, this very home.
    OFFERED_BEFORE = 4096
    #: Nobody has stated what the household needs.
    NEED_NOT_STATED = 8192


def codes(bits: int) -> list[str]:
    """The reasons in a stored number, in the order of the table: ``["too_small", "area"]``."""
    return [reason.name.lower() for reason in Reason if bits & reason and reason.name]


def same(text: str) -> str:
    """A name of an area as it is compared: without regard to case and outer blanks."""
    return " ".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class Home:
    """A vacant home as matching sees it. ``rent_ore`` is the monthly rent in öre."""

    id: UUID
    landlord_id: UUID
    area: str
    postal_code: str
    rooms: int
    rent_ore: int
    floor: int
    lift: bool
    step_free: bool
    adapted: bool


@dataclass(frozen=True, slots=True)
class Need:
    """What a waiting household needs. ``floor_max`` is the highest floor without a lift."""

    rooms_min: int
    rooms_max: int
    floor_max: int | None = None
    lift: bool = False
    step_free: bool = False
    adapted: bool = False
    rent_max_ore: int | None = None
    unsuitable_areas: frozenset[str] = frozenset()
    excluded_landlords: frozenset[UUID] = frozenset()
    #: For safety: areas, postal codes and landlords, with no word of why.
    safe_areas: frozenset[str] = frozenset()
    safe_postal_codes: frozenset[str] = frozenset()
    safe_landlords: frozenset[UUID] = frozenset()
    #: False where only what is excluded for safety is known: that holds all the same.
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting household: its need, and what the guideline and earlier offers close to it."""

    case_id: UUID
    need: Need | None
    #: Landlords that the guideline's rule says no to.
    refused_landlords: frozenset[UUID] = frozenset()
    offered_before: frozenset[UUID] = frozenset()


def limits(
    households: Sequence[Waiting], homes: Sequence[Home], closed_areas: Iterable[str] = ()
) -> Bits:
    """For each household (row) and home (column) the reasons against it; 0 where it fits."""
    table = np.zeros((len(households), len(homes)), dtype=np.int16)
    if not len(households) or not len(homes):
        return table
    of = _Columns.of(homes)
    closed = {same(area) for area in closed_areas}
    if closed:
        table[:, of.where("area", closed)] |= Reason.CLOSED_AREA
    stated = [(row, each.need) for row, each in enumerate(households) if each.need is not None]
    _against_numbers(table, stated, of)
    for row, each in enumerate(households):
        # What the guideline and earlier offers close is closed whatever the household needs.
        closing: list[tuple[str, Iterable[object], Reason]] = [
            ("landlord", each.refused_landlords, Reason.LANDLORD_RULE),
            ("id", each.offered_before, Reason.OFFERED_BEFORE),
        ]
        need = each.need
        if need is None or not need.stated:
            table[row] |= Reason.NEED_NOT_STATED
        if need is not None:
            closing += [
                ("area", {same(area) for area in need.unsuitable_areas}, Reason.AREA),
                ("landlord", need.excluded_landlords, Reason.LANDLORD),
                ("area", {same(area) for area in need.safe_areas}, Reason.EXCLUDED),
                ("postal_code", need.safe_postal_codes, Reason.EXCLUDED),
                ("landlord", need.safe_landlords, Reason.EXCLUDED),
            ]
        for column, values, reason in closing:
            if values:
                table[row, of.where(column, values)] |= reason
    return table


def _against_numbers(table: Bits, stated: list[tuple[int, Need]], of: _Columns) -> None:
    """Rooms, floor, lift, access and rent, all households at once."""
    if not stated:
        return
    rows = np.array([row for row, _ in stated])
    needs = [need for _, need in stated]

    def each(name: str, missing: int) -> Any:
        given = (getattr(need, name) for need in needs)
        return np.array([missing if value is None else int(value) for value in given])[:, None]

    found = np.zeros((len(needs), table.shape[1]), dtype=np.int16)
    for reason, against in (
        (Reason.TOO_SMALL, of.rooms < each("rooms_min", 0)),
        (Reason.TOO_LARGE, of.rooms > each("rooms_max", 99)),
        (Reason.FLOOR, (of.floor > each("floor_max", 999)) & ~of.lift),
        # On the ground floor nobody needs a lift.
        (Reason.NO_LIFT, (each("lift", 0) > 0) & ~of.lift & (of.floor > 0)),
        (Reason.NOT_STEP_FREE, (each("step_free", 0) > 0) & ~of.step_free),
        (Reason.NOT_ADAPTED, (each("adapted", 0) > 0) & ~of.adapted),
        (Reason.RENT, of.rent > each("rent_max_ore", 2**40)),
    ):
        found |= against.astype(np.int16) * np.int16(reason)
    table[rows] |= found


@dataclass(frozen=True, slots=True)
class _Columns:
    """The homes as arrays, and the columns of each area, postal code, landlord and home."""

    rooms: Any
    floor: Any
    rent: Any
    lift: Any
    step_free: Any
    adapted: Any
    places: dict[tuple[str, object], list[int]]

    @classmethod
    def of(cls, homes: Sequence[Home]) -> _Columns:
        places: dict[tuple[str, object], list[int]] = {}
        for column, home in enumerate(homes):
            for key in (
                ("area", same(home.area)),
                ("postal_code", home.postal_code),
                ("landlord", home.landlord_id),
                ("id", home.id),
            ):
                places.setdefault(key, []).append(column)
        return cls(
            np.array([home.rooms for home in homes]),
            np.array([home.floor for home in homes]),
            np.array([home.rent_ore for home in homes]),
            np.array([home.lift for home in homes]),
            np.array([home.step_free for home in homes]),
            np.array([home.adapted for home in homes]),
            places,
        )

    def where(self, column: str, values: Iterable[object]) -> list[int]:
        return [place for value in values for place in self.places.get((column, value), ())]
