"""The Celery application: ``celery -A hemvist_workers.app worker`` and ``… beat``.

A task carries the tenant, an event's id and the trace context, and never anybody's data.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.signals import beat_init, before_task_publish, task_postrun, worker_process_init
from kombu.exceptions import OperationalError

from hemvist.db import dispose_engines
from hemvist_workers import signs

app = Celery(
    "hemvist", include=["hemvist_workers.tasks"], task_cls="hemvist_workers.holding:Holding"
)
app.config_from_object("hemvist_workers.config")


@worker_process_init.connect(weak=False)
def _fresh_connections(**_: Any) -> None:
    """A forked process must not share its parent's database connections."""
    dispose_engines()


@before_task_publish.connect(weak=False)
def _note_when(headers: Any = None, **_: Any) -> None:
    """A message says since when it waits: the broker itself keeps no such thing."""
    if isinstance(headers, dict):
        headers[signs.SENT_AT] = round(time.time(), 3)


@task_postrun.connect(weak=False)
def _lives(task: Any = None, state: str | None = None, **_: Any) -> None:
    signs.give(signs.WORKER)
    if state == "SUCCESS" and getattr(task, "name", "") == "hemvist.relay":
        signs.give(signs.RELAY)


@beat_init.connect(weak=False)
def _catch_up(**_: Any) -> None:
    """What fell due while beat was down need not wait for its next time."""
    with suppress(OperationalError):
        app.send_task("hemvist.relay_again")
        for chore in (
            "mark_overdue",
            "escalate_clocks",
            "expire_offers",
            "expire_referrals",
            "activate_versions",
            "lay_out_obligations",
            "refresh_snapshot",
            "resume_simulations",
            "watch_takeovers",
            "watch_guarantees",
            "watch_terms",
            "send_digests",
        ):
            app.send_task("hemvist.chores", (chore,))
