"""Attacks on all that is told at once: months, cells, crossings, stocks with flows, by equations."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemvist.indicators.suppression import flows, stocks
from hemvist.indicators.suppression.flows import tell_flow
from hemvist.indicators.suppression.rules import AT_ENDS_OF, LEAST, SLACKS, STEP, STEPPED, Slack
from hemvist.indicators.suppression.series import Block, months_between
from hemvist.indicators.suppression.stocks import tell_stock
from hemvist_reader import Reader
from hemvist_small_numbers import Thing, definition, month, series

PROGRAMMES, AREAS = ("A", "B", "C"), ("N", "S")
#: Homes end in one of these ways, and each is told.
WAYS = ("moved_on", "ended", "evicted")
GROUPS_TRIED = 15


def secret(seed: int) -> Slack:
    """A secret of a world's own."""
    return lambda about: random.Random(f"{seed} {about}").randrange(SLACKS)


def number(day: date) -> int:
    """A month's number in a made-up world."""
    return (day.year - 2021) * 12 + day.month - 1


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


# Stocks and the flows that change them -----------------------------------------------------------


def homes(seed: int) -> tuple[dict[str, list[Thing]], int]:
    """Homes by what is told of them: begun, running and ended in one of the ways."""
    chance = random.Random(seed)
    months, busy, stay = chance.randrange(8, 25), chance.choice((3, 9, 18)), chance.choice((3, 9))
    found: dict[str, list[Thing]] = {
        "moved_in": [],
        "homes_running": [],
        **{one: [] for one in WAYS},
    }
    starts = [-1] * chance.randrange(10, 40)
    for at in range(months):
        starts += [at] * chance.randrange(busy)
    for household, start in enumerate(starts):
        end = max(start, 0) + chance.randrange(1, stay * 2)
        found["homes_running"].append(Thing(start, {}, household, ends=end))
        if start >= 0:
            found["moved_in"].append(Thing(start, {}, household))
        if end < months:
            way = chance.choices(WAYS, (5, 3, 1))[0]
            found[way].append(Thing(end, {}, household))
    return found, months


def told_of_homes(seed: int) -> tuple[dict[str, list[Block]], int]:
    """All that is told of them."""
    things, months = homes(seed)
    found = {
        code: tell_flow(series(definition(code), things[code], months, secret(seed), {}))
        for code in ("moved_in", *WAYS)
    }
    stock = series(
        definition("homes_running", kind="stock"), things["homes_running"], months, secret(seed), {}
    )
    leader = AT_ENDS_OF.get("homes_running")
    ends: Collection[date] | None = None
    if leader is not None:
        ends = {one.end for one in found[leader]}
    found["homes_running"] = tell_stock(stock, ends)
    return found, months


def reader_of_homes(told: dict[str, list[Block]], months: int, step: int = STEP) -> Reader:
    """One who knows that what is running is what came less what went."""
    reader = Reader()
    for code in ("moved_in", *WAYS):
        for block in told[code]:
            assert block.facts is not None
            places = [(code, at) for at in numbers(block)]
            reader.told(places, block.facts, step if code in STEPPED else 1)
        start = max((number(one.end) + 1 for one in told[code]), default=0)
        # Nothing is told of the last months because it was too few.
        reader.told(
            [(code, at) for at in range(start, months)] or [(code, -1)], 0, LEAST + SLACKS - 1
        )
    for at in range(months):
        level = {("first",): 1}
        for before in range(at + 1):
            level |= {("moved_in", before): 1, **{(way, before): -1 for way in WAYS}}
        block = next((one for one in told["homes_running"] if number(one.start) == at), None)
        if block is None:
            reader.learn(level, 0)
        else:
            assert block.facts is not None
            reader.learn(level, block.facts, block.facts + step - 1)
    return reader


def chosen_ways(seed: int, months: int) -> list[list[tuple[str, int]]]:
    """Stretches of months, by what happened in them."""
    chance, found = random.Random(seed), []
    for _ in range(GROUPS_TRIED):
        start = chance.randrange(months)
        end = min(months, start + chance.choice((1, 1, 2, 3, 6, 12)))
        kinds = chance.sample(("moved_in", *WAYS), 1)
        if chance.random() < 0.3:
            kinds = list(WAYS)
        found.append([(kind, at) for at in range(start, end) for kind in kinds])
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_stocks_and_flows_together_pin_nothing(seed: int) -> None:
    told, months = told_of_homes(seed)
    reader = reader_of_homes(told, months)
    for group in chosen_ways(seed, months):
        assert not reader.few(group)


def test_an_exact_stock_beside_exact_flows_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault: what is running each month, and who moved in, as they are."""
    for module in (flows, stocks):
        monkeypatch.setattr(module, "stepped", lambda facts: facts)
    monkeypatch.delitem(AT_ENDS_OF, "homes_running")
    found = 0
    for seed in range(8):
        told, months = told_of_homes(seed)
        reader = reader_of_homes(told, months, step=1)
        found += sum(reader.few(group) for group in chosen_ways(seed, months))
    assert found


def test_months_between_is_what_numbers_says() -> None:
    assert [number(one) for one in months_between(month(3), month(15))] == [*range(3, 16)]
