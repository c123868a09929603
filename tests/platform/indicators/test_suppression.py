"""Small numbers kept back: every tiny world, every value of the secret, a reader who knows all but that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations, product

import pytest

from hemvist.indicators.suppression import cells, flows, rules
from hemvist.indicators.suppression.flows import tell_flow
from hemvist.indicators.suppression.rules import Slack, dominated, stepped, thousands, weeks
from hemvist.indicators.suppression.series import Block, Series
from hemvist.indicators.suppression.stocks import tell_stock
from hemvist_small_numbers import (
    Known,
    Thing,
    definition,
    every_secret,
    learnt,
    no_secret,
    rectangles,
    series,
    worlds,
)

PROGRAMMES = {"programme": ("A", "B")}


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells are told after two months: how long they wait is known to everybody."""
    monkeypatch.setattr(flows, "MONTHS_AT_MOST", 2)


@lru_cache(maxsize=8)
def shown(world: Sequence[int], names: Sequence[str], kind: str) -> Series:
    """What a world of months × cells shows, a household for each fact."""
    ends = 1 if kind == "stock" else None
    things = [
        Thing(
            place // len(names),
            {"programme": names[place % len(names)]},
            place * 100 + number,
            ends=ends and place // len(names) + ends,
        )
        for place, size in enumerate(world)
        for number in range(size)
    ]
    what = definition(kind=kind, by=["programme"] if len(names) > 1 else [])
    return series(what, things, len(world) // len(names), no_secret, {"programme": names})


def told(
    world: Sequence[int], slack: Slack, names: Sequence[str], kind: str = "flow"
) -> list[Block]:
    """What is told of a world."""
    made = replace(shown(world, names, kind), slack=slack)
    return tell_flow(made) if kind == "flow" else tell_stock(made, None)


def pinned(
    months: int,
    names: Sequence[str],
    total: int,
    kind: str = "flow",
    among: Iterable[Sequence[int]] | None = None,
) -> list[object]:
    """Groups that somebody is known to be in, and fewer than five; ``among``: worlds that it knows of."""
    groups = rectangles(months, len(names))
    found = learnt(
        among or worlds(months * len(names), total),
        lambda world, slack: told(world, slack, names, kind),
        groups,
    )
    return [
        (sorted(seen, key=str), groups[place], known)
        for seen, all_known in found.items()
        for place, known in enumerate(all_known)
        if known.few
    ]


@pytest.mark.parametrize(
    ("months", "names", "total", "kind"),
    [
        (4, ("",), 12, "flow"),
        (2, ("", "A"), 11, "flow"),
        (1, ("", "A", "B"), 16, "flow"),
        (1, ("", "A", "B"), 12, "stock"),
        (2, ("", "A"), 9, "stock"),
    ],
)
def test_no_group_of_few_is_learnt_in_any_tiny_world(
    months: int, names: tuple[str, ...], total: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if months == 1:
        monkeypatch.setattr(flows, "MONTHS_AT_MOST", 1)
    assert pinned(months, names, total, kind) == []


def test_without_a_secret_the_reader_learns_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "MONTHS_AT_MOST", 1)
    monkeypatch.setattr(cells, "SLACKS", 1)
    monkeypatch.setattr(rules, "SLACKS", 1)
    assert pinned(1, ("", "A", "B"), 11)


def test_taking_in_by_size_tells_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "MONTHS_AT_MOST", 1)
    monkeypatch.setattr(flows, "parted", by_size)
    monkeypatch.setattr(cells, "SLACKS", 1)
    assert pinned(1, ("", "A", "B"), 16)


