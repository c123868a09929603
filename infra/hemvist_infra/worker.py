"""The worker and beat processes: ``celery -A hemvist_infra.worker worker`` (or ``beat``).

The tasks are those of ``hemvist_workers``; here they get their telemetry.
"""

from __future__ import annotations

from typing import Any

from celery.signals import setup_logging, worker_init, worker_process_init, worker_process_shutdown

from hemvist.settings import get_settings
from hemvist.tenancy.key_folder import require_keys
from hemvist_infra import telemetry
from hemvist_infra.telemetry import logs, tasks
from hemvist_workers.app import app

__all__ = ["app"]


@setup_logging.connect(weak=False)
def _log_as_everywhere(**_: Any) -> None:
    logs.configure(get_settings().log_level)


@worker_init.connect(weak=False)
def _need_keys(**_: Any) -> None:
    require_keys()


@worker_process_init.connect(weak=False)
def _start_in_child(**_: Any) -> None:
    # After the fork: threads that export would not survive it.
    telemetry.start("worker")
    tasks.watch()


@worker_process_shutdown.connect(weak=False)
def _flush(**_: Any) -> None:
    telemetry.start("worker").flush()
