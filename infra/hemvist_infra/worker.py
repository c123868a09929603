"""The worker and beat processes: ``celery -A hemvist_infra.worker worker`` (or ``beat``).

The tasks are those of ``hemvist_workers``; here they get their telemetry.
"""

from __future__ import annotations

import sys
from typing import Any

from celery.signals import (
    beat_init,
    setup_logging,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
)
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from hemvist.db import Audience, audience_url
from hemvist.migrations import fit
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


@worker_init.connect(weak=False)
def _need_tables(**_: Any) -> None:
    """Take no task on tables that do not fit: end, and be started again when they are upgraded."""
    # One connection, closed before the fork: it is nobody's twice.
    asking = create_engine(
        audience_url(Audience.WORKER), poolclass=NullPool, connect_args={"connect_timeout": 5}
    )
    try:
        with asking.connect() as connection:
            wrong = fit.misfit(fit.schema_of(connection))
    except SQLAlchemyError:
        # A database that is away comes back, and tasks wait for it as ever.
        return
    if wrong is not None:
        raise SystemExit(f"hemvist: {wrong}")


@beat_init.connect(weak=False)
def _start_in_beat(**_: Any) -> None:
    telemetry.start("beat")


@worker_process_init.connect(weak=False)
def _start_in_child(**_: Any) -> None:
    # After the fork: threads that export would not survive it.
    telemetry.start("worker")
    tasks.watch()


@worker_process_shutdown.connect(weak=False)
def _flush(**_: Any) -> None:
    telemetry.start("worker").flush()
