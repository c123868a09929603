"""``hemvist dev servers`` as a developer runs it: in a process of its own, ended in every way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from hemvist_processes import all_gone, descendants
from hemvist_testing import open_folder

pytestmark = pytest.mark.slow

Run = subprocess.Popen[str]


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("HEMVIST_DATABASE_URL", "HEMVIST_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    with open_folder() as folder:
        yield folder / "local"


def start(local: Path, *arguments: str, **settings: str) -> Run:
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("hemvist")), "dev", *arguments],
        env={**os.environ, "HEMVIST_LOCAL_DIR": str(local), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def addresses(run: Run) -> dict[str, str]:
    assert run.stdout is not None
    found: dict[str, str] = {}
    for line in run.stdout:
        if line.startswith("export "):
            name, value = line.removeprefix("export ").strip().split("=", 1)
            found[name] = value
        if "HEMVIST_REDIS_URL" in found:
            break
    return found


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL])
def test_every_end_leaves_no_process(local: Path, number: signal.Signals) -> None:
    """A closed terminal and ``kill -9``; Ctrl-C and TERM are tested with the whole run."""
    with start(local, "servers") as run:
        urls = addresses(run)
        with psycopg.connect(urls["HEMVIST_DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
        with redis.Redis.from_url(urls["HEMVIST_REDIS_URL"]) as client:
            assert client.ping()
        below = descendants(run.pid)
        assert len(below) >= 2
        run.send_signal(number)
        status = run.wait(timeout=60)
    assert all_gone(below, 30)
    assert status == (0 if number is not signal.SIGKILL else -signal.SIGKILL)


def test_a_second_run_finds_the_same_data(local: Path) -> None:
    seen = []
    for statement in ("CREATE TABLE kept AS SELECT 1 AS n", "INSERT INTO kept VALUES (2)"):
        with start(local, "servers") as run:
            urls = addresses(run)
            with psycopg.connect(urls["HEMVIST_DATABASE_URL"]) as connection:
                connection.execute(statement)
            seen.append(urls)
            run.terminate()
    assert seen[0] == seen[1], "keys, passwords and ports stay"


def test_two_runs_at_a_time_are_refused(local: Path) -> None:
    with start(local, "servers") as first:
        addresses(first)
        with start(local, "servers") as second:
            _, error = second.communicate(timeout=120)
        first.terminate()
    assert second.returncode == 2
    assert f"in use by process {first.pid}" in error
    assert error.count("\n") == 1, "one line, no traceback"


def test_a_taken_port_is_one_line(local: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with start(local, "run", HEMVIST_PORT=port) as run:
            _, error = run.communicate(timeout=120)
    assert run.returncode == 2
    assert error == (
        f"hemvist: Port {port} on 127.0.0.1 is taken. Stop what uses it, or choose another with"
        " HEMVIST_PORT.\n"
    )
    assert not local.exists(), "nothing has been started or made"


def test_a_wrong_day_is_one_line(local: Path) -> None:
    with start(local, "run", HEMVIST_TODAY="midsummer") as run:
        _, error = run.communicate(timeout=120)
    assert run.returncode == 2
    assert error.startswith("hemvist: HEMVIST_TODAY: ")
    assert error.count("\n") == 1


def test_it_is_not_for_production(local: Path) -> None:
    with start(local, "run", HEMVIST_ENVIRONMENT="production") as run:
        _, error = run.communicate(timeout=120)
    assert (run.returncode, error.count("\n")) == (2, 1)
