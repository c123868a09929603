"""Kronofogden: applied for when the notice is over, dated, and confirmed the same day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from hemvist.clock import now, today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.incidents.clock_models import ServiceClock
from hemvist.ladder import evictions, leaving, service
from hemvist.ladder.models import Eviction, Ladder, LadderStep
from hemvist_goteborg import CASEWORKER
from hemvist_ladder import demanded, in_goteborg, noticed, opened, step
from hemvist_world import World


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Göteborg's people."""
    return in_goteborg()


@pytest.fixture
def ladder(world: World) -> Ladder:
    """A ladder with a notice that has run out."""
    _, _, ladder = opened(world)
    demanded(world, ladder)
    noticed(world, ladder)
    return ladder


def act(world: World, verb: Any, row: Eviction, who: str = CASEWORKER, **given: Any) -> Any:
    """One act on the eviction by its present version."""
    version = world.again(row).version
    return world.act(who, verb, eviction_id=row.id, expected_version=version, **given)


def dated(world: World, ladder: Ladder, **given: Any) -> Eviction:
    """Applied for by the property office, and the day learned by the caseworker."""
    applied = today() - timedelta(days=3)
    row = step(world, ladder, evictions.apply_for_eviction, number="U-1234-26", applied_on=applied)
    values = {"evicts_on": today() + timedelta(days=21)}
    return act(world, evictions.set_eviction_date, row, **(values | given))  # type: ignore[no-any-return]


def clock_of(world: World, ladder: Ladder) -> ServiceClock:
    """The latest clock of an eviction date."""
    last = world.rows(LadderStep, ladder_id=ladder.id, kind="eviction_dated")[-1]
    return world.rows(ServiceClock, subject_id=last.id)[0]  # type: ignore[no-any-return]


def conflict(run: Any) -> str:
    with pytest.raises(Conflict) as told:
        run()
    return told.value.rule


def test_nobody_is_evicted_before_the_notice_is_over(world: World) -> None:
    _, _, ladder = opened(world)
    apply = lambda: step(world, ladder, evictions.apply_for_eviction)  # noqa: E731
    assert conflict(apply) == "no_notice"
    demanded(world, ladder)
    noticed(world, ladder, ends_on=today() + timedelta(days=30))
    assert conflict(apply) == "notice_running"


def test_the_day_is_confirmed_the_same_day_naming_the_caseworker(
    world: World, ladder: Ladder
) -> None:
    """SFS 2025:468 11:3."""
    row = dated(world, ladder)
    clock = clock_of(world, ladder)
    assert (clock.code, clock.state, clock.due_on) == ("eviction_date", "running", today())
    done = act(world, evictions.confirm_eviction_date, row)
    assert done.caseworker_id == world[CASEWORKER].principal_id
    assert world.again(clock).state == "kept"
    assert conflict(lambda: act(world, evictions.confirm_eviction_date, row)) == (
        "eviction_confirmed"
    )


def test_the_next_day_is_late_and_says_why(world: World, ladder: Ladder) -> None:
    row = dated(world, ladder, learned_at=now() - timedelta(days=2))
    with pytest.raises(ValidationFailed) as wrong:
        act(world, evictions.confirm_eviction_date, row)
    problem = wrong.value.problems[0]
    assert (problem.field, problem.params["rule"]) == ("wentOnBecause", "lf_12_eviction")
    why = {"went_on_because": "Brevet låg hos fel enhet."}
    late = act(world, evictions.confirm_eviction_date, row, **why)
    assert (late.went_on_because, late.legal_findings[0]["outcome"]) == (
        *("Brevet låg hos fel enhet.", "violated"),
    )
    assert clock_of(world, ladder).state == "late"


def test_a_new_day_is_confirmed_anew(world: World, ladder: Ladder) -> None:
    row = dated(world, ladder)
    first = clock_of(world, ladder)
    act(world, evictions.confirm_eviction_date, row)
    act(world, evictions.set_eviction_date, row, evicts_on=today() + timedelta(days=40))
    assert world.again(row).confirmed_at is None
    second = clock_of(world, ladder)
    assert (world.again(first).state, second.state) == ("kept", "running")
    assert second.id != first.id
    act(world, evictions.set_eviction_date, row, evicts_on=today() + timedelta(days=50))
    assert world.again(second).state == "cancelled"


def test_what_is_wrong_is_named(world: World, ladder: Ladder) -> None:
    apply = lambda: step(world, ladder, evictions.apply_for_eviction)  # noqa: E731
    row = apply()
    assert conflict(apply) == "eviction_running"
    assert conflict(lambda: act(world, evictions.confirm_eviction_date, row)) == "no_eviction_date"
    assert conflict(lambda: act(world, evictions.carry_out_eviction, row)) == "no_eviction_date"

    def refused(verb: Any, **given: Any) -> set[tuple[str, str]]:
        with pytest.raises(ValidationFailed) as wrong:
            act(world, verb, row, **given)
        return {(one.field, one.rule) for one in wrong.value.problems}

    date = evictions.set_eviction_date
    yesterday = today() - timedelta(days=1)
    assert refused(date, evicts_on=yesterday) == {("evictsOn", "before_start")}
    assert refused(date, evicts_on=today(), learned_at=now() + timedelta(hours=1)) == {
        ("learnedAt", "future")
    }
    assert refused(date, evicts_on=today(), learned_at=now().replace(tzinfo=None)) == {
        ("learnedAt", "no_time_zone")
    }
    assert refused(evictions.withdraw_eviction, because="") == {("because", "required")}
    act(world, date, row, evicts_on=today() + timedelta(days=3))
    early = now() - timedelta(hours=5)
    assert refused(evictions.confirm_eviction_date, confirmed_at=early) == {
        ("confirmedAt", "before_learned")
    }
    with pytest.raises(NotFound):
        act(world, evictions.confirm_eviction_date, row, caseworker_id=uuid4())
    with pytest.raises(NotAllowed):
        act(world, evictions.confirm_eviction_date, row, who="property")
    with pytest.raises(ValidationFailed):
        act(world, evictions.carry_out_eviction, row)


def test_while_it_runs_nothing_else_ends(world: World, ladder: Ladder) -> None:
    row = dated(world, ladder)
    end = lambda: step(world, ladder, service.end_ladder, outcome="closed", reason="x")  # noqa: E731
    out = lambda: step(world, ladder, leaving.register_move_out)  # noqa: E731
    assert conflict(end) == conflict(out) == "eviction_running"
    gone = act(world, evictions.withdraw_eviction, row, because="Skulden är betald.")
    assert (gone.state, clock_of(world, ladder).state) == ("withdrawn", "cancelled")
    assert conflict(lambda: act(world, evictions.carry_out_eviction, row)) == "eviction_over"


def test_an_eviction_of_another_landlord_comes_in(world: World) -> None:
    _, _, ladder = opened(world)
    row = step(
        world, ladder, evictions.apply_for_eviction, who=CASEWORKER, by_landlord=True, number="U-9"
    )
    act(world, evictions.set_eviction_date, row, evicts_on=today())
    done = act(world, evictions.carry_out_eviction, row)
    assert (done.state, done.ended_on, done.by_landlord) == ("carried_out", today(), True)
