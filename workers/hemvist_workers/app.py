"""The Celery application: ``celery -A hemvist_workers.app worker`` and ``… beat``.

A task carries the tenant, an event's id and the trace context, and never anybody's data.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_process_init
from kombu.exceptions import OperationalError

from hemvist.db import dispose_engines

app = Celery(
    "hemvist", include=["hemvist_workers.tasks"], task_cls="hemvist_workers.holding:Holding"
)
app.config_from_object("hemvist_workers.config")


@worker_process_init.connect(weak=False)
def _fresh_connections(**_: Any) -> None:
    """A forked process must not share its parent's database connections."""
    dispose_engines()


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
