"""For tests of a kommun that leaves and comes: what lies in the database byte for byte, and sudden deaths."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import psycopg
from psycopg import sql

from hemvist_infra.backups import boxes
from hemvist_infra.leaving import erasing
from hemvist_infra.leaving.exporting import export
from hemvist_infra.leaving.importing import Imported, import_
from hemvist_infra.onboarding import set_status

_TABLES = """
SELECT c.relname, bool_or(a.attname = 'tenant_id') FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname ORDER BY 1
"""


def nothing(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Seen:
    """What lies in each table as COPY writes it out: the kommun's rows, and everybody else's."""

    own: dict[str, tuple[int, str]]
    others: dict[str, tuple[int, str]]

    def rows(self) -> int:
        """How many rows are the kommun's."""
        return sum(count for count, _ in self.own.values())


def seen(server: str, database: str, tenant_id: UUID) -> Seen:
    """Looked at as who may see everything."""
    url = urlunsplit(urlsplit(server)._replace(path=urlsplit(database).path))
    own, others = {}, {}
    with psycopg.connect(url) as connection:
        for table, has_tenant in connection.execute(_TABLES).fetchall():
            if has_tenant:
                own[table] = _copied(connection, table, "tenant_id", "=", tenant_id)
                others[table] = _copied(connection, table, "tenant_id", "<>", tenant_id)
            elif table == "tenants":
                others[table] = _copied(connection, table, "id", "<>", tenant_id)
            elif table == "tenant_erasures":
                others[table] = _copied(connection, table, "kommun_id", "<>", tenant_id)
            elif table != "alembic_version":
                others[table] = _copied(connection, table, "id", "<>", tenant_id)
    return Seen(own, others)


def _copied(
    connection: psycopg.Connection[Any], table: str, column: str, how: str, tenant_id: UUID
) -> tuple[int, str]:
    statement = sql.SQL(
        "COPY (SELECT * FROM {0} WHERE {1} {2} {3} ORDER BY {0}.id, {1}) TO STDOUT"
    ).format(sql.Identifier(table), sql.Identifier(column), sql.SQL(how), sql.Literal(tenant_id))
    whole, count = hashlib.sha256(), 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in copy:
            whole.update(bytes(row))
            count += 1
    return count, whole.hexdigest()


@dataclass(frozen=True)
class Moving:
    """A kommun, and a folder with a pair of keys to move it by."""

    tenant_id: UUID
    slug: str
    folder: Path

    @property
    def private(self) -> Path:
        """The receiver's private half."""
        path = self.folder / "receiver.key"
        if not path.exists():
            boxes.make_keys(path)
        return path

    def export(self, name: str = "export") -> Path:
        """Suspend and export it; the folder."""
        set_status(self.slug, "suspended")
        public = boxes.read_public(Path(f"{self.private}.pub"))
        export(self.slug, self.folder / name, public, nothing)
        return self.folder / name

    def erase(self) -> dict[str, Any]:
        """Close it, ask and agree; the certificate."""
        self.request()
        return erasing.erase(self.slug, "Bo Operator", nothing)

    def request(self) -> None:
        """Close it and ask for its erasure."""
        set_status(self.slug, "closed")
        erasing.request(self.slug, "Anna Operator", "Avtal 2026-1 har upphört", timedelta())

    def import_(self, folder: Path) -> Imported:
        """Import it."""
        return import_(folder, boxes.read_private(self.private), nothing)


def dies(act: Callable[[], object]) -> int:
    """Carry out ``act`` in a process of its own; the signal that ended it, 0 where it got through."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    assert os.WEXITSTATUS(status) == 0, "the process failed by itself"
    return 0


def dying_after(steps: int) -> Callable[[str, int, int], None]:
    """Progress that kills its process, with no time for anything, when it has been told so often."""
    told = 0

    def count(_what: str, _done: int, _total: int) -> None:
        nonlocal told
        told += 1
        if told > steps:
            os.kill(os.getpid(), signal.SIGKILL)

    return count
