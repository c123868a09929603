"""Attacks on all that is told of one flow at once: months, cells, crossings, by equations."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemvist.indicators.suppression import flows
from hemvist.indicators.suppression.flows import tell_flow
from hemvist.indicators.suppression.series import Block, months_between
from hemvist_reader import Reader
from hemvist_small_numbers import Thing, definition, month, number, secret, series

PROGRAMMES, AREAS = ("A", "B", "C"), ("N", "S")
#: Homes end in one of these ways, and each is told.
WAYS = ("moved_on", "ended", "evicted")
GROUPS_TRIED = 15


def numbers(block: Block) -> range:
    """The months of a block."""
    return range(number(block.start), number(block.end) + 1)


# Cells, crossings and months ---------------------------------------------------------------------


def crossed(seed: int) -> tuple[list[Block], int]:
    """What is told of facts laid out by chance over months, programmes and areas."""
    chance = random.Random(seed)
    months, busy = chance.randrange(3, 13), chance.choice((3, 8, 20))
    things = [
        Thing(at, {"programme": programme, "area": area}, at * 1000 + one)
        for at in range(months)
        for one in range(chance.randrange(busy))
        for programme in [chance.choice(PROGRAMMES[: chance.choice((1, 2, 3))])]
        for area in [chance.choice(AREAS)]
    ]
    what = definition(by=["programme", "area"])
    made = series(what, things, months, secret(seed), {"programme": PROGRAMMES, "area": AREAS})
    return tell_flow(made), months


def reader_of_cells(told: Sequence[Block], months: int) -> Reader:
    """One who has read all margins."""
    reader = Reader()
    for block in told:
        assert block.facts is not None
        places = [
            (at, programme, area)
            for at in numbers(block)
            for programme in ("", *PROGRAMMES)
            for area in ("", *AREAS)
            if block.margin == "all"
            or (programme if block.margin == "programme" else area) in block.cells
        ]
        reader.told(places, block.facts)
    return reader


def chosen_cells(seed: int, months: int, told: Sequence[Block]) -> list[list[tuple[int, str, str]]]:
    """Groups to ask for: single cells of what was told, and stretches by some programmes and areas."""
    chance = random.Random(seed)
    found = [
        [(at, one, area) for at in numbers(block) for area in ("", *AREAS)]
        for block in chance.sample(told, min(len(told), GROUPS_TRIED))
        for one in block.cells
        if block.margin == "programme"
    ]
    for _ in range(GROUPS_TRIED):
        start = chance.randrange(months)
        stretch = range(start, chance.randrange(start, months) + 1)
        programmes = chance.sample(("", *PROGRAMMES), chance.randrange(1, 5))
        areas = chance.sample(("", *AREAS), chance.randrange(1, 4))
        found.append([(at, one, area) for at in stretch for one in programmes for area in areas])
    return found


def test_no_months_cells_or_crossings_are_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "MONTHS_AT_MOST", 3)
    asked = []

    @settings(max_examples=25, deadline=None)
    @given(st.integers(0, 10**6))
    def attacked(seed: int) -> None:
        told, months = crossed(seed)
        if not told:
            return
        reader = reader_of_cells(told, months)
        for group in chosen_cells(seed, months, told):
            asked.append(group)
            assert not reader.few(group)

    attacked()
    assert len(asked) > 100


def test_cells_that_are_told_whatever_their_size_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flows, "MONTHS_AT_MOST", 3)
    monkeypatch.setattr(flows, "parted", lambda names, *_: [(one,) for one in sorted(names)])
    found = 0
    for seed in range(6):
        told, months = crossed(seed)
        if told:
            reader = reader_of_cells(told, months)
            found += sum(reader.few(group) for group in chosen_cells(seed, months, told))
    assert found


def test_months_between_is_what_numbers_says() -> None:
    assert [number(one) for one in months_between(month(3), month(15))] == [*range(3, 16)]
