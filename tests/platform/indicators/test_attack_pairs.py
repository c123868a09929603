"""Attacks on two indicators that count some of the same facts: every tiny world, every value of the secret.

What closes a block tells that somebody is in its last month, what keeps it open that there are few so far.
So a number that is told at other ends than another of the same facts would cut the other's blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import pytest

from hemvist.indicators.suppression import cells, flows, rules
from hemvist.indicators.suppression.flows import tell_flow
from hemvist.indicators.suppression.rules import AMONG, FOLLOWS, Slack
from hemvist.indicators.suppression.series import ALL, Block, Series
from hemvist_small_numbers import Thing, definition, learnt, no_secret, rectangles, series, worlds

Tell = Callable[[Sequence[int], Slack], list[Block]]


def pair(leader: Series, follower: Series, slack: Slack, *, follows: bool) -> list[Block]:
    """What both tell; not to follow is the fault."""
    first = tell_flow(replace(leader, slack=slack))
    second = tell_flow(replace(follower, slack=slack, leader=first if follows else None))
    # Told apart by what they measure; a stepped count by its place.
    return [*first, *(replace(one, cells=("second", *one.cells)) for one in second)]


def pinned(
    some: Iterable[Sequence[int]], tell: Tell, groups: Sequence[Sequence[int]]
) -> list[object]:
    """Groups that somebody is known to be in, and fewer than five."""
    found = learnt(some, tell, groups)
    assert len(found) > 3
    return [
        (sorted(seen, key=str), groups[place], known)
        for seen, all_known in found.items()
        for place, known in enumerate(all_known)
        if known.few
    ]


def of_all(second: str, months: int, kinds: int) -> Callable[..., list[Block]]:
    """What two flows tell of a world: facts in months × kinds.

    The second counts those of the first kind; of one kind alone it counts all that the first does.
    """
    measure = "median" if second in AMONG else "count"
    definitions = definition(FOLLOWS[second]), definition(second, measure=measure)

    @lru_cache(maxsize=8)
    def made(world: tuple[int, ...]) -> tuple[Series, Series]:
        things = [
            (place % kinds, Thing(place // kinds, {}, place * 100 + one, amount=100))
            for place, size in enumerate(world)
            for one in range(size)
        ]
        both = [one for _, one in things], [one for kind, one in things if kind == 0]
        first, last = (
            series(what, facts, months, no_secret, {})
            for what, facts in zip(definitions, both, strict=True)
        )
        return first, last

    def tell(world: Sequence[int], slack: Slack, *, follows: bool) -> list[Block]:
        return pair(*made(tuple(world)), slack, follows=follows)

    return tell


def groups_of(months: int, kinds: int) -> list[list[int]]:
    """Stretches of months: all in them, those that the second counts, and the others."""
    found = rectangles(months, kinds)
    return [one for one in found if len({place % kinds for place in one}) in (1, kinds)]


@pytest.mark.parametrize("follows", [True, False])
@pytest.mark.parametrize(
    ("second", "months", "kinds", "total"),
    [("stay", 3, 1, 20), ("time_to_home", 2, 2, 20), ("takeovers_done", 2, 2, 17)],
)
def test_months_of_one_are_not_cut_by_the_other(
    second: str, months: int, kinds: int, total: int, follows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not follows:
        # As it was: told when it is itself enough.
        monkeypatch.setattr(flows, "BY_BLOCK", frozenset())
    tell = of_all(second, months, kinds)
    found = pinned(
        worlds(months * kinds, total),
        lambda world, slack: tell(world, slack, follows=follows),
        groups_of(months, kinds),
    )
    assert bool(found) != follows, found[:3]


@pytest.mark.parametrize("fault", [False, True])
def test_cells_of_one_are_not_cut_by_the_others(
    fault: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault divides the second's cells by how many they are of, whatever the first has together."""
    monkeypatch.setattr(flows, "MONTHS_AT_MOST", 1)
    monkeypatch.setattr(flows, "LEAST_MIDDLE", 8)
    for module in (cells, rules):
        monkeypatch.setattr(module, "SLACKS", 2)
    if fault:
        monkeypatch.setattr(flows, "undivided", lambda names, *_, **__: [(one,) for one in names])
    names = ("", "A", "B")
    first, second = (
        definition("moved_in", by=["programme"]),
        definition("time_to_home", measure="median", by=["programme"]),
    )

    @lru_cache(maxsize=8)
    def made(world: tuple[int, ...]) -> tuple[Series, Series]:
        things = [
            Thing(0, {"programme": names[place]}, place * 100 + one, amount=100)
            for place, size in enumerate(world)
            for one in range(size)
        ]
        one, other = (
            series(what, things, 1, no_secret, {"programme": names}) for what in (first, second)
        )
        return one, other

    found = pinned(
        worlds(3, 24),
        lambda world, slack: pair(*made(tuple(world)), slack, follows=True),
        rectangles(1, 3),
    )
    assert bool(found) == fault, found[:3]


@pytest.mark.parametrize("measure", ["sum", "median"])
def test_no_few_are_learnt_from_a_sum_or_a_middle_by_itself(measure: str) -> None:
    """Also where everybody knows what each is of: a sum is then a number."""
    months = 3
    what = definition(measure=measure, unit="ore" if measure == "sum" else "days")

    @lru_cache(maxsize=8)
    def made(world: tuple[int, ...]) -> Series:
        things = [
            Thing(place, {}, place * 100 + one, amount=1_000_000)
            for place, size in enumerate(world)
            for one in range(size)
        ]
        return series(what, things, months, no_secret, {})

    found = pinned(
        worlds(months, 20),
        lambda world, slack: tell_flow(replace(made(tuple(world)), slack=slack)),
        rectangles(months, 1),
    )
    assert found == []


@pytest.mark.parametrize("fault", [False, True])
@pytest.mark.parametrize("wider", [False, True])
def test_two_versions_of_a_definition_tell_of_no_few(wider: bool, fault: bool) -> None:
    """Some facts are of the old one or the new one alone; the fault tells the same months by both."""
    months = 3
    old, new = (definition("counted", version=version) for version in (1, 2))

    @lru_cache(maxsize=8)
    def made(world: tuple[int, ...]) -> tuple[Series, Series]:
        things = [
            (place % 2, Thing(place // 2, {}, place * 100 + one))
            for place, size in enumerate(world)
            for one in range(size)
        ]
        every = [one for _, one in things]
        some = [one for kind, one in things if kind == 0]
        before, after = (some, every) if wider else (every, some)
        return (
            series(old, before, months - 1, no_secret, {}),
            series(new, after, months, no_secret, {}),
        )

    def tell(world: Sequence[int], slack: Slack) -> list[Block]:
        first, second = made(tuple(world))
        told = tell_flow(replace(first, slack=slack))
        last = {ALL: told[-1].end} if told and not fault else {}
        later = tell_flow(replace(second, slack=slack, last=last))
        return [*told, *(replace(one, cells=("new",)) for one in later)]

    found = pinned(worlds(2 * months, 10), tell, groups_of(months, 2))
    assert bool(found) == fault, found[:3]
