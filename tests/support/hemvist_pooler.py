"""PgBouncer in transaction mode between ``hemvist`` and the session's PostgreSQL."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import psycopg
import pytest

from hemvist.db import Audience, audience_password
from hemvist_login import port_for_later
from hemvist_testing import forget_settings, open_folder

#: What containers and the chart run, word for word; what differs by place is included from beside it.
INI = Path(__file__).resolve().parents[2] / "infra" / "helm" / "hemvist" / "files" / "pgbouncer.ini"
_BESIDE = ("/etc/pgbouncer/databases.ini", "/etc/pgbouncer/server.ini")
_DATABASES = """
[databases]
* = host={host} port={port}
"""
_SERVER = """
listen_addr = 127.0.0.1
listen_port = {own}
logfile = {folder}/log
{more}
"""


def pgbouncer() -> str:
    """The program; skips the test where there is none."""
    names = (os.environ.get("HEMVIST_PGBOUNCER", ""), "pgbouncer", "/usr/sbin/pgbouncer")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("PgBouncer is not installed: sh tools/pgbouncer.sh")
    return found


def follows_prepared() -> bool:
    """Whether this PgBouncer follows prepared statements: from 1.21."""
    said = subprocess.run([pgbouncer(), "--version"], capture_output=True, text=True, check=True)
    version = re.search(r"(\d+)\.(\d+)", said.stdout)
    assert version is not None
    return (int(version[1]), int(version[2])) >= (1, 21)


@contextmanager
def pooler(database_url: str, size: int, *, prepared: bool) -> Iterator[None]:
    """Every audience goes through the pooler in the block, on ``size`` server connections each."""
    parts = urlsplit(database_url)
    own = port_for_later()
    users = "\n".join(f'"{one.value}" "{audience_password(one)}"' for one in Audience)
    more = f"default_pool_size = {size}\nreserve_pool_size = 0"
    if not prepared and follows_prepared():
        more += "\nmax_prepared_statements = 0"
    with open_folder() as folder, begun(folder / "pooler", parts, own, users, more):
        _wait(own, parts.path.removeprefix("/"), folder / "pooler")
        with _pooled_settings(own, parts.path, prepared):
            yield


@contextmanager
def begun(folder: Path, parts: SplitResult, own: int, users: str, more: str = "") -> Iterator[None]:
    """PgBouncer with the ``pgbouncer.ini`` of ``infra/`` at port ``own``, before the server of ``parts``."""
    folder.mkdir(mode=0o755)
    text = INI.read_text()
    for place in (*_BESIDE, "/run/secrets/pgbouncer/pgbouncer-users"):
        assert place in text
        text = text.replace(place, str(folder / place.rpartition("/")[2]))
    if not follows_prepared():
        # Debian 12's does not know the word, and does not start with it; the image has Debian 13's.
        text = re.sub(r"(?m)^max_prepared_statements.*$", "", text)
    (folder / "pgbouncer.ini").write_text(text)
    (folder / "databases.ini").write_text(_DATABASES.format(host=parts.hostname, port=parts.port))
    (folder / "server.ini").write_text(_SERVER.format(own=own, folder=folder, more=more))
    (folder / "pgbouncer-users").write_text(users.strip() + "\n")
    command = [pgbouncer(), "-q", str(folder / "pgbouncer.ini")]
    if os.geteuid() == 0:
        command[1:1] = ["-u", "nobody"]
        shutil.chown(folder, "nobody")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, database: str, folder: Path) -> None:
    limit = time.monotonic() + 15
    while True:
        try:
            psycopg.connect(
                host="127.0.0.1",
                port=port,
                dbname=unquote(database),
                user=Audience.STAFF.value,
                password=audience_password(Audience.STAFF),
            ).close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > limit:
                log = folder / "log"
                said = log.read_text() if log.exists() else ""
                raise RuntimeError(f"{error}: {said[-2000:]}") from None
            time.sleep(0.1)


@contextmanager
def _pooled_settings(port: int, path: str, prepared: bool) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for one in Audience:
            patch.setenv(
                f"HEMVIST_DATABASE_URL_{one.short.upper()}",
                f"postgresql://{one.value}:{audience_password(one)}@127.0.0.1:{port}{path}",
            )
        patch.setenv("HEMVIST_DATABASE_POOLED", "true")
        patch.setenv("HEMVIST_DATABASE_PREPARED", str(prepared).lower())
        forget_settings()
        yield
        # While the pooler is still there.
        from hemvist.db import dispose_engines

        dispose_engines()
    forget_settings()
