"""What became of homes: taken over, left for one's own, lost, ended, come back to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts import ending
from hemvist.contracts.models import Contract
from hemvist.indicators import running
from hemvist.ladder import evictions
from hemvist.ladder.models import Eviction
from hemvist.policy import add_months
from hemvist.takeovers.models import Takeover
from hemvist_any_order_towns import vasteras
from hemvist_counted import agree, counted, counted_on
from hemvist_ladder import demanded, in_goteborg, noticed, opened, step
from hemvist_thinning import age, thinned, thinning_world
from hemvist_world import MUNICIPAL, World

CASEWORKER = "caseworker SOF-VUX"
#: What a case gives of what became of its homes.
LEFT = ("moved_on", "stay", "ended", "evicted")


def ago(days: int) -> date:
    """A day so many days ago."""
    return today() - timedelta(days=days)


def told(world: World, case: Case) -> dict[str, list[tuple[Any, ...]]]:
    """What the case gives each indicator: of, begins, programme, area, amount."""
    if counted_on(world.tenant_id) is None:
        counted(world.tenant_id)
    found: dict[str, list[tuple[Any, ...]]] = {}
    for one in sorted(agree(world.tenant_id), key=lambda one: one[3]):
        if one[0] == case.id:
            found.setdefault(one[1], []).append((*one[2:4], one[5], one[7], one[9]))
    return found


def only(found: dict[str, list[tuple[Any, ...]]], *codes: str) -> None:
    """The homes went these ways and no other."""
    assert {code for code in LEFT if code in found} == set(codes)


def housed(world: World) -> tuple[Case, Contract]:
    """A household in its home."""
    case = world.case()
    world.housed(case)
    [contract] = world.rows(Contract, case_id=case.id)
    return case, contract


def end(world: World, contract: Contract, reason: str, on: date) -> None:
    """The contract ended by the property office."""
    words = {"contract_id": contract.id, "expected_version": world.again(contract).version}
    world.act("property", ending.end, **words, reason=reason, ended_on=on)


def close(
    world: World, case: Case, reason: str, on: date | None = None, who: str = CASEWORKER
) -> None:
    """The case closed by its caseworker."""
    words = {"case_id": case.id, "expected_version": world.again(case).version}
    world.act(who, closing.close, **words, reason=reason, on=on)


def test_a_home_that_ended(world: World) -> None:
    case, contract = housed(world)
    only(told(world, case))
    end(world, contract, "deceased", ago(10))
    found = told(world, case)
    only(found, "ended")
    assert found["ended"] == [(contract.id, ago(10), MUNICIPAL, "Prov", None)]


@pytest.mark.parametrize("reason", ["own_lease", "own_home"])
def test_left_for_a_home_of_ones_own(world: World, reason: str) -> None:
    """What it is counts when the case is closed, on the day the home was left."""
    case, contract = housed(world)
    end(world, contract, "agreement", ago(10))
    only(told(world, case), "ended")
    close(world, case, reason)
    found = told(world, case)
    only(found, "moved_on", "stay")
    assert found["moved_on"] == [(contract.id, ago(10), MUNICIPAL, "Prov", None)]
    assert found["stay"] == [(contract.id, ago(10), MUNICIPAL, "", 75)]


def test_closed_for_another_reason(world: World) -> None:
    case, contract = housed(world)
    end(world, contract, "agreement", ago(10))
    close(world, case, "moved_away")
    only(told(world, case), "ended")


def test_an_end_as_an_eviction_is_no_other_end(world: World) -> None:
    case, contract = housed(world)
    end(world, contract, "evicted", ago(10))
    close(world, case, "own_home")
    found = told(world, case)
    only(found, "evicted")
    assert found["evicted"] == [(contract.id, ago(10), MUNICIPAL, "", None)]


def test_evicted_counts_once(database: str) -> None:
    """By Kronofogden first, and then the contract is ended for it."""
    world = in_goteborg()
    case, contract, ladder = opened(world)
    demanded(world, ladder)
    noticed(world, ladder)
    row = step(world, ladder, evictions.apply_for_eviction, number="U-1-26", applied_on=ago(3))
    _act(world, evictions.set_eviction_date, row, evicts_on=today())
    only(told(world, case))
    _act(world, evictions.carry_out_eviction, row)
    found = told(world, case)
    only(found, "evicted")
    assert found["evicted"] == [(row.id, today(), "bostad_forst", "", None)]
    end(world, contract, "evicted", today())
    assert told(world, case)["evicted"] == found["evicted"]
    only(told(world, case), "evicted")


def _act(world: World, verb: Any, row: Eviction, **given: Any) -> None:
    version = world.again(row).version
    world.act("caseworker SF-SV", verb, eviction_id=row.id, expected_version=version, **given)


def test_a_lease_taken_over(database: str) -> None:
    """The training flat of Västerås after a year: due, done, and the household moved on."""
    signed_on = add_months(today(), -14)
    town = vasteras(points=(3, 6), signed_on=signed_on)
    world, (watched, done) = town.world, town.cases
    [takeover] = world.rows(Takeover, case_id=done.id)
    lease, sublease = (
        one
        for one in sorted(
            world.rows(Contract, case_id=done.id), key=lambda one: one.follows_id is None
        )
    )
    assert lease.follows_id == sublease.id
    found = told(world, done)
    only(found, "moved_on", "stay")
    day = takeover.taken_over_on
    assert found["takeovers_due"] == [
        (takeover.id, add_months(sublease.starts_on, 12), "training_flat", "", None)
    ]
    assert found["takeovers_done"] == [(takeover.id, day, "training_flat", "", None)]
    assert found["moved_on"] == [(sublease.id, day, "training_flat", "Prov", None)]
    stayed = (day - sublease.starts_on).days
    assert found["stay"] == [(sublease.id, day, "training_flat", "", stayed)]
    # The lease of one's own is no home of the kommun's, and nobody moved into it.
    assert [one[0] for one in found["homes_running"]] == [sublease.id]
    assert [one[0] for one in found["moved_in"]] == [sublease.id]
    beside = told(world, watched)
    assert len(beside["takeovers_due"]) == 1 and "takeovers_done" not in beside


def test_a_takeover_is_not_due_of_a_home_that_ended_before(database: str) -> None:
    signed_on = add_months(today(), -14)
    town = vasteras(points=(3,), signed_on=signed_on)
    [case] = town.cases
    [contract] = town.world.rows(Contract, case_id=case.id)
    assert "takeovers_due" in told(town.world, case)
    [takeover] = town.world.rows(Takeover, case_id=case.id)
    end(town.world, contract, "agreement", takeover.eligible_on - timedelta(days=1))
    assert "takeovers_due" not in told(town.world, case)


def test_a_takeover_is_due_of_a_home_that_ends_on_its_day(database: str) -> None:
    town = vasteras(points=(3,), signed_on=add_months(today(), -14))
    [case] = town.cases
    [contract] = town.world.rows(Contract, case_id=case.id)
    [takeover] = town.world.rows(Takeover, case_id=case.id)
    end(town.world, contract, "agreement", takeover.eligible_on)
    assert [one[1] for one in told(town.world, case)["takeovers_due"]] == [takeover.eligible_on]


def test_back_after_a_home(world: World) -> None:
    case, contract = housed(world)
    end(world, contract, "agreement", ago(10))
    close(world, case, "moved_away", ago(5))
    again = _opened_again(world, case)
    found = told(world, again)
    assert found["returned"] == [(again.id, today(), "", "", None)]
    assert "returned" not in told(world, case)


def test_back_after_a_home_is_told_no_longer_once_its_case_is_thinned(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thinning leaves no line anywhere; the case that goes on is counted all the same, before the night."""
    world = thinning_world()
    case, contract = housed(world)
    end(world, contract, "agreement", ago(10))
    close(world, case, "moved_away", ago(5))
    again = _opened_again(world, case)
    age(world, case.id)
    monkeypatch.setattr(running, "LATE", timedelta(0))
    assert "returned" in told(world, again)
    thinned(world)
    assert not world.rows(Case, id=case.id)
    assert "returned" not in told(world, again)
    assert counted(world.tenant_id) == 0


def test_back_without_having_had_a_home_is_no_return(world: World) -> None:
    case = world.case()
    close(world, case, "refused", ago(5))
    assert "returned" not in told(world, _opened_again(world, case))


def _opened_again(world: World, case: Case) -> Case:
    return world.act(  # type: ignore[no-any-return]
        CASEWORKER,
        cases.open_case,
        household_id=case.household_id,
        department=case.department,
        opened_on=today(),
    )
