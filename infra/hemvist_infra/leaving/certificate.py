"""The certificate of an erasure: rows by table before and after, the end of the keys, what stays and why."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg import sql

from hemvist.policy.canonical import canonical_json
from hemvist.settings import get_settings
from hemvist.tenancy.declaration import TENANT_SETTING
from hemvist.tenancy.key_folder import key_folder
from hemvist_infra.leaving import reading
from hemvist_infra.leaving.problem import LeavingProblem
from hemvist_infra.leaving.reading import Connection, Registered

#: Every table and column of the database, as PostgreSQL itself has them, that may hold a kommun's id.
_COLUMNS = """
SELECT c.relname, a.attname FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
   AND a.atttypid = 'uuid'::regtype
 ORDER BY 1, 2
"""
#: Columns of other tenants' rows that name a kommun.
_NAMING = ("kommun_id", "member_id")
_LOG = """
SELECT (SELECT count(*) FROM audit_entries WHERE tenant_id = %(tenant)s),
       (SELECT max(ordinal) FROM audit_links WHERE tenant_id = %(tenant)s),
       (SELECT encode(hash, 'hex') FROM audit_links WHERE tenant_id = %(tenant)s
         ORDER BY ordinal DESC LIMIT 1)
"""


def log(connection: Connection, tenant_id: UUID) -> dict[str, Any]:
    """How long the kommun's log was, and its last hash: whoever holds a copy of it can compare."""
    ((entries, links, head),) = connection.execute(_LOG, {"tenant": tenant_id}).fetchall()
    return {"entries": entries, "links": links or 0, "last_hash": head}


def made(
    connection: Connection, kommun: Registered, erasure_id: UUID, dropped: int | None
) -> dict[str, Any]:
    """The certificate, in the caller's transaction. Raises ``LeavingProblem`` where a row is left."""
    row = connection.execute(
        "SELECT reason, requested_by, requested_at, not_before, confirmed_by, confirmed_at, before, now()"
        " FROM tenant_erasures WHERE id = %s",
        [erasure_id],
    ).fetchone()
    assert row is not None
    reason, asked_by, asked_at, day, agreed_by, agreed_at, before, ended = row
    after = _counted(connection, kommun.id)
    left = {table: count for table, count in after.items() if count}
    if left:
        raise LeavingProblem(
            f"rows of {kommun.slug} are left: {', '.join(f'{table} {n}' for table, n in left.items())}; is"
            " somebody still at work? give the command again"
        )
    keys = key_folder().read(kommun.id)
    backups_until = (agreed_at + timedelta(days=get_settings().backup_days)).date()
    return {
        "format": 1,
        "kommun": {"id": str(kommun.id), "code": kommun.kommun_code, "name": kommun.name},
        "reason": reason,
        "requested": {"by": asked_by, "at": asked_at.isoformat()},
        "not_before": day.isoformat(),
        "agreed": {"by": agreed_by, "at": agreed_at.isoformat()},
        "ended_at": ended.isoformat(),
        "rows_before": before["rows"],
        "rows_after": {table: after.get(table, 0) for table in before["rows"]},
        "tables_looked_through": len(after),
        "log_before": before["log"],
        "keys_erased_at": None if keys is None else keys.erased,
        "messages_dropped": dropped,
        "stays": {
            "register": "code, name and id in the register of kommuner, closed; this certificate",
            "backups": f"copies until {backups_until} at the latest; what was sealed opens in none of them",
            "anchors": "lines of the file of anchors: ids, counts and hashes of the log",
            "named_by_others": _named(connection, kommun.id),
            "because": "networks' ledgers, other kommuner's halves of moves and landlords' own rows"
            " are theirs: they name this kommun by its id and hold none of its persons",
        },
        "backups_until": backups_until.isoformat(),
    }


def digest(said: dict[str, Any]) -> str:
    """SHA-256 of the certificate as canonical JSON."""
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def _counted(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    """The kommun's rows in each table that says whose its rows are, by PostgreSQL's own catalogue.

    Not by our declarations: a table that nobody declared is looked through too.
    """
    reading.within(connection, tenant_id)
    found: dict[str, int] = {}
    for table in [table for table, column in _columns(connection) if column == "tenant_id"]:
        ((found[table],),) = connection.execute(
            sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s").format(sql.Identifier(table)),
            [tenant_id],
        ).fetchall()
    return found


def _named(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    """Rows of networks and of the landlords' tenant that name the kommun, by table."""
    found: dict[str, int] = {}
    columns = [(table, column) for table, column in _columns(connection) if column in _NAMING]
    others = connection.execute(
        "SELECT id FROM tenants WHERE kind <> 'kommun' ORDER BY id"
    ).fetchall()
    for (other,) in others:
        connection.execute("SELECT set_config(%s, %s, true)", [TENANT_SETTING, str(other)])
        for table, column in columns:
            if table == "tenant_erasures":
                continue
            ((count,),) = connection.execute(
                sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s AND {} = %s").format(
                    sql.Identifier(table), sql.Identifier(column)
                ),
                [other, tenant_id],
            ).fetchall()
            if count:
                found[table] = found.get(table, 0) + count
    return found


def _columns(connection: Connection) -> list[tuple[str, str]]:
    return [(table, column) for table, column in connection.execute(_COLUMNS).fetchall()]
