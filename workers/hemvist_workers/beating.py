"""Beat's schedule on a machine whose clock is set back.

Celery counts from when an entry last ran. A clock that is set back by an hour, as by a time service that
finds out, leaves these moments in the future, and nothing runs for that hour: no relay, no link in the
log's chain. Here what lies in the future counts as having run now.
"""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery.beat import PersistentScheduler

from hemvist_workers import signs

log = structlog.get_logger("hemvist.workers")

#: Seconds by which a clock may go back unnoticed: time services do so in small steps.
SLACK = 1.0


class SteadyScheduler(PersistentScheduler):  # type: ignore[misc]
    """Celery's own, which goes on when the clock was set back, also while it was not running."""

    _ahead: float | None = None

    def setup_schedule(self) -> None:
        """Take up the kept schedule."""
        super().setup_schedule()
        self._forget_future()

    def tick(self, *given: Any, **named: Any) -> float:
        """Do what is due; seconds until the next."""
        # The wall clock's lead over the one that nobody sets.
        ahead = time.time() - time.monotonic()
        if self._ahead is not None and ahead < self._ahead - SLACK:
            log.warning("clock_set_back", seconds=round(self._ahead - ahead, 1))
            self._forget_future()
        self._ahead = ahead
        wait: float = super().tick(*given, **named)
        signs.give(signs.BEAT)
        return wait

    def _forget_future(self) -> None:
        now = self.app.now()
        for entry in self.schedule.values():
            if entry.last_run_at is not None and entry.last_run_at > now:
                entry.last_run_at = now
        # Made anew from the entries with the next tick.
        self._heap = None
