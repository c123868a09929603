"""Tasks that do nothing on a database that was restored and not released: see ``hemvist.restored``."""

from __future__ import annotations

from typing import Any

import structlog
from celery import Task

from hemvist.restored import held

log = structlog.get_logger("hemvist.workers")


class Holding(Task):  # type: ignore[misc]
    """What each task is. An event that is passed over here has no receipt, so it is relayed again later."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The task's own work, unless nothing is to be done on this database."""
        if held():
            log.warning("held_after_restore", task=self.name)
            return None
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        # As a worker would have done: by way of the base class it would forget which try this is.
        return self.run(*args, **kwargs)
