"""Whatever dies in the middle, an event is handled once."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from hemvist.clock import now
from hemvist_rows import owner_engine
from hemvist_workers.handlers import handled_types
from hemvist_workers.relay import PATIENCE, relay_again
from hemvist_workshop import (
    TAKERS,
    TASK_LIMIT,
    Happening,
    Workshop,
    kill_all,
    kill_children,
    someone_waits,
    wait_for,
)

pytestmark = pytest.mark.slow


def handled_once(happening: Happening) -> None:
    """Every handler has had the event, and once.

    Each has a transaction of its own: the notice stands before the snapshot is kept.
    """
    wait_for("the event is handled", lambda: happening.receipts() == TAKERS)
    assert happening.notices() == 1


def test_worker_and_child_killed_in_the_middle_of_a_handler(workshop: Workshop) -> None:
    happening = Happening()
    worker = workshop.worker()
    with happening.half_done():
        assert workshop.relayed() == 0
        wait_for("the handler is in the middle", someone_waits)
        kill_all(worker)
        assert happening.receipts() == 0
    assert happening.notices() == 0
    # The broker gives a lost task out again after this long: to a worker that starts then, at once;
    # to one that was there all along, within two minutes.
    time.sleep(2 * TASK_LIMIT)
    workshop.worker()
    handled_once(happening)


def test_only_the_child_killed_in_the_middle_of_a_handler(workshop: Workshop) -> None:
    happening = Happening()
    worker = workshop.worker()
    with happening.half_done():
        assert workshop.relayed() == 0
        wait_for("the handler is in the middle", someone_waits)
        kill_children(worker)
    handled_once(happening)
    assert worker.poll() is None


def test_relay_killed_between_publishing_and_commit(workshop: Workshop) -> None:
    happening = Happening()
    with owner_engine().connect() as connection:
        # Reading with row locks goes through; the mark "relayed" has to wait.
        connection.exec_driver_sql("LOCK TABLE outbox_events IN SHARE MODE")
        relay = workshop.relay()
        wait_for("the event is published", lambda: workshop.queued() == 1)
        wait_for("the relay is about to mark it", someone_waits)
        kill_all(relay)
        connection.rollback()
    wait_for("the killed relay's transaction is undone", lambda: not someone_waits())
    assert not happening.is_relayed()
    assert workshop.relayed() == 0
    assert workshop.queued() == 2
    assert happening.is_relayed()
    workshop.worker()
    wait_for("both deliveries are taken", lambda: workshop.queued() == 0)
    handled_once(happening)


def test_broker_restarted(workshop: Workshop) -> None:
    happening = Happening()
    worker = workshop.worker()
    workshop.valkey.stop()
    assert workshop.relayed() != 0
    assert not happening.is_relayed()
    assert workshop.valkey.start() == workshop.redis_url
    assert workshop.relayed() == 0
    handled_once(happening)
    assert worker.poll() is None


def test_broker_restarted_with_messages_in_it(workshop: Workshop) -> None:
    happening = Happening()
    assert workshop.relayed() == 0
    workshop.valkey.stop()
    workshop.valkey.start()
    assert workshop.queued() == 1
    workshop.worker()
    handled_once(happening)


def test_broker_that_lost_everything(workshop: Workshop) -> None:
    happening = Happening()
    assert workshop.relayed() == 0
    workshop.forget_everything()
    assert relay_again(happening.tenant_id, handled_types(), now()) == 0
    later = now() + PATIENCE + timedelta(seconds=1)
    assert relay_again(happening.tenant_id, handled_types(), later) == 1
    assert workshop.relayed() == 0
    workshop.worker()
    handled_once(happening)
    assert relay_again(happening.tenant_id, handled_types(), later) == 0


def test_beat_relays_by_itself(workshop: Workshop) -> None:
    workshop.worker()
    workshop.beat()
    happening = Happening()
    handled_once(happening)
    happening.event_id = happening.again()
    handled_once(happening)