@pytest.mark.parametrize("fault", [False, True])
def test_one_who_knows_which_programmes_are_large_learns_nothing_of_the_rest(
    fault: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault tells a remainder of nobody as such, so that one that is taken in is somebody."""
    monkeypatch.setattr(flows, "MONTHS_AT_MOST", 1)
    if fault:
        monkeypatch.setattr(flows, "parted", with_nought)
    # Of every total that is here all worlds are.
    among = [one for one in product(range(16), range(8, 16), range(8, 16)) if sum(one) <= 23]
    assert bool(pinned(1, ("", "A", "B"), 0, among=among)) == fault


def by_size(
    names: Sequence[str], size: cells.Size, slack: Slack, about: str, least: int = rules.LEAST
) -> list[tuple[str, ...]]:
    """A fault: the smallest of the large is taken in."""
    large = [one for one in names if cells.enough(size((one,)), slack, f"{about}:{one}", least)]
    large.sort(key=lambda one: size((one,)), reverse=True)
    rest = tuple(one for one in names if one not in large)
    while large and size(rest) < least:
        rest = tuple(sorted((*rest, large.pop())))
    return sorted([rest, *((one,) for one in large)])


def with_nought(
    names: Sequence[str], size: cells.Size, slack: Slack, about: str, least: int = rules.LEAST
) -> list[tuple[str, ...]]:
    """A fault: a remainder of nobody is told as such."""
    large = [one for one in names if cells.enough(size((one,)), slack, f"{about}:{one}", least)]
    rest = tuple(one for one in names if one not in large)
    if large and size(rest) == 0:
        return sorted([rest, *((one,) for one in large)])
    return cells.parted(names, size, slack, about, least)


@pytest.mark.parametrize("fault", [False, True])
def test_a_share_tells_of_few_on_neither_side(fault: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month of two cells: done and not done in each. The fault tells each cell's share by itself."""
    monkeypatch.setattr(flows, "MONTHS_AT_MOST", 1)
    if fault:
        monkeypatch.setattr(flows, "_bounds", each_by_itself)
        whoever = Series.households
        monkeypatch.setattr(Series, "households", lambda *asked, met=None: whoever(*asked))
    names = ("", "A", "B")
    what = definition(measure="share", by=["programme"])

    @lru_cache(maxsize=8)
    def made(world: Sequence[int]) -> Series:
        things = [
            Thing(
                0, {"programme": ("A", "B")[place // 2]}, place * 100 + number, met=place % 2 == 0
            )
            for place, size in enumerate(world)
            for number in range(size)
        ]
        return series(what, things, 1, no_secret, {"programme": names})

    def tell(world: Sequence[int], slack: Slack) -> list[Block]:
        return tell_flow(replace(made(world), slack=slack))

    groups = [list(some) for size in (1, 2, 3) for some in combinations(range(4), size)]
    # How many there were is told, so that worlds of other totals are never mixed up with these.
    some = [world for world in worlds(4, 20) if sum(world) in ((20,) if fault else (10, 20))]
    found = learnt(some, tell, groups)
    assert any(one.few for known in found.values() for one in known) == fault


def test_a_share_that_waits_for_both_its_sides_tells_of_few_on_neither() -> None:
    """Two months of done and not done: told after the first, after both, or between bounds."""
    what = definition(measure="share")

    @lru_cache(maxsize=8)
    def made(world: Sequence[int]) -> Series:
        things = [
            Thing(place // 2, {}, place * 100 + one, met=place % 2 == 0)
            for place, size in enumerate(world)
            for one in range(size)
        ]
        return series(what, things, 2, no_secret, {})

    found = learnt(
        worlds(4, 13),
        lambda world, slack: tell_flow(replace(made(world), slack=slack)),
        rectangles(2, 2),
    )
    assert len(found) > 3
    assert not any(one.few for known in found.values() for one in known)


@pytest.mark.parametrize(
    ("done", "undone", "told_as"),
    [(6, 6, (10, 5, 5)), (20, 7, (25, 19, 19)), (2, 21, (20, 0, 4)), (21, 3, (20, 16, 20))],
)
def test_a_share_of_nearly_others_facts_is_of_a_step(
    done: int, undone: int, told_as: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows, "MONTHS_AT_MOST", 1)
    things = [Thing(0, {}, one, met=one < done) for one in range(done + undone)]
    what = definition("against_advice", measure="share")
    (block,) = tell_flow(series(what, things, 1, no_secret, {}))
    assert (block.facts, block.met_least, block.met_most) == told_as


def each_by_itself(
    made: object, margin: str, names: tuple[str, ...], stretch: object
) -> tuple[int, int]:
    """A fault: numbers where both sides are large, bounds where one is not."""
    shown = made.sum(margin, names, stretch)  # type: ignore[attr-defined]
    least, most = 0, shown.facts
    if shown.met <= 4:
        most = min(most, 4)
    if shown.facts - shown.met <= 4:
        least = max(least, shown.facts - 4)
    return (shown.met, shown.met) if (least, most) == (0, shown.facts) else (least, most)


def test_two_margins_leave_every_crossing_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """By Fréchet's bounds: a crossing of two told parts is at least what they exceed the whole by, and at
    most the smaller, which is at least five.
    """
    monkeypatch.setattr(flows, "MONTHS_AT_MOST", 1)
    names = ("", "A", "B")
    seen: dict[tuple[frozenset[Block], int], list[Sequence[int]]] = {}
    for world in worlds(3, 15):
        for output in every_secret(lambda slack, world=world: told(world, slack, names)):
            seen.setdefault((output, sum(world)), []).append(world)
    subsets = [some for size in (1, 2, 3) for some in combinations(range(3), size)]
    ranges: dict[int, set[tuple[int, int]]] = {}
    for (output, whole), consistent in seen.items():
        if output:
            for some in subsets:
                sizes = [sum(world[place] for place in some) for world in consistent]
                ranges.setdefault(whole, set()).add((min(sizes), max(sizes)))
    # The two margins are bound to one another by the whole alone.
    crossings = 0
    for whole, found in ranges.items():
        for low, high in found:
            for other_low, other_high in found:
                crossings += 1
                assert not Known(max(0, low + other_low - whole), min(high, other_high)).few
    assert crossings > 1000


def test_numbers_go_in_steps_and_weeks_and_thousands() -> None:
    assert [stepped(one) for one in (0, 4, 5, 9, 10)] == [0, 0, 5, 5, 10]
    assert [weeks(one) for one in (0, 28, 29, 31, 32, 100)] == [0, 28, 28, 28, 35, 98]
    assert [thousands(one) for one in (0, 49_999, 50_000, 149_999)] == [0, 0, 100_000, 100_000]
    assert dominated([]) is False
    assert dominated([100, 100, 10, 10]) and not dominated([100, 100, 15, 10])


def test_cells_that_stand_together_somewhere_stand_together() -> None:
    assert cells.undivided(["", "a", "b", "c"], [("a", "b"), ("c",), ("b", "c")]) == [
        ("",),
        ("a", "b", "c"),
    ]
    steps = ["", "P:x", "P:y", "Q:x", "Q:y"]
    assert cells.undivided(steps, [("P", "Q")], of_programmes=True) == [
        ("",),
        ("P:x", "Q:x"),
        ("P:y", "Q:y"),
    ]
    # An area may be called anything.
    assert cells.undivided(["", "North: 1", "North: 2"], [("North: 1",), ("", "North: 2")]) == [
        ("", "North: 2"),
        ("North: 1",),
    ]
