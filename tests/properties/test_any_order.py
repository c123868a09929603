"""Whatever people do in whatever order: what must always hold of cases, homes, money and the record.

Three kommuner, one act at a time, each looked at from the database before and after. One order of
acts in each by default, always the same;
``HEMVIST_ANY_ORDER=50`` tries as many in each kommun, never the same.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

# Each registers its acts.
import hemvist_any_order_contracts
import hemvist_any_order_decisions
import hemvist_any_order_homes
import hemvist_any_order_money
from hemvist_any_order import ACTS, Draw, Town
from hemvist_any_order_towns import TOWNS
from hemvist_any_order_watch import Watch

pytestmark = pytest.mark.slow

SUBJECTS = (
    hemvist_any_order_contracts,
    hemvist_any_order_decisions,
    hemvist_any_order_homes,
    hemvist_any_order_money,
)
EXAMPLES = int(os.environ.get("HEMVIST_ANY_ORDER", "1"))
ACTS_EACH = 130
#: How often an act that never came about is tried in the end, where nothing else has been done.
LAST_TRIES = 20
ORDERS = st.lists(st.integers(0, 2**32), min_size=ACTS_EACH, max_size=ACTS_EACH)


@pytest.mark.timeout(0 if EXAMPLES > 1 else 300)
def test_whatever_is_done_in_whatever_order(database: str) -> None:
    watched: list[Watch] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=EXAMPLES == 1,
        database=None,
        # Each step is read from the database: making a failure shorter takes minutes.
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(seeds=ORDERS)
    def carried_out(make: Callable[[], Town], seeds: list[int]) -> None:
        watched.append(Watch(make))
        for seed in seeds:
            watched[-1].attempt(seed)

    for make in TOWNS:
        carried_out(make)
    # An act that never comes about shows nothing.
    missing = set(ACTS) - set(total(watched))
    for make in TOWNS:
        if missing:
            watched.append(Watch(make, back=0))
        for name in sorted(missing):
            for number in range(LAST_TRIES):
                if not watched[-1].done[name]:
                    watched[-1].once(name, Draw(number))
        missing -= set(total(watched))
    done = total(watched)
    refused = sum((watch.refused for watch in watched), Counter[tuple[str, str]]())
    for name in sorted(ACTS):
        why = {rule: count for (act, rule), count in refused.items() if act == name}
        print(f"{name}: done {done[name]}, refused {sum(why.values())} {why}")
    assert not set(ACTS) - set(done), f"never came about: {sorted(set(ACTS) - set(done))}"
    # Nor one that is never refused, nor a run in which most are refused.
    assert refused.total() > done.total() // 4 and done.total() > refused.total() // 3


def total(watched: list[Watch]) -> Counter[str]:
    """How often each act was carried out, over all examples."""
    return sum((watch.done for watch in watched), Counter[str]())
