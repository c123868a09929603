"""Settings that do not hold: every fault at once, by name, and no secret's value."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hemvist.settings import Process, WrongSettings, begin, read_settings
from hemvist.settings.fields import about, variable
from hemvist.settings.model import Settings

ROOT = Path(__file__).resolve().parents[3]
SECRET = "hush-this-is-nobodys"
_GOOD = {
    "ENVIRONMENT": "production",
    "BASE_URL": "https://hemvist.example",
    "DATABASE_URL": "postgresql://owner:pw@db.example/hemvist",
    "REDIS_URL": "redis://broker.example:6379/0",
    "SECRET_KEY": "s" * 40,
    "KEY_FOLDER": "/srv/hemvist/keys",
}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a service in production, and nothing else of ours."""
    for name in [name for name in os.environ if name.startswith("HEMVIST_")]:
        monkeypatch.delenv(name)
    for name, value in _GOOD.items():
        monkeypatch.setenv(f"HEMVIST_{name}", value)
    return monkeypatch


def faults(process: Process | None = None) -> list[str]:
    with pytest.raises(WrongSettings) as refused:
        read_settings(process)
    return [fault.line for fault in refused.value.faults]


@pytest.mark.parametrize("process", list(Process))
def test_what_production_needs_is_enough(given: pytest.MonkeyPatch, process: Process) -> None:
    assert begin(process).environment == "production"


def test_every_fault_is_told_at_once_by_its_name(given: pytest.MonkeyPatch) -> None:
    given.setenv("HEMVIST_SMTP_PORT", "many")
    given.setenv("HEMVIST_WAITING_LIMIT", "900")
    given.setenv("HEMVIST_SECRET_KEY", SECRET)
    given.setenv("HEMVIST_REDIS_URL", f"http://{SECRET}@broker.example")
    given.setenv("HEMVIST_TODAY", "2027-03-01")
    given.setenv("HEMVIST_SMTP_HOST", "mail.example")
    given.setenv("HEMVIST_DATABSE_URL_STAFF", "x")
    given.delenv("HEMVIST_KEY_FOLDER")
    told = faults(Process.WEB)
    assert {line.split(":")[0].split(" ")[0] for line in told} == {
        *("HEMVIST_DATABSE_URL_STAFF", "HEMVIST_SMTP_PORT"),
        *("HEMVIST_WAITING_LIMIT", "HEMVIST_SECRET_KEY", "HEMVIST_REDIS_URL"),
        *("HEMVIST_TODAY", "HEMVIST_SMTP_HOST", "HEMVIST_KEY_FOLDER"),
    }
    whole = "\n".join(told)
    assert len(told) == 8
    assert SECRET not in whole
    assert "HEMVIST_SMTP_PORT: 'many' is not a whole number from 1 to 65535" in whole
    assert "For example HEMVIST_SMTP_PORT=587" in whole
    assert "HEMVIST_DATABASE_URL_STAFF is meant?" in whole


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"TODAY": "2027-01-01"}, "HEMVIST_TODAY is only for development"),
        ({"REGISTER_FILE": "/x"}, "HEMVIST_REGISTER_FILE is only for development"),
        ({"BASE_URL": "http://hemvist.example"}, "HEMVIST_BASE_URL must start with https://"),
        ({"SMTP_HOST": "m", "MAIL_FROM": "a@b", "SMTP_SECURITY": "none"}, "starttls or tls"),
        ({"SMTP_USER": "me"}, "HEMVIST_SMTP_USER and HEMVIST_SMTP_PASSWORD go together"),
        ({"EXPORT_PLACES": "9"}, "HEMVIST_EXPORT_PLACES (9) is more than HEMVIST_DATABASE_POOL"),
        ({"BACKUP_EVERY": "90"}, "HEMVIST_BACKUP_EVERY (90 seconds) is more than"),
        ({"BACKUP_FOLDER": "/b", "BACKUP_SPOOL": "/b/spool"}, "HEMVIST_BACKUP_SPOOL lies in"),
        ({"BACKUP_FOLDER": "/srv/hemvist"}, "HEMVIST_KEY_FOLDER lies in HEMVIST_BACKUP_FOLDER"),
    ],
)
def test_what_is_wrong_together(
    given: pytest.MonkeyPatch, changed: dict[str, str], told: str
) -> None:
    for name, value in changed.items():
        given.setenv(f"HEMVIST_{name}", value)
    (line,) = faults()
    assert told in line


