"""Real workers and beats on the sweep of deadlines: killed, doubled, cut off. Told once, missed never."""

from __future__ import annotations

import pytest

from hemvist.cases.overdue import OBLIGATION_OVERDUE
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.notices.models import Notice
from hemvist_sweeping import drop_connections_that_wait, due, held, told_once
from hemvist_workshop import Workshop, kill_all, someone_waits, wait_for
from hemvist_world import World, new_world

pytestmark = pytest.mark.slow


@pytest.fixture
def world(database: str) -> World:
    """A kommun with a home whose first follow-up should have been a month ago."""
    world = new_world()
    world.housed(world.case())
    return world


def marked(world: World) -> list[Obligation]:
    """What has been marked."""
    return [row for row in world.rows(Obligation) if row.overdue_since]


def test_a_worker_killed_in_the_sweep_leaves_all_of_it_to_the_next(
    workshop: Workshop, world: World
) -> None:
    expected = due(world, today())
    worker = workshop.worker()
    with held("audit_entries"):
        workshop.chore("mark_overdue")
        wait_for("the sweep is in the middle", someone_waits)
        kill_all(worker)
    wait_for("the killed worker's transaction is undone", lambda: not someone_waits())
    told_once(world, [])
    # The next beat, and a worker to whom the broker gives the lost task out too.
    workshop.worker()
    workshop.chore("mark_overdue")
    wait_for("everything is marked", lambda: len(marked(world)) == len(expected))
    workshop.chore("mark_overdue")
    wait_for("the last round is over", lambda: workshop.queued() == 0)
    told_once(world, expected)


def test_two_beats_at_once_tell_of_each_once(workshop: Workshop, world: World) -> None:
    """Both begin by sending every chore; two workers take them."""
    expected = due(world, today())
    workshop.worker()
    workshop.worker()
    workshop.beat()
    workshop.beat()
    wait_for("everything is marked", lambda: len(marked(world)) == len(expected))

    def told() -> set[object]:
        return {notice.subject_id for notice in world.rows(Notice, kind=OBLIGATION_OVERDUE)}

    wait_for("everything is told", lambda: told() >= set(expected))
    workshop.chore("mark_overdue")
    wait_for("the last round is over", lambda: workshop.queued() == 0)
    told_once(world, expected)
    notices = world.rows(Notice, kind=OBLIGATION_OVERDUE)
    receivers = [(one.subject_id, one.role, one.department) for one in notices]
    assert len(receivers) == len(set(receivers))


def test_a_worker_whose_connection_drops_in_the_sweep_tries_again_by_itself(
    workshop: Workshop, world: World
) -> None:
    expected = due(world, today())
    worker = workshop.worker()
    with held("audit_entries"):
        workshop.chore("mark_overdue")
        wait_for("the sweep is in the middle", someone_waits)
        drop_connections_that_wait()
    wait_for("everything is marked", lambda: len(marked(world)) == len(expected))
    told_once(world, expected)
    assert worker.poll() is None
