"""One caller at a quiet pace, who knows of each answer whether the machine's host disturbed it.

Where processors are shared with other machines, the host takes them away for milliseconds or seconds.
What is measured then is the host. So each request remembers what the host took in a window around the
moment when it was due, of the same length for all: short answers and long ones are left out alike.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: Seconds before a request is due, and after, in which the host must have taken nothing.
BEFORE, AFTER = 0.10, 0.05
_EVERY = 0.01


@dataclass(frozen=True, slots=True)
class Call:
    """A request that is sent again and again."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Milliseconds since it was due, and whether the host left it alone."""

    milliseconds: float
    undisturbed: bool


def ask(
    host: str, port: int, calls: Sequence[Call], *, pace: float, seconds: float
) -> list[Answer]:
    """The answers to ``calls`` in turn, ``pace`` a second for ``seconds``, over one connection.

    Each is due at a random moment of its share of the time, so that no two loads keep step. Raises
    ``RuntimeError`` with the answer when one is not what was asked for.
    """
    found: list[tuple[float, float]] = []
    with Host() as machine:
        connection = http.client.HTTPConnection(host, port, timeout=60)
        began = time.monotonic() + BEFORE
        for number in range(int(pace * seconds)):
            due = began + (number + random.random()) / pace
            time.sleep(max(due - time.monotonic(), 0))
            call = calls[number % len(calls)]
            connection.request("POST", call.path, call.body, call.headers)
            answer = connection.getresponse()
            told = answer.read()
            found.append((due, (time.monotonic() - due) * 1000))
            if answer.status != 200 or b'"errors"' in told:
                raise RuntimeError(f"{answer.status} {told[:300].decode(errors='replace')}")
        connection.close()
        time.sleep(AFTER)
    return [Answer(taken, machine.left_alone(due)) for due, taken in found]


class Host:
    """What the machine's host takes, looked at a hundred times a second by a thread."""

    def __init__(self) -> None:
        self._takings: deque[float] = deque()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Host:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def left_alone(self, due: float) -> bool:
        """Whether nothing was taken around this moment."""
        return not any(due - BEFORE <= at <= due + AFTER for at in self._takings)

    def _look(self) -> None:
        last = _taken()
        while not self._ends.wait(_EVERY):
            now = _taken()
            if now != last:
                self._takings.append(time.monotonic())
                last = now


def _taken() -> int:
    """Ticks of all processors that the host has given to others so far."""
    with Path("/proc/stat").open() as stat:
        return int(stat.readline().split()[8])
