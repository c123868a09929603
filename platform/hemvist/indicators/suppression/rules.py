"""The limits of telling, and which figures would give each other away."""

from __future__ import annotations

from collections.abc import Callable

#: A told number is of so many households at least.
LEAST = 5
#: A middle amount is of so many.
LEAST_MIDDLE = 10
#: A share is told as a number from so many facts on: with fewer, both its parts can be small.
LEAST_SHARED = 10
#: How many more than ``LEAST`` may be asked for: a secret of the kommun's, another for each block.
SLACKS = 4
STEP = 5
BAND = 10
#: Facts for each cell, as told of the whole, that are waited for before cells are told.
FACTS_A_CELL = 8
MONTHS_AT_MOST = 12
#: Sums of money go in whole thousands of kronor.
ORE = 100_000
#: What is owed goes in hundreds of thousands: less what is told as paid, what came to it may be of few.
ORE_STEP = 100 * ORE
DAYS_EXACT = 28
WEEK = 7
#: What is left without the two largest, at least, for each fraction of the largest (p per cent).
DOMINANCE = 4

#: Flows that are told where a block of another ends, each of which would else cut the other's blocks: what
#: closes a block tells that somebody is in its last month. Moving on ends where moving in does, so that homes
#: running, which these make, can be told where neither is cut; the others count some of the same facts.
FOLLOWS = {
    "moved_on": "moved_in",
    "time_to_home": "moved_in",
    "step_time": "moved_in",
    "stay": "moved_on",
    "takeovers_done": "moved_on",
    "children_evicted": "evicted",
}
#: Those whose facts are some of the others': told by the same cells, or by several of these together.
AMONG = frozenset({"time_to_home", "step_time", "stay"})
#: Those told of every block of the others', also of nobody, in steps: what is left of the others' exact
#: number is as wide, and how few there are decides nothing.
BY_BLOCK = frozenset({"takeovers_done", "children_evicted"})
#: Told of the whole alone and in steps. New arrears stand in an equation with the stock of them. The
#: decisions that were advised on are those of ``granted`` and a few more: these would be the difference.
STEPPED = frozenset({"arrears_new", "against_advice"}) | BY_BLOCK
#: A stock and a flow that changes it: told where one of its blocks ends, so that no month within is pinned.
AT_ENDS_OF = {"homes_running": "moved_on", "arrears": "arrears_new"}
#: A stock that is told as its told moves make it: what comes to it, and what goes.
CHANGED_BY = {
    "homes_running": {"moved_in": 1, "moved_on": -1, "evicted": -1, "ended": -1},
}
#: In a programme or an area the moves are told of other stretches and parts, which the stock would cut.
NOT_BY = {"homes_running": frozenset({"programme", "area"})}
#: Of a stock by groups, the cells that are told: all of them together would tell the whole.
ONLY = {"homes_running": frozenset({"", "children:yes"})}

#: Groups are compiled for whole years alone.
GROUPS = {
    "sex": ("", "sex:man", "sex:woman"),
    "age": ("", "age:18-24", "age:25-44", "age:45-64", "age:65-"),
    "children": ("", "children:no", "children:yes"),
}

#: From 0 to ``SLACKS`` - 1 for what it is asked about; whoever has not the key cannot tell.
Slack = Callable[[str], int]


def stepped(number: int) -> int:
    """The step that a number stands on: downwards, so that five values always look the same."""
    return number // STEP * STEP


def thousands(ore: int) -> int:
    """Whole thousands of kronor, in öre."""
    return (ore + ORE // 2) // ORE * ORE


def weeks(days: int) -> int:
    """Days, in whole weeks beyond four."""
    return days if days <= DAYS_EXACT else (days + WEEK // 2) // WEEK * WEEK


def dominated(parts: list[int]) -> bool:
    """Whether the second largest of a sum's parts could reckon the largest too closely."""
    ordered = sorted((abs(one) for one in parts), reverse=True)
    largest = ordered[0] if ordered else 0
    return sum(ordered[2:]) * DOMINANCE < largest
