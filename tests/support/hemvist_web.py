"""The web process as an operator runs it, with settings of the test's own, and callers of it."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import psycopg
from psycopg import sql

from hemvist_login import base_url, onboard_demo, port_for_later, session_cookie
from hemvist_testing import owner_connection

SLUG = "helsingborg"


@dataclass
class Web:
    """A running web process, and one person's session at it. ``server_url`` sees what it does."""

    server_url: str
    address: str
    process: subprocess.Popen[bytes]
    log: Path
    headers: dict[str, str] = field(default_factory=dict)

    def client(self, **options: Any) -> httpx2.Client:
        """A client of the person, with room for many requests at once."""
        return httpx2.Client(
            base_url=self.address,
            headers=self.headers,
            trust_env=False,
            follow_redirects=False,
            **{
                "timeout": 30,
                "limits": httpx2.Limits(max_connections=200, max_keepalive_connections=200),
                **options,
            },
        )

    def ask(self, document: str, variables: Mapping[str, Any] | None = None) -> httpx2.Response:
        """The response to one operation."""
        with self.client() as client:
            return client.post(
                f"/{SLUG}/graphql", json={"query": document, "variables": dict(variables or {})}
            )

    def leave(self, document: str, variables: Mapping[str, Any] | None = None) -> None:
        """Ask, and go away when PostgreSQL is at work on it: something must hold it up there."""
        body = json.dumps({"query": document, "variables": dict(variables or {})})
        self._leave("POST", "graphql", body, {**self.headers, "Content-Type": "application/json"})

    def leave_page(self, path: str) -> None:
        """The same with a page of the kommun's portal."""
        self._leave("GET", path, None, self.headers)

    def _leave(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> None:
        assert self.running() == 0
        there = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        try:
            there.request(method, f"/{SLUG}/{path}", body, headers)
            assert until(lambda: self.running() == 1), "it did not come as far as PostgreSQL"
        finally:
            there.close()

    def running(self) -> int:
        """Statements of staff that PostgreSQL is carrying out now."""
        with self.watching() as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE usename = 'hemvist_staff' AND state = 'active' AND datname = %s",
                [database_name()],
            ).fetchone()
        assert row is not None
        return int(row[0])

    def break_connections(self) -> None:
        """End every connection that staff has."""
        with self.watching() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE usename = 'hemvist_staff' AND datname = %s",
                [database_name()],
            )

    def watching(self) -> psycopg.Connection[Any]:
        """A connection as the server's administrator, to no database of ours."""
        return psycopg.connect(self.server_url, autocommit=True)


def database_name() -> str:
    """The database that ``hemvist`` uses."""
    return urlsplit(os.environ["HEMVIST_DATABASE_URL"]).path.removeprefix("/")


@contextmanager
def served_web(server_url: str, person: str = "aida.lindqvist", **settings: str) -> Iterator[Web]:
    """The process with these settings (``read_time_limit="0.5"``) on the database in use.

    Needs the fixtures ``database`` and ``valkey``; ``server_url`` is what ``postgres`` gives.
    """
    port = port_for_later()
    address = f"http://127.0.0.1:{port}"
    with base_url(address), tempfile.TemporaryDirectory() as folder:
        onboard_demo()
        name, cookie, session = session_cookie(SLUG, person)
        changed = {f"HEMVIST_{key.upper()}": value for key, value in settings.items()}
        log = Path(folder) / "web.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "uvicorn", "hemvist_infra.app:create_app"),
                    *("--factory", "--port", str(port)),
                ],
                env={**os.environ, "HEMVIST_LOCAL_DIR": folder, **changed},
                stdout=output,
                stderr=output,
            )
        web = Web(
            server_url,
            address,
            process,
            log,
            {"Cookie": f"{name}={cookie}", "X-CSRF-Token": session.csrf_token},
        )
        try:
            _wait_until_ready(web)
            yield web
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _wait_until_ready(web: Web) -> None:
    limit = time.monotonic() + 240
    while True:
        try:
            if httpx2.get(f"{web.address}/health/ready", trust_env=False).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        if time.monotonic() > limit or web.process.poll() is not None:
            raise RuntimeError(web.log.read_text(errors="replace")[-3000:])
        time.sleep(0.1)


@contextmanager
def locked(table: str) -> Iterator[psycopg.Connection[Any]]:
    """Whoever touches ``table`` waits until the end of the block."""
    with owner_connection() as connection:
        connection.execute("SET ROLE hemvist_owner")
        connection.execute(
            sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(table))
        )
        yield connection
        connection.rollback()


def until(happens: Any, seconds: float = 40) -> bool:
    """Whether it happens within ``seconds``: shorter than any limit that could bring it about."""
    limit = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)
    return True
