"""Facts counted as cases change are those counted from nothing, and those that the definitions say."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

# Each registers its acts.
import hemvist_any_order_contracts
import hemvist_any_order_decisions
import hemvist_any_order_homes
import hemvist_any_order_losses
import hemvist_any_order_money
from hemvist import clock
from hemvist.clock import today
from hemvist.indicators import running
from hemvist.tenancy import TenantSession
from hemvist_any_order import ACTS, Draw, Town
from hemvist_any_order_losses import LOSSES
from hemvist_any_order_towns import TOWNS, vasteras
from hemvist_counted import agree, anew, counted, counted_on

SUBJECTS = (
    hemvist_any_order_contracts,
    hemvist_any_order_decisions,
    hemvist_any_order_homes,
    hemvist_any_order_losses,
    hemvist_any_order_money,
)
#: ``HEMVIST_ANY_ORDER=50`` tries as many orders in each kommun, never the same.
EXAMPLES = int(os.environ.get("HEMVIST_ANY_ORDER", "1"))
SEED = 11 if EXAMPLES == 1 else int.from_bytes(os.urandom(4))
ACTS_EACH = 150
#: How far back the first act lies, days; the last lie today, and some are told of late.
BACK = 20


@pytest.mark.slow
@pytest.mark.timeout(0 if EXAMPLES > 1 else 300)
@pytest.mark.parametrize("example", range(EXAMPLES))
@pytest.mark.parametrize("make", TOWNS, ids=lambda one: one.__name__)
def test_counting_changes_is_counting_from_nothing(
    make: Callable[[], Town], example: int, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After every act in random order; the oracles' word too. Nothing is counted twice.

    Only what was registered since the last count is looked at, to the millisecond: else every case
    of a test would be counted every time.
    """
    looked_at: list[int] = []
    found_changed = running.changed_since

    def changed_since(session: TenantSession, instant: datetime) -> list[UUID]:
        found = found_changed(session, instant)
        looked_at.append(len(found))
        return found

    monkeypatch.setattr(running, "LATE", timedelta(0))
    monkeypatch.setattr(running, "changed_since", changed_since)
    town = make()
    tenant_id = town.world.tenant_id
    counted(tenant_id)
    agree(tenant_id, "the beginning")
    # The second half is trouble alone: it is what ends homes.
    acts, done, changed = ACTS | LOSSES, Counter[str](), 0
    for number in range(ACTS_EACH):
        if number == ACTS_EACH // 2:
            acts = dict(LOSSES)
        draw = Draw((SEED + example) * 7919 + number)
        name = min((draw.of(*sorted(acts)) for _ in range(3)), key=lambda one: done[one])
        day = today() - timedelta(days=BACK - BACK * number // ACTS_EACH)
        if draw.once_in(8):
            day -= timedelta(days=draw.below(200))
        act = acts[name](town, draw, day)
        if act is None or act.on(town) is not None:
            continue
        done[name] += 1
        found = counted_on(tenant_id)
        assert found is not None
        changed += found
        agree(tenant_id, f"{name}: {act} (seed {SEED}, example {example})")
    assert counted(tenant_id) == 0
    facts = agree(tenant_id, "the end")
    print(sorted(Counter(one[1] for one in facts).items()), done.total(), changed, looked_at)
    assert done.total() > ACTS_EACH // 6 and changed > done.total() // 4
    # Few cases at a time: who counts all of them each time counts nothing as it changes.
    assert sorted(looked_at)[len(looked_at) // 2] < len(town.cases)


def test_facts_do_not_hang_on_the_day_they_are_counted(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year and a month on they are the same: else nothing that is counted would stay counted."""
    tenant_id = vasteras(points=(1, 3, 6)).world.tenant_id
    before, real = anew(tenant_id), clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=400))
    assert today() > real().date() + timedelta(days=390)
    assert before and anew(tenant_id) == before
