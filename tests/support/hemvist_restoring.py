"""A server that is backed up while it works, and lost: for the tests of restoring and ``make drill``."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import psycopg

from hemvist.audit import anchors, linking
from hemvist.clock import real_now
from hemvist.identity import Actor, get_directory
from hemvist_api import mutation
from hemvist_graphql import execute
from hemvist_graphql.ids import require_row_id
from hemvist_infra.backups import boxes
from hemvist_infra.backups.base import take
from hemvist_infra.backups.drill import Plan
from hemvist_infra.backups.store import Base, Store
from hemvist_infra.database import migrate
from hemvist_infra.embedded import EmbeddedPostgres
from hemvist_infra.embedded.database import own_database
from hemvist_login import onboard_demo, onboard_working, session_cookie
from hemvist_made_up import a_number
from hemvist_testing import forget_settings

#: Each kommun's caseworker and department.
WRITERS = {"helsingborg": ("aida.lindqvist", "SOF-VUX"), "karlstad": ("petra.solberg", "ASF")}
#: Seconds between copies of the log's end, and what is promised in the tests.
EVERY, POINT = 1.0, 10.0


@dataclass
class Source:
    """A server in ``folder`` with kommuner in it, its backups and its keys."""

    folder: Path
    server: EmbeddedPostgres
    superuser: str
    url: str
    store: Store
    private: Path
    receiver: subprocess.Popen[bytes] | None = None

    @property
    def anchors(self) -> Path:
        """The anchors outside the database."""
        return self.folder / "anchors.jsonl"

    @property
    def spool(self) -> Path:
        """Where the log lies until it is sealed."""
        return self.folder / "spool"

    def plan(self, into: str, **more: Any) -> Plan:
        """A drill of this source's backups into a folder of its own."""
        return Plan(
            self.store,
            boxes.read_private(self.private),
            self.folder / into,
            anchors=self.anchors,
            **{"point": POINT, **more},
        )

    def environment(self) -> dict[str, str]:
        """Settings for ``hemvist backup``, as an operator sets them."""
        return {
            "HEMVIST_BACKUP_FOLDER": str(self.store.path),
            "HEMVIST_BACKUP_SPOOL": str(self.spool),
            "HEMVIST_BACKUP_PUBLIC_KEY": f"{self.private}.pub",
            "HEMVIST_BACKUP_URL": self.url,
            "HEMVIST_BACKUP_EVERY": str(EVERY),
            "HEMVIST_BACKUP_POINT": str(POINT),
            "HEMVIST_AUDIT_ANCHOR_FILE": str(self.anchors),
        }

    def receive(self) -> None:
        """Start ``hemvist backup archive`` and wait until it has begun."""
        self.receiver = subprocess.Popen(
            [sys.executable, "-m", "hemvist_infra.backups", "archive"],
            env={**os.environ, **self.environment()},
            start_new_session=True,
        )
        limit = time.monotonic() + 60
        while not _has_slot(self.superuser):
            assert self.receiver.poll() is None and time.monotonic() < limit
            time.sleep(0.1)

    def back_up(self) -> Base:
        """A base backup, while nothing is under way: every row is counted."""
        public = boxes.read_public(Path(f"{self.private}.pub"))
        return take(self.store, self.url, public, slack=timedelta())

    def link(self) -> None:
        """As the worker does: every log is linked, and its anchor told outside."""
        for slug in WRITERS:
            tenant_id = get_directory().tenant_id(slug)
            linking.link(tenant_id, None)
            linking.anchor(tenant_id, now=True)
            anchors.carry_out(tenant_id, self.anchors)

    def stop_receiving(self) -> None:
        """End ``hemvist backup archive``."""
        if self.receiver is not None:
            with suppress(ProcessLookupError):
                self.receiver.send_signal(signal.SIGTERM)
            self.receiver.wait(30)
            self.receiver = None

    def lose(self) -> datetime:
        """Kill the database with no time for anything, and remove its data; the moment it happened."""
        pid = self.server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        moment = real_now()
        self.server.stop()
        return moment


@contextmanager
def source_in(folder: Path, *, working: bool = True) -> Iterator[Source]:
    """A source below ``folder``; ``hemvist`` works on it inside. ``working``: with kommuner entered."""
    server = EmbeddedPostgres(folder / "postgres")
    superuser = server.start()
    given = os.environ.get("HEMVIST_DATABASE_URL")
    private = folder / "backup.key"
    boxes.make_keys(private)
    store = Store(folder / "backups")
    source: Source | None = None
    try:
        os.environ["HEMVIST_DATABASE_URL"] = own_database(superuser)
        forget_settings()
        migrate()
        if working:
            onboard_demo()
            onboard_working()
        source = Source(folder, server, superuser, _backup_role(superuser), store, private)
        yield source
    finally:
        if source is not None:
            source.stop_receiving()
        forget_settings()
        if given is None:
            os.environ.pop("HEMVIST_DATABASE_URL", None)
        else:
            os.environ["HEMVIST_DATABASE_URL"] = given
        server.stop()


