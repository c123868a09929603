"""Flats that are as good: exactly those of the best plans with the same households, every plan tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings

from hemvist.clearing import (
    Instance,
    Municipality,
    Request,
    Vacancy,
    as_good,
    clear,
    surplus,
    why_not,
)
from hemvist.clearing.engine import outcome
from hemvist.clearing.model import Move
from hemvist_clearings import instances


def as_good_by_trying(of: Instance) -> dict[str, set[str]]:
    """By household that moves, its flats in all the plans that are as good as the one that is made."""
    plan = clear(of, 1)
    moving = {move.request for move in plan.moves}
    found: dict[str, set[str]] = {id: set() for id in moving}
    for moves in _plans(of, moving):
        objective, net = outcome(of, moves)
        lawful = all(one.least_net <= net[one.id] <= one.take_cap for one in of.municipalities)
        if lawful and objective == plan.objective:
            for move in moves:
                found[move.request].add(move.vacancy)
    return found


def _plans(of: Instance, moving: set[str]) -> Iterator[list[Move]]:
    members = {one.id: one for one in of.municipalities}
    households = [one for one in of.requests if one.id in moving]
    choices = [
        [v.id for v in of.vacancies if surplus(r, v, members[v.municipality]) is not None]
        for r in households
    ]
    for chosen in product(*choices):
        if len(set(chosen)) == len(chosen):
            yield [Move(r.id, flat) for r, flat in zip(households, chosen, strict=True)]


@given(instances(most=5))
@settings(max_examples=60, deadline=None)
def test_they_are_those_of_the_best_plans(of: Instance) -> None:
    found = {id: set(flats) for id, flats in as_good(of, 1).items()}
    assert found == as_good_by_trying(of)


@given(instances(most=7))
@settings(max_examples=40, deadline=None)
def test_asked_for_one_of_them_nothing_worsens(of: Instance) -> None:
    plan = clear(of, 1)
    for request, flats in as_good(of, 1).items():
        for flat in flats:
            assert why_not(of, 1, request, flat, plan=plan).reason in ("planned", "lot")


def test_a_home_that_another_could_do_without_is_as_good_and_the_last_one_for_somebody_is_not() -> (
    None
):
    members = [Municipality("here", debt_limit=9), Municipality("there", take_cap=9)]
    flats = [Vacancy(id, "there") for id in ("a", "b", "c", "d")]
    choosy = Request("choosy", "here", offers={"a": 0})
    easy = Request("easy", "here", offers={"a": 0, "b": 0, "c": 0})
    other = Request("other", "here", offers={"b": 0, "c": 0})
    of = Instance(members, [choosy, easy, other], flats)
    assert as_good(of, 1) == {"choosy": ("a",), "easy": ("b", "c"), "other": ("b", "c")}
    # What costs a room more is not as good.
    wide = Request("other", "here", offers={"b": 1, "c": 0, "d": 0})
    assert as_good(Instance(members, [wide], flats), 1) == {"other": ("c", "d")}


def test_what_is_frozen_is_nobody_elses() -> None:
    members = [Municipality("here", debt_limit=9), Municipality("there", take_cap=9)]
    flats = [Vacancy("a", "there"), Vacancy("b", "there")]
    both = {"a": 0, "b": 0}
    of = Instance(members, [Request(id, "here", offers=both) for id in ("one", "two")], flats)
    assert as_good(of, 1, frozen=[("one", "a")]) == {"two": ("b",)}
    assert as_good(of, 1, bans=[("one", "b")]) == {"one": ("a",), "two": ("b",)}
