"""A PostgreSQL cluster of the benchmark's own, kept from run to run, with national data in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

#: What a server of this size would be given, and what keeps the server's own chores out of the
#: measured seconds. Durability stays as it is in operation: fsync and synchronous commits are on.
SETTINGS = {
    "shared_buffers": "4GB",
    "effective_cache_size": "12GB",
    "maintenance_work_mem": "512MB",
    "max_connections": "300",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "30min",
    "random_page_cost": "1.1",
}
RUNNING = "running.json"
#: Where the issuer of the tokens answers; the register's people are known by it.
BASE_URL = f"http://127.0.0.1:{os.environ.get('BENCH_PORT', '8790')}"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server: its administrator's URL, its superuser's, and the postmaster's process."""

    url: str
    superuser: str
    pid: int
    folder: Path

    def environment(self) -> dict[str, str]:
        """The settings by which Hemvist works on it."""
        return {
            **_keys(self.folder),
            "HEMVIST_DATABASE_URL": self.url,
            "HEMVIST_TENANTS_DIR": str(self.folder / "tenants"),
            "HEMVIST_LOCAL_DIR": str(self.folder / "local"),
            "HEMVIST_ENVIRONMENT": "development",
            "HEMVIST_BASE_URL": BASE_URL,
        }

    def connect(self) -> psycopg.Connection[Any]:
        """As superuser, in autocommit: past row security."""
        return psycopg.connect(self.superuser, autocommit=True)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """The cluster in ``folder``: the one running there already, or one started for this block."""
    found = _running(folder)
    if found is not None:
        yield found
        return
    from hemvist_infra.embedded import EmbeddedPostgres
    from hemvist_infra.embedded.database import own_database

    # PostgreSQL runs as another user than root, and has to get through.
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    server = EmbeddedPostgres(folder / "postgres")
    superuser = server.start()
    try:
        if _tune(superuser):
            server.stop()
            superuser = server.start()
        url = own_database(superuser, "hemvist")
        assert server.pid is not None
        base = superuser.rsplit("/", 1)[0] + "/hemvist"
        running = Cluster(url, base, server.pid, folder)
        note = folder / RUNNING
        note.touch(mode=0o600)
        note.write_text(json.dumps({**asdict(running), "folder": str(folder)}))
        yield running
    finally:
        (folder / RUNNING).unlink(missing_ok=True)
        server.stop()


def hold(folder: Path) -> None:
    """Keep the cluster running until told to stop, for several runs in turn."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with cluster(folder):
        print(f"PostgreSQL runs in {folder}; SIGTERM or Ctrl-C stops it", flush=True)
        signal.pause()


def fill(at: Cluster, arguments: list[str]) -> None:
    """Migrate, and generate what is not there yet. Goes on where an earlier run was stopped."""
    hemvist = str(Path(sys.executable).parent / "hemvist")
    environment = {**os.environ, **at.environment()}
    subprocess.run([hemvist, "db", "migrate"], env=environment, check=True)
    generated = at.folder / "generated.json"
    if not generated.exists():
        _generate(at, hemvist, environment, arguments)
        generated.write_text(json.dumps({"arguments": arguments}))
    with at.connect() as connection:
        connection.execute(
            "UPDATE principals SET issuer = %s || '/dev-issuer/' || split_part(issuer, '/dev-issuer/', 2)"
            " WHERE issuer LIKE '%%/dev-issuer/%%' AND NOT starts_with(issuer, %s)",
            [BASE_URL, BASE_URL],
        )


def _generate(at: Cluster, hemvist: str, environment: dict[str, str], arguments: list[str]) -> None:
    where = ["--folder", str(at.folder / "tenants")]
    subprocess.run([hemvist, "demo", "national", *arguments, *where], env=environment, check=True)
    with at.connect() as connection:
        # Hint bits and the visibility map, as in a database that has lived for a while.
        connection.execute("VACUUM (ANALYZE)")


def _tune(superuser: str) -> bool:
    """Write the settings into the data folder's own file; whether that changed anything."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%postgresql.auto.conf'"
        ).fetchall()
        if dict(rows) == SETTINGS:
            return False
        connection.execute("ALTER SYSTEM RESET ALL")
        for name, value in SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    return True


def _running(folder: Path) -> Cluster | None:
    note = folder / RUNNING
    if not note.exists():
        return None
    found = Cluster(**{**json.loads(note.read_text()), "folder": folder})
    try:
        psycopg.connect(found.superuser, connect_timeout=3).close()
    except psycopg.OperationalError:
        note.unlink()
        return None
    return found


def _keys(folder: Path) -> dict[str, str]:
    """Keys made once: what is sealed in the data can be read with these alone."""
    import secrets

    file = folder / "keys.json"
    if not file.exists():
        made = {
            "HEMVIST_SECRET_KEY": secrets.token_hex(32),
            "HEMVIST_KEY_FOLDER": str(folder / "keys"),
        }
        file.touch(mode=0o600)
        file.write_text(json.dumps(made))
    keys: dict[str, str] = json.loads(file.read_text())
    return keys
