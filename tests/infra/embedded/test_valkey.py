"""The embedded Valkey: really started, killed, and put in the situations people meet."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from hemvist_infra.embedded import EmbeddedValkey, ServerProblem
from hemvist_testing import full_disk, open_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path / "valkey"


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(folder)
    yield server
    server.stop()


def test_needs_its_password_runs_without_root_and_writes_at_once(server: EmbeddedValkey) -> None:
    url = server.start()
    with redis.Redis.from_url(url) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    status = Path(f"/proc/{server.pid}/status").read_text()
    uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    assert "0" not in uids, "the server must not run as root"
    password = url.split(":")[2].split("@")[0]
    assert password.encode() not in Path(f"/proc/{server.pid}/cmdline").read_bytes()
    with (
        redis.Redis.from_url(url.replace(password, "guessed")) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_data_survive_a_stop_and_a_kill_9(server: EmbeddedValkey) -> None:
    with redis.Redis.from_url(server.start()) as client:
        client.set("kept", "hem")
        # What a crash may cost is what came in the last second (appendfsync everysec).
        client.execute_command("WAITAOF", 1, 0, 2000)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while server.pid is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    server.stop()
    with redis.Redis.from_url(server.start()) as client:
        assert client.get("kept") == b"hem"
    server.stop()
    with redis.Redis.from_url(server.start()) as client:
        assert client.get("kept") == b"hem"


def test_a_second_run_on_the_same_data_is_refused(server: EmbeddedValkey, folder: Path) -> None:
    server.start()
    with pytest.raises(ServerProblem, match=f"in use by process {os.getpid()}"):
        EmbeddedValkey(folder).start()


def test_taken_port_is_named(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServerProblem, match=rf"Port {port} .*HEMVIST_VALKEY_PORT"):
            EmbeddedValkey(folder, port=port).start()


def test_full_disk_is_told() -> None:
    with full_disk(megabytes=1) as disk:
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        with pytest.raises(ServerProblem, match="The disk is full"):
            EmbeddedValkey(disk / "valkey").start()
