"""What tests share: the settings they run under, servers, and fresh tenants.

Tests keep out of each other's way by working in a tenant of their own (``new_tenant``), never by
emptying tables: row security then isolates them as it isolates kommuner.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from hemvist.ids import new_id

#: Known to everyone, so good for nothing but tests.
TEST_SETTINGS = {
    "HEMVIST_ENVIRONMENT": "test",
    "HEMVIST_SECRET_KEY": "5e" * 32,
    # One test asks as a kommun's people do in a week; what limits them is tested by itself.
    **{
        f"HEMVIST_{who}_REQUESTS_{how}": "1000000"
        for who in ("PERSON", "KOMMUN", "STRANGER")
        for how in ("AT_ONCE", "PER_MINUTE")
    },
}
#: Settings of a developer's shell that would change what tests see.
_UNWANTED = (
    "HEMVIST_TODAY",
    "HEMVIST_OTLP_ENDPOINT",
    "HEMVIST_BASE_URL",
    "HEMVIST_TENANTS_DIR",
    "HEMVIST_MASTER_KEY",
)


def use_test_settings() -> None:
    """Set the environment of the test session. Call before anything reads the settings."""
    for name in _UNWANTED:
        os.environ.pop(name, None)
    os.environ.update(TEST_SETTINGS)
    # A key folder of this process's own; the processes that it starts are given the same.
    keys = tempfile.mkdtemp(prefix="hemvist-test-keys-")
    atexit.register(shutil.rmtree, keys, ignore_errors=True)
    os.environ["HEMVIST_KEY_FOLDER"] = keys


def forget_settings() -> None:
    """Let changed environment variables count: settings and connections are made anew."""
    from hemvist.db import dispose_engines
    from hemvist.settings import get_settings

    dispose_engines()
    get_settings.cache_clear()


def chromium_path() -> str:
    """The browser of the browser tests: what ``HEMVIST_CHROMIUM`` names, or the system's."""
    names = (
        os.environ.get("HEMVIST_CHROMIUM", ""),
        "chromium",
        "chromium-browser",
        "google-chrome",
    )
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError("no Chromium found: run `make test`, or name it with HEMVIST_CHROMIUM")
    return found


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that another user may enter; pytest's own are closed to ``nobody``."""
    folder = Path(tempfile.mkdtemp(prefix="hemvist-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def full_disk(megabytes: int) -> Iterator[Path]:
    """A file system of this size, all of it; skips the test where we may not mount one."""
    with open_folder() as folder:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=711", "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        )
        if mounted.returncode != 0:
            pytest.skip("a small file system to fill cannot be mounted here")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def database_on(server_url: str, name: str) -> Iterator[str]:
    """A new database on a server that is not ours, removed at the end; its URL, same user."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def owner_connection() -> psycopg.Connection:
    """A connection as the owner to the session's database: for arranging, never for the act."""
    return psycopg.connect(os.environ["HEMVIST_DATABASE_URL"])


def new_tenant(slug: str | None = None) -> UUID:
    """A fresh kommun on the session's database; needs the fixture ``database``."""
    tenant_id = new_id()
    name = slug or f"kommun-{tenant_id.hex[-12:]}"
    with owner_connection() as connection:
        while True:
            made = connection.execute(
                "INSERT INTO tenants (id, kommun_code, slug, name, created_at, protection_days)"
                " VALUES (%s, %s, %s, %s, %s, 36500) ON CONFLICT (kommun_code) DO NOTHING RETURNING id",
                (tenant_id, f"{secrets.randbelow(10_000):04}", name, name, datetime.now(UTC)),
            ).fetchone()
            if made:
                return tenant_id
