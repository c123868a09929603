"""Attacks by equations on stocks and the flows that change them, with what closing a block tells.

The reader knows how telling goes: a block is closed as soon as it is enough, so that before there were
few, and in the months that closed it somebody.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

import pytest

from hemvist.indicators.suppression import flows, stocks
from hemvist.indicators.suppression.flows import tell_flow
from hemvist.indicators.suppression.rules import (
    AT_ENDS_OF,
    CHANGED_BY,
    FOLLOWS,
    LEAST,
    SLACKS,
    STEP,
)
from hemvist.indicators.suppression.series import Block
from hemvist.indicators.suppression.stocks import Moves, tell_stock
from hemvist_reader import MOST, Name, Reader
from hemvist_small_numbers import Thing, definition, number, secret, series

#: Homes end in one of these ways, and each is told.
WAYS = ("moved_on", "ended", "evicted")
MOVES = ("moved_in", *WAYS)
#: Moves of homes that the stock does not count.
BESIDE = tuple(f"{code} beside" for code in MOVES)
EXAMPLES, GROUPS_TRIED = 25, 15
#: How many a block may be of that is not closed.
FEW = LEAST + SLACKS - 2
#: The fault: each flow and the stock at its own ends, as it was.
OWN_ENDS = "own ends"


@dataclass
class Town:
    """What happened with its homes, and what was told of it."""

    months: int
    things: dict[str, list[Thing]] = field(default_factory=dict)
    told: dict[str, list[Block]] = field(default_factory=dict)
    moves: Moves | None = None


def lived(seed: int, *, beside: bool) -> Town:
    """Homes begun, running and ended; ``beside``: some live where the stock does not look."""
    chance = random.Random(seed)
    months, busy, stay = chance.randrange(8, 25), chance.choice((3, 9, 18)), chance.choice((3, 9))
    town = Town(months, {code: [] for code in (*MOVES, "homes_running", *BESIDE)})
    starts, often = [-1] * chance.randrange(10, 40), chance.choice((0.1, 0.5))
    for at in range(months):
        starts += [at] * chance.randrange(busy)
    for household, start in enumerate(starts):
        end = max(start, 0) + chance.randrange(1, stay * 2)
        apart = beside and start >= 0 and chance.random() < often
        if start >= 0:
            town.things["moved_in"].append(Thing(start, {}, household))
        if apart:
            town.things["moved_in beside"].append(Thing(start, {}, household))
        else:
            town.things["homes_running"].append(Thing(start, {}, household, ends=end))
        if end < months:
            way = chance.choices(WAYS, (5, 3, 1))[0]
            town.things[way].append(Thing(end, {}, household))
            if apart:
                town.things[f"{way} beside"].append(Thing(end, {}, household))
    return town


def tell(town: Town, seed: int, *, own_ends: bool) -> None:
    """All that is told of a town's homes."""
    for code in MOVES:
        leader = None if own_ends else town.told.get(FOLLOWS.get(code, ""))
        flow = series(definition(code), town.things[code], town.months, secret(seed), {})
        town.told[code] = tell_flow(replace(flow, leader=leader))
    stock = series(
        definition("homes_running", kind="stock"),
        town.things["homes_running"],
        town.months,
        secret(seed),
        {},
    )
    signs = CHANGED_BY["homes_running"]

    def untold(until: date) -> int:
        found = 0
        for code, sign in signs.items():
            months = range(untold_from(town, code, number(until)), number(until) + 1)
            found += sign * sum(one.month in months for one in town.things[code])
        return found

    town.moves = Moves(
        [(sign, one) for code, sign in signs.items() for one in town.told[code]], untold
    )
    ends = {one.end for one in town.told["ended" if own_ends else AT_ENDS_OF["homes_running"]]}
    town.told["homes_running"] = tell_stock(stock, ends, None if own_ends else town.moves)


def untold_from(town: Town, code: str, at: int) -> int:
    """The first month of a flow that was not told by a month's end."""
    return max((number(one.end) + 1 for one in town.told[code] if number(one.end) <= at), default=0)


def learn_flow(reader: Reader, town: Town, code: str, ends: Sequence[int], step: int = 1) -> None:
    """What a flow's blocks tell: their numbers, and that each was closed at the first end that let it."""
    start = 0
    for block in town.told[code]:
        assert block.facts is not None
        end = number(block.end)
        reader.told([(code, at) for at in range(start, end + 1)], block.facts, step)
        before = max((one for one in ends if start <= one < end), default=None)
        if before is not None:
            names: list[Name] = [(code, at) for at in range(start, before + 1)]
            reader.told(names, 0, FEW + 1)
            start = before + 1
        reader.learn(dict.fromkeys([(code, at) for at in range(start, end + 1)], 1), 1)
        start = end + 1
    left: list[Name] = [(code, at) for at in range(start, max(ends, default=-1) + 1)]
    if left:
        reader.told(left, 0, FEW + 1)


