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

#: Told of the whole alone and in steps. Each stands in an equation with figures that are told exactly
#: (homes running = moved in - moved on - evicted - ended; a takeover is one way to move on): one unknown of
#: five values leaves every other number in it five wide. The decisions that were advised on are those of
#: ``granted`` and a few more: these would be the difference.
STEPPED = frozenset({"ended", "arrears_new", "takeovers_done", "against_advice"})
#: A stock and a flow that changes it: told where one of its blocks ends, so that no month within is pinned.
AT_ENDS_OF = {"homes_running": "ended", "arrears": "arrears_new"}
#: The same equation holds in each programme and area, where nothing in it is stepped.
NOT_BY = {"homes_running": frozenset({"programme", "area"})}

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
