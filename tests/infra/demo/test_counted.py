"""The demo kommuner's figures: what stands is what counting from nothing and both oracles give."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest

from hemvist.indicators.definitions import catalogue
from hemvist_counted import agree, counted
from hemvist_infra import demo
from hemvist_infra.demo.kommuner import KOMMUNER
from hemvist_testing import owner_connection

#: Reckoned of homes, agreements and assumptions when it is read: no case's facts of their own.
OF_HOMES = {"quota_agreed", "quota_delivered", "cost_avoided"}


def _seeded(sizes: dict[str, int] | None = None) -> dict[str, UUID]:
    demo.seed(lambda _done, _total: None, sizes)
    with owner_connection() as connection:
        return dict(connection.execute("SELECT slug, id FROM tenants").fetchall())


def _agreed(tenant_id: UUID) -> Counter[str]:
    """How many facts of each indicator there are, after the oracles have found the same."""
    counted(tenant_id)
    return Counter(one[1] for one in agree(tenant_id, "the demo"))


def test_a_small_demo_is_counted_as_the_oracles_do(database: str) -> None:
    ids = _seeded({"helsingborg": 60, "karlstad": 8})
    assert len(_agreed(ids["helsingborg"])) > 10
    assert _agreed(ids["karlstad"])


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_demo_population_is_counted_as_the_oracles_do(database: str) -> None:
    """All kommuner of ``make run`` as they are filled there."""
    ids = _seeded()
    found: Counter[str] = Counter()
    for slug in KOMMUNER:
        found += _agreed(ids[slug])
    print(sorted(found.items()), sorted(set(catalogue()) - set(found)))
    assert len(found) > 20 and not OF_HOMES & set(found)