def reader_of_homes(town: Town, *, beside: bool, own_ends: bool) -> Reader:
    """One who knows that what is running is what came less what went."""
    reader = Reader()
    every = range(town.months)
    for code in MOVES:
        leader = None if own_ends else FOLLOWS.get(code)
        ends = every if leader is None else [number(one.end) for one in town.told[leader]]
        reader.learn({(code, at): 1 for at in every}, 0)
        learn_flow(reader, town, code, ends)
    # Whoever knows that all homes change by what is told knows with how many they began.
    base = sum(one.month < 0 for one in town.things["homes_running"])
    reader.told([("first",)], base)
    levels = {number(one.start): one for one in town.told["homes_running"]}
    most, since = base if base >= LEAST else 0, date.min
    level: dict[Name, int] = {("first",): 1}
    for at in every:
        for code, sign in CHANGED_BY["homes_running"].items():
            level[code, at] = sign
            if beside:
                level[f"{code} beside", at] = -sign
                # They are some of those who moved.
                reader.learn({(code, at): 1, (f"{code} beside", at): -1}, 0)
        reader.learn(level, 0)
        block = levels.get(at)
        if block is not None:
            assert block.facts is not None
            told, least, upmost = dict(level), block.facts, block.facts + STEP - 1
            if not own_ends:
                # It is as the told moves make it.
                for code in MOVES:
                    for later in range(untold_from(town, code, at), at + 1):
                        del told[code, later]
                assert town.moves is not None
                steps = (most + town.moves.changed(since, block.end) - upmost) // STEP
                # As many steps as may be: there may be more.
                if steps == town.moves.within(since, block.end, 1) // STEP:
                    least = 0
                if steps == -(town.moves.within(since, block.end, -1) // STEP):
                    upmost = MOST
                most, since = block.facts + STEP - 1, block.end
            reader.learn(told, least, upmost)
    return reader


def groups(town: Town, seed: int, *, beside: bool) -> list[list[Name]]:
    """Stretches of months by what happened in them, and blocks cut where the stock is told."""
    chance, found = random.Random(seed), list[list[Name]]()
    kinds = (*MOVES, *BESIDE) if beside else MOVES
    for _ in range(GROUPS_TRIED):
        start = chance.randrange(town.months)
        end = min(town.months, start + chance.choice((1, 1, 2, 3, 6, 12)))
        some = list(WAYS) if chance.random() < 0.3 else [chance.choice(kinds)]
        found.append([(kind, at) for at in range(start, end) for kind in some])
    told = [number(one.end) for one in town.told["homes_running"]]
    for code in MOVES:
        for block in town.told[code]:
            inside = range(number(block.start), number(block.end) + 1)
            for cut in [one for one in told if one in inside[:-1]]:
                found.append([(code, at) for at in inside if at <= cut])
                found.append([(code, at) for at in inside if at > cut])
    if beside and told:
        found += [
            [(code, at) for at in range(first + 1, last + 1)]
            for first, last in pairwise(told)
            for code in BESIDE
        ]
    return found


def few_found(seeds: range, *, beside: bool = False, own_ends: bool = False) -> list[object]:
    """What the reader learns of few, in towns by chance."""
    found: list[object] = []
    asked = 0
    for seed in seeds:
        town = lived(seed, beside=beside)
        tell(town, seed, own_ends=own_ends)
        reader = reader_of_homes(town, beside=beside, own_ends=own_ends)
        for group in groups(town, seed, beside=beside):
            asked += 1
            if reader.few(group):
                found.append((seed, group))
    assert asked >= len(seeds) * GROUPS_TRIED
    return found


@pytest.mark.parametrize("beside", [False, True])
def test_homes_and_their_moves_together_pin_nothing(beside: bool) -> None:
    assert few_found(range(EXAMPLES), beside=beside) == []


def test_flows_and_stock_at_their_own_ends_are_found() -> None:
    """The fault: what closes the block of one cuts the others', and the stock cuts them all."""
    assert few_found(range(5), own_ends=True)


# Rent owed: nobody is told of those who settled --------------------------------------------------


def owing(seed: int) -> Town:
    """Cases that begin to owe and settle."""
    chance = random.Random(seed)
    months, busy, stay = chance.randrange(8, 25), chance.choice((3, 9)), chance.choice((2, 6))
    town = Town(months, {"arrears_new": [], "arrears": []})
    for case, start in enumerate(at for at in range(months) for _ in range(chance.randrange(busy))):
        end = start + chance.randrange(1, stay * 2)
        town.things["arrears_new"].append(Thing(start, {}, case))
        town.things["arrears"].append(Thing(start, {}, case, ends=end))
    return town


def few_owing(seeds: range, *, exact: bool = False) -> list[object]:
    """What one who reads both learns of those who began to owe, and of those who settled."""
    found: list[object] = []
    for seed in seeds:
        town, reader = owing(seed), Reader()
        flow = series(
            definition("arrears_new"), town.things["arrears_new"], town.months, secret(seed), {}
        )
        stock = series(
            definition("arrears", kind="stock"),
            town.things["arrears"],
            town.months,
            secret(seed),
            {},
        )
        town.told["arrears_new"] = tell_flow(flow)
        ends = {one.end for one in town.told["arrears_new"]}
        town.told["arrears"] = tell_stock(stock, None if exact else ends)
        every = range(town.months)
        step = 1 if exact else STEP
        reader.learn({(code, at): 1 for code in ("arrears_new", "settled") for at in every}, 0)
        learn_flow(reader, town, "arrears_new", every, step)
        told = {number(one.start): one.facts for one in town.told["arrears"]}
        for at in every:
            level: dict[Name, int] = {}
            for before in range(at + 1):
                level |= {("arrears_new", before): 1, ("settled", before): -1}
            least = told.get(at)
            reader.learn(level, least or 0, MOST if least is None else least + step - 1)
        cuts = sorted(told)
        asked: list[list[Name]] = [
            [(code, at) for at in range(first + 1, last + 1)]
            for first, last in pairwise(cuts)
            for code in ("arrears_new", "settled")
        ]
        asked += [[(code, at)] for code in ("arrears_new", "settled") for at in every]
        found += [(seed, group) for group in asked if reader.few(group)]
    return found


def test_rent_owed_and_new_arrears_together_pin_nothing() -> None:
    assert few_owing(range(EXAMPLES)) == []


def test_exact_arrears_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault: both as they are, the stock each month."""
    for module in (flows, stocks):
        monkeypatch.setattr(module, "stepped", lambda facts: facts)
    assert few_owing(range(5), exact=True)
