"""What changes in the database while a case is answered, row by row, and what the log says.

A trigger on every table writes down each row that is changed, in the transaction that changes it: so
what was rolled back is not there, and what was committed is, however often and wherever from. Asking
for it costs a millisecond, where a digest of all tables costs a second.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

_SET_UP = """
CREATE SCHEMA watched;
CREATE TABLE watched.changes (
    number bigserial PRIMARY KEY, relation text NOT NULL, act text NOT NULL, kind text
);
CREATE FUNCTION watched.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = watched, pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NULL;
    END IF;
    INSERT INTO watched.changes (relation, act, kind) VALUES (
        TG_TABLE_NAME, TG_OP,
        CASE WHEN TG_TABLE_NAME = 'audit_entries' THEN to_jsonb(NEW) ->> 'kind' END
    );
    RETURN NULL;
END $$;
"""
_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""


@dataclass(frozen=True)
class Change:
    """A row that was inserted, changed or removed; of the audit log, what kind of entry."""

    relation: str
    act: str
    kind: str | None

    def __str__(self) -> str:
        return f"{self.act} {self.relation}{f' ({self.kind})' if self.kind else ''}"


class Watch:
    """Follows a database from now on."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._seen = 0
        self.changes()

    def changes(self) -> list[Change]:
        """What was committed since the last call, in order."""
        rows = self._connection.execute(
            "SELECT number, relation, act, kind FROM watched.changes WHERE number > %s"
            " ORDER BY number",
            [self._seen],
        ).fetchall()
        if rows:
            self._seen = rows[-1][0]
        return [Change(*row[1:]) for row in rows]


@contextmanager
def watching(server_url: str, database_url: str) -> Iterator[Watch]:
    """A ``Watch`` of the database; ``server_url`` is of who may make triggers on anybody's tables."""
    url = urlunsplit(urlsplit(server_url)._replace(path=urlsplit(database_url).path))
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT to_regclass('watched.changes')").fetchone()[0]:  # type: ignore[index]
            connection.execute(_SET_UP)
            for (table,) in connection.execute(_TABLES).fetchall():
                connection.execute(
                    sql.SQL(
                        "CREATE TRIGGER zz_watched AFTER INSERT OR UPDATE OR DELETE ON {}"
                        " FOR EACH ROW EXECUTE FUNCTION watched.note()"
                    ).format(sql.Identifier("public", table))
                )
        yield Watch(connection)


class Errors(logging.Handler):
    """Keeps what the process logs as an error: a failure of ours, whatever was answered."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self._kept.append(str(record.msg)[:600])

    def fresh(self) -> list[str]:
        """Lines since the last call."""
        kept, self._kept = self._kept, []
        return kept


@contextmanager
def listening() -> Iterator[Errors]:
    """The errors of this process, for as long as the block lasts."""
    handler = Errors()
    logging.getLogger().addHandler(handler)
    try:
        yield handler
    finally:
        logging.getLogger().removeHandler(handler)
