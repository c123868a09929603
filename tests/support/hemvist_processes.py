"""Looking at processes from outside, as an operator would."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path


def descendants(pid: int) -> set[int]:
    """Every process below ``pid``, however deep."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            fields = dict(
                line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line
            )
            parents[int(fields["Pid"])] = int(fields["PPid"])
    found: set[int] = set()
    fresh = {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def alive(pid: int) -> bool:
    """Whether ``pid`` runs; one that has ended and only waits to be counted does not."""
    with suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def all_gone(pids: set[int], seconds: float) -> bool:
    """Whether all of ``pids`` have ended within ``seconds``."""
    deadline = time.monotonic() + seconds
    while any(map(alive, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
