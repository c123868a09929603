"""Small numbers kept back: every tiny world, every value of the secret, a reader who knows all but that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest

from hemvist.indicators.suppression import cells, flows, rules
from hemvist.indicators.suppression.flows import tell_flow
from hemvist.indicators.suppression.rules import Slack, dominated, stepped, thousands, weeks
from hemvist.indicators.suppression.series import Block
from hemvist.indicators.suppression.stocks import tell_stock
from hemvist_small_numbers import (
    Known,
    Thing,
    definition,
    every_secret,
    learnt,
    rectangles,
    series,
    worlds,
)

PROGRAMMES = {"programme": ("A", "B")}


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells are told after two months: how long they wait is known to everybody."""
    monkeypatch.setattr(flows, "MONTHS_AT_MOST", 2)


def told(
    world: Sequence[int], slack: Slack, names: Sequence[str], kind: str = "flow"
) -> list[Block]:
    """What is told of a world of months × cells, a household for each fact."""
    things = [
        Thing(place // len(names), {"programme": names[place % len(names)]}, place * 100 + number)
        for place, size in enumerate(world)
        for number in range(size)
    ]
    if kind == "stock":
        things = [Thing(one.month, one.cells, one.household, ends=one.month + 1) for one in things]
    by = ["programme"] if len(names) > 1 else []
    what = definition(kind=kind, by=by)
    made = series(what, things, len(world) // len(names), slack, {"programme": names})
    return tell_flow(made) if kind == "flow" else tell_stock(made, None)


def pinned(months: int, names: Sequence[str], total: int, kind: str = "flow") -> list[object]:
    """Groups that somebody is known to be in, and fewer than five."""
    groups = rectangles(months, len(names))
    found = learnt(
        worlds(months * len(names), total),
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
        (4, ("",), 14, "flow"),
        (2, ("", "A"), 13, "flow"),
        (1, ("", "A", "B"), 17, "flow"),
        (1, ("", "A", "B"), 17, "stock"),
        (2, ("", "A"), 11, "stock"),
    ],
)
def test_no_group_of_few_is_learnt_in_any_tiny_world(
    months: int, names: tuple[str, ...], total: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if months == 1:
        monkeypatch.setattr(flows, "MONTHS_AT_MOST", 1)
    assert pinned(months, names, total, kind) == []
