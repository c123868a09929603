"""Counting rows in a way that two instances can be compared by while one of them goes on.

Ids made by Hemvist tell when they were made (UUIDv7), so that of each table those from before a moment can be
counted, now and later, here and in what was restored. Only from tables where somebody has the right to
delete may there be fewer later; a thinning (gallring) says in its certificate what it took.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg import sql

_TABLES = """
SELECT c.relname, coalesce(bool_or(a.attname = 'id' AND a.atttypid = 'uuid'::regtype), false)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
 GROUP BY c.relname ORDER BY c.relname
"""
#: Tables from which a login role other than the one that thins may delete: what is done with is removed.
_SHRINKING = """
SELECT DISTINCT c.relname FROM pg_class c, pg_roles r
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
   AND r.rolname LIKE 'hemvist\\_%' AND r.rolcanlogin AND NOT r.rolsuper AND r.rolname <> 'hemvist_thinning'
   AND has_table_privilege(r.oid, c.oid, 'DELETE') AND NOT pg_has_role(r.oid, c.relowner, 'USAGE')
"""
_THINNED = (
    "SELECT certificate->'rows' FROM thinning_runs WHERE ended_at >= %s AND certificate IS NOT NULL"
)


def rows(connection: psycopg.Connection, before: datetime) -> dict[str, int]:
    """Rows by table that were made before a moment; all of them where ids do not tell.

    ``connection`` is somebody's whom row security does not bind.
    """
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    connection.execute("SET LOCAL row_security = off")
    found = {}
    for name, telling in connection.execute(_TABLES).fetchall():
        table = sql.Identifier(name)
        if telling:
            # An id that was not made by the clock counts always: it cannot say when it was made.
            query = sql.SQL(
                "SELECT count(*) FROM {} WHERE id < {} OR substr(id::text, 15, 1) <> '7'"
            ).format(table, sql.Literal(first_id(before)))
        else:
            query = sql.SQL("SELECT count(*) FROM {}").format(table)
        row = connection.execute(query).fetchone()
        assert row is not None
        found[name] = row[0]
    connection.rollback()
    return found


def first_id(moment: datetime) -> UUID:
    """The lowest id that could have been made at ``moment``."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def shrinking(connection: psycopg.Connection) -> set[str]:
    """Tables that may lose rows without a thinning."""
    found = {name for (name,) in connection.execute(_SHRINKING)}
    connection.rollback()
    return found


def thinned(connection: psycopg.Connection, since: datetime) -> Counter[str]:
    """Rows by table that certificates of thinnings since ``since`` say are gone."""
    found: Counter[str] = Counter()
    for (taken,) in connection.execute(_THINNED, [since]):
        found.update({table: int(count) for table, count in (taken or {}).items()})
    connection.rollback()
    return found
