"""Facts counted as cases change are those counted from nothing, and those that the definitions say."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

# Each registers its acts.
import hemvist_any_order_contracts
import hemvist_any_order_decisions
import hemvist_any_order_homes
import hemvist_any_order_money
from hemvist.clock import today
from hemvist.indicators import running
from hemvist.indicators.definitions import catalogue
from hemvist_any_order import ACTS, Draw, Town
from hemvist_any_order_towns import TOWNS
from hemvist_counted import agree, counted, counted_on

SUBJECTS = (
    hemvist_any_order_contracts,
    hemvist_any_order_decisions,
    hemvist_any_order_homes,
    hemvist_any_order_money,
)
SEED = int(os.environ.get("HEMVIST_ANY_ORDER", "11"))
ACTS_EACH = 120
#: Indicators whose facts no act of these kommuner makes.
ELSEWHERE = {
    *("evicted", "evictions_averted", "children_evicted", "warnings", "incidents"),
    *("arrears", "arrears_new", "service_levels_kept", "returned", "transfers"),
}


@pytest.mark.slow
@pytest.mark.parametrize("make", TOWNS, ids=lambda one: one.__name__)
def test_counting_changes_is_counting_from_nothing(
    make: Callable[[], Town], database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After every act in random order; the oracles' word too. Nothing is counted twice.

    Only what was registered since the last count is looked at, to the millisecond: else every case
    of a test would be counted every time.
    """
    monkeypatch.setattr(running, "LATE", timedelta(0))
    town = make()
    tenant_id = town.world.tenant_id
    counted(tenant_id)
    agree(tenant_id, "the beginning")
    done: Counter[str] = Counter()
    changed = 0
    for number in range(ACTS_EACH):
        draw = Draw(SEED * 7919 + number)
        name = min(draw.of(*ACTS), draw.of(*ACTS), key=lambda one: done[one])
        day = today() - timedelta(days=draw.below(20))
        act = ACTS[name](town, draw, day)
        if act is None or act.on(town) is not None:
            continue
        done[name] += 1
        found = counted_on(tenant_id)
        assert found is not None
        changed += found
        agree(tenant_id, f"{name}: {act}")
    assert counted_on(tenant_id) == 0
    assert counted(tenant_id) == 0
    facts = agree(tenant_id, "the end")
    print(sorted(Counter(one[1] for one in facts).items()), done.total(), changed)
    assert done.total() > ACTS_EACH // 4 and changed > ACTS_EACH // 4
