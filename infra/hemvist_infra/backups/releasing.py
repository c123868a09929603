"""Letting a restored service go on, once somebody has looked at it."""

from __future__ import annotations

import psycopg

from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.backups.restoring import RESTORED

_ENDED = """
UPDATE login_sessions SET revoked_at = now(), revoked_reason = 'administrator', id_token_sealed = NULL
 WHERE revoked_at IS NULL
"""


def release(url: str) -> int:
    """End every login and take out what holds the workers back; returns how many logins were ended.

    A restored table of sessions knows nothing of who has logged out since, or was shut out. ``url`` is
    a superuser's. Raises ``BackupProblem`` where nothing was restored, or nobody may say so.
    """
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            row = connection.execute(
                "SELECT current_setting('is_superuser'), current_setting(%s, true)", [RESTORED]
            ).fetchone()
            assert row is not None
            if row[0] != "on":
                raise BackupProblem("say --as a superuser: the setting is the server's own")
            if not row[1]:
                raise BackupProblem("this server was not restored, or was released already")
            with connection.transaction():
                connection.execute("SET LOCAL row_security = off")
                ended = connection.execute(_ENDED).rowcount
            connection.execute(f"ALTER SYSTEM RESET {RESTORED}")
            for setting in ("restore_command", "recovery_target_time", "recovery_target_timeline"):
                connection.execute(f"ALTER SYSTEM RESET {setting}")
            connection.execute("SELECT pg_reload_conf()")
            return ended
    except psycopg.OperationalError as away:
        raise BackupProblem(str(away).strip().splitlines()[0]) from None
