"""The database server's own figures, over a connection of the watch's own."""

from __future__ import annotations

from typing import Any

import psycopg

from hemvist.db import Audience, audience_url
from hemvist.settings import get_settings
from hemvist_infra.watching.seen import Server

_TIMEOUT_MS = 2_000
_LOOK = """
SELECT current_setting('server_version'), current_setting('max_connections')::int,
       pg_database_size(current_database()),
       (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()),
       (SELECT count(*) FROM pg_locks WHERE NOT granted),
       pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'),
       CASE WHEN has_table_privilege('alembic_version', 'SELECT') THEN 1 END
"""
_STATES = """
SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() GROUP BY 1
"""
# Who copies the whole database (a base backup) holds a transaction open for as long as that takes.
_OLDEST = """
SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8
  FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
_BEHIND = """
SELECT coalesce((SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))
                   FROM pg_stat_replication), 0)::float8,
       coalesce((SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn))
                   FROM pg_replication_slots), 0)::float8
 WHERE NOT pg_is_in_recovery()
"""


def look() -> Server:
    """Ask the server. Raises ``psycopg.Error``."""
    with psycopg.connect(_url(), autocommit=True, connect_timeout=5) as connection:
        connection.execute(f"SET statement_timeout = {_TIMEOUT_MS}")
        told = connection.execute(_LOOK).fetchone()
        assert told is not None
        version, most, size, deadlocks, locks, sees, readable = told
        states = {str(state): int(count) for state, count in connection.execute(_STATES)}
        oldest = _value(connection, _OLDEST) if sees else None
        behind = connection.execute(_BEHIND).fetchone() if sees else None
        revision = (
            _value(connection, "SELECT version_num FROM alembic_version") if readable else None
        )
    return Server(
        version=str(version),
        connections=states,
        most=int(most),
        size=int(size),
        deadlocks=int(deadlocks),
        locks=int(locks),
        oldest=oldest,
        replica_lag=behind[0] if behind else None,
        kept=behind[1] if behind else None,
        revision=revision,
    )


def _url() -> str:
    given = get_settings().watch_database_url
    url = given or audience_url(Audience.OPERATOR).render_as_string(hide_password=False)
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _value(connection: psycopg.Connection, statement: str) -> Any:
    row = connection.execute(statement.encode()).fetchone()
    return None if row is None else row[0]
