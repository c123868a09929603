"""How many new documents a caller may send: a bucket of tokens for each, in this process.

Reading a document that nobody has sent before costs some milliseconds that no data pays for. What
is guarded is the processor of this process, so the count is its own: no other process is asked, and
with several processes a caller may send so much more as there are more to read it.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

#: Callers that are remembered. One that is forgotten starts anew with a full bucket.
CALLERS = 10_000


class Allowance:
    """So many at once and so many a minute for each caller, for many threads."""

    def __init__(
        self, at_once: int, per_minute: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = float(at_once)
        self._rate = per_minute / 60
        self._clock = clock
        self._lock = Lock()
        #: What each caller had left, and when that was.
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, caller: Hashable) -> int:
        """Take one: 0 when there was one, else seconds until there is."""
        now = self._clock()
        with self._lock:
            left, since = self._left.pop(caller, (self._most, now))
            left = min(self._most, left + (now - since) * self._rate)
            given = left >= 1
            self._left[caller] = (left - 1 if given else left, now)
            while len(self._left) > CALLERS:
                self._left.popitem(last=False)
        return 0 if given else max(1, math.ceil((1 - left) / self._rate))
