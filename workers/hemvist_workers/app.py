"""The Celery application: ``celery -A hemvist_workers.app worker`` and ``… beat``.

A task carries the tenant, an event's id and the trace context, and never anybody's data.
"""

from __future__ import annotations

from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from hemvist.db import dispose_engines

app = Celery("hemvist", include=["hemvist_workers.tasks"])
app.config_from_object("hemvist_workers.config")


@worker_process_init.connect(weak=False)
def _fresh_connections(**_: Any) -> None:
    """A forked process must not share its parent's database connections."""
    dispose_engines()
