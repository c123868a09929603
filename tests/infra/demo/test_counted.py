"""The demo kommuner's figures: what stands is what counting from nothing and both oracles give."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from hemvist.clock import today
from hemvist.indicators.definitions import catalogue
from hemvist.indicators.snapshots import month_of
from hemvist_counted import agree, counted
from hemvist_delivered_oracle import delivered
from hemvist_infra import demo
from hemvist_infra.demo.kommuner import KOMMUNER
from hemvist_tenants import load_tenants
from hemvist_testing import owner_connection
from hemvist_workers import figures
from hemvist_world import as_owner

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


def _of_homes(tenant_id: UUID) -> tuple[int, int, int]:
    """What Helsingborg's agreements come to and what was delivered, and what its told homes saved.

    Reckoned once more; how many months there are of each, after they were found the same.
    """
    # What a smaller demo told is told for good, and would stay beside what the whole one says.
    with as_owner(tenant_id) as owner:
        owner.execute("DELETE FROM indicator_told")
        owner.execute("DELETE FROM indicator_snapshots")
    figures.everything(tenant_id)
    with as_owner(tenant_id) as owner:
        # Whole years of a number a year: the demo's agreements begin on a first of January.
        agreed = owner.execute(
            "SELECT make_date(y, 12, 1), sum(t.homes) FROM quota_terms t"
            " JOIN agreement_versions v ON v.id = t.version_id AND v.state = 'in_force'"
            " JOIN generate_series(2000, %s) y ON make_date(y, 1, 1) >= v.holds_from"
            " WHERE t.kind = 'number' AND t.per = 'year' GROUP BY y",
            (today().year - 1,),
        ).fetchall()
        kept = {
            code: set(
                owner.execute(
                    "SELECT month, facts FROM indicator_snapshots"
                    " WHERE indicator = %s AND margin = 'all' AND facts <> 0",
                    (code,),
                ).fetchall()
            )
            for code in ("quota_agreed", "quota_delivered")
        }
        brought = delivered(owner, month_of(today()) - timedelta(days=1))
        homes = owner.execute(
            "SELECT to_month, facts FROM indicator_told"
            " WHERE indicator = 'homes_running' AND margin = 'all' AND facts IS NOT NULL"
        ).fetchall()
        saved = owner.execute(
            "SELECT month, amount FROM indicator_snapshots"
            " WHERE indicator = 'cost_avoided' AND margin = 'all'"
        ).fetchall()
    assert {(month, int(number)) for month, number in agreed} == kept["quota_agreed"]
    assert set(brought.items()) == kept["quota_delivered"]
    prices = sorted(
        load_tenants()["helsingborg"].temporary_housing, key=lambda one: one.since, reverse=True
    )
    expected = set()
    for month, number in homes:
        price = next((one for one in prices if one.since <= month), None)
        if price is not None:
            days = monthrange(month.year, month.month)[1]
            expected.add((month, number * days * price.night_ore - number * price.rent_ore))
    assert {(month, int(amount)) for month, amount in saved} == expected
    return len(agreed), len(brought), len(saved)


def test_a_small_demo_is_counted_as_the_oracles_do(database: str) -> None:
    ids = _seeded({"helsingborg": 60, "karlstad": 8})
    assert len(_agreed(ids["helsingborg"])) > 10
    agreed, _, _ = _of_homes(ids["helsingborg"])
    assert agreed
    assert _agreed(ids["karlstad"])


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_demo_population_is_counted_as_the_oracles_do(database: str) -> None:
    """All kommuner of ``make run`` as they are filled there."""
    ids = _seeded()
    found: Counter[str] = Counter()
    for slug in KOMMUNER:
        found += _agreed(ids[slug])
    missing = set(catalogue()) - OF_HOMES - set(found)
    assert not missing, f"nobody in the demo has lived {sorted(missing)}"
    assert set(found) == set(catalogue()) - OF_HOMES
    # Quotas, homes on them, and homes enough to be told, so that they saved something.
    assert all(_of_homes(ids["helsingborg"]))
