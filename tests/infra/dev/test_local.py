"""The folder ``.local``: keys made once, one run at a time."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from hemvist_infra.dev.local import LocalFolder
from hemvist_infra.dev.servers import Servers, port_setting
from hemvist_infra.embedded import ServerProblem


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEMVIST_LOCAL_DIR", str(tmp_path / "local"))
    for name in ("HEMVIST_SECRET_KEY", "HEMVIST_MASTER_KEY"):
        monkeypatch.delenv(name)
    return tmp_path / "local"


def test_keys_are_made_once_and_are_ours_alone(folder: Path) -> None:
    local = LocalFolder.open()
    keys = local.keys()
    local.lock.release()
    assert stat.S_IMODE((folder / "keys.env").stat().st_mode) == 0o600
    assert len(set(keys.values())) == 2
    assert all(len(value) == 64 for value in keys.values())
    again = LocalFolder.open()
    assert again.keys() == keys
    again.lock.release()


def test_a_key_from_the_environment_goes_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEMVIST_SECRET_KEY", "x" * 40)
    local = LocalFolder.open()
    assert local.keys()["HEMVIST_SECRET_KEY"] == "x" * 40
    local.lock.release()


def test_lost_keys_are_told_when_there_are_data(folder: Path) -> None:
    local = LocalFolder.open()
    (local.postgres / "cluster").mkdir(parents=True)
    with pytest.raises(ServerProblem, match="encrypted with the keys in it"):
        local.keys()
    local.lock.release()


def test_two_runs_on_one_folder_are_refused(folder: Path) -> None:
    first = LocalFolder.open()
    with pytest.raises(ServerProblem, match=f"in use by process {os.getpid()}"):
        LocalFolder.open()
    first.lock.release()
    LocalFolder.open().lock.release()


@pytest.mark.parametrize("value", ["0", "65536", "eighty", "-1", "80.0"])
def test_a_port_that_is_none_is_told(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMVIST_PORT", value)
    with pytest.raises(ServerProblem, match="HEMVIST_PORT must be a port"):
        port_setting("HEMVIST_PORT")


def test_servers_named_in_the_environment_are_used_and_none_is_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "HEMVIST_DATABASE_URL": "postgresql://somebody@db.example/hemvist",
        "HEMVIST_REDIS_URL": "redis://broker.example/0",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    local = LocalFolder.open()
    servers = Servers(local, lambda line: None)
    assert servers.start() == given
    assert servers.problem() is None
    servers.stop()
    local.lock.release()
    assert not local.postgres.exists()
    assert not local.valkey.exists()
