"""A server process: start, wait until it answers, stop; the same for both servers."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from hemvist_infra.embedded.account import Account
from hemvist_infra.embedded.problem import ServerProblem, disk_full, looks_full

#: Seconds until a server that is still recovering is given up.
_PATIENCE = 120.0
_KEPT_LINES = 8


class ServerProcess:
    """One running server whose output goes to ``log``."""

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id, or ``None`` when the server is not running."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def launch(self, account: Account, command: Sequence[str | Path], stop: signal.Signals) -> None:
        """Start ``command`` as ``account`` in a session of its own.

        A session of its own, since Ctrl-C in a terminal reaches the whole group at once and the
        servers have to outlive the processes that use them.
        """
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - programs of the wheel, as a list
                account.command(command, stop),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd="/",
                env=plain_environment(),
            )

    def wait_until(self, answers: Callable[[], bool]) -> None:
        """Wait until ``answers()``. Raises ``ServerProblem`` when the server ends or takes too long."""
        assert self._process is not None
        deadline = time.monotonic() + _PATIENCE
        while not answers():
            if self._process.poll() is not None:
                raise self.failure()
            if time.monotonic() > deadline:
                self.end([(signal.SIGQUIT, 2.0)])
                raise ServerProblem(
                    f"{self.name} does not answer after {_PATIENCE:.0f} s. See {self.log}."
                )
            time.sleep(0.05)

    def failure(self) -> ServerProblem:
        """Why the server ended, as far as its log or the disk tells."""
        output = self.output()
        if looks_full(self.log.parent, output):
            return disk_full(self.log.parent)
        code = self._process.returncode if self._process is not None else None
        lines = " / ".join(output.strip().splitlines()[-_KEPT_LINES:]) or "no output"
        return ServerProblem(f"{self.name} ended (status {code}): {lines}. See {self.log}.")

    def output(self) -> str:
        """What the server has written to its log in this run."""
        try:
            return self.log.read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def end(self, steps: Sequence[tuple[signal.Signals, float]]) -> None:
        """Send each signal and wait its seconds, then kill: the first that works is the last sent."""
        process, self._process = self._process, None
        if process is None:
            return
        for number, seconds in (*steps, (signal.SIGKILL, 5.0)):
            with suppress(ProcessLookupError):
                process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                return


def plain_environment() -> dict[str, str]:
    """What a server gets of our environment: no secrets, no locale of this machine's."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def orphans(folder: Path, program: str) -> list[int]:
    """Processes of ``program`` still at work in ``folder`` after their starter was killed.

    Known only where there is a ``/proc``; elsewhere the server's own lock file has to do.
    """
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (
                Path(os.readlink(entry / "exe")).name.split(" ")[0] == program
                and Path(os.readlink(entry / "cwd")) == folder
            ):
                found.append(int(entry.name))
    return found


def end_orphans(folder: Path, program: str, stop: signal.Signals) -> None:
    """Stop what ``orphans`` finds. Call only with the folder's lock held: then nobody uses them."""
    for number, seconds in ((stop, 8.0), (signal.SIGKILL, 3.0)):
        for pid in orphans(folder, program):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while orphans(folder, program) and time.monotonic() < deadline:
            time.sleep(0.05)
