"""The sweep of deadlines when several go at once, and when the connection drops in the middle."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from hemvist.cases.overdue import OBLIGATION_OVERDUE
from hemvist.clock import today
from hemvist.notices.models import Notice
from hemvist.outbox import OutboxEvent
from hemvist_sweeping import drop_connections_that_wait, due, held, told_once
from hemvist_workers import chores
from hemvist_workers.handlers import handle
from hemvist_workshop import someone_waits, wait_for
from hemvist_world import World, new_world

LATER = today() + timedelta(days=400)


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own with three homes."""
    world = new_world()
    for _ in range(3):
        world.housed(world.case())
    return world


def in_a_thread(act: Callable[[], object]) -> tuple[threading.Thread, list[BaseException]]:
    """``act``, begun; and what it raised, once it has ended."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


def test_many_rounds_at_once_mark_each_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when two beats run: slices of two, by four workers at a time, until none finds any."""
    monkeypatch.setattr(chores, "SWEPT", 2)
    expected, start = due(world, LATER), threading.Barrier(4)
    marked: list[int] = []

    def until_none() -> None:
        start.wait()
        while found := chores.mark_overdue(world.tenant_id, LATER):
            marked.append(found)

    threads = [in_a_thread(until_none) for _ in range(4)]
    for thread, raised in threads:
        thread.join(60)
        assert not raised
    # What one held when another looked, the next round finds.
    while found := chores.mark_overdue(world.tenant_id, LATER):
        marked.append(found)
    assert sum(marked) == len(expected) >= 9
    told_once(world, expected)
    for event in world.rows(OutboxEvent, type=OBLIGATION_OVERDUE):
        handle(world.tenant_id, event.id)
    receivers = [
        (notice.subject_id, notice.role, notice.department)
        for notice in world.rows(Notice, kind=OBLIGATION_OVERDUE)
    ]
    assert len(receivers) == len(set(receivers))
    assert {subject for subject, _, _ in receivers} == set(expected)


@pytest.mark.parametrize("table", ["case_events", "audit_entries", "outbox_events"])
def test_a_connection_that_drops_in_the_middle_leaves_nothing_half_done(
    world: World, table: str
) -> None:
    expected = due(world, LATER)
    with held(table):
        thread, raised = in_a_thread(lambda: chores.mark_overdue(world.tenant_id, LATER))
        wait_for("the sweep is in the middle", someone_waits)
        drop_connections_that_wait()
        thread.join(30)
    (error,) = raised
    assert isinstance(error, psycopg.OperationalError | DBAPIError)
    told_once(world, [])
    # The next round, over a new connection, finds all of it.
    assert chores.mark_overdue(world.tenant_id, LATER) == len(expected)
    told_once(world, expected)