def _backup_role(superuser: str) -> str:
    """The role that docs/backups.md tells to make, and its URL."""
    password = secrets.token_hex(16)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(
            "CREATE ROLE hemvist_backup LOGIN REPLICATION BYPASSRLS IN ROLE pg_read_all_data"
            f" PASSWORD '{password}'"
        )
    parts = urlsplit(superuser)
    place = f"hemvist_backup:{password}@{parts.hostname}:{parts.port}"
    with psycopg.connect(
        urlunsplit(parts._replace(path="/hemvist")), autocommit=True
    ) as connection:
        connection.execute("GRANT CONNECT ON DATABASE hemvist TO hemvist_backup")
        connection.execute("GRANT USAGE ON SCHEMA public TO hemvist_backup")
    return urlunsplit((parts.scheme, place, "/hemvist", "", ""))


def _has_slot(superuser: str) -> bool:
    with psycopg.connect(superuser) as connection:
        asked = "SELECT count(*) FROM pg_replication_slots WHERE active"
        return connection.execute(asked).fetchone() == (1,)


@dataclass
class Load:
    """Commands by both kommuner, one after another in each thread, and what was acknowledged when."""

    threads: int = 2
    #: Per kommun: the household's id, and when it was told that it is there.
    done: dict[str, list[tuple[UUID, datetime]]] = field(default_factory=dict)
    cases: int = 0
    wrong: list[str] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def acknowledged(self) -> int:
        """How many commands."""
        return sum(map(len, self.done.values()))

    @contextmanager
    def running(self) -> Iterator[None]:
        """The load, for as long as the block lasts. Errors after ``lost`` are the database's."""
        actors = {slug: session_cookie(slug, one[0])[2].actor for slug, one in WRITERS.items()}
        with ThreadPoolExecutor(len(WRITERS) * self.threads) as pool:
            for slug, actor in actors.items():
                self.done.setdefault(slug, [])
                for _ in range(self.threads):
                    pool.submit(self._write, slug, actor)
            try:
                yield
            finally:
                self._stopping.set()

    def some(self, count: int) -> None:
        """``count`` commands of each kommun, now."""
        for slug, (person, _) in WRITERS.items():
            actor = session_cookie(slug, person)[2].actor
            self.done.setdefault(slug, [])
            for _ in range(count):
                self._once(slug, actor)
        assert not self.wrong, self.wrong

    def _write(self, slug: str, actor: Actor) -> None:
        while not self._stopping.is_set():
            try:
                self._once(slug, actor)
            except Exception as error:
                with self._lock:
                    self.wrong.append(f"{type(error).__name__}: {error}")
                time.sleep(0.05)

    def _once(self, slug: str, actor: Actor) -> None:
        _, department = WRITERS[slug]
        made = self._done(actor, "registerHousehold", _household(department), "household { id }")
        if made is None:
            return
        moment = real_now()
        household = made["household"]["id"]
        with self._lock:
            self.done[slug].append((require_row_id("Household", household), moment))
        if self.cases < len(WRITERS):
            opened = {"householdId": household, "department": department}
            self._done(actor, "openCase", opened, "case { id }")
            self.cases += 1

    def _done(
        self, actor: Actor, name: str, given: dict[str, Any], selection: str
    ) -> dict[str, Any] | None:
        body = {"idempotencyKey": str(uuid4()), **given}
        answer = execute(actor, mutation(name, selection), {"input": body})
        told = (answer.get("data") or {}).get(name) or {}
        if told.get("__typename") == f"{name[0].upper()}{name[1:]}Done":
            return told
        with self._lock:
            self.wrong.append(str(answer.get("errors") or told)[:300])
        return None


def _household(department: str) -> dict[str, Any]:
    member = {
        "role": "applicant",
        "givenName": "Alva",
        "familyName": "Prövad",
        "personalNumber": a_number(date(1985, 3, 14)),
        "registeredKommun": "1283",
        "protection": "none",
        "protectionCheckedOn": "2026-01-02",
    }
    return {"department": department, "members": [member]}


def present(url: str, slug: str, households: list[UUID]) -> set[UUID]:
    """Which of the households are in the database at ``url``, whose superuser it names."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT h.id FROM households h JOIN tenants t ON t.id = h.tenant_id"
            " WHERE t.slug = %s AND h.id = ANY(%s)",
            [slug, households],
        ).fetchall()
    return {row[0] for row in rows}


__all__ = ["EVERY", "POINT", "WRITERS", "Load", "Source", "present", "source_in"]
