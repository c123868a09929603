"""Server processes of the benchmark, and what the kernel says they used."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
#: What is measured is how fast it answers, not when it would say that it is enough.
UNRATIONED = {
    f"HEMVIST_{who}_REQUESTS_{how}": "1000000"
    for who in ("PERSON", "KOMMUN", "STRANGER")
    for how in ("AT_ONCE", "PER_MINUTE")
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def pids(self) -> list[int]:
        """The process and its children."""
        return [self.process.pid, *_children(self.process.pid)]

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far, of every thread, living or ended."""
        return sum(cpu_of(pid) for pid in self.pids)

    @property
    def rss(self) -> int:
        """Bytes in memory."""
        return sum(rss_of(pid) for pid in self.pids)


@contextmanager
def serving(
    name: str,
    command: Sequence[str],
    port: int,
    environment: Mapping[str, str],
    log: Path,
    cwd: Path | None = None,
) -> Iterator[Server]:
    """The server while the block runs. It is up when its port answers."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            cwd=cwd,
        )
    try:
        _wait(name, port, process, log)
        yield Server(name, port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(name: str, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"{name} ended with {process.returncode}; see {log}")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit(f"{name} does not listen on {port}; see {log}")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_of(pid: int) -> float:
    """Seconds of processor time of process ``pid`` and all its threads, by its own clock."""
    try:
        # The number of another process's clock (see clock_getcpuclockid): nanoseconds, not ticks.
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def rss_of(pid: int) -> int:
    """Bytes in memory of process ``pid``."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0


class PostgresClock:
    """Processor time of a whole PostgreSQL server: backends, parallel and background workers.

    What has ended is in the postmaster's account of its children, in ticks; what lives is read from
    its own clock. Their sum never goes back, whoever comes and goes.
    """

    def __init__(self, postmaster: int) -> None:
        self._postmaster = postmaster

    def __call__(self) -> float:
        """Seconds so far."""
        fields = Path(f"/proc/{self._postmaster}/stat").read_text().rsplit(")", 1)[1].split()
        ended = (int(fields[13]) + int(fields[14])) * _TICK
        return ended + cpu_of(self._postmaster) + sum(map(cpu_of, _children(self._postmaster)))


def _children(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(one) for one in found.split()]
