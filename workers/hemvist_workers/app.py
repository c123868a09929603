"""The Celery application: ``celery -A hemvist_workers.app worker`` and ``… beat``.

A task carries the tenant, an event's id and the trace context, and never anybody's data.
"""

from __future__ import annotations

from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_ready

from hemvist.db import dispose_engines
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
