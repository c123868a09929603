"""The process: a thread that looks again and again, and the page over what it saw last."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog

from hemvist.clock import real_now
from hemvist_infra.watching import telling
from hemvist_infra.watching.looking import look
from hemvist_infra.watching.seen import Seen

log = structlog.get_logger("hemvist.watch")

#: A look that is older than so many turns says nothing any more.
STALE_TURNS = 4


class Watch:
    """Looks every ``every`` seconds on a thread of its own."""

    def __init__(self, every: float, looking: Callable[[], Seen] = look) -> None:
        self._every = every
        self._looking = looking
        self._seen: Seen | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin, and let metrics tell of it."""
        telling.observe(self.last)
        self._thread.start()

    def stop(self) -> None:
        """End after the look that is under way, which is not waited for long."""
        self._stopping.set()
        self._thread.join(10)

    def last(self) -> Seen | None:
        """The last look; None before the first, and when it is too old to be of use."""
        seen = self._seen
        if seen is None:
            return None
        age = real_now() - seen.at
        return None if age > timedelta(seconds=STALE_TURNS * self._every + seen.took) else seen

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._seen = self._looking()
            except Exception:
                log.exception("look_failed")
            self._stopping.wait(self._every)
