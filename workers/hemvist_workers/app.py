"""The Celery application: ``celery -A hemvist_workers.app worker`` and ``… beat``.

A task carries the tenant, an event's id and the trace context, and never anybody's data.
"""

from __future__ import annotations

import time
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, task_postrun, worker_process_init, worker_ready

from hemvist.db import dispose_engines
from hemvist_workers import signs
from hemvist_workers.living import sign_while

app = Celery(
    "hemvist", include=["hemvist_workers.tasks"], task_cls="hemvist_workers.holding:Holding"
)
app.config_from_object("hemvist_workers.config")


@worker_process_init.connect(weak=False)
def _fresh_connections(**_: Any) -> None:
    """A forked process must not share its parent's database connections."""
    dispose_engines()


@worker_ready.connect(weak=False)
def _sign_that_it_lives(sender: Any, **_: Any) -> None:
    sign_while(sender)


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
