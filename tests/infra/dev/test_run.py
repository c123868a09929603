"""``hemvist dev run``, which ``make run`` is: the whole of it, really started and ended."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from hemvist_infra.embedded.ports import any_free
from hemvist_processes import all_gone, descendants
from hemvist_testing import open_folder

pytestmark = pytest.mark.slow

#: Stopping must take less; see the docstring of hemvist_infra.dev.supervisor.
TEN_SECONDS = 10
FIRST_START = 120


class Run:
    """One run and everything it has printed so far."""

    def __init__(self, local: Path, lines: int = 1_000_000, **settings: str) -> None:
        self.port = any_free()
        environment = {name: value for name, value in os.environ.items() if "HEMVIST" not in name}
        self.process = subprocess.Popen(
            [str(Path(sys.executable).with_name("hemvist")), "dev", "run"],
            env={
                **environment,
                "HEMVIST_LOCAL_DIR": str(local),
                "HEMVIST_PORT": str(self.port),
                "HEMVIST_DEMO_HOUSEHOLDS": "0",
                **settings,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._wanted = lines
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            self.lines.extend(islice(output, self._wanted))

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def wait_for(self, line: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while line not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.1)

    def ready(self) -> set[int]:
        """Wait until it answers; the ids of every process it consists of but its own."""
        self.wait_for("Hemvist answers on", FIRST_START)
        return descendants(self.process.pid)

    def finish(self, seconds: float) -> int:
        status = self.process.wait(timeout=seconds)
        self._reader.join(timeout=5)
        return status


@pytest.fixture(scope="module")
def local() -> Iterator[Path]:
    """One folder for all: each run goes on with the data of the one before, as a developer's does."""
    with open_folder() as folder:
        yield folder / "local"


def test_a_run_from_start_to_stop_and_again(local: Path) -> None:
    run = Run(local, HEMVIST_DEMO_HOUSEHOLDS="20")
    processes = run.ready()
    with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/health/ready", timeout=5) as answer:
        assert answer.status == 200
    served = {
        os.getpgid(pid)
        for pid in processes
        if re.search(rb"uvicorn|celery", Path(f"/proc/{pid}/cmdline").read_bytes())
    }
    assert len(served) == 1, "web, worker and beat are one process group"
    run.process.send_signal(signal.SIGINT)
    assert run.finish(TEN_SECONDS) == 0
    assert all_gone(processes, 1), "nothing outlives the run"
    assert "Traceback" not in run.text
    for name in ("web", "worker"):
        assert (local / "log" / f"{name}.log").read_text().strip()
    assert '"level": "info"' not in run.text, "daily work is told in the logs"

    again = Run(local, HEMVIST_TODAY="2027-06-24")
    processes = again.ready()
    assert "making a new PostgreSQL data folder" in run.text
    assert "making a new PostgreSQL data folder" not in again.text
    again.process.send_signal(signal.SIGTERM)
    assert again.finish(TEN_SECONDS) == 0
    assert all_gone(processes, 1)


def test_a_process_that_dies_is_named_and_the_rest_is_stopped(local: Path) -> None:
    run = Run(local)
    processes = run.ready()
    word = b"\0worker\0"
    parent_first = sorted(processes)
    victim = next(pid for pid in parent_first if word in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(victim, signal.SIGKILL)
    assert run.finish(TEN_SECONDS) == 2
    assert "hemvist: The process worker ended with status -9" in run.text
    assert "Traceback" not in run.text
    assert all_gone(processes, 1)


def test_killing_the_supervisor_leaves_nothing(local: Path) -> None:
    run = Run(local)
    processes = run.ready()
    run.process.kill()
    run.finish(TEN_SECONDS)
    assert all_gone(processes, TEN_SECONDS)


def test_a_closed_screen_ends_the_run(local: Path) -> None:
    """``make run | head``: what nobody can see must not run on unseen."""
    run = Run(local, lines=1)
    assert run.finish(FIRST_START) == 0
    assert descendants(run.process.pid) == set()


def test_a_database_that_dies_is_the_cause_that_is_told(local: Path) -> None:
    run = Run(local)
    processes = run.ready()
    postmaster = (local / "postgres" / "cluster" / "data" / "postmaster.pid").read_text()
    os.kill(int(postmaster.splitlines()[0]), signal.SIGKILL)
    assert run.finish(TEN_SECONDS) == 2
    assert "hemvist: PostgreSQL ended" in run.text
    assert all_gone(processes, 3)
