"""``hemvist backup``: what an operator meets before there is a server to back up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hemvist.settings import MissingSetting
from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.cli_backup import app
from hemvist_testing import forget_settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HEMVIST_BACKUP_FOLDER", str(tmp_path / "backups"))
    monkeypatch.setenv("HEMVIST_BACKUP_PUBLIC_KEY", str(tmp_path / "backup.key.pub"))
    monkeypatch.setenv("HEMVIST_BACKUP_URL", "postgresql://nobody:secret@127.0.0.1:1/hemvist")
    forget_settings()
    yield tmp_path
    monkeypatch.undo()
    forget_settings()


def _run(*arguments: str) -> tuple[int, str, BaseException | None]:
    ran = CliRunner().invoke(app, list(arguments))
    return ran.exit_code, ran.output, ran.exception


def test_keys_are_made_once(folder: Path) -> None:
    status, told, _ = _run("key", "--out", str(folder / "backup.key"))
    assert status == 0 and "never beside the backups" in told
    status, _, error = _run("key", "--out", str(folder / "backup.key"))
    assert status == 1 and isinstance(error, BackupProblem)


def test_an_empty_folder_is_a_find(folder: Path) -> None:
    status, told, _ = _run("verify")
    assert status == 1
    assert "There is no base backup" in told and "never received" in told
    assert told.splitlines()[-1] == "0 base backups, 2 finds"
    assert _run("list")[0] == 0


def test_a_server_that_is_not_there_is_told_in_a_line(folder: Path) -> None:
    _run("key", "--out", str(folder / "backup.key"))
    for command in ("base", "archive"):
        status, _, error = _run(command)
        assert status == 1 and isinstance(error, BackupProblem)
        assert "\n" not in str(error) and "secret" not in str(error)


def test_a_drill_of_nothing_finds_so(folder: Path) -> None:
    _run("key", "--out", str(folder / "backup.key"))
    into = ("--into", str(folder / "drill"), "--key", str(folder / "backup.key"))
    status, told, _ = _run("drill", *into)
    assert status == 1
    assert "there is no base backup" in told and told.splitlines()[-1].endswith("1 finds")
    status, _, error = _run("restore", *into, "--to", "yesterday")
    assert status == 1 and "is no moment" in str(error)


def test_settings_that_are_missing_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEMVIST_BACKUP_FOLDER", raising=False)
    forget_settings()
    status, _, error = _run("list")
    assert status == 1
    assert isinstance(error, MissingSetting) and "HEMVIST_BACKUP_FOLDER" in str(error)
