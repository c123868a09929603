"""Puts the tables back as they were before a command, so that it can be carried out again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Undo:
    """Undoes the transaction that wrote the newest receipt. ``superuser`` is in autocommit."""

    def __init__(self, superuser: Any) -> None:
        import psycopg

        self._superuser = superuser
        superuser.execute("SET session_replication_role = replica")
        # Sees everything as it was when the first command had not been carried out.
        self._before = psycopg.connect(superuser.info.dsn, password=superuser.info.password)
        self._before.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._before.execute("SELECT 1 FROM tenants")
        self._old: dict[str, Sequence[tuple[Any, ...]]] = {}

    def learn_and_restore(self, tables: Sequence[str]) -> None:
        """Keep what the command changed in ``tables``, and undo it."""
        written = self._transaction()
        for table in tables:
            ids = self._superuser.execute(
                f"SELECT id FROM {table} WHERE xmin::text = %s", [written]
            ).fetchall()
            old = self._before.execute(
                f"SELECT to_jsonb(t)::text FROM {table} t WHERE id = ANY (%s)",
                [[row for (row,) in ids]],
            ).fetchall()
            if ids:
                self._old[table] = old
        self._before.close()
        self.restore()

    def restore(self) -> None:
        """Undo the newest command, whoever carried it out."""
        written = self._transaction()
        # The reply is read in a transaction of its own, which logs the reading.
        self._superuser.execute("DELETE FROM audit_entries WHERE kind = 'read'")
        for table, old in self._old.items():
            self._superuser.execute(f"DELETE FROM {table} WHERE xmin::text = %s", [written])
            for (row,) in old:
                self._superuser.execute(
                    f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)",
                    [row],
                )

    def _transaction(self) -> str:
        ((written,),) = self._superuser.execute(
            "SELECT xmin::text FROM command_receipts ORDER BY created_at DESC LIMIT 1"
        ).fetchall()
        return str(written)
