"""The worker and beat processes: ``celery -A hemvist_infra.worker worker`` (or ``beat``).

The tasks are those of ``hemvist_workers``; here they get their telemetry.
"""

from __future__ import annotations

import sys
from typing import Any

from celery.signals import setup_logging, worker_init, worker_process_init, worker_process_shutdown

from hemvist.settings import Process, begin, get_settings
from hemvist.tenancy.key_folder import require_keys
from hemvist_infra import telemetry
from hemvist_infra.refusals import told_in_a_line
from hemvist_infra.telemetry import logs, tasks
from hemvist_workers.app import app

__all__ = ["app"]

# Before Celery reads its own part of them, and tells of it in its own way.
with told_in_a_line():
    begin(Process.BEAT if "beat" in sys.argv else Process.WORKER)


@setup_logging.connect(weak=False)
def _log_as_everywhere(**_: Any) -> None:
    logs.configure(get_settings().log_level)


@worker_init.connect(weak=False)
def _need_keys(**_: Any) -> None:
    # Celery writes down what a handler raises and goes on; it does not go on past an exit.
    with told_in_a_line():
        require_keys()


@worker_process_init.connect(weak=False)
def _start_in_child(**_: Any) -> None:
    # After the fork: threads that export would not survive it.
    telemetry.start("worker")
    tasks.watch()


@worker_process_shutdown.connect(weak=False)
def _flush(**_: Any) -> None:
    telemetry.start("worker").flush()
