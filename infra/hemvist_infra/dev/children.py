"""The processes of a run, in one process group, so that all of them can be stopped for certain."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hemvist_infra.embedded.guard import guarded

_KEPT_LINES = 20
#: Longest line kept whole in a log or shown.
_LINE = 8192


@dataclass(frozen=True, slots=True)
class Spec:
    """A process to run: its name in the logs and its command."""

    name: str
    command: Sequence[str]


class Child:
    """One process, its last lines and its log."""

    def __init__(self, spec: Spec, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name = spec.name
        self.process = process
        self.log = log
        self.last_lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._reader = threading.Thread(target=lambda: None)

    def read(self, show: Callable[[str, str], None]) -> None:
        """Keep and show what the process prints until it ends, on a thread of its own."""
        self._reader = threading.Thread(target=self._pump, args=(show,), daemon=True)
        self._reader.start()

    def drain(self) -> None:
        """Wait a moment for the last lines of a process that has ended."""
        self._reader.join(timeout=1.0)

    def _pump(self, show: Callable[[str, str], None]) -> None:
        output = self.process.stdout
        assert output is not None
        with output, self.log.open("ab") as file:
            while raw := output.readline(_LINE):
                line = raw.decode(errors="replace").rstrip("\n")
                self.last_lines.append(line)
                # A full disk or a closed screen must not stop a process that waits for its reader.
                with suppress(OSError):
                    file.write(raw)
                    file.flush()
                with suppress(OSError, ValueError):
                    show(self.name, line)


class ProcessGroup:
    """Children that are started together and stopped together."""

    def __init__(self, logs: Path, cwd: Path, show: Callable[[str, str], None]) -> None:
        self._logs = logs
        self._cwd = cwd
        self._show = show
        self._group: int | None = None
        self.children: list[Child] = []

    def start(self, specs: Sequence[Spec]) -> None:
        """Start every process in one new process group led by the first."""
        self._logs.mkdir(parents=True, exist_ok=True)
        for spec in specs:
            log = self._logs / f"{spec.name}.log"
            if log.exists():
                log.replace(log.with_suffix(".log.1"))
            process = subprocess.Popen(  # noqa: S603 - our own commands, as a list
                guarded(spec.command, signal.SIGTERM),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                process_group=self._group or 0,
                cwd=self._cwd,
                env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1"},
            )
            self._group = self._group or process.pid
            self.children.append(Child(spec, process, log))
        for child in self.children:
            child.read(self._show)

    def first_dead(self) -> Child | None:
        """A process that has ended by itself, if any."""
        return next((child for child in self.children if child.process.poll() is not None), None)

    def stop(self, seconds: float) -> None:
        """Ask all to stop, give them ``seconds``, then kill what is left of the group."""
        if self._group is None:
            return
        # Each to its own: a worker's pool is not to be told, or the task at hand would be cut off.
        for child in self.children:
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + seconds
        for child in self.children:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._group, signal.SIGKILL)
        for child in self.children:
            child.process.wait()
            child.drain()
        self._group = None
