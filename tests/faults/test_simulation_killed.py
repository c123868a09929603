"""A simulation whose worker dies in the middle goes on where it was, and counts everybody once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hemvist.db import Audience
from hemvist.simulations import running, snapshot
from hemvist.simulations.models import ENDED, Simulation, SimulationPart
from hemvist.tenancy import tenant_session
from hemvist_rows import owner_engine, set_context
from hemvist_simulations import OLD, ask_for, policy_officer, relay_all
from hemvist_workshop import (
    TASK_LIMIT,
    Workshop,
    kill_all,
    kill_children,
    someone_waits,
    wait_for,
)
from hemvist_world import World, new_world

pytestmark = pytest.mark.slow

CASES = 5


@pytest.fixture
def world(database: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A kommun whose snapshot has three chunks."""
    monkeypatch.setattr(snapshot, "CHUNK", 2)
    world = new_world()
    policy_officer(world)
    for _ in range(CASES):
        world.case()
    relay_all(world)
    return world


def half_way(world: World) -> Simulation:
    """A simulation of which one part has been judged."""
    asked = ask_for(world, new_version=OLD)
    while world.again(asked).cases_done == 0:
        assert running.step(world.tenant_id, asked.id)
    return asked


@contextmanager
def stuck(world: World) -> Iterator[None]:
    """Let the worker get as far as writing down the next part and no further, while this is open."""
    with owner_engine().connect() as connection:
        set_context(connection, world.tenant_id)
        connection.exec_driver_sql("SELECT id FROM simulation_parts FOR UPDATE")
        yield
        connection.rollback()


def came_to_its_end(world: World, asked: Simulation) -> None:
    """Done, with everybody in it, and nothing left over."""
    wait_for("the simulation has ended", lambda: world.again(asked).state in ENDED)
    done = world.again(asked)
    assert done.result is not None, done.failure
    assert done.cases_done == done.cases_total == done.result["cases"] == CASES
    assert {row["counts"]["unchanged"] for row in done.result["rows"]} == {CASES}
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        assert session.query(SimulationPart).count() == 0


def test_worker_and_child_killed_in_the_middle_of_a_part(workshop: Workshop, world: World) -> None:
    asked = half_way(world)
    worker = workshop.worker()
    with stuck(world):
        assert workshop.relayed() == 0
        wait_for("a part is being judged", someone_waits)
        kill_all(worker)
    wait_for("the killed worker's part is undone", lambda: not someone_waits())
    assert world.again(asked).cases_done == 2
    time.sleep(2 * TASK_LIMIT)
    workshop.worker()
    came_to_its_end(world, asked)


def test_only_the_child_killed(workshop: Workshop, world: World) -> None:
    asked = half_way(world)
    worker = workshop.worker()
    with stuck(world):
        assert workshop.relayed() == 0
        wait_for("a part is being judged", someone_waits)
        kill_children(worker)
    came_to_its_end(world, asked)
    assert worker.poll() is None


def test_a_broker_that_lost_everything(workshop: Workshop, world: World) -> None:
    """What nobody carries on any more is found by beat's chore and sent again."""
    asked = half_way(world)
    assert workshop.relayed() == 0
    workshop.forget_everything()
    with owner_engine().begin() as connection:
        set_context(connection, world.tenant_id)
        connection.exec_driver_sql("UPDATE simulations SET stirred_at = stirred_at - interval '1h'")
    workshop.worker()
    workshop.chore("resume_simulations")
    came_to_its_end(world, asked)
