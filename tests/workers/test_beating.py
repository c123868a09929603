"""Beat goes on when the clock is set back."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from hemvist_workers.beating import SteadyScheduler


class Sent(SteadyScheduler):
    """Notes what it would send."""

    #: None is asked for: a broker is not there.
    producer = None

    def __init__(self, *given: Any, **named: Any) -> None:
        self.sent: list[str] = []
        super().__init__(*given, **named)

    def apply_async(self, entry: Any, *given: Any, **named: Any) -> None:
        """Note it."""
        self.sent.append(entry.name)


def scheduler(folder: Path) -> Sent:
    app = Celery("try", set_as_current=False)
    app.conf.update(
        enable_utc=True,
        timezone="UTC",
        beat_schedule={"tick": {"task": "tick", "schedule": 1.0}},
        result_backend=None,
    )
    made = Sent(app, schedule_filename=str(folder / "schedule"), lazy=False)
    for entry in made.schedule.values():
        entry.app = app
    return made


def sent_within(made: Sent, seconds: float) -> int:
    """How often it has sent the tick."""
    before, limit = made.sent.count("tick"), time.monotonic() + seconds
    while time.monotonic() < limit:
        made.tick()
        time.sleep(0.05)
    return made.sent.count("tick") - before


def shift(made: Sent, by: timedelta) -> None:
    """As if all of it had happened on a clock that was ahead by so much."""
    for entry in made.schedule.values():
        entry.last_run_at = entry.last_run_at + by
    made._heap = None
    made.tick()
    assert made._ahead is not None
    made._ahead += by.total_seconds()


def test_a_clock_that_is_set_back_stops_nothing(valkey: str, tmp_path: Path) -> None:
    made = scheduler(tmp_path)
    assert sent_within(made, 2.5) >= 1
    shift(made, timedelta(hours=2))
    assert sent_within(made, 2.5) >= 1
    made.close()


def test_without_it_beat_would_stand_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = scheduler(tmp_path)
    sent_within(made, 1.5)
    monkeypatch.setattr(SteadyScheduler, "_forget_future", lambda self: None)
    shift(made, timedelta(hours=2))
    assert sent_within(made, 2.5) == 0
    made.close()


def test_what_was_kept_by_a_clock_ahead_is_due_at_once_after_a_start(
    valkey: str, tmp_path: Path
) -> None:
    made = scheduler(tmp_path)
    for entry in made.schedule.values():
        entry.last_run_at = entry.last_run_at + timedelta(hours=2)
    made.close()
    again = scheduler(tmp_path)
    assert sent_within(again, 2.5) >= 1
    again.close()
