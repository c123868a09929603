"""Durations that every request leaves: noted at once, put into their histogram many at a time.

To put one in costs the library a walk through a dozen of its functions, which a request comes upon
cold: measured among requests, 30 µs, against 6 in a row. So they wait, at most until metrics are
collected, and the one who brings the last of a batch puts them all in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.metrics import CallbackOptions, Meter, Observation

#: How many wait at most.
BATCH = 64
#: Of a request whose trace is not kept. Not empty: then it would be that of whoever brings the last.
_NO_TRACE = Context({"hemvist.measuring": True})

Noted = tuple[float, Mapping[str, str | int], Context]


@contextmanager
def apart() -> Iterator[None]:
    """What is done in it is in no trace: where one would lead from one kommun to another."""
    token = contexts.attach(_NO_TRACE)
    try:
        yield
    finally:
        contexts.detach(token)


class Durations:
    """A histogram of seconds. What is recorded with a span that is kept leads to its trace."""

    def __init__(self, meter: Meter, name: str, description: str) -> None:
        self._histogram = meter.create_histogram(name, unit="s", description=description)
        self._waiting: deque[Noted] = deque()
        self._lock = Lock()
        # Called before anything is collected; it has nothing of its own to tell.
        meter.create_observable_counter(f"{name}.batches", [self._collected])

    def record(self, seconds: float, said: Mapping[str, str | int], span: trace.Span) -> None:
        """Note ``seconds``, which ``said`` describes, of ``span``."""
        kept = trace.set_span_in_context(span) if span.is_recording() else _NO_TRACE
        self._waiting.append((seconds, said, kept))
        if len(self._waiting) >= BATCH:
            self.settle()

    def settle(self) -> None:
        """Put in what waits."""
        with self._lock:
            while self._waiting:
                try:
                    seconds, said, context = self._waiting.popleft()
                except IndexError:
                    break
                self._histogram.record(seconds, said, context)

    def _collected(self, _: CallbackOptions) -> Iterable[Observation]:
        self.settle()
        return ()
