"""Times that can be compared: CPU time, in turns in one process, the best of several rounds."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping


def cpu(run: Callable[[], object]) -> float:
    """Seconds of CPU that ``run`` takes."""
    gc.collect()
    start = time.process_time()
    run()
    return time.process_time() - start


def in_turns(runs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The best time of each; they take turns, so that a noisy moment strikes all alike."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(rounds):
        for name, run in runs.items():
            best[name] = min(best[name], cpu(run))
    return best
