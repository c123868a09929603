"""Figures as the worker keeps them: counted as cases change, found out at night, told once."""

from __future__ import annotations

from uuid import UUID

import pytest
import structlog
from typer.testing import CliRunner

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.indicators import running
from hemvist.indicators.models import IndicatorFact, IndicatorRun, IndicatorSnapshot, IndicatorTold
from hemvist.tenancy import Tenant, tenant_session
from hemvist_infra import cli_figures
from hemvist_testing import owner_connection
from hemvist_workers import figures
from hemvist_workers.tasks import CHORES
from hemvist_world import World, as_owner, new_world


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own."""
    return new_world()


def home(world: World) -> Case:
    """A case whose household has a home."""
    case = world.case()
    world.housed(case)
    return case


def counted(world: World) -> set[tuple[UUID, str]]:
    """Which case stands in which indicator."""
    return {(row.case_id, row.indicator) for row in world.rows(IndicatorFact)}


def carry_out(world: World, chore: str) -> None:
    """A chore to its end, as its tasks do."""
    more = CHORES[chore](world.tenant_id, None)
    while more is not None:
        more = CHORES[chore](world.tenant_id, more)


def test_what_changes_is_counted_within_minutes(world: World) -> None:
    first = home(world)
    # Nothing is counted yet: the first time counts everything.
    carry_out(world, "count_figures")
    assert (first.id, "homes_running") in counted(world)
    second = home(world)
    assert (second.id, "homes_running") not in counted(world)
    carry_out(world, "count_figures")
    assert (second.id, "homes_running") in counted(world)
    [run] = world.rows(IndicatorRun)
    assert run.differed == 0 and run.counted_to is not None


def test_everything_is_counted_in_slices(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [home(world) for _ in range(3)]
    monkeypatch.setattr(running, "SLICE", 2)
    monkeypatch.setattr(running.cases_after, "__defaults__", (2,))
    place = figures.count_slice(world.tenant_id, None)
    assert place is not None and figures.Place.read(place.written()) == place
    assert not world.rows(IndicatorRun), "not whole yet"
    assert figures.count_slice(world.tenant_id, place) is None
    assert {case.id for case in cases} == {row.case_id for row in world.rows(IndicatorFact)}


def test_a_fact_that_is_wrong_is_found_and_mended_at_night(world: World) -> None:
    case = home(world)
    assert figures.everything(world.tenant_id)[0] == 0
    before = counted(world)
    with as_owner(world.tenant_id) as owner:
        owner.execute(
            "UPDATE indicator_facts SET begins = begins - 400 WHERE case_id = %s"
            " AND indicator = 'homes_running'",
            (case.id,),
        )
        # The case changed long ago: only the count from nothing comes upon it.
        owner.execute("UPDATE indicator_runs SET counted_to = now() + interval '1 hour'")
    with structlog.testing.capture_logs() as logged:
        differed, _ = figures.everything(world.tenant_id)
    # The wrong one is gone and the right one is there.
    assert differed == 2
    assert [line["facts"] for line in logged if line["event"] == "figures_differed"] == [2]
    assert counted(world) == before
    assert figures.everything(world.tenant_id)[0] == 0


def test_what_was_told_is_told_once(world: World) -> None:
    home(world)
    carry_out(world, "tell_figures")
    snapshots, told = len(world.rows(IndicatorSnapshot)), len(world.rows(IndicatorTold))
    carry_out(world, "tell_figures")
    assert (len(world.rows(IndicatorSnapshot)), len(world.rows(IndicatorTold))) == (snapshots, told)
    # The months before this one, from that of the first fact: the way to the home began earlier.
    months = {row.month for row in world.rows(IndicatorSnapshot)}
    assert months and max(months) < today().replace(day=1)


def test_the_command_counts_one_kommun(world: World) -> None:
    case = home(world)
    with owner_connection() as owner:
        row = owner.execute("SELECT slug FROM tenants WHERE id = %s", (world.tenant_id,)).fetchone()
    assert row is not None
    said = CliRunner().invoke(cli_figures.app, ["count", "--tenant", row[0]])
    assert said.exit_code == 0, said.output
    assert said.output.startswith(f"{row[0]}: 0 facts were otherwise")
    assert (case.id, "homes_running") in counted(world)
    wrong = CliRunner().invoke(cli_figures.app, ["count", "--tenant", "atlantis"])
    assert wrong.exit_code == 2 and "atlantis" in wrong.output


def test_a_kommun_without_a_file_assumes_no_prices(world: World) -> None:

    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert session.get_one(Tenant, world.tenant_id) is not None
        assert figures.prices_of(session) == ()
