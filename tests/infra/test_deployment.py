"""The secrets of a deployment, and what looks after its processes."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from hemvist.db import Audience, derived_password
from hemvist.errors import HemvistError
from hemvist_infra import probe
from hemvist_infra.deployment import MASTER_KEY, SECRET_KEY, write_own_servers, write_secrets

ROOT = Path(__file__).resolve().parents[2]


def test_the_secrets_are_written_once_and_fit_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    written = list(write_secrets(folder, "pooler:6432", "hemvist"))
    secret = (folder / SECRET_KEY).read_text().strip()
    users = (folder / "pgbouncer-users").read_text().splitlines()
    for audience in Audience:
        url = urlsplit((folder / f"database-url-{audience.short}").read_text().strip())
        assert (url.hostname, url.port, url.path) == ("pooler", 6432, "/hemvist")
        assert url.username == audience.value
        assert url.password == derived_password(secret, audience)
        assert f'"{audience.value}" "{url.password}"' in users
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o400 for path in written)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    # A second time there is nothing to write, but for what was taken away.
    assert list(write_secrets(folder, "pooler:6432", "hemvist")) == []
    (folder / MASTER_KEY).unlink()
    assert list(write_secrets(folder, "pooler:6432", "hemvist")) == [folder / MASTER_KEY]


def test_a_pooler_without_a_port_or_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HemvistError, match="HOST:PORT"):
        list(write_secrets(tmp_path, "pooler", "hemvist"))
    (tmp_path / SECRET_KEY).write_text("short")
    with pytest.raises(HemvistError, match="32 characters"):
        list(write_secrets(tmp_path, "pooler:1", "hemvist"))


def test_the_compose_file_asks_for_what_is_written(tmp_path: Path) -> None:
    written = {path.name for path in write_secrets(tmp_path, "pgbouncer:6432", "hemvist")}
    written |= {path.name for path in write_own_servers(tmp_path, "hemvist")}
    compose = yaml.safe_load((ROOT / "infra/docker/compose.yaml").read_text())
    # The master key goes into the key folder.
    assert written - set(compose["secrets"]) == {MASTER_KEY}
    assert set(compose["secrets"]) <= written
    broker = urlsplit((tmp_path / "redis-url").read_text().strip())
    assert (tmp_path / "valkey-conf").read_text() == f"requirepass {broker.password}\n"


def test_what_the_image_is_built_from_is_let_in(tmp_path: Path) -> None:
    let_in = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = set()
    for line in (ROOT / "infra/docker/Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            copied.update(line.split()[1:-1])
    assert copied == let_in
    assert all((ROOT / place).exists() for place in copied)


def test_the_probe_looks_at_a_signatures_age(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEMVIST_RUN_DIR", str(tmp_path))
    assert probe.main(["worker"]) == 1
    signed = tmp_path / "hemvist-worker.alive"
    signed.touch()
    assert probe.main(["worker"]) == 0
    # Without a name it is the one that has signed.
    assert probe.main([]) == 0
    os.utime(signed, (time.time() - probe.SILENT - 1,) * 2)
    assert probe.main([]) == 1
    assert "has not signed" in capsys.readouterr().err
    signed.unlink()
    assert probe.main(["web", "1"]) == 1