@pytest.mark.parametrize(
    ("process", "absent", "told"),
    [
        (Process.WEB, "SECRET_KEY", "HEMVIST_SECRET_KEY is not set: a web process needs it"),
        (Process.WORKER, "KEY_FOLDER", "HEMVIST_KEY_FOLDER is not set: a worker needs it"),
        (Process.BEAT, "REDIS_URL", "HEMVIST_REDIS_URL is not set: beat needs it"),
        (Process.WEB, "DATABASE_URL", "HEMVIST_DATABASE_URL_STAFF, HEMVIST_DATABASE_URL_LANDLORD"),
    ],
)
def test_what_a_process_cannot_do_without(
    given: pytest.MonkeyPatch, process: Process, absent: str, told: str
) -> None:
    given.delenv(f"HEMVIST_{absent}")
    (line,) = faults(process)
    assert told in line
    given.setenv("HEMVIST_ENVIRONMENT", "development")
    read_settings(process)


def test_an_empty_variable_is_not_set(given: pytest.MonkeyPatch) -> None:
    given.setenv("HEMVIST_SMTP_HOST", "")
    given.setenv("HEMVIST_DEMO_HOUSEHOLDS", "")
    assert read_settings().smtp_host is None


def test_a_secret_by_file(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("f" * 40 + "\n")
    given.setenv("HEMVIST_SECRET_KEY_FILE", str(file))
    assert faults() == [
        "HEMVIST_SECRET_KEY_FILE and HEMVIST_SECRET_KEY are both set: unset one of them"
    ]
    given.delenv("HEMVIST_SECRET_KEY")
    assert read_settings(Process.WEB).require("secret_key") == "f" * 40
    file.write_text(SECRET)
    (line,) = faults(Process.WEB)
    assert line.startswith(
        "HEMVIST_SECRET_KEY_FILE: what the file holds (not shown) is not text of"
    )
    assert SECRET not in line


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (None, "cannot be read"),
        (b"", "is empty"),
        (b"\xff\xfe", "no text"),
        (b"x" * 20_000, "long"),
    ],
)
def test_a_file_that_holds_no_secret(
    given: pytest.MonkeyPatch, tmp_path: Path, held: bytes | None, told: str
) -> None:
    file = tmp_path / "secret"
    if held is not None:
        file.write_bytes(held)
    given.delenv("HEMVIST_SECRET_KEY")
    given.setenv("HEMVIST_SECRET_KEY_FILE", str(file))
    (line,) = faults(Process.WEB)
    assert line.startswith(f"HEMVIST_SECRET_KEY_FILE: {file} ") and told in line


def test_a_name_that_nothing_reads_is_told_and_starts(
    given: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given.setenv("HEMVIST_OF_ANOTHER_VERSION", "1")
    begin(Process.WEB)
    assert capsys.readouterr().err.startswith(
        "hemvist: HEMVIST_OF_ANOTHER_VERSION is read by nothing here"
    )


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        told = about(field)
        assert field.description and field.description.endswith("."), name
        assert told.read_by, name
        assert set(told.needed_by) <= set(told.read_by), name
        assert told.example, name
        if field.annotation in (int, float) and not name.endswith("port"):
            assert told.unit or name == "trace_sample_ratio", name
        if "password" in name or "secret" in name or "token" in name or name.endswith("_url"):
            assert told.secret or name == "base_url", variable(name)


_PROGRAMS = {
    "web": ("-m", "uvicorn", "hemvist_infra.app:create_app", "--factory", "--port", "0"),
    "worker": ("-m", "celery", "-A", "hemvist_infra.worker", "worker"),
    "beat": ("-m", "celery", "-A", "hemvist_infra.worker", "beat"),
    "cli": ("-c", "from hemvist_infra.cli import main; main()", "db", "migrate"),
}


@pytest.mark.parametrize("process", list(_PROGRAMS))
def test_every_process_is_stopped_with_status_2_and_no_traceback(process: str) -> None:
    clean = {name: v for name, v in os.environ.items() if not name.startswith("HEMVIST_")}
    wrong = {"HEMVIST_TASK_TIME_LIMIT": "soon", "HEMVIST_MASTER_KEY": SECRET}
    command = [sys.executable, "-W", "ignore", *_PROGRAMS[process]]
    if process == "cli":
        command = [sys.executable, "-c", _PROGRAMS["cli"][1], "db", "migrate"]
    ran = subprocess.run(
        command, env={**clean, **wrong}, capture_output=True, text=True, check=False, cwd=ROOT
    )
    lines = ran.stderr.splitlines()
    assert ran.returncode == 2, ran.stderr
    assert len(lines) == 2, ran.stderr
    assert all(line.startswith("hemvist: HEMVIST_") for line in lines)
    assert SECRET not in ran.stderr + ran.stdout
