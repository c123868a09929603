"""The process group of a run: nothing outlives it, and a death is told with its last words."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hemvist_infra.dev.children import ProcessGroup, Spec
from hemvist_processes import all_gone


@pytest.fixture
def shown() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def group(tmp_path: Path, shown: list[tuple[str, str]]) -> Iterator[ProcessGroup]:
    group = ProcessGroup(tmp_path / "log", tmp_path, lambda name, line: shown.append((name, line)))
    yield group
    group.stop(0.1)


def python(name: str, program: str) -> Spec:
    return Spec(name, (sys.executable, "-c", program))


def wait_for(shown: list[tuple[str, str]], count: int) -> None:
    deadline = time.monotonic() + 10
    while len(shown) < count:
        assert time.monotonic() < deadline, shown
        time.sleep(0.02)


PRINT_AND_WAIT = "import os, time; print('here', os.getpgrp()); time.sleep(60)"


def test_lines_are_shown_and_kept_with_the_name_of_their_process(
    group: ProcessGroup, shown: list[tuple[str, str]], tmp_path: Path
) -> None:
    group.start([python("one", PRINT_AND_WAIT), python("two", PRINT_AND_WAIT)])
    wait_for(shown, 2)
    leader = group.children[0].process.pid
    assert sorted(shown) == [("one", f"here {leader}"), ("two", f"here {leader}")]
    group.stop(5)
    assert (tmp_path / "log" / "two.log").read_text() == f"here {leader}\n"


def test_who_does_not_listen_is_killed_with_all_it_started(
    group: ProcessGroup, shown: list[tuple[str, str]]
) -> None:
    group.start(
        [
            python(
                "deaf",
                "import signal, subprocess, sys, time\n"
                "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
                "child = subprocess.Popen([sys.executable, '-c', 'import signal, time;"
                " signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1); time.sleep(60)'])\n"
                "print(child.pid)\n"
                "time.sleep(60)",
            )
        ]
    )
    wait_for(shown, 2)
    grandchild = max(int(line) for _, line in shown)
    began = time.monotonic()
    group.stop(0.5)
    assert time.monotonic() - began < 30
    # Killed with the group, and counted out by the system a moment later.
    assert all_gone({grandchild}, 20.0)


def test_a_death_is_noticed_with_its_last_lines(group: ProcessGroup) -> None:
    group.start(
        [
            python("steady", "import time; time.sleep(60)"),
            python("weak", "import sys; [print('line', n) for n in range(50)]; sys.exit(7)"),
        ]
    )
    deadline = time.monotonic() + 10
    while (dead := group.first_dead()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    dead.drain()
    assert (dead.name, dead.process.returncode) == ("weak", 7)
    assert list(dead.last_lines)[-1] == "line 49"
    assert len(dead.last_lines) == 20


def test_a_reader_that_fails_does_not_stop_the_process(tmp_path: Path) -> None:
    """The screen is gone (``make run | head``) or the disk is full: what runs goes on."""

    def closed(name: str, line: str) -> None:
        raise BrokenPipeError

    group = ProcessGroup(tmp_path / "log", tmp_path, closed)
    try:
        group.start(
            [
                python(
                    "talker",
                    "import time\nfor n in range(3000): print('x' * 100)\n"
                    "print('end'); time.sleep(60)",
                )
            ]
        )
        deadline = time.monotonic() + 10
        while list(group.children[0].last_lines)[-1:] != ["end"]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert group.first_dead() is None
    finally:
        group.stop(2)


def test_the_log_of_the_run_before_is_kept(tmp_path: Path) -> None:
    for word in ("first", "second"):
        group = ProcessGroup(tmp_path / "log", tmp_path, lambda name, line: None)
        group.start([python("web", f"print({word!r})")])
        group.children[0].process.wait()
        group.stop(1)
    assert (tmp_path / "log" / "web.log").read_text() == "second\n"
    assert (tmp_path / "log" / "web.log.1").read_text() == "first\n"


def test_stopping_nothing_is_harmless(group: ProcessGroup) -> None:
    group.stop(0.1)
    assert os.getpgrp() > 0
