"""The embedded PostgreSQL: really started, killed, and put in the situations people meet."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hemvist_infra.embedded import EmbeddedPostgres, ServerProblem
from hemvist_infra.embedded.database import own_database
from hemvist_testing import full_disk, open_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path / "postgres"


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder)
    yield server
    server.stop()


def test_starts_safely_and_keeps_its_data(server: EmbeddedPostgres) -> None:
    url = server.start()
    with psycopg.connect(url) as connection:
        settings = connection.execute(
            "SELECT current_setting('fsync'), current_setting('password_encryption'),"
            " current_setting('listen_addresses'), current_setting('unix_socket_directories'),"
            " lower('ÅÄÖ')"
        ).fetchone()
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('hem')")
    assert settings == ("on", "scram-sha-256", "127.0.0.1", "", "åäö")
    server.stop()
    assert server.pid is None
    again = server.start()
    assert again == url, "neither port nor password changes from run to run"
    with psycopg.connect(again) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("hem",)


def test_root_is_dropped_and_secrets_are_closed(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()
    status = Path(f"/proc/{server.pid}/status").read_text()
    uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    assert "0" not in uids, "the server must not run as root"
    assert stat.S_IMODE((folder / "cluster" / "password").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "cluster" / "data").stat().st_mode) == 0o700


def test_wrong_password_is_refused(server: EmbeddedPostgres) -> None:
    url = server.start()
    password = url.split(":")[2].split("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(password, "guessed"))


def test_data_survive_kill_9(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while server.pid is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert "PostgreSQL" in str(server.failure())
    server.stop()
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_lock_file_with_anothers_number_does_not_hinder(
    server: EmbeddedPostgres, folder: Path
) -> None:
    """After a restart of the machine the number in postmaster.pid may be anybody's."""
    server.start()
    left = (folder / "cluster" / "data" / "postmaster.pid").read_text()
    server.stop()
    lines = left.splitlines()
    lines[0] = str(os.getpid())
    (folder / "cluster" / "data" / "postmaster.pid").write_text("\n".join(lines) + "\n")
    server.start()
    assert server.pid is not None


def test_a_server_left_over_by_a_killed_run_is_ended(folder: Path) -> None:
    """A run killed where its servers do not hear of it: they are found and stopped."""
    first = EmbeddedPostgres(folder)
    with psycopg.connect(first.start()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    left_over = first.pid
    assert left_over is not None
    assert first._lock is not None
    first._lock.release()
    second = EmbeddedPostgres(folder)
    try:
        with psycopg.connect(second.start()) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (1,)
        assert first.pid is None
    finally:
        second.stop()
        first.stop()


def test_a_second_run_on_the_same_data_is_refused(server: EmbeddedPostgres, folder: Path) -> None:
    url = server.start()
    with pytest.raises(ServerProblem, match=f"in use by process {os.getpid()}"):
        EmbeddedPostgres(folder).start()
    psycopg.connect(url).close()


def test_taken_port_is_named(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServerProblem, match=rf"Port {port} .*HEMVIST_POSTGRES_PORT"):
            EmbeddedPostgres(folder, port=port).start()


def test_last_times_port_is_left_when_somebody_has_it(
    server: EmbeddedPostgres, folder: Path
) -> None:
    server.start()
    server.stop()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int((folder / "port").read_text())))
        taken.listen()
        psycopg.connect(server.start()).close()


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control"])
def test_half_made_data_folder_is_told(
    server: EmbeddedPostgres, folder: Path, missing: str
) -> None:
    server.start()
    server.stop()
    (folder / "cluster" / "data" / missing).unlink()
    with pytest.raises(ServerProblem, match=rf"not a complete data folder \({missing} is missing"):
        server.start()


def test_data_without_their_password_are_told(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()
    server.stop()
    (folder / "cluster" / "password").write_text("another")
    with pytest.raises(ServerProblem, match="refuses the password"):
        server.start()
    (folder / "cluster" / "password").unlink()
    with pytest.raises(ServerProblem, match="password is missing"):
        server.start()


def test_an_interrupted_first_start_leaves_nothing_behind(
    server: EmbeddedPostgres, folder: Path
) -> None:
    (folder / "cluster.partial" / "data").mkdir(parents=True)
    (folder / "cluster.partial" / "data" / "PG_VERSION").write_text("18")
    folder.chmod(0o711)
    psycopg.connect(server.start()).close()
    assert not (folder / "cluster.partial").exists()


def test_data_of_another_version_are_told(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()
    server.stop()
    (folder / "cluster" / "data" / "PG_VERSION").write_text("15\n")
    with pytest.raises(ServerProblem, match="made by PostgreSQL 15 and this is PostgreSQL"):
        server.start()


def test_full_disk_is_told_and_costs_nothing() -> None:
    with full_disk(megabytes=20) as disk:
        with pytest.raises(ServerProblem, match="The disk is full"):
            EmbeddedPostgres(disk / "postgres").start()
        assert not list((disk / "postgres").glob("cluster*")), "no half-made folder is left"


def test_disk_that_fills_up_later_is_told_and_the_data_survive() -> None:
    with full_disk(megabytes=120) as disk:
        server = EmbeddedPostgres(disk / "postgres")
        with psycopg.connect(server.start()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
        server.stop()
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 65536)
            except OSError:
                pass
        with pytest.raises(ServerProblem, match="The disk is full"):
            server.start()
        filler.unlink()
        with psycopg.connect(server.start()) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (1,)
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_a_folder_closed_to_the_servers_user_moves_the_data_elsewhere(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    said: list[str] = []
    server = EmbeddedPostgres(tmp_path / "postgres", report=said.append)
    place = None
    try:
        with psycopg.connect(server.start()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
        place = (tmp_path / "postgres" / "elsewhere").resolve()
        assert any(f"data are kept in {place}" in line for line in said)
        server.stop()
        with psycopg.connect(server.start()) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (1,)
        server.stop()
        shutil.rmtree(place)
        with pytest.raises(ServerProblem, match="which is gone"):
            server.start()
    finally:
        server.stop()
        if place is not None:
            shutil.rmtree(place, ignore_errors=True)


def test_the_administrator_of_a_database_is_no_superuser(server: EmbeddedPostgres) -> None:
    superuser = server.start()
    url = own_database(superuser, "hemvist")
    assert own_database(superuser, "hemvist") == url, "a second call changes nothing"
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, False, True)
