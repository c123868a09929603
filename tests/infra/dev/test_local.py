"""The folder ``.local``: keys made once, one run at a time."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from hemvist.settings import WrongSettings, read_settings
from hemvist_infra.dev.local import LocalFolder
from hemvist_infra.dev.servers import Servers
from hemvist_infra.embedded import ServerProblem


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEMVIST_LOCAL_DIR", str(tmp_path / "local"))
    for name in ("HEMVIST_SECRET_KEY", "HEMVIST_MASTER_KEY", "HEMVIST_KEY_FOLDER"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "local"


def test_keys_are_made_once_and_are_ours_alone(folder: Path) -> None:
    local = LocalFolder.open()
    keys = local.keys()
    local.lock.release()
    assert stat.S_IMODE((folder / "keys.env").stat().st_mode) == 0o600
    assert len(keys["HEMVIST_SECRET_KEY"]) == 64
    assert keys["HEMVIST_KEY_FOLDER"] == str(folder / "keys")
    (master,) = (folder / "keys" / "master").iterdir()
    assert stat.S_IMODE(master.stat().st_mode) == 0o600
    assert "HEMVIST_MASTER_KEY" not in keys
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


def test_a_lost_folder_of_keys_is_told_when_there_are_data(folder: Path) -> None:
    local = LocalFolder.open()
    local.keys()
    (local.postgres / "cluster").mkdir(parents=True)
    shutil.rmtree(folder / "keys")
    with pytest.raises(ServerProblem, match="keys is gone"):
        local.keys()
    local.lock.release()


def test_data_from_before_there_was_a_folder_keep_their_key(folder: Path) -> None:
    local = LocalFolder.open()
    (local.postgres / "cluster").mkdir(parents=True)
    (folder / "keys.env").write_text(
        f"HEMVIST_SECRET_KEY={'5' * 64}\nHEMVIST_MASTER_KEY={'3' * 64}\n"
    )
    keys = local.keys()
    assert keys["HEMVIST_MASTER_KEY"] == "3" * 64
    assert (folder / "keys" / "master" / "1.key").exists()
    assert local.keys() == keys
    local.lock.release()


def test_two_runs_on_one_folder_are_refused(folder: Path) -> None:
    first = LocalFolder.open()
    with pytest.raises(ServerProblem, match=f"in use by process {os.getpid()}"):
        LocalFolder.open()
    first.lock.release()
    LocalFolder.open().lock.release()


@pytest.mark.parametrize("value", ["0", "65536", "eighty", "-1", "80.5"])
def test_a_port_that_is_none_is_told(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMVIST_PORT", value)
    with pytest.raises(WrongSettings, match="HEMVIST_PORT: .* is not a whole number from 1 to"):
        read_settings()


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
